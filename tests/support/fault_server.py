"""A server on raw sockets that fails in every way a network and a gateway can: one port a fault.

It counts, by `localId`, the messages that it took: those after whose whole request a platform may have sent them.
"""

from __future__ import annotations

import asyncio
import json
import socket
import struct
import threading
from collections import Counter
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from email.utils import formatdate

SUCCESS = {"success": True, "interactionId": "66f3a9b11c4d8e0023b7c9a1"}
REFUSAL = {"success": False, "error": "Too Many Requests"}

Fault = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


class FaultServer:
    """The ports by fault, and the messages taken on them.

    Attributes:
        requests: how many requests came in whole on each port.
        stopped: set when the server ends, and what hangs with it.
    """

    def __init__(self) -> None:
        self.ports: dict[str, int] = {}
        self.taken: Counter[str] = Counter()
        self.requests: Counter[str] = Counter()
        self.stopped = asyncio.Event()
        self._dead = socket.socket()

    async def serve(self, started: threading.Event) -> None:
        """Serve all ports until `stop`."""
        self._dead.bind(("127.0.0.1", 0))  # and does not listen
        self.ports["refuse"] = self._dead.getsockname()[1]
        servers = [await asyncio.start_server(self._handler(name, fault), "127.0.0.1", 0) for name, fault in FAULTS]
        for (name, _), server in zip(FAULTS, servers, strict=True):
            self.ports[name] = server.sockets[0].getsockname()[1]
        started.set()
        await self.stopped.wait()
        for server in servers:
            server.close()
        self._dead.close()

    def stop(self) -> None:
        """End `serve`, from its own event loop."""
        self.stopped.set()

    def _handler(self, name: str, fault: Callable[[FaultServer, str, Connection], Awaitable[None]]) -> Fault:
        async def handle(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            try:
                await fault(self, name, Connection(reader, writer))
            except (ConnectionError, asyncio.IncompleteReadError):
                pass
            finally:
                writer.close()

        return handle

    async def read(self, name: str, connection: Connection) -> str:
        """Read a whole request; the `localId` of its message."""
        head = await connection.reader.readuntil(b"\r\n\r\n")
        body = json.loads(await connection.reader.readexactly(content_length(head)))
        self.requests[name] += 1
        return str(body.get("localId"))

    async def take(self, name: str, connection: Connection) -> None:
        """Read a whole request, and count its message as taken."""
        self.taken[await self.read(name, connection)] += 1


class Connection:
    """One connection, with what is done to it."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.reader = reader
        self._writer = writer

    def reset(self) -> None:
        """End it with RST."""
        linger = struct.pack("ii", 1, 0)
        self._writer.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
        self._writer.transport.abort()

    async def send(self, *parts: bytes, pause: float = 0.0) -> None:
        """Send bytes, with a pause after each part."""
        for part in parts:
            self._writer.write(part)
            await self._writer.drain()
            await asyncio.sleep(pause)

    async def answer(self, status: str, body: bytes, *headers: str) -> None:
        """Send a whole answer, after which the connection closes."""
        await self.send(answer(status, body, *headers))


def content_length(head: bytes) -> int:
    """The length that the head of a request says of its body; 0 without a body."""
    lengths = [int(line[15:]) for line in head.lower().split(b"\r\n") if line.startswith(b"content-length:")]
    return sum(lengths)


def answer(status: str, body: bytes, *headers: str) -> bytes:
    """The bytes of an answer."""
    lines = [f"HTTP/1.1 {status}", f"Content-Length: {len(body)}", "Connection: close", *headers]
    return "\r\n".join([*lines, "", ""]).encode() + body


def encoded(value: object) -> bytes:
    """A value as JSON."""
    return json.dumps(value).encode()


async def ok(server: FaultServer, name: str, connection: Connection) -> None:
    await server.take(name, connection)
    await connection.answer("200 OK", encoded(SUCCESS))


async def queued(server: FaultServer, name: str, connection: Connection) -> None:
    await server.take(name, connection)
    await connection.answer("202 Accepted", encoded({"success": True, "queued": True}))


async def hang_unread(server: FaultServer, _: str, __: Connection) -> None:
    await server.stopped.wait()


async def hang_read(server: FaultServer, name: str, connection: Connection) -> None:
    await server.take(name, connection)
    await server.stopped.wait()


async def reset_unread(_: FaultServer, __: str, connection: Connection) -> None:
    await asyncio.sleep(0.2)  # or it would be a connection that was never made
    connection.reset()


async def reset_read(server: FaultServer, name: str, connection: Connection) -> None:
    await server.take(name, connection)
    connection.reset()


async def close_read(server: FaultServer, name: str, connection: Connection) -> None:
    await server.take(name, connection)


async def half(server: FaultServer, name: str, connection: Connection) -> None:
    await server.take(name, connection)
    whole = answer("200 OK", encoded(SUCCESS))
    await connection.send(whole[:-20])


async def cut_after_the_json(server: FaultServer, name: str, connection: Connection) -> None:
    await server.take(name, connection)
    whole = answer("200 OK", encoded(SUCCESS) + b"     ")
    await connection.send(whole[:-5])


async def half_head(server: FaultServer, name: str, connection: Connection) -> None:
    await server.take(name, connection)
    await connection.send(b"HTTP/1.1 200 OK\r\nContent-Le")


async def half_refusal(server: FaultServer, name: str, connection: Connection) -> None:
    await server.read(name, connection)
    await connection.send(answer("400 Bad Request", encoded(REFUSAL))[:-9])


async def slow_body(server: FaultServer, name: str, connection: Connection) -> None:
    await server.take(name, connection)
    head, _, body = answer("200 OK", encoded(SUCCESS)).partition(b"\r\n\r\n")
    await connection.send(head + b"\r\n\r\n", *[body[at : at + 1] for at in range(len(body))], pause=0.1)


async def endless_body(server: FaultServer, name: str, connection: Connection) -> None:
    await server.take(name, connection)
    await connection.send(b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n")
    while True:
        await connection.send(b" " * 65536)


async def no_http(server: FaultServer, name: str, connection: Connection) -> None:
    await server.take(name, connection)
    await connection.send(b"220 smtp.example.com ESMTP\r\n")


async def false_gzip(server: FaultServer, name: str, connection: Connection) -> None:
    await server.take(name, connection)
    await connection.answer("200 OK", encoded(SUCCESS), "Content-Encoding: gzip")


async def false_redirect(server: FaultServer, name: str, connection: Connection) -> None:
    await server.take(name, connection)
    await connection.answer("302 Found", b"", "Location: http://[::1/\x7f")


async def redirect(server: FaultServer, name: str, connection: Connection) -> None:
    await server.read(name, connection)
    await connection.answer("307 Temporary Redirect", b"", f"Location: http://localhost:{server.ports['ok']}/")


def gateway(status: str, body: bytes) -> Callable[[FaultServer, str, Connection], Awaitable[None]]:
    """An answer after the message was taken."""

    async def fault(server: FaultServer, name: str, connection: Connection) -> None:
        await server.take(name, connection)
        await connection.answer(status, body, "Content-Type: text/html")

    return fault


def refusal(status: str, body: bytes, *headers: Callable[[], str]) -> Callable[..., Awaitable[None]]:
    """An answer instead of taking the message."""

    async def fault(server: FaultServer, name: str, connection: Connection) -> None:
        await server.read(name, connection)
        await connection.answer(status, body, *[header() for header in headers])

    return fault


PAGE = b"<html><body>Bad Gateway</body></html>"
LIMITED = encoded(REFUSAL)
FAULTS = [
    *((fault.__name__, fault) for fault in (ok, queued, hang_unread, hang_read, reset_unread, reset_read, close_read)),
    *(
        (fault.__name__, fault)
        for fault in (half, cut_after_the_json, half_head, half_refusal, slow_body, endless_body, no_http)
    ),
    *((fault.__name__, fault) for fault in (false_gzip, false_redirect, redirect)),
    ("html_502", gateway("502 Bad Gateway", PAGE)),
    ("status_520", gateway("520 Web Server Returned an Unknown Error", PAGE)),
    ("status_999", gateway("999 What", PAGE)),
    ("status_504", gateway("504 Gateway Timeout", b"")),
    ("status_408", gateway("408 Request Timeout", PAGE)),
    ("status_500", gateway("500 Internal Server Error", encoded({"success": False, "error": "x", "details": "y"}))),
    ("status_201", gateway("201 Created", encoded(SUCCESS))),
    ("ok_html", gateway("200 OK", PAGE)),
    ("ok_empty", gateway("200 OK", b"")),
    ("ok_null", gateway("200 OK", b"null")),
    ("ok_latin", gateway("200 OK", '{"success": true, "interactionId": "é"}'.encode("latin-1"))),
    ("ok_deep", gateway("200 OK", b"[" * 100_000)),
    ("ok_without_id", gateway("200 OK", encoded({"success": True}))),
    ("ok_null_id", gateway("200 OK", encoded({"success": True, "interactionId": None}))),
    ("ok_false", gateway("200 OK", encoded({**SUCCESS, "success": False}))),
    ("queued_one", gateway("202 Accepted", encoded({"success": True, "queued": 1}))),
    ("html_401", refusal("401 Unauthorized", PAGE)),
    ("status_403", refusal("403 Forbidden", PAGE)),
    ("status_400", refusal("400 Bad Request", encoded({"success": False, "error": "x", "details": "a: b"}))),
    ("status_409", refusal("409 Conflict", encoded({"success": False, "error": "Not online", "extra": [1]}))),
    ("limited", refusal("429 Too Many Requests", LIMITED)),
    ("limited_now", refusal("429 Too Many Requests", LIMITED, lambda: "Retry-After: 0")),
    ("limited_past", refusal("429 Too Many Requests", LIMITED, lambda: f"Retry-After: {formatdate(0, usegmt=True)}")),
    ("limited_long", refusal("429 Too Many Requests", LIMITED, lambda: "Retry-After: 99999999999999999999")),
    ("limited_odd", refusal("429 Too Many Requests", PAGE, lambda: "Retry-After: Mon, 99 Foo 2026 25:61 +9999")),
]


@contextmanager
def faults() -> Iterator[FaultServer]:
    """Serve every fault, in a thread of its own."""
    started, loop = threading.Event(), asyncio.new_event_loop()
    made: list[FaultServer] = []

    async def main() -> None:
        made.append(FaultServer())
        await made[0].serve(started)
        if left := asyncio.all_tasks() - {asyncio.current_task()}:
            await asyncio.wait(left)

    thread = threading.Thread(target=loop.run_until_complete, args=(main(),))
    thread.start()
    started.wait(10)
    try:
        yield made[0]
    finally:
        loop.call_soon_threadsafe(made[0].stop)
        thread.join(10)
        loop.close()
