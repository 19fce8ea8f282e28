"""A call ends with its deadline, however slowly names, handshakes, requests and answers go, drop by drop."""

from __future__ import annotations

import asyncio
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from tests.support.callers import KEY, Outcome, awaited, judge, sync
from tests.support.fault_server import SUCCESS, encoded
from tests.support.raw_server import Connection, Handler, RawServer, dead_addresses, serving
from ventia_client import Client, errors

WAYS = ["sync", "async"]
DEADLINE = 3.0
LATE = 3.0
"""Seconds after a deadline that a busy machine may take."""

SLOW = 5.0
"""Seconds for which a server, or a resolver, is slow."""

HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"
CHUNKED = HEAD + b"Transfer-Encoding: chunked\r\n\r\n"
WHOLE = encoded(SUCCESS)

DRIPS = {
    "status line": (b"HTTP/1.1 200 O", b"K"),
    "name of a header": (HEAD, b"X"),
    "headers": (HEAD, b"X-A: b\r\n"),
    "100 Continue": (b"", b"HTTP/1.1 100 Continue\r\n\r\n"),
    "102 Processing": (b"", b"HTTP/1.1 102 Processing\r\n\r\n"),
    "extension of a chunk": (CHUNKED + b"1;", b"x"),
    "chunks": (CHUNKED, b"1\r\n \r\n"),
    "trailers": (CHUNKED + b"%x\r\n%s\r\n0\r\n" % (len(WHOLE), WHOLE), b"X-A: b\r\n"),
    "body": (HEAD + b"Content-Length: 9999\r\n\r\n", b" "),
    "body without an end": (HEAD + b"\r\n", b" "),
    "empty lines": (b"", b"\r\n"),
}
"""What comes at once after a request, and what comes then again and again."""


def drip(connection: Connection, begin: bytes, again: bytes) -> None:
    until = time.monotonic() + SLOW
    connection.send(begin)
    while time.monotonic() < until and not connection.server.stopped.is_set():
        connection.send(again, pause=0.05)


def answering_slowly(connection: Connection) -> None:
    """Answer as the name of a message says: by `sync` or `async`, and what drips."""
    if (request := connection.take()) is None:
        return
    name = request.local_id.split(" ", 1)[1]
    if name in DRIPS:
        drip(connection, *DRIPS[name])
    else:
        connection.server.stopped.wait(SLOW)


def refusing_slowly(connection: Connection) -> None:
    if connection.read():
        drip(connection, b"HTTP/1.1 429 Too Many Requests\r\nRetry-After: 0\r\nContent-Length: 9999\r\n\r\n", b" ")


def hanging(connection: Connection) -> None:
    connection.server.stopped.wait(SLOW)


def reading_slowly(connection: Connection) -> None:
    """Let a request in by so little at a time that no step of it takes long."""
    connection.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1 << 16)
    until = time.monotonic() + SLOW
    while time.monotonic() < until and not connection.server.stopped.wait(0.01):
        if not connection.socket.recv(1 << 15):
            return


def shaking_hands_slowly(connection: Connection) -> None:
    """The beginning of a TLS record, and its content drop by drop."""
    connection.socket.recv(65536)
    drip(connection, b"\x16\x03\x03\x40\x00\x02\x00\x3f\xfc", b"\x03")


class Place(NamedTuple):
    """A server that is slow.

    Attributes:
        outcome: what is known of a message there.
        messages: their names.
        size: bytes of each.
    """

    handler: Handler
    outcome: str
    messages: tuple[str, ...]
    base_url: str = "http://127.0.0.1:{port}"
    size: int = 0


PLACES = [
    Place(answering_slowly, "unknown", (*DRIPS, "nothing")),
    Place(refusing_slowly, "not_sent", ("refusal",)),
    Place(hanging, "not_sent", ("TLS that hangs",), "https://127.0.0.1:{port}"),
    Place(shaking_hands_slowly, "not_sent", ("TLS",), "https://127.0.0.1:{port}"),
    Place(hanging, "not_sent", ("resolver",), "http://slow.test:{port}"),
    Place(hanging, "not_sent", ("dead addresses",), "http://dead.test:{dead}"),
    Place(reading_slowly, "unknown", ("request",), size=16 << 20),
]
NAMES = [name for place in PLACES for name in place.messages]


Resolve = Callable[..., list[Any]]


def resolving(resolve: Resolve, released: threading.Event) -> Resolve:
    """A resolver that knows the names of these tests."""

    def resolved(host: Any, port: Any, *arguments: Any, **named: Any) -> list[Any]:
        name = host.decode() if isinstance(host, bytes) else host
        if name == "slow.test":
            released.wait(SLOW)
            return resolve("127.0.0.1", port, *arguments, **named)
        if name == "dead.test":
            return [each for number in range(2, 8) for each in resolve(f"127.0.0.{number}", port, *arguments, **named)]
        return resolve(host, port, *arguments, **named)

    return resolved


@dataclass(frozen=True)
class Ended:
    """How a call ended, and after how many seconds."""

    outcome: Outcome
    seconds: float


@dataclass
class Calls:
    """Calls to one place, waiting and awaited, all at once."""

    place: Place
    server: RawServer
    client: Client

    def waited(self, name: str) -> Ended:
        began = time.monotonic()
        return Ended(sync(self.client, f"sync {name}", self.place.size), time.monotonic() - began)

    async def awaited(self, name: str) -> Ended:
        began = time.monotonic()
        return Ended(await awaited(self.client, f"async {name}", self.place.size), time.monotonic() - began)

    async def all_awaited(self) -> list[Ended]:
        async with self.client.get_async_httpx_client():
            return await asyncio.gather(*map(self.awaited, self.place.messages))

    def run(self) -> dict[str, Ended]:
        """What the calls end in, by the names of their messages."""
        with self.client, ThreadPoolExecutor(20) as pool:
            self.client.get_httpx_client()
            coming = pool.submit(asyncio.run, self.all_awaited())
            found = [*pool.map(self.waited, self.place.messages), *coming.result()]
        return dict(zip([f"{way} {name}" for way in WAYS for name in self.place.messages], found, strict=True))


@pytest.fixture(scope="module")
def all_calls() -> dict[str, tuple[Calls, Ended]]:
    """How each call ended, by the name of its message; the servers have stopped."""
    released = threading.Event()
    with pytest.MonkeyPatch.context() as patch, ExitStack() as stack, ThreadPoolExecutor(len(PLACES)) as pool:
        patch.setattr(socket, "getaddrinfo", resolving(socket.getaddrinfo, released))
        dead = stack.enter_context(dead_addresses())
        calls = [placed(place, stack.enter_context(serving(place.handler)), dead) for place in PLACES]
        ended = [*pool.map(Calls.run, calls[:-1]), calls[-1].run()]  # the large message would hold up the others
        released.set()
        time.sleep(0.2)  # in which a call that goes on would send
    return {name: (each, end) for each, found in zip(calls, ended, strict=True) for name, end in found.items()}


def placed(place: Place, server: RawServer, dead: int) -> Calls:
    url = place.base_url.format(port=server.port, dead=dead)
    return Calls(place, server, Client(KEY, base_url=url, rate_limit=None, timeout=30, deadline=DEADLINE))


@pytest.mark.parametrize("name", [f"{way} {name}" for way in WAYS for name in NAMES])
def test_a_call_ends_with_its_deadline(name: str, all_calls: dict[str, tuple[Calls, Ended]]) -> None:
    calls, ended = all_calls[name]
    assert ended.seconds < DEADLINE + LATE
    assert isinstance(ended.outcome, errors.VentiaError)
    assert calls.place.outcome == ended.outcome.outcome
    judge(calls.server, name, ended.outcome)


def test_a_program_can_end_while_its_resolver_hangs() -> None:
    """A thread that waits for a name holds nothing up."""
    program = (
        "import socket, time\n"
        f"socket.getaddrinfo = lambda *_, **__: time.sleep({SLOW * 3}) or []\n"
        "from tests.support.callers import KEY, sync\n"
        "from ventia_client import Client\n"
        "print(sync(Client(KEY, base_url='http://slow.test', deadline=0.3, timeout=30), 'one').outcome)\n"
    )
    began = time.monotonic()
    done = subprocess.run(
        [sys.executable, "-c", program],
        cwd=Path(__file__).parents[3],
        capture_output=True,
        text=True,
        check=False,
        env={"PYTHONPATH": "generated"},
    )
    assert ("not_sent\n", "") == (done.stdout, done.stderr)
    assert time.monotonic() - began < SLOW * 2
