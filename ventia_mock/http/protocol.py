"""HTTP/1.1 on a socket, and what ASGI has no words for: to break a connection off."""

from __future__ import annotations

import socket
import struct
from asyncio import Transport
from http import HTTPStatus

import httptools
from starlette.types import Scope, Send
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from ventia_mock.http.asgi import headers
from ventia_mock.operations.refusals import outside
from ventia_mock.operations.responses import Answer

_CONNECTION = "ventia_mock.connection"
_LARGEST_HEAD = 64 << 10  # bytes of a request line and its headers


class Protocol(HttpToolsProtocol):
    """Refuses what is no HTTP in the documented shape too, after the answers to what came before it.

    A wish to upgrade the protocol (h2c, as curl and Java have) is passed over, and an application may break the
    connection off.
    """

    _head = 0
    _is_trailer = False
    _refusal = b""

    def data_received(self, data: bytes) -> None:
        """Read what came, up to what cannot be read."""
        while data and not self._refusal:
            self._unset_keepalive_if_required()
            self._head += len(data)
            data = self._read(data)
        if self._head > _LARGEST_HEAD and not self._refusal:
            self.send_400_response(f"its line and headers have at most {_LARGEST_HEAD} bytes")

    def on_message_begin(self) -> None:
        """Begin to read a request, which knows its connection."""
        super().on_message_begin()
        self._is_trailer = False
        self.scope["extensions"] = {_CONNECTION: {"transport": self.transport}}

    def on_header(self, name: bytes, value: bytes) -> None:
        """Take a header; what comes after a body is none."""
        if not self._is_trailer:
            super().on_header(name, value)

    def on_headers_complete(self) -> None:
        """Begin to answer a request, unless it will be read again."""
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
        """Go on with the next request, or with what cannot be read."""
        super().on_response_complete()
        if self._refusal:
            self._refuse()

    def send_400_response(self, msg: str) -> None:
        """Answer a request that cannot be read, and hang up."""
        refusal = outside(HTTPStatus.BAD_REQUEST, f"request: Must be HTTP/1.1; {msg}")
        lines = [b"HTTP/1.1 400 Bad Request", *(b": ".join(header) for header in headers(refusal))]
        self._refusal = b"\r\n".join([*lines, b"connection: close", b"", refusal.body])
        self._refuse()

    def _refuse(self) -> None:
        is_answering = self.cycle and not self.cycle.response_complete and not self.cycle.more_body
        if not self.pipeline and not is_answering and not self.transport.is_closing():
            self.transport.write(self._refusal)
            self.transport.close()

    def _should_upgrade(self) -> bool:
        """Whether to leave the request alone; one that wishes to upgrade is read again without the wish."""
        return True

    def _read(self, data: bytes) -> bytes:
        """Read what came; returns what is to be read next."""
        try:
            self.parser.feed_data(data)
        except httptools.HttpParserUpgrade as upgrade:
            return self._without_upgrade() + data[upgrade.args[0] :]
        except httptools.HttpParserError as error:
            self.send_400_response(str(error))
        return b""

    def _without_upgrade(self) -> bytes:
        """The head of the request that was read, without the wish to upgrade."""
        method = self.parser.get_method()
        if method == b"CONNECT":
            self.send_400_response("CONNECT is for proxies")
        version = self.parser.get_http_version().encode()
        kept = [b": ".join(header) for header in self.headers if header[0] != b"upgrade"]
        self.parser = httptools.HttpRequestParser(self)
        return b"\r\n".join([b"%b %b HTTP/%b" % (method, self.url, version), *kept, b"", b""])


def drop(scope: Scope) -> None:
    """Reset the connection of a request."""
    connection: socket.socket = _transport(scope).get_extra_info("socket")
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    _transport(scope).abort()
    _leave(scope)


async def respond_half(answer: Answer, scope: Scope, send: Send) -> None:
    """Send an answer's status, headers and half of its body, and hang up."""
    await send({"type": "http.response.start", "status": answer.status, "headers": headers(answer)})
    await send({"type": "http.response.body", "body": answer.body[: len(answer.body) // 2], "more_body": True})
    _transport(scope).close()
    _leave(scope)


def _transport(scope: Scope) -> Transport:
    transport: Transport = scope["extensions"][_CONNECTION]["transport"]
    return transport


def _leave(scope: Scope) -> None:
    """Let uvicorn know that the request gets no more of an answer."""
    scope["extensions"][_CONNECTION]["cycle"].disconnected = True
