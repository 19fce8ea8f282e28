"""The connections of calls that are awaited."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterable
from typing import Any

import httpcore

from ..call import Call
from .async_streams import AsyncStream, connect, connect_unix
from .connection import BaseConnection, Idle, Place, hide_key, impatience, is_clean, made, place_of, signed
from .streams import seconds


class AsyncConnection(BaseConnection, httpcore.AsyncNetworkBackend):
    """Connection for asyncio."""

    def __init__(self, pool: httpcore.AsyncConnectionPool, call: Call, place: Place) -> None:
        super().__init__(call, place)
        self.http = made(pool, self, place)

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,  # noqa: ASYNC109 - httpcore's
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.AsyncNetworkStream:
        """A stream to a host."""
        stream = AsyncStream(self)
        await connect(stream, host, port, seconds(self.call, timeout), local_address, socket_options)
        return stream

    async def connect_unix_socket(
        self,
        path: str,
        timeout: float | None = None,  # noqa: ASYNC109 - httpcore's
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.AsyncNetworkStream:
        """A stream to a socket of this machine."""
        stream = AsyncStream(self)
        await connect_unix(stream, path, seconds(self.call, timeout), socket_options)
        return stream

    async def sleep(self, seconds: float) -> None:
        """Wait before another try, as a transport with `retries` does."""
        await asyncio.sleep(seconds)

    def abort(self) -> None:
        """Close it at once."""
        if self.stream is not None:
            self.stream.abort()


class AsyncPool:
    """Pool for asyncio."""

    def __init__(self, inner: httpcore.AsyncConnectionPool) -> None:
        self._inner = inner
        self._idle: Idle[AsyncConnection] = Idle()

    async def handle_async_request(self, request: httpcore.Request) -> httpcore.Response:
        """Send a request, with the key if it has credentials; the connection is its own until the answer is closed."""
        call, place = Call.of(request), place_of(request)
        call.watch()
        request = signed(request)
        while True:
            connection = self._idle.take(place) or AsyncConnection(self._inner, call, place)
            connection.call = call
            try:
                response: httpcore.Response = await connection.http.handle_async_request(request)
            except httpcore.ConnectionNotAvailable:
                connection.abort()
                if failure := impatience(connection):
                    raise failure from None
            except BaseException:
                connection.abort()
                raise
            else:
                response.stream = AsyncPooledBody(self._idle, connection, response.stream)
                hide_key(response, request)
                return response

    async def aclose(self) -> None:
        """Close the connections that are idle, and each other one when its exchange ends."""
        self._idle.close()
        await self._inner.aclose()


class AsyncPooledBody:
    """PooledBody for asyncio."""

    def __init__(self, idle: Idle[AsyncConnection], connection: AsyncConnection, stream: Any) -> None:
        self._idle, self._connection, self._stream = idle, connection, stream

    def __aiter__(self) -> AsyncIterator[bytes]:
        return aiter(self._stream)

    async def aclose(self) -> None:
        """End the exchange."""
        connection, ends_clean = self._connection, is_clean(self._stream)
        try:
            await self._stream.aclose()
            ends_clean = ends_clean and connection.http.is_idle()
        except BaseException:
            connection.abort()
            raise
        if ends_clean:
            self._idle.put(connection)
        else:
            connection.abort()
