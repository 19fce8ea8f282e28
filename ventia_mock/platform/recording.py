"""Makes the record of an exchange, for the log and the journal: without any API key."""

from __future__ import annotations

import time
from collections.abc import Collection, Iterator
from typing import Any
from urllib.parse import unquote_plus

from ventia_document.operations import SENDERS
from ventia_mock.http.limits import LARGEST_BODY
from ventia_mock.journal.record import Record
from ventia_mock.journal.redaction import BLOT, keys_in, redact
from ventia_mock.platform.exchange import Exchange
from ventia_mock.platform.interactions import interaction, outcome

_SECRET_HEADERS = frozenset(("authorization", "cookie", "proxy-authorization"))
_UNKNOWN_KEY = range(8, 257)  # characters of it; a shorter one is no secret, and stands in every other word


def record(exchange: Exchange, known_keys: Collection[str]) -> Record:
    """The record of an exchange."""
    request, decided, identified = exchange.request, exchange.decided, exchange.identified
    sender = next((kind for kind in SENDERS if kind in identified), None)
    why = decided.why if decided else "not processed, as planned"
    identifier = interaction(decided.value) if decided else None
    long_texts = (
        _url(exchange),
        "\n".join([f"{name}: {text}" for name, text in _headers(exchange)]),
        request.body.decode("utf-8", "replace"),
        decided.readable[:LARGEST_BODY].decode("utf-8", "replace") if decided else "",
    )
    text = "\n".join((*long_texts, why))
    made = Record(
        time.time(),
        exchange.account.company.id if exchange.account else None,
        exchange.served.operation.id,
        identified["contact"][1] if "contact" in identified else None,
        sender,
        identified[sender][1] if sender else None,
        outcome(decided, exchange.served.operation),
        decided.status if decided else None,
        why,
        decided.rule if decided else "",
        exchange.fault or None,
        _whole(identifier) if identifier else None,
        "\n".join(exchange.discrepancies),
        request.method,
        *long_texts,
        len(text) if text.isascii() else len(text.encode()),
    )
    keys = known_keys if exchange.account else {*known_keys, *_unknown_keys(exchange)}
    return _cleaned(made, keys) if keys_in(text, keys) or not text.isascii() else made


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


def _url(exchange: Exchange) -> str:
    """Path and query, without parameters that may hold a key."""
    request, authentication = exchange.request, exchange.served.authentication
    if request.parameters["query"].keys() <= authentication.query_names:
        return request.path
    parts = request.query.split("&")
    kept = [part for part in parts if not authentication.may_hold_key(unquote_plus(part.partition("=")[0]))]
    return f"{request.path}?{'&'.join(kept)}"


def _headers(exchange: Exchange) -> Iterator[tuple[str, str]]:
    for name, values in exchange.request.headers.items():
        if not exchange.served.authentication.may_hold_key(name):
            yield name, BLOT if name in _SECRET_HEADERS else ", ".join(values)
