"""Places in which a call waits, to be interrupted there, and signals that interrupt it."""

from __future__ import annotations

import signal
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType
from typing import Any, NamedTuple

import pytest

from tests.support.raw_server import REFUSED, Connection, Handler, RawServer, answer, dead_addresses, serving
from ventia_client import RateLimit

MOMENT = 0.05
"""Seconds in which a call waits where its server has led it, on a busy machine too."""


class Place(NamedTuple):
    """Where a call waits.

    Attributes:
        handler: what leads it there, and sets `reached`.
        known: of the message, as a note must say it; a regular expression.
        base_url: with the port for the server's.
        size: bytes of the message.
        settings: of the client.
        before: how many calls go through before it.
        moment: seconds from when it is reached to when a call waits there.
    """

    handler: Handler
    known: str
    base_url: str = "http://127.0.0.1:{port}"
    size: int = 0
    settings: dict[str, Any] = {}  # noqa: RUF012 - nobody changes it
    before: int = 0
    moment: float = MOMENT


NOTHING = "nothing was sent"
PERHAPS = "may have been sent"
REFUSAL = "refused|nothing was sent"
ANSWERED = "answered|may have been sent"


def _nowhere(connection: Connection) -> None:
    connection.hang()


def _connected(connection: Connection) -> None:
    connection.server.reached.set()
    connection.hang()


def _sending(connection: Connection) -> None:
    connection.socket.recv(1)
    connection.server.reached.set()
    connection.server.stopped.wait(10)


def _taken(connection: Connection) -> None:
    if connection.take():
        _connected(connection)


def _half(connection: Connection) -> None:
    if connection.take():
        connection.send(answer()[:-9])
        _connected(connection)


def _half_head(connection: Connection) -> None:
    if connection.take():
        connection.send(answer()[:30])
        _connected(connection)


def _half_refusal(connection: Connection) -> None:
    if connection.read():
        connection.send(answer("400 Bad Request", REFUSED)[:-9])
        _connected(connection)


def _limited(connection: Connection) -> None:
    while connection.read():
        connection.send(answer("429 Too Many Requests", REFUSED, "Retry-After: 30"))
        connection.server.reached.set()


def _slots(connection: Connection) -> None:
    while connection.take():
        connection.server.reached.set()
        connection.send(answer())


PLACES = {
    "name": Place(_nowhere, NOTHING, "http://slow.test:{port}"),
    "connect": Place(_nowhere, NOTHING, "http://127.0.0.2:{dead}", moment=0.25),
    "handshake": Place(_connected, NOTHING, "https://127.0.0.1:{port}"),
    "send": Place(_sending, PERHAPS, size=12 << 20),
    "wait for an answer": Place(_taken, PERHAPS),
    "head": Place(_half_head, PERHAPS),
    "body": Place(_half, ANSWERED),
    "body of a refusal": Place(_half_refusal, REFUSAL),
    "pause": Place(_limited, REFUSAL),
    "rate limit": Place(_slots, NOTHING, settings={"rate_limit": RateLimit(1, 20)}, before=1, moment=0.25),
}

PLACES_OF_SIGNALS = PLACES | {"address": Place(_nowhere, NOTHING, "http://127.0.0.9:{port}")}
"""The same, and one where no event loop waits, since it knows the address."""


@contextmanager
def waiting_at(place: Place) -> Iterator[tuple[RawServer, str]]:
    """A server that leads calls to a place, and the base URL at which it does."""
    with serving(place.handler) as server, dead_addresses() as dead, pytest.MonkeyPatch.context() as patch:
        if "dead" in place.base_url:
            server.reached.set()
        patch.setattr(socket, "getaddrinfo", _slow(socket.getaddrinfo, server))
        yield server, place.base_url.format(port=server.port, dead=dead)


def _slow(resolve: Callable[..., Any], server: RawServer) -> Callable[..., Any]:
    def resolved(host: Any, *arguments: Any, **named: Any) -> Any:
        if host in ("slow.test", b"slow.test", "127.0.0.9", b"127.0.0.9"):
            server.reached.set()
            time.sleep(1)
            host = "127.0.0.1"
        return resolve(host, *arguments, **named)

    return resolved


@contextmanager
def ringing(error: BaseException, reached: threading.Event, moment: float = MOMENT) -> Iterator[None]:
    """Raise an error from the handler of a signal, in the main thread, a moment after a place was reached."""
    assert threading.current_thread() is threading.main_thread(), "a signal interrupts the main thread"
    main, armed = threading.get_ident(), threading.Event()

    def ring(_: int, __: FrameType | None) -> None:
        if armed.is_set():
            armed.clear()
            raise error

    def wait() -> None:
        reached.wait(5)
        time.sleep(moment)
        signal.pthread_kill(main, signal.SIGALRM)

    before = signal.signal(signal.SIGALRM, ring)
    waiting = threading.Thread(target=wait)
    armed.set()
    waiting.start()
    try:
        yield
    finally:
        armed.clear()
        waiting.join()
        signal.signal(signal.SIGALRM, before)
