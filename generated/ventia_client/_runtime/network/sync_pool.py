"""The connections of synchronous calls."""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator
from typing import Any

import httpcore

from ..call import Call
from .connection import BaseConnection, Idle, Place, hide_key, impatience, is_clean, made, place_of, signed
from .streams import seconds
from .sync_streams import Stream, connected, connected_unix


class Connection(BaseConnection, httpcore.NetworkBackend):
    """A connection, and the backend that opens its socket.

    Args:
        pool: httpcore's, which knows of proxies and certificates.
        call: the first call that has it.
    """

    def __init__(self, pool: httpcore.ConnectionPool, call: Call, place: Place) -> None:
        super().__init__(call, place)
        self.http = made(pool, self, place)

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.NetworkStream:
        """A stream to a host."""
        new = connected(host, port, seconds(self.call, timeout), local_address, socket_options)
        return Stream(self, new)

    def connect_unix_socket(
        self, path: str, timeout: float | None = None, socket_options: Iterable[Any] | None = None
    ) -> httpcore.NetworkStream:
        """A stream to a socket of this machine."""
        return Stream(self, connected_unix(path, seconds(self.call, timeout), socket_options))

    def sleep(self, seconds: float) -> None:
        """Wait before another try, as a transport with `retries` does."""
        time.sleep(seconds)

    def abort(self) -> None:
        """Close it at once."""
        if self.stream is not None:
            self.stream.close()


class Pool:
    """The connections of synchronous calls; what an `httpx.HTTPTransport` needs of a pool.

    Args:
        inner: httpcore's pool, of which no connection is used but such as are made for this one.
    """

    def __init__(self, inner: httpcore.ConnectionPool) -> None:
        self._inner = inner
        self._idle: Idle[Connection] = Idle()

    def handle_request(self, request: httpcore.Request) -> httpcore.Response:
        """Send a request, with the key if it has credentials; the connection is its own until the answer is closed."""
        call, place = Call.of(request), place_of(request)
        call.watch()
        request = signed(request)
        while True:
            connection = self._idle.take(place) or Connection(self._inner, call, place)
            connection.call = call
            try:
                response: httpcore.Response = connection.http.handle_request(request)
            except httpcore.ConnectionNotAvailable:
                connection.abort()
                if failure := impatience(connection):
                    raise failure from None
            except BaseException:
                connection.abort()
                raise
            else:
                response.stream = PooledBody(self._idle, connection, response.stream)
                hide_key(response, request)
                return response

    def close(self) -> None:
        """Close the connections that are idle, and each other one when its exchange ends."""
        self._idle.close()
        self._inner.close()


class PooledBody:
    """The body of an answer; closed, it gives its connection back, or closes it."""

    def __init__(self, idle: Idle[Connection], connection: Connection, stream: Any) -> None:
        self._idle, self._connection, self._stream = idle, connection, stream

    def __iter__(self) -> Iterator[bytes]:
        return iter(self._stream)

    def close(self) -> None:
        """End the exchange."""
        connection, ends_clean = self._connection, is_clean(self._stream)
        try:
            self._stream.close()
            ends_clean = ends_clean and connection.http.is_idle()
        except BaseException:
            connection.abort()
            raise
        if ends_clean:
            self._idle.put(connection)
        else:
            connection.abort()
