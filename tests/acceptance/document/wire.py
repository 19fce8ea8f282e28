"""Raw sockets: a server that passes each request on to an application, and keeps the bytes of both sides."""

from __future__ import annotations

import asyncio
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from starlette.types import ASGIApp

from contract_tests.wire.in_process import call
from contract_tests.wire.response import Response


@dataclass(frozen=True)
class Received:
    """A request as it came off the socket."""

    head: bytes
    body: bytes

    @property
    def method(self) -> str:
        """The method."""
        return self.head.split(b" ", 1)[0].decode()

    @property
    def target(self) -> bytes:
        """Path and query."""
        return self.head.split(b" ", 2)[1]

    @property
    def headers(self) -> dict[str, str]:
        """The headers, the names in lower case."""
        lines = self.head.decode("latin-1").split("\r\n")[1:]
        return {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}


class Between:
    """Stands between a client and an application.

    Attributes:
        url: the server's.
        requests: those that came.
        responses: those that the application gave.
        instead: a response to give instead of the application's.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app
        self._listening = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self._listening.getsockname()[1]}"
        self.requests: list[Received] = []
        self.responses: list[Response] = []
        self.instead: Response | None = None

    def serve(self) -> None:
        """Serve one connection after the other, until `close`."""
        while True:
            try:
                connection, _ = self._listening.accept()
            except OSError:
                return
            with connection:
                connection.settimeout(10)
                self._answer(connection)

    def close(self) -> None:
        """Accept no further connection."""
        self._listening.shutdown(socket.SHUT_RDWR)
        self._listening.close()

    def _answer(self, connection: socket.socket) -> None:
        received = connection.recv(65536)
        while b"\r\n\r\n" not in received:
            received += connection.recv(65536)
        head, _, content = received.partition(b"\r\n\r\n")
        size = int(Received(head, b"").headers.get("content-length", "0"))
        while len(content) < size:
            content += connection.recv(65536)
        request = Received(head, content)
        self.requests.append(request)
        response = self.instead or asyncio.run(respond(self._app, request))
        self.responses.append(response)
        connection.sendall(_written(response))


async def respond(app: ASGIApp, request: Received) -> Response:
    """An application's response to the bytes of a request."""
    headers = [(name.encode(), value.encode("latin-1")) for name, value in request.headers.items()]
    return await call(app, request.method, request.target, headers, request.body)


def _written(response: Response) -> bytes:
    fixed = [(name, value) for name, value in response.headers if name not in ("content-length", "connection")]
    length = [] if response.status == 204 else [("content-length", str(len(response.body)))]
    lines = [f"HTTP/1.1 {response.status} It", *(f"{n}: {v}" for n, v in [*fixed, *length, ("connection", "close")])]
    return "\r\n".join([*lines, "", ""]).encode("latin-1") + response.body


@contextmanager
def between(app: ASGIApp) -> Iterator[Between]:
    """A server in front of an application."""
    server = Between(app)
    thread = threading.Thread(target=server.serve, daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.close()
        thread.join(10)
