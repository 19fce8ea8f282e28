"""An answer belongs to the request that it came after: one that nobody asked for is never the next message's."""

from __future__ import annotations

import asyncio
import select
import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.support.callers import Awaiting, Waiting, calling, judge
from tests.support.fault_server import SUCCESS, encoded
from tests.support.raw_server import (
    REFUSED,
    Connection,
    Handler,
    RawServer,
    answer,
    certificate,
    chunked,
    server_tls,
    serving,
    taking,
)
from ventia_client import errors
from ventia_client.models import MessageSent

each_way = pytest.mark.parametrize("way", ["sync", "async", "sync TLS", "async TLS"])

STALE = {
    "429": answer("429 Too Many Requests", REFUSED, "Retry-After: 0"),
    "400": answer("400 Bad Request", REFUSED),
    "500": answer("500 Internal Server Error", REFUSED),
    "200": answer(value={**SUCCESS, "interactionId": "0" * 24}),
    "half": answer("400 Bad Request", REFUSED)[:-5],
    "100": b"HTTP/1.1 100 Continue\r\n\r\n",
    "no HTTP": b"0\r\n\r\n",
    "empty line": b"\r\n",
    "one byte": b"H",
}
CHUNKS = encoded(SUCCESS)[:9], encoded(SUCCESS)[9:]
WHOLE = {
    "length": answer(),
    "chunks": chunked(*CHUNKS),
    "trailers": chunked(*CHUNKS, trailers=b"X-Sum: 1\r\n"),
    "65,536 bytes": answer(value=encoded(SUCCESS).ljust(65_536 - len(answer(value=b"x" * 65_000)) + 65_000)),  # in all
    "body of 65,536 bytes": answer(value=encoded(SUCCESS).ljust(65_536)),
    "body of 32,768 bytes": answer(value=encoded(SUCCESS).ljust(32_768)),
}
PAUSES = [0.0, 0.001, 0.05]


@contextmanager
def ready(
    way: str, handler: Handler, tmp_path: Path, **settings: Any
) -> Iterator[tuple[RawServer, Waiting | Awaiting]]:
    """A server with a handler, and a caller that trusts it, with a transport of its own if the way says so."""
    tls = server_tls() if "TLS" in way else None
    with pytest.MonkeyPatch.context() as patch, serving(handler, tls) as server:
        trust(tmp_path, patch)
        if "own" in way:
            context = ssl.create_default_context(cadata=certificate())
            settings["transport"] = httpx.HTTPTransport(verify=context)
            settings["async_transport"] = httpx.AsyncHTTPTransport(verify=context)
        with calling(way.split()[0], server.url, **settings) as caller:
            yield server, caller


def trust(folder: Path, patch: pytest.MonkeyPatch) -> None:
    """Let every client trust the authority of the tests, and no other."""
    path = folder / "authority.pem"
    path.write_text(certificate())
    patch.setenv("SSL_CERT_FILE", str(path))


class TwoAnswers:
    """Takes each message, and after the answer to the first one sends what nobody asked for.

    Attributes:
        sent: set when that is sent.
    """

    def __init__(self, parts: list[bytes], pause: float = 0.0) -> None:
        self.sent = threading.Event()
        self._parts, self._pause = parts, pause

    def __call__(self, connection: Connection) -> None:
        if connection.number == 0 and connection.take():
            connection.send(*self._parts, pause=self._pause)
            self.sent.set()
        taking(connection)


def check(way: str, handler: TwoAnswers, tmp_path: Path) -> None:
    """Fail unless both messages arrive once, over two connections, and both calls say so."""
    with ready(way, handler, tmp_path) as (server, caller):
        first = caller.call("first")
        assert handler.sent.wait(10)
        second = caller.call("second")
    judge(server, "first", first)
    judge(server, "second", second)
    assert [MessageSent] * 2 == [type(first), type(second)], second
    assert "0" * 24 not in repr(second)
    assert 2 == server.accepted, "what was left on the connection is read by the next call"


@each_way
@pytest.mark.parametrize("stale", STALE)
def test_a_second_answer_in_one_segment_is_never_the_next_messages(way: str, stale: str, tmp_path: Path) -> None:
    check(way, TwoAnswers([answer() + STALE[stale]]), tmp_path)


@pytest.mark.parametrize("way", [f"{way} own transport" for way in ("sync", "async", "sync TLS", "async TLS")])
@pytest.mark.parametrize("stale", ["429", "200"])
def test_nor_with_an_httpx_transport_of_the_callers_own(way: str, stale: str, tmp_path: Path) -> None:
    check(way, TwoAnswers([answer() + STALE[stale]]), tmp_path)


@each_way
@pytest.mark.parametrize("whole", WHOLE)
def test_whatever_the_first_answer_is_like(way: str, whole: str, tmp_path: Path) -> None:
    check(way, TwoAnswers([WHOLE[whole] + STALE["400"]]), tmp_path)


@each_way
@pytest.mark.parametrize("pause", PAUSES)
@pytest.mark.parametrize("whole", ["length", "chunks", "65,536 bytes"])
def test_a_second_answer_that_comes_later_is_never_the_next_messages(
    way: str, whole: str, pause: float, tmp_path: Path
) -> None:
    check(way, TwoAnswers([WHOLE[whole], STALE["400"]], pause), tmp_path)


@each_way
def test_an_event_loop_that_ran_meanwhile_has_not_read_it_either(way: str, tmp_path: Path) -> None:
    handler = TwoAnswers([answer(), STALE["429"]], 0.01)
    with ready(way, handler, tmp_path) as (server, caller):
        caller.call("first")
        handler.sent.wait(10)
        caller.rest(0.05)
        outcome = caller.call("second")
    judge(server, "second", outcome)
    assert 2 == server.accepted


@each_way
def test_a_success_that_comes_too_early_is_no_success(way: str, tmp_path: Path) -> None:
    """The next message is refused, so that it must not be called sent for a success of before."""

    def handler(connection: Connection) -> None:
        if connection.number == 0 and connection.take():
            connection.send(answer() + STALE["200"])
        while connection.read():
            connection.send(STALE["400"])

    with ready(way, handler, tmp_path) as (server, caller):
        caller.call("first")
        assert isinstance(caller.call("second"), errors.InvalidRequestBody)
        assert 2 == server.accepted


@each_way
def test_no_message_of_many_is_given_anothers_answer(way: str, tmp_path: Path) -> None:
    """Every answer is followed by a refusal, for message after message, and every third one is really refused."""

    def handler(connection: Connection) -> None:
        while request := connection.read():
            if int(request.local_id) % 3:
                connection.server.taken[request.local_id] += 1
            connection.send((answer() if int(request.local_id) % 3 else STALE["400"]) + STALE["400"])

    with ready(way, handler, tmp_path) as (server, caller):
        outcomes = [caller.call(str(number)) for number in range(12)]
    assert [MessageSent if number % 3 else errors.InvalidRequestBody for number in range(12)] == list(
        map(type, outcomes)
    )
    assert {str(number): 1 for number in range(12) if number % 3} == server.taken


class SlowToConnect(asyncio.SelectorEventLoop):
    """An event loop that does nothing after each connection until the server has sent something."""

    async def sock_connect(self, sock: Any, address: Any) -> None:
        await super().sock_connect(sock, address)
        await asyncio.to_thread(select.select, [sock], [], [], 5)


def connect_slowly(monkeypatch: pytest.MonkeyPatch) -> None:
    """Do nothing after each connection of a socket that waits until the server has sent something."""
    connect = socket.socket.connect

    def slowly(self: socket.socket, address: Any) -> None:
        connect(self, address)
        select.select([self], [], [], 5)

    monkeypatch.setattr(socket.socket, "connect", slowly)


def take_unless(nothing: bool, connection: Connection) -> None:  # noqa: FBT001 - it reads well
    """Take a message, and say so; or read it without taking it."""
    if nothing:
        connection.read()
    elif connection.take():
        connection.send(answer())


EAGER = ["429", "400", "200", "100", "one byte"]


@pytest.mark.parametrize("way", ["sync", "async"])
@pytest.mark.parametrize("stale", EAGER)
def test_an_answer_before_any_request_is_no_answer(
    way: str, stale: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The server answers when a connection is made, and takes nothing or whatever then comes."""

    def handler(connection: Connection) -> None:
        connection.send(STALE[stale])
        take_unless(stale == "200", connection)

    connect_slowly(monkeypatch)
    with ready(way, handler, tmp_path, loop_factory=SlowToConnect, retries=1) as (server, caller):
        outcome = caller.call("one")
    judge(server, "one", outcome)


def cork(connection: Connection, *, on: bool) -> None:
    """Hold back what is sent, or send it all in one segment."""
    connection.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_CORK, on)


@pytest.mark.parametrize("way", ["sync", "async"])
@pytest.mark.parametrize("stale", ["429", "400", "200"])
def test_an_answer_in_the_last_segment_of_a_handshake_is_no_answer(
    way: str, stale: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In TLS 1.2 the server has the last word of the handshake, and the answer comes with it."""

    def handler(connection: Connection) -> None:
        cork(connection, on=True)
        connection.encrypt(server_tls(ssl.TLSVersion.TLSv1_2))
        connection.send(STALE[stale])
        cork(connection, on=False)
        take_unless(stale == "200", connection)

    trust(tmp_path, monkeypatch)
    with serving(handler) as server, calling(way, server.url.replace("http", "https"), retries=1) as caller:
        outcome = caller.call("one")
    judge(server, "one", outcome)


@pytest.mark.parametrize("way", ["sync TLS", "async TLS"])
def test_session_tickets_are_no_answer(way: str, tmp_path: Path) -> None:
    """A TLS 1.3 server sends them before any request, and the connection is as good as any other."""
    with ready(way, taking, tmp_path) as (server, caller):
        for number in range(5):
            outcome = caller.call(str(number))
            assert isinstance(outcome, MessageSent), outcome
            caller.rest(0.01)
        assert 1 == server.accepted


@each_way
def test_a_connection_without_a_second_answer_is_kept(way: str, tmp_path: Path) -> None:
    with ready(way, taking, tmp_path) as (server, caller):
        outcomes = [caller.call(str(number)) for number in range(5)]
        assert [MessageSent] * 5 == [type(outcome) for outcome in outcomes]
        assert 1 == server.accepted
