"""The record of a request and what became of it, for the log, the journal and the page: without any API key."""

from __future__ import annotations

import json
import math
from datetime import UTC, datetime
from typing import Any, NamedTuple

from ventia_document.source import Json


class Record(NamedTuple):
    """A request to an operation of the document, and what became of it.

    Attributes:
        time: the time of its response, in seconds since 1970.
        company: the company of its API key; None without a known key.
        contact, sender_kind, sender: identifiers in it, as far as it can be read; the kind is channel, user or
            integration.
        outcome: sent or queued, of a message; answered, of another request; refused or failed.
        status: the status of the platform's response; None if a fault kept it from being processed.
        why, rule: the reason for a refusal, and the rule: a JSON pointer in the document, or the name of a function.
        fault: the name of the planned fault; None without one.
        interaction: the identifier of the interaction that the message became on the platform.
        discrepancies: between an upstream server and the document, a line each.
        headers: of the request, a line each.
        answer: the body of the platform's response.
        size: bytes of its long texts, for the bound of the journal.
        number: its number in the journal; 0 before it is there.
    """

    time: float
    company: str | None
    operation: str
    contact: str | None
    sender_kind: str | None
    sender: str | None
    outcome: str
    status: int | None
    why: str
    rule: str
    fault: str | None
    interaction: str | None
    discrepancies: str
    method: str
    url: str
    headers: str
    body: str
    answer: str
    size: int
    number: int = 0

    def record(self) -> Record:
        """This record, which is its own draft."""
        return self

    def message(self) -> Json:
        """The body of the request as a JSON value; None if it is no JSON."""
        return _json(self.body)

    def to_json(self) -> dict[str, Json]:
        """The record as JSON, as `GET /_mock/messages` lists it."""
        return {
            "id": self.number,
            "time": datetime.fromtimestamp(self.time, UTC).isoformat(timespec="milliseconds"),
            "company": self.company,
            "operation": self.operation,
            "contact": self.contact,
            "sender": {"kind": self.sender_kind, "id": self.sender} if self.sender else None,
            "outcome": self.outcome,
            "status": self.status,
            "why": self.why,
            "rule": self.rule,
            "fault": self.fault,
            "interaction": self.interaction,
            "discrepancies": [line for line in self.discrepancies.split("\n") if line],
            "request": {
                "method": self.method,
                "url": self.url,
                "headers": dict(line.split(": ", 1) for line in self.headers.split("\n") if line),
                "body": self.body,
            },
            "body": self.message(),
            "answer": _json(self.answer) or self.answer,
        }

    def line(self) -> str:
        """The record as a line of the log: `method=POST path=/... status=200 outcome=sent ...`."""
        return line(self, self.url.partition("?")[0])


def line(kept: Any, path: str) -> str:
    """The line of the log about a record, or about what has the same fields."""
    made = f"method={kept.method} path={path} status={kept.status} outcome={kept.outcome} company={kept.company}"
    for name in ("fault", "rule", "why", "discrepancies"):
        if value := getattr(kept, name):
            made += f" {name}={json.dumps(value, ensure_ascii=not value.isprintable())}"
    return made


def _json(text: str) -> Json:
    try:
        return json.loads(text, parse_constant=str, parse_float=_finite)
    except (ValueError, RecursionError):
        return None


def _finite(text: str) -> float | str:
    """A number, or its text if JSON has no such number (`1e999`)."""
    number = float(text)
    return number if math.isfinite(number) else text
