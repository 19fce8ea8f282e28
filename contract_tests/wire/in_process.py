"""Calls an ASGI application in this process, without a socket."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from itertools import count

import httpx
from starlette.types import ASGIApp, Message

from contract_tests.wire.response import Response


class InProcess(httpx.BaseTransport):
    """A transport to an ASGI application in this process and thread."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app
        self._runner = asyncio.Runner()

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """The application's response to a request."""
        target = bytes(request.extensions.get("target", request.url.raw_path))
        answered = self._runner.run(call(self._app, request.method, target, request.headers.raw, request.content))
        return httpx.Response(answered.status, headers=answered.headers, content=answered.body)

    def close(self) -> None:
        """Close the event loop."""
        self._runner.close()


class NewConnections(httpx.AsyncBaseTransport):
    """A transport to an ASGI application in this process, with a new connection for each request."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app
        self._numbers = count(_FIRST_CONNECTION + 1)

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """The application's response to a request."""
        target, body = bytes(request.extensions["target"]), await request.aread()
        number = next(self._numbers)
        answered = await call(self._app, request.method, target, request.headers.raw, body, number)
        return httpx.Response(answered.status, headers=answered.headers, content=answered.body)


_FIRST_CONNECTION = 1


async def call(
    app: ASGIApp,
    method: str,
    target: bytes,
    headers: Sequence[tuple[bytes, bytes]],
    body: bytes,
    connection: int = _FIRST_CONNECTION,
) -> Response:
    """An application's response to one request.

    Args:
        target: path and query as HTTP writes them.
        connection: the client's port, by which a server knows a connection.
    """
    path, _, query = target.partition(b"?")
    sent: list[Message] = []
    pending: list[Message] = [{"type": "http.request", "body": body}]

    async def receive() -> Message:
        return pending.pop() if pending else {"type": "http.disconnect"}

    async def send(event: Message) -> None:  # ASGI awaits it
        sent.append(event)

    scope = {
        "type": "http",
        "method": method,
        "path": path.decode("latin-1"),
        "raw_path": path,
        "query_string": query,
        "headers": [(name.lower(), value) for name, value in headers],
        "client": ("127.0.0.1", connection),
    }
    await app(scope, receive, send)
    start, *parts = sent
    pairs = tuple((name.decode("latin-1"), value.decode("latin-1")) for name, value in start["headers"])
    return Response(start["status"], pairs, b"".join(part.get("body", b"") for part in parts))
