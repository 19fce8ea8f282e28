"""Keeps an exchange as it came, and composes its record, for the log and the journal: without any API key."""

from __future__ import annotations

import time
from collections.abc import Collection, Iterator
from http import HTTPStatus
from itertools import chain
from typing import Any, NamedTuple
from urllib.parse import unquote_plus

from ventia_document.operations import SENDERS, Operation
from ventia_document.platform import QUEUED
from ventia_mock.http.limits import LARGEST_BODY
from ventia_mock.http.parameters import by_name, query_values
from ventia_mock.http.response import Response
from ventia_mock.journal.record import Record, line
from ventia_mock.journal.redaction import BLOT, keys_in, redact
from ventia_mock.operations.served import ServedOperation
from ventia_mock.platform.exchange import NOT_PROCESSED, Exchange
from ventia_mock.platform.interactions import interaction
from ventia_mock.remembering import remembered

SECRET_HEADERS = frozenset(("authorization", "cookie", "proxy-authorization"))
_UNKNOWN_KEY = range(8, 257)  # characters of it; a shorter one is no secret, and stands in every other word
_BETWEEN = "\0"  # stands in no header


class Draft(NamedTuple):
    """An exchange as it came, which costs little to keep; its fields are those of the record where they are named so.

    Attributes:
        headers: names and values in turns.
        keys: every key that may be in it.
    """

    time: float
    company: str | None
    served: ServedOperation
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
    path: str
    query: str
    headers: str
    body: bytes
    answer: bytes
    size: int
    keys: Collection[str]

    def __repr__(self) -> str:
        return f"<Draft {self.outcome} {self.size} bytes>"  # the rest may hold a key

    def record(self) -> Record:
        """Compose the record, without keys."""
        long_texts = (
            _url(self),
            "\n".join([f"{name}: {text}" for name, text in _headers(self)]),
            self.body.decode("utf-8", "replace"),
            self.answer[:LARGEST_BODY].decode("utf-8", "replace"),
        )
        made = Record(
            self.time,
            self.company,
            self.served.operation.id,
            self.contact,
            self.sender_kind,
            self.sender,
            self.outcome,
            self.status,
            self.why,
            self.rule,
            self.fault,
            _whole(self.interaction) if self.interaction else None,
            self.discrepancies,
            self.method,
            *long_texts,
            self.size,
        )
        text = "\n".join((*long_texts, self.why))
        return _cleaned(made, self.keys) if keys_in(text, self.keys) or not text.isascii() else made

    def line(self) -> str:
        """The line of the record in the log."""
        made = line(self, self.path)
        return self.record().line() if keys_in(made, self.keys) or not made.isascii() else made


def draft(exchange: Exchange, known_keys: Collection[str]) -> Draft:
    """The draft of an exchange."""
    request, decided, identified = exchange.request, exchange.decided, exchange.identified
    sender = next(iter([kind for kind in SENDERS if kind in identified]), None)
    headers = _once(_BETWEEN.join(chain.from_iterable(request.header_pairs)))
    why = decided.why if decided else NOT_PROCESSED
    answer = decided.readable if decided else b""
    return Draft(
        time.time(),
        exchange.account.company.id if exchange.account else None,
        exchange.served,
        _once(identified["contact"][1]) if "contact" in identified else None,
        sender,
        _once(identified[sender][1]) if sender else None,
        _outcome(decided, exchange.served.operation),
        decided.status if decided else None,
        why,
        decided.rule if decided else "",
        exchange.fault or None,
        interaction(decided.value) if decided else None,
        "\n".join(exchange.discrepancies),
        request.method,
        _once(request.path),
        _once(request.query),
        headers,
        request.body,
        answer,
        len(request.path) + len(request.query) + len(headers) + len(request.body) + len(answer) + len(why),
        known_keys if exchange.account else {*known_keys, *_unknown_keys(exchange)},
    )


@remembered
def _once(value: str) -> str:
    """A text that was kept before, as most are, rather than the same again."""
    return value


def _outcome(response: Response | None, operation: Operation) -> str:
    """The outcome of a request: `refused`, or `failed` if it is undecided or unknown, or else what became of it.

    A message is `sent` or `queued`; a request of an operation that sends none is `answered`.
    """
    if response is None or response.status >= 500:
        return "failed"
    if response.status in operation.successes:
        return ("queued" if response.example == QUEUED else "sent") if operation.sends else "answered"
    return "refused" if not operation.sends or _is_refusal(response.status) else "failed"


def _is_refusal(status: int) -> bool:
    """Whether a status says that nothing was done: a client error that HTTP knows.

    Not 408, nor a status unknown to HTTP: gateways use these for timeouts.
    """
    return status in _CLIENT_ERRORS


_CLIENT_ERRORS = {status for status in HTTPStatus if 400 <= status < 500} - {HTTPStatus.REQUEST_TIMEOUT}


def _unknown_keys(exchange: Exchange) -> set[str]:
    """Texts in the place of a key that may be a key of the real platform, sent here by mistake."""
    texts = exchange.served.authentication.keys(exchange.request.parameters)
    return {text for text in texts if len(text) in _UNKNOWN_KEY}


def _cleaned(made: Record, keys: Collection[str]) -> Record:
    """A record without keys, and without halves of surrogate pairs, which no file can hold."""
    texts = {name: part for name, part in made._asdict().items() if isinstance(part, str)}
    clean: dict[str, Any] = {name: redact(_whole(text), keys) for name, text in texts.items()}
    return made._replace(**clean)


def _whole(text: str) -> str:
    return text.encode(errors="replace").decode()


def _url(kept: Draft) -> str:
    """Path and query, without parameters that may hold a key."""
    authentication = kept.served.authentication
    if query_values(kept.query).keys() <= authentication.query_names:
        return kept.path
    parts = kept.query.split("&")
    plain = [part for part in parts if not authentication.may_hold_key(unquote_plus(part.partition("=")[0]))]
    return f"{kept.path}?{'&'.join(plain)}"


def _headers(kept: Draft) -> Iterator[tuple[str, str]]:
    texts = iter(kept.headers.split(_BETWEEN) if kept.headers else ())
    for name, values in by_name(zip(texts, texts, strict=True)).items():
        if not kept.served.authentication.may_hold_key(name):
            yield name, BLOT if name in SECRET_HEADERS else ", ".join(values)
