"""Between ASGI and our own requests and answers."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from urllib.parse import parse_qsl, unquote

from starlette.requests import ClientDisconnect, cookie_parser
from starlette.types import Receive, Scope, Send

from ventia_mock.operations.responses import Answer
from ventia_mock.operations.validation import Received
from ventia_mock.world.assumptions import LARGEST_BODY


async def received(scope: Scope, receive: Receive, path: Mapping[str, str]) -> Received:
    """A request as it came in.

    Args:
        path: the path's variables, still percent-encoded.

    Raises:
        ClientDisconnect: it did not come in whole.
    """
    headers = _by_name([(name.decode("latin-1"), value.decode("latin-1")) for name, value in scope["headers"]])
    query = scope["query_string"].decode("latin-1")
    parameters = {
        "path": {name: [unquote(text)] for name, text in path.items()},
        "query": _by_name(parse_qsl(query, keep_blank_values=True)),
        "header": headers,
        "cookie": _cookies(headers["cookie"]) if "cookie" in headers else {},
    }
    raw_path = scope["raw_path"].decode("ascii", "replace")
    return Received(scope["method"], raw_path, query, parameters, await _body(receive))


def preferences(request: Received) -> dict[str, str]:
    """What the `Prefer` header asks for: `code` and `example`."""
    if "prefer" not in request.headers:
        return {}
    given = ",".join(request.headers["prefer"])
    return {
        name.lower(): value
        for name, value in re.findall(r'(?:^|[,;\s])(code|example)\s*=\s*"?([^\s",;]+)', given, re.I)
    }


def headers(answer: Answer) -> list[tuple[bytes, bytes]]:
    """The headers of an answer."""
    known = [(b"content-length", b"%d" % len(answer.body))]
    if answer.media_type is not None:
        known.append((b"content-type", answer.media_type.encode("latin-1")))
    return [
        *known,
        *((name.lower().encode("latin-1"), value.encode("latin-1")) for name, value in answer.headers),
    ]


async def respond(send: Send, answer: Answer) -> None:
    """Send an answer."""
    await send({"type": "http.response.start", "status": answer.status, "headers": headers(answer)})
    await send({"type": "http.response.body", "body": answer.body})


async def _body(receive: Receive) -> bytes:
    """The body; of one too large, the rest is read and dropped, so that the caller hears the answer."""
    event = await receive()
    if event["type"] == "http.request" and not event.get("more_body"):
        return bytes(event.get("body", b""))
    body = bytearray()
    while event["type"] == "http.request":
        if len(body) <= LARGEST_BODY:
            body += event.get("body", b"")
        if not event.get("more_body"):
            return bytes(body)
        event = await receive()
    raise ClientDisconnect


def _cookies(texts: Iterable[str]) -> dict[str, list[str]]:
    return _by_name(pair for text in texts for pair in cookie_parser(text).items())


def _by_name(pairs: Iterable[tuple[str, str]]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for name, value in pairs:
        found.setdefault(name, []).append(value)
    return found
