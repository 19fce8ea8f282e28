"""Serves a faulty server as an ASGI application."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from contextvars import ContextVar
from typing import cast
from urllib.parse import parse_qsl, urlencode

from starlette.types import ASGIApp, Receive, Scope, Send

from contract_tests.mutants.registry import Server
from contract_tests.wire.in_process import call
from contract_tests.wire.request import Request, Text
from contract_tests.wire.response import Response

CONNECTION: ContextVar[int] = ContextVar("connection")
"""The connection of the request that a faulty server answers, as a number."""


def application(correct: ASGIApp, around: Callable[[Server], Server]) -> ASGIApp:
    """The ASGI application of a faulty server; the stand-in's own routes, below `/_mock`, stay correct."""

    async def send_on(request: Request) -> Response:
        target = f"{request.path}?{urlencode(request.query)}".encode("ascii", "replace")
        response = await call(correct, request.method, target, _raw(request.headers), request.body)
        kept = tuple(pair for pair in response.headers if pair[0] != "content-length")
        return Response(response.status, kept, response.body)

    faulty = around(send_on)

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["path"].startswith("/_mock"):
            await correct(scope, receive, send)
            return
        CONNECTION.set(scope["client"][1])
        response = await faulty(await _received(scope, receive))
        headers = _raw([*response.headers, ("content-length", str(len(response.body)))])
        await send({"type": "http.response.start", "status": response.status, "headers": headers})
        await send({"type": "http.response.body", "body": response.body})

    return app


async def _received(scope: Scope, receive: Receive) -> Request:
    body = b""
    while (event := await receive())["type"] == "http.request":
        body += event.get("body", b"")
        if not event.get("more_body"):
            break
    return Request(
        scope["method"],
        scope["raw_path"].decode("ascii", "replace"),
        tuple(parse_qsl(scope["query_string"].decode("latin-1"), keep_blank_values=True)),
        tuple((name.decode("latin-1").lower(), value.decode("latin-1")) for name, value in scope["headers"]),
        body,
    )


def _raw(headers: Iterable[tuple[str, Text]]) -> list[tuple[bytes, bytes]]:
    # A request that was received holds no placeholder.
    return [(name.encode("latin-1"), cast("str", value).encode("latin-1")) for name, value in headers]
