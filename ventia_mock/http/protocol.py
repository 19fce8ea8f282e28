"""HTTP/1.1 on a socket, and two things that ASGI has no events for: to reset a connection, and to cut a response."""

from __future__ import annotations

import asyncio
import socket
import struct
from http import HTTPStatus
from typing import cast

import httptools
from starlette.types import Scope, Send
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from ventia_mock.http.problems import problem
from ventia_mock.http.response import Response
from ventia_mock.http.transport import GatheringTransport

_CONNECTION = "ventia_mock.connection"
_LARGEST_HEAD = 64 << 10  # bytes of a request line and its headers


class Protocol(HttpToolsProtocol):
    """One connection; it refuses bytes that are no HTTP in the documented shape, after the responses still due.

    It ignores requests to upgrade the protocol (curl and Java ask for h2c), and an application may reset it.

    Attributes:
        closed: done when the connection is closed.
    """

    _head = 0
    _is_trailer = False
    _refusal = b""

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # as uvicorn has it
        """Begin to serve a connection."""
        super().connection_made(cast("asyncio.Transport", GatheringTransport(transport, self.loop)))
        self.closed: asyncio.Future[None] = self.loop.create_future()

    def connection_lost(self, exc: Exception | None) -> None:
        """End a connection."""
        super().connection_lost(exc)
        self.closed.set_result(None)

    def data_received(self, data: bytes) -> None:
        """Read bytes, up to the first that cannot be read."""
        while data and not self._refusal:
            self._unset_keepalive_if_required()
            self._head += len(data)
            data = self._read(data)
        if self._head > _LARGEST_HEAD and not self._refusal:
            self.send_400_response(f"its line and headers have at most {_LARGEST_HEAD} bytes")

    def on_message_begin(self) -> None:
        """Begin to read a request, through whose scope an application finds the connection."""
        super().on_message_begin()
        self._is_trailer = False
        self.scope["extensions"] = {_CONNECTION: {"transport": self.transport}}

    def on_header(self, name: bytes, value: bytes) -> None:
        """Take a header, but no trailer: a proxy would pass it on as a header that nobody has checked."""
        if not self._is_trailer:
            super().on_header(name, value)

    def on_headers_complete(self) -> None:
        """Begin to answer a request, unless it is read again without its wish to upgrade."""
        super().on_headers_complete()
        self._head, self._is_trailer = 0, True
        self.scope["extensions"][_CONNECTION]["cycle"] = self.cycle

    def on_body(self, body: bytes) -> None:
        """Take a part of the body."""
        super().on_body(body)
        self._head = 0

    def on_message_complete(self) -> None:
        """End the reading of a request."""
        super().on_message_complete()
        self._head = 0

    def on_response_complete(self) -> None:
        """Go on with the next request, or with the refusal of what cannot be read."""
        super().on_response_complete()
        if self._refusal:
            self._refuse()

    def send_400_response(self, msg: str) -> None:
        """Answer a request that cannot be read, and hang up."""
        refusal = problem(HTTPStatus.BAD_REQUEST, f"request: Must be HTTP/1.1; {msg}")
        lines = [b"HTTP/1.1 400 Bad Request", *(b": ".join(header) for header in refusal.raw_headers)]
        self._refusal = b"\r\n".join([*lines, b"connection: close", b"", refusal.body])
        self._refuse()

    def _refuse(self) -> None:
        is_answering = self.cycle and not self.cycle.response_complete and not self.cycle.more_body
        if not self.pipeline and not is_answering and not self.transport.is_closing():
            self.transport.write(self._refusal)
            self.transport.close()

    def _should_upgrade(self) -> bool:
        """True, so that uvicorn answers no request before `_without_upgrade` has made another of it."""
        return True

    def _read(self, data: bytes) -> bytes:
        """Read bytes; returns those that are to be read next."""
        try:
            self.parser.feed_data(data)
        except httptools.HttpParserUpgrade as upgrade:
            return self._without_upgrade() + data[upgrade.args[0] :]
        except httptools.HttpParserError as error:
            self.send_400_response(str(error))
        return b""

    def _without_upgrade(self) -> bytes:
        """The head of the request just read, without its `Upgrade` header."""
        method = self.parser.get_method()
        if method == b"CONNECT":
            self.send_400_response("CONNECT is for proxies")
        version = self.parser.get_http_version().encode()
        kept = [b": ".join(header) for header in self.headers if header[0] != b"upgrade"]
        self.parser = httptools.HttpRequestParser(self)
        return b"\r\n".join([b"%b %b HTTP/%b" % (method, self.url, version), *kept, b"", b""])


def reset(scope: Scope) -> None:
    """Reset the connection of a request, without a response."""
    connection: socket.socket = _transport(scope).get_extra_info("socket")
    # A linger of 0 seconds makes the kernel send RST instead of FIN.
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    _transport(scope).abort()
    _leave(scope)


async def respond_half(response: Response, scope: Scope, send: Send) -> None:
    """Send the status, the headers and half of the body of a response, and hang up."""
    await send({"type": "http.response.start", "status": response.status, "headers": response.raw_headers})
    half = response.body[: len(response.body) // 2]
    await send({"type": "http.response.body", "body": half, "more_body": True})
    _transport(scope).close()
    _leave(scope)


def _transport(scope: Scope) -> asyncio.Transport:
    transport: asyncio.Transport = scope["extensions"][_CONNECTION]["transport"]
    return transport


def _leave(scope: Scope) -> None:
    """Mark the request as left by its caller, or uvicorn would complain of a response without an end."""
    scope["extensions"][_CONNECTION]["cycle"].disconnected = True
