"""One request and what became of it, as the log and the journal tell it: without any API key."""

from __future__ import annotations

import time
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import unquote_plus

from ventia_document.source import Json
from ventia_mock.journal.record import Record
from ventia_mock.operations.authentication import BLOT, held, redact
from ventia_mock.operations.responses import Answer
from ventia_mock.operations.served import Served
from ventia_mock.operations.validation import Received
from ventia_mock.platform.accounts import Account
from ventia_mock.world.assumptions import LARGEST_BODY
from ventia_mock.world.business_rules import INTERACTION, outcome

SENDERS = ("channel", "user", "integration")
"""What a message can go through."""

_SECRET_HEADERS = frozenset(("authorization", "cookie", "proxy-authorization"))
_UNKNOWN_KEY = range(8, 257)  # characters of it; a shorter one is no secret, and stands in every other word


@dataclass
class Exchange:
    """A request to a documented operation, and what became of it.

    Attributes:
        account: whose key the request has; None where it has no known one.
        named: what it names on the platform, by kind: the name of the field or parameter, and the text.
        answer: what the platform says of the message.
        out: what the caller gets, which is the same unless a fault is planned.
        fault: the name of that.
        delay: seconds before it goes out.
        discrepancies: where an upstream server and the document disagree.
    """

    served: Served
    asked: Received
    account: Account | None
    named: Mapping[str, tuple[str, str]]
    out: Answer
    fault: str = ""
    delay: float = 0.0
    discrepancies: list[str] = field(default_factory=list)
    answer: Answer = field(init=False)

    def __post_init__(self) -> None:
        self.answer = self.out


def record(exchange: Exchange, known_keys: Collection[str]) -> Record:
    """What the journal keeps of an exchange."""
    asked, answer, named, value = exchange.asked, exchange.answer, exchange.named, exchange.answer.value
    sender = next((kind for kind in SENDERS if kind in named), None)
    long_texts = (
        _url(exchange),
        "\n".join([f"{name}: {text}" for name, text in _headers(exchange)]),
        asked.body.decode("utf-8", "replace"),
        answer.body[:LARGEST_BODY].decode("utf-8", "replace"),
    )
    text = "\n".join((*long_texts, answer.why))
    made = Record(
        time.time(),
        exchange.account.company.id if exchange.account else None,
        exchange.served.operation.id,
        named["contact"][1] if "contact" in named else None,
        sender,
        named[sender][1] if sender else None,
        outcome(answer),
        answer.status or None,
        answer.why,
        answer.rule,
        exchange.fault or None,
        _interaction(value),
        "\n".join(exchange.discrepancies),
        asked.method,
        *long_texts,
        len(text) if text.isascii() else len(text.encode()),
    )
    secrets = known_keys if exchange.account else {*known_keys, *_unknown_keys(exchange)}
    return _cleaned(made, secrets) if held(text, secrets) or not text.isascii() else made


def _interaction(value: Json) -> str | None:
    told = value.get(INTERACTION) if isinstance(value, dict) else None
    return _whole(told) if isinstance(told, str) else None


def _unknown_keys(exchange: Exchange) -> set[str]:
    given = exchange.served.gate.given(exchange.asked.parameters)
    return {key for key in given if len(key) in _UNKNOWN_KEY}


def _cleaned(made: Record, secrets: Collection[str]) -> Record:
    """A record without keys, and without halves of surrogate pairs, which no file can hold."""
    texts = {name: part for name, part in made._asdict().items() if isinstance(part, str)}
    clean: dict[str, Any] = {name: redact(_whole(text), secrets) for name, text in texts.items()}
    return made._replace(**clean)


def _whole(text: str) -> str:
    return text.encode(errors="replace").decode()


def _url(exchange: Exchange) -> str:
    """Path and query, but for the key."""
    asked, gate = exchange.asked, exchange.served.gate
    if asked.parameters["query"].keys() <= gate.query_names:
        return asked.path
    parts = [part for part in asked.query.split("&") if not gate.may_be_key(unquote_plus(part.partition("=")[0]))]
    return f"{asked.path}?{'&'.join(parts)}"


def _headers(exchange: Exchange) -> Iterator[tuple[str, str]]:
    for name, values in exchange.asked.headers.items():
        if not exchange.served.gate.may_be_key(name):
            yield name, BLOT if name in _SECRET_HEADERS else ", ".join(values)
