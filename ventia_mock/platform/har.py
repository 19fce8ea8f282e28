"""Makes the HAR entry of an exchange: as it was on the wire, but for the API keys."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime
from urllib.parse import parse_qsl

from ventia_document.source import Json
from ventia_mock.journal.redaction import BLOT, redact
from ventia_mock.platform.exchange import Exchange
from ventia_mock.platform.faults import DROP
from ventia_mock.platform.recording import SECRET_HEADERS, Draft

_UNKNOWN = f"{BLOT}-1"
"""Stands for a key that is none of the stand-in's."""


def har_entry(exchange: Exchange, draft: Draft) -> Json:
    """The entry of an exchange; the response is the one that the caller gets, with status 0 for none."""
    record, answered = draft.record(), exchange.fault != DROP
    return {
        "startedDateTime": datetime.fromtimestamp(record.time, UTC).isoformat(),
        "time": 0,
        "request": _request(exchange, draft),
        "response": _response(exchange, draft) if answered else {"status": 0, "headers": [], "content": {}},
        "cache": {},
        "timings": {"send": 0, "wait": 0, "receive": 0},
        "comment": " ".join(filter(None, [record.outcome, record.fault])),
    }


def _request(exchange: Exchange, draft: Draft) -> Json:
    record, request = draft.record(), exchange.request
    host = next(iter(request.headers.get("host", ())), "localhost")
    query = parse_qsl(request.query, keep_blank_values=True)
    body = {"mimeType": "".join(request.headers.get("content-type", ())[:1]), "text": record.body}
    return {
        "method": request.method,
        "url": redact(f"http://{host}{request.path}", draft.keys),
        "httpVersion": "HTTP/1.1",
        "headers": _pairs(exchange, draft, request.header_pairs),
        "queryString": _pairs(exchange, draft, query),
        "cookies": [],
        "headersSize": -1,
        "bodySize": len(request.body),
        **({"postData": body} if request.body else {}),
    }


def _response(exchange: Exchange, draft: Draft) -> Json:
    response = exchange.response
    headers = [(name.decode("latin-1"), value.decode("latin-1")) for name, value in response.raw_headers]
    text = response.readable.decode("utf-8", "replace")
    return {
        "status": response.status,
        "statusText": "",
        "httpVersion": "HTTP/1.1",
        "headers": [{"name": name, "value": redact(value, draft.keys)} for name, value in headers],
        "cookies": [],
        "content": {
            "size": len(response.readable),
            "mimeType": response.media_type or "",
            "text": redact(text, draft.keys),
        },
        "redirectURL": "",
        "headersSize": -1,
        "bodySize": len(response.body),
    }


def _pairs(exchange: Exchange, draft: Draft, pairs: Iterable[tuple[str, str]]) -> list[Json]:
    hides = exchange.served.authentication.may_hold_key
    blot = BLOT if exchange.account else _UNKNOWN
    return [
        {
            "name": redact(name, draft.keys),
            "value": blot if hides(name) else BLOT if name in SECRET_HEADERS else redact(value, draft.keys),
        }
        for name, value in pairs
    ]
