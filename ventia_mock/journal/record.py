"""What the journal keeps of a request and what became of it, as the log and the page show it: without any API key."""

from __future__ import annotations

import json
import math
from datetime import UTC, datetime
from typing import NamedTuple

from ventia_document.source import Json


class Record(NamedTuple):
    """A request to an operation of the document, and what became of it.

    Attributes:
        time: when it was answered, in seconds since 1970.
        company: whose key it had; None where that was no known one.
        contact, sender_kind, sender: what it names, if it can be read; the kind is channel, user or integration.
        outcome: sent, queued, refused or failed.
        status: of the platform's answer; None where it had none.
        why, rule: for what it was refused; the rule is a JSON pointer in the document, or the name of a function.
        fault: what went wrong as planned; None where nothing did.
        interaction: what the message became on the platform.
        discrepancies: of an upstream server and the document, a line each.
        headers: of the request, a line each.
        answer: the body of the answer.
        size: bytes of its long texts, for the bound of the journal.
        number: in the journal, growing.
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

    def message(self) -> Json:
        """The body of the request as JSON; None where it is none."""
        return _json(self.body)

    def shown(self) -> dict[str, Json]:
        """As JSON."""
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
        """As a line of the log: `method=POST path=/... status=200 outcome=sent ...`."""
        path = self.url.partition("?")[0]
        told = f"method={self.method} path={path} status={self.status} outcome={self.outcome} company={self.company}"
        for name in ("fault", "rule", "why", "discrepancies"):
            if value := getattr(self, name):
                told += f" {name}={json.dumps(value, ensure_ascii=not value.isprintable())}"
        return told


def _json(text: str) -> Json:
    try:
        return json.loads(text, parse_constant=str, parse_float=_finite)
    except (ValueError, RecursionError):
        return None


def _finite(text: str) -> float | str:
    """A number, or its text where no JSON has it."""
    number = float(text)
    return number if math.isfinite(number) else text
