"""The base of all streams: each step of a connection ends with the deadline of the call that has it."""

from __future__ import annotations

import encodings.idna  # noqa: F401 # pyright: ignore[reportUnusedImport] - or getaddrinfo does, see LOADING
import ipaddress
import select
import socket
import threading
from collections.abc import Callable, Iterable
from contextlib import suppress
from typing import Any, Protocol

from ..call import Call

LONGEST_STEP = 86_400.0
"""Seconds for a step that has no limit of its own; a socket takes no infinity."""

SHORTEST_STEP = 0.001  # seconds; 0 would mean a socket that never waits
_SOCKETS = ("socket", "ssl", "gevent", "eventlet")  # modules in whose frames an error is the socket's own
_OWN = __name__.rpartition(".")[0]
_HTTP_2 = b"PRI * HTTP/2"

Address = tuple[Any, ...]
"""An address as socket.getaddrinfo returns it."""


class Owner(Protocol):
    """The connection that a stream belongs to.

    Attributes:
        call: the call that has the connection now.
        stream: the stream itself, or the one within TLS on it.
        is_secure: whether requests go out through TLS, so that what goes out before it is none.
    """

    call: Call
    stream: Any
    is_secure: bool


def seconds(call: Call, timeout: float | None) -> float:
    """Seconds that a step of a call may take: its own timeout, and no longer than the call's deadline."""
    longest = LONGEST_STEP if timeout is None else min(timeout, LONGEST_STEP)
    return max(min(longest, call.remaining()), SHORTEST_STEP)


class BaseStream:
    """The bytes of a connection: with deadlines, and no answer before its request.

    Args:
        owner: the connection that the stream belongs to.
    """

    def __init__(self, owner: Owner) -> None:
        self._owner = owner
        owner.stream = self
        self._is_secure = False
        self._is_http_2 = False
        self._is_between_requests = True

    def seconds(self, timeout: float | None) -> float:
        """Seconds that a step may take that begins now."""
        return seconds(self._owner.call, timeout)

    def must_be_silent(self, buffer: bytes) -> bool:
        """Whether these bytes begin a request of HTTP/1.1, before which nothing may have come in."""
        self._is_http_2 = self._is_http_2 or buffer.startswith(_HTTP_2)
        begins, self._is_between_requests = self._is_between_requests, False
        return begins and not self._is_http_2

    def goes_out(self) -> None:
        """Note that the bytes of a request are about to go out."""
        if self._is_secure or not self._owner.is_secure:  # or they ask a proxy for the way
            self._owner.call.went_out = True

    def comes_in(self) -> None:
        """Note that an answer is read, so that what is written next is another request."""
        self._is_between_requests = True


def unconnected(address: Address, local_address: str | None, options: Iterable[Any] | None) -> socket.socket:
    """A socket that is still to be connected to an address."""
    family, kind, protocol, *_ = address
    new = socket.socket(family, kind, protocol)
    for option in [*(options or ()), (socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)]:
        new.setsockopt(*option)
    if local_address is not None:
        new.bind((local_address, 0))
    return new


def look_up(host: str, port: int, done: Callable[[list[Address] | OSError], object]) -> None:
    """Look up the addresses of a host, and pass them on; those of a name in a thread, since that cannot be interrupted.

    The thread is a daemon: a lookup that takes long delays neither the call nor the end of the program.
    """

    def pass_on() -> None:
        with suppress(RuntimeError):  # an event loop that is closed by now
            done(_addresses(host, port))

    if _is_literal(host):
        done(_addresses(host, port))
    else:
        threading.Thread(target=pass_on, name="ventia-lookup", daemon=True).start()


def _addresses(host: str, port: int) -> list[Address] | OSError:
    try:
        return list(socket.getaddrinfo(host, port, type=socket.SOCK_STREAM))
    except OSError as error:
        # a signal's handler runs in the main thread only, where addresses are looked up, and no names
        if threading.current_thread() is threading.main_thread() and is_of_the_program(error):
            raise
        return error
    except UnicodeError as error:
        return OSError(f"{host} is no name of a host: {error}")


def _is_literal(host: str) -> bool:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True


def is_readable(each: Any) -> bool:
    """Whether a read from a socket would not wait."""
    if not hasattr(select, "poll"):
        return bool(select.select([each], [], [], 0)[0])
    poll = select.poll()
    poll.register(each, select.POLLIN)
    return bool(poll.poll(0))


def failure(error: OSError, late: type[Exception], broken: type[Exception]) -> Exception:
    """The failure of the network that an error of a socket is."""
    return (late if isinstance(error, TimeoutError) else broken)(str(error))


def is_of_the_program(error: BaseException) -> bool:
    """Whether a signal handler raised an error while a socket was waiting, by the frame that it came from."""
    innermost = error.__traceback__
    while innermost is not None and innermost.tb_next is not None:
        innermost = innermost.tb_next
    if innermost is None:
        return False
    module = str(innermost.tb_frame.f_globals.get("__name__"))
    return not module.startswith(_OWN) and module.partition(".")[0] not in _SOCKETS
