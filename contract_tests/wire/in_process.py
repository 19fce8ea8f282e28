"""Asks an ASGI application in this process, without a socket."""

from __future__ import annotations

import asyncio

import httpx
from starlette.types import ASGIApp, Message


class Inside(httpx.BaseTransport):
    """A transport to an application that answers in this process, thread and moment."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app
        self._runner = asyncio.Runner()

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Have the application answer a request."""
        return self._runner.run(self._answer(request))

    def close(self) -> None:
        """Close the event loop."""
        self._runner.close()

    async def _answer(self, request: httpx.Request) -> httpx.Response:
        target = request.extensions.get("target", request.url.raw_path)
        path, _, query = bytes(target).partition(b"?")
        sent: list[Message] = []
        pending: list[Message] = [{"type": "http.request", "body": request.content}]

        async def receive() -> Message:
            return pending.pop() if pending else {"type": "http.disconnect"}

        async def send(event: Message) -> None:
            sent.append(event)

        scope = {
            "type": "http",
            "method": request.method,
            "path": path.decode("latin-1"),
            "raw_path": path,
            "query_string": query,
            "headers": [(name.lower(), value) for name, value in request.headers.raw],
            "client": ("127.0.0.1", 1),
        }
        await self._app(scope, receive, send)
        start, *parts = sent
        body = b"".join(part.get("body", b"") for part in parts)
        return httpx.Response(start["status"], headers=start["headers"], content=body)
