"""The bytes of a connection for calls that wait."""

from __future__ import annotations

import socket
import ssl
import time
from collections.abc import Iterable
from queue import Empty, SimpleQueue
from typing import Any, NoReturn

import httpcore

from .streams import (
    SHORTEST_STEP,
    Address,
    BaseStream,
    Owner,
    failure,
    is_of_the_program,
    is_readable,
    look_up,
    unconnected,
)


class Stream(BaseStream, httpcore.NetworkStream):
    """A stream on a socket."""

    def __init__(self, owner: Owner, connected: socket.socket) -> None:
        super().__init__(owner)
        self._socket = connected
        self._is_secure = isinstance(connected, ssl.SSLSocket)

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        """Some bytes; none at the end."""
        self.comes_in()
        try:
            self._socket.settimeout(self.seconds(timeout))
            return self._socket.recv(max_bytes)
        except OSError as error:
            raise_failure(error, httpcore.ReadTimeout, httpcore.ReadError)

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        """Send bytes; raises ConnectionNotAvailable, and sends none, if an answer came before its request."""
        if not buffer:
            return
        if self.must_be_silent(buffer) and self._has_unread():
            raise httpcore.ConnectionNotAvailable
        self.goes_out()
        left = memoryview(buffer)
        try:
            while left:
                self._socket.settimeout(self.seconds(timeout))
                left = left[self._socket.send(left) :]
        except OSError as error:
            raise_failure(error, httpcore.WriteTimeout, httpcore.WriteError)

    def close(self) -> None:
        """Close the socket."""
        self._socket.close()

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.NetworkStream:
        """The stream within TLS."""
        try:
            if self._is_secure:
                return _NestedStream(self._owner, self._socket, ssl_context, server_hostname, self.seconds(timeout))
            secure = ssl_context.wrap_socket(
                self._socket, server_hostname=server_hostname, do_handshake_on_connect=False
            )
            stream = Stream(self._owner, secure)  # before the handshake, so that whoever gives it up can close it
            secure.settimeout(self.seconds(timeout))
            secure.do_handshake()
            return stream
        except OSError as error:
            raise_failure(error, httpcore.ConnectTimeout, httpcore.ConnectError)

    def get_extra_info(self, info: str) -> Any:
        """Facts about the connection, for httpcore."""
        if info == "is_readable":
            return self._has_unread()
        if info == "ssl_object":
            return self._socket if self._is_secure else None
        if info == "client_addr":
            return self._socket.getsockname()
        if info == "server_addr":
            return self._socket.getpeername()
        return self._socket if info == "socket" else None

    def _has_unread(self) -> bool:
        """Whether bytes have come in, or the end, that nobody has read."""
        if not isinstance(self._socket, ssl.SSLSocket):
            return is_readable(self._socket)
        if self._socket.pending():
            return True
        return is_readable(self._socket) and self._has_more_than_tickets(self._socket)

    def _has_more_than_tickets(self, secure: ssl.SSLSocket) -> bool:
        """Whether it is more than what TLS sends for itself, such as tickets for another session."""
        secure.settimeout(0)
        try:
            secure.recv(1)  # the connection is of no use any more if there is one
        except (ssl.SSLWantReadError, ssl.SSLWantWriteError):
            return False
        except OSError as error:
            if is_of_the_program(error):
                raise
        return True


class _NestedStream(BaseStream, httpcore.NetworkStream):
    """A stream of TLS within TLS, through an https proxy."""

    def __init__(
        self, owner: Owner, secure: socket.socket, context: ssl.SSLContext, hostname: str | None, seconds: float
    ) -> None:
        from httpcore._backends.sync import TLSinTLSStream  # the standard library has nothing like it

        super().__init__(owner)
        self._is_secure = True
        self._inner = TLSinTLSStream(secure, context, hostname, seconds)

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        self.comes_in()
        return self._inner.read(max_bytes, self.seconds(timeout))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        if self.must_be_silent(buffer) and self.get_extra_info("is_readable"):
            raise httpcore.ConnectionNotAvailable
        self.goes_out()
        self._inner.write(buffer, self.seconds(timeout))

    def close(self) -> None:
        self._inner.close()

    def get_extra_info(self, info: str) -> Any:
        return self._inner.get_extra_info(info)


def connected(
    host: str, port: int, seconds: float, local_address: str | None, options: Iterable[Any] | None
) -> socket.socket:
    """A socket that is connected to one of a name's addresses, each of which has its share of the time.

    Raises:
        httpcore.ConnectError, httpcore.ConnectTimeout: none of them answers.
    """
    until = time.monotonic() + seconds
    addresses = _resolved(host, port, seconds)
    failed: OSError = OSError(f"{host} has no address")
    for index, address in enumerate(addresses):
        share = (until - time.monotonic()) / (len(addresses) - index)
        new = unconnected(address, local_address, options)
        try:
            new.settimeout(max(share, SHORTEST_STEP))
            new.connect(address[-1])
        except BaseException as error:
            new.close()
            if not isinstance(error, OSError) or is_of_the_program(error):
                raise
            failed = error
        else:
            return new
    raise failure(failed, httpcore.ConnectTimeout, httpcore.ConnectError) from failed


def connected_unix(path: str, seconds: float, options: Iterable[Any] | None) -> socket.socket:
    """A socket that is connected to one of this machine.

    Raises:
        httpcore.ConnectError, httpcore.ConnectTimeout: it does not answer.
    """
    new = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    try:
        for option in options or ():
            new.setsockopt(*option)
        new.settimeout(seconds)
        new.connect(path)
    except BaseException as error:
        new.close()
        if not isinstance(error, OSError):
            raise
        raise_failure(error, httpcore.ConnectTimeout, httpcore.ConnectError)
    return new


def _resolved(host: str, port: int, seconds: float) -> list[Address]:
    answers: SimpleQueue[list[Address] | OSError] = SimpleQueue()
    look_up(host, port, answers.put)
    try:
        answer = answers.get(timeout=max(seconds, SHORTEST_STEP))
    except Empty:
        raise httpcore.ConnectTimeout(f"the addresses of {host} were not found in time") from None
    if isinstance(answer, OSError):
        raise httpcore.ConnectError(str(answer)) from answer
    return answer


def raise_failure(error: OSError, late: type[Exception], broken: type[Exception]) -> NoReturn:
    """Raise the failure of the network that an error of a socket is, or the error itself if the program raised it."""
    if is_of_the_program(error):
        raise error
    raise failure(error, late, broken) from error
