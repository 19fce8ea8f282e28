"""Reads a request from ASGI, and sends a response to it."""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import unquote

from starlette.requests import ClientDisconnect
from starlette.types import Receive, Scope, Send

from ventia_mock.http.limits import LARGEST_BODY
from ventia_mock.http.parameters import by_name, cookie_values, header_pairs, query_values
from ventia_mock.http.request import Request
from ventia_mock.http.response import Response


async def read_request(scope: Scope, receive: Receive, path: Mapping[str, str]) -> Request:
    """Read a request whole.

    Args:
        path: the variables of its path, still percent-encoded.

    Raises:
        ClientDisconnect: the caller hung up before the end of the request.
    """
    pairs = header_pairs(scope["headers"])
    headers = by_name(pairs)
    query = scope["query_string"].decode("latin-1")
    parameters = {
        "path": {name: [unquote(text)] for name, text in path.items()},
        "query": query_values(query),
        "header": headers,
        "cookie": cookie_values(headers["cookie"]) if "cookie" in headers else {},
    }
    raw_path = scope["raw_path"].decode("ascii", "replace")
    return Request(scope["method"], raw_path, query, parameters, await _body(receive), path, pairs)


async def respond(send: Send, response: Response) -> None:
    """Send a response."""
    await send({"type": "http.response.start", "status": response.status, "headers": response.raw_headers})
    await send({"type": "http.response.body", "body": response.body})


async def _body(receive: Receive) -> bytes:
    """The body; what exceeds LARGEST_BODY is read and dropped, so that the caller still gets a response."""
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
