"""The bytes of a connection for calls that are awaited: every step ends with the deadline of the call that has it.

On asyncio's own transports, since a connection that is given up must be closed at once, without awaiting anything:
the task that gives it up may have been cancelled.
"""

from __future__ import annotations

import asyncio
import socket
import ssl
from collections.abc import Iterable
from typing import Any

import httpcore

from .streams import Address, BaseStream, Owner, failure, is_readable, look_up, unconnected

_MOST_UNREAD = 1 << 18
"""Bytes that come in before they are read; then the server has to wait."""


_HAPPENED, _LATE = True, False


class AsyncStream(BaseStream, asyncio.Protocol, httpcore.AsyncNetworkStream):
    """A stream on a transport of asyncio, whose protocol it is."""

    def __init__(self, owner: Owner) -> None:
        super().__init__(owner)
        self.loop = asyncio.get_running_loop()
        self._transport: asyncio.Transport | None = None
        self._unread = bytearray()
        self._has_ended = False
        self._error: Exception | None = None
        self._is_full = False
        self._waiter: asyncio.Future[bool] | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Keep the transport."""
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        """Keep what came in."""
        self._unread += data
        if len(self._unread) > _MOST_UNREAD:
            self._open().pause_reading()
        self._wake()

    def eof_received(self) -> None:
        """Note the end."""
        self._has_ended = True
        self._wake()

    def connection_lost(self, exc: Exception | None) -> None:
        """Note the end, and why."""
        self._has_ended, self._error = True, exc
        self._wake()

    def pause_writing(self) -> None:
        """Let what writes wait."""
        self._is_full = True

    def resume_writing(self) -> None:
        """Let what writes go on."""
        self._is_full = False
        self._wake()

    async def read(self, max_bytes: int, timeout: float | None = None) -> bytes:  # noqa: ASYNC109 - httpcore's
        """Some bytes; none at the end."""
        self.comes_in()
        while not self._unread and not self._has_ended:
            await self._wait(timeout, httpcore.ReadTimeout)
        if not self._unread and self._error is not None:
            raise httpcore.ReadError(str(self._error)) from self._error
        data = bytes(self._unread[:max_bytes])
        del self._unread[:max_bytes]
        if not self._has_ended and not self._open().is_reading():
            self._open().resume_reading()
        return data

    async def write(self, buffer: bytes, timeout: float | None = None) -> None:  # noqa: ASYNC109 - httpcore's
        """Send bytes; raises ConnectionNotAvailable, and sends none, if an answer came before its request."""
        if not buffer:
            return
        if self.must_be_silent(buffer) and await self._has_unread():
            raise httpcore.ConnectionNotAvailable
        if self._has_ended:
            raise httpcore.WriteError("the connection is closed")
        self.goes_out()
        self._open().write(buffer)
        while self._is_full and not self._has_ended:
            await self._wait(timeout, httpcore.WriteTimeout)

    async def aclose(self) -> None:
        """Close the transport."""
        self.abort()

    def abort(self) -> None:
        """Close the transport at once."""
        if self._transport is not None and not self.loop.is_closed():
            self._transport.abort()

    async def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,  # noqa: ASYNC109 - httpcore's
    ) -> httpcore.AsyncNetworkStream:
        """This stream, within TLS."""
        seconds = self.seconds(timeout)
        try:
            async with asyncio.timeout(seconds):
                self._transport = await self.loop.start_tls(
                    self._open(), self, ssl_context, server_hostname=server_hostname, ssl_handshake_timeout=seconds + 1
                )
        except OSError as error:
            self.abort()
            raise failure(error, httpcore.ConnectTimeout, httpcore.ConnectError) from error
        if self._unread or self._transport is None:
            self.abort()
            raise httpcore.ConnectError("the server answered before TLS, or broke it off")
        self._is_secure = True
        return self

    def get_extra_info(self, info: str) -> Any:
        """Facts about the connection, for httpcore."""
        if info == "is_readable":
            return bool(self._unread) or self._has_ended or self._is_readable()
        names = {"ssl_object": "ssl_object", "client_addr": "sockname", "server_addr": "peername", "socket": "socket"}
        return self._open().get_extra_info(names.get(info, info))

    async def _has_unread(self) -> bool:
        """Whether bytes have come in, or the end, that nobody has read."""
        if not self._unread and not self._has_ended and self._is_readable():
            for _ in range(2):  # the event loop reads them, and TLS takes what is its own
                await asyncio.sleep(0)
        return bool(self._unread) or self._has_ended

    def _is_readable(self) -> bool:
        return self._open().is_closing() or is_readable(self._open().get_extra_info("socket"))

    def _open(self) -> asyncio.Transport:
        assert self._transport is not None
        return self._transport

    async def _wait(self, timeout: float | None, late: type[Exception]) -> None:  # noqa: ASYNC109 - of a step
        """Wait until something happens; raises the error if nothing does in time."""
        self._waiter = self.loop.create_future()
        timer = self.loop.call_later(self.seconds(timeout), _settle, self._waiter, _LATE)
        try:
            if not await self._waiter:
                raise late
        finally:
            timer.cancel()
            self._waiter = None

    def _wake(self) -> None:
        if self._waiter is not None:
            _settle(self._waiter, _HAPPENED)


def _settle(waiter: asyncio.Future[bool], happened: bool) -> None:  # noqa: FBT001 - a callback's argument
    if not waiter.done():
        waiter.set_result(happened)


async def connect(
    stream: AsyncStream,
    host: str,
    port: int,
    seconds: float,
    local_address: str | None,
    options: Iterable[Any] | None,
) -> None:
    """Connect a stream to one of a name's addresses, each of which has its share of the time.

    Raises:
        httpcore.ConnectError, httpcore.ConnectTimeout: none of them answers.
    """
    loop = stream.loop
    until = loop.time() + seconds
    failed: OSError = OSError(f"{host} has no address")
    try:
        async with asyncio.timeout_at(until):
            addresses = await _resolved(loop, host, port)
            for index, address in enumerate(addresses):
                share = (until - loop.time()) / (len(addresses) - index)
                try:
                    async with asyncio.timeout(share):
                        await loop.create_connection(
                            lambda: stream, sock=await _connected(loop, address, local_address, options)
                        )
                except OSError as error:
                    failed = error
                else:
                    return
    except OSError as error:
        failed = error
    raise failure(failed, httpcore.ConnectTimeout, httpcore.ConnectError) from failed


async def connect_unix(
    stream: AsyncStream,
    path: str,
    seconds: float,
    options: Iterable[Any] | None,
) -> None:
    """Connect a stream to a socket of this machine.

    Raises:
        httpcore.ConnectError, httpcore.ConnectTimeout: it does not answer.
    """
    try:
        async with asyncio.timeout(seconds):
            transport, _ = await stream.loop.create_unix_connection(lambda: stream, path)
    except OSError as error:
        raise failure(error, httpcore.ConnectTimeout, httpcore.ConnectError) from error
    for option in options or ():
        transport.get_extra_info("socket").setsockopt(*option)


async def _connected(
    loop: asyncio.AbstractEventLoop, address: Address, local_address: str | None, options: Iterable[Any] | None
) -> socket.socket:
    new = unconnected(address, local_address, options)
    try:
        new.settimeout(0)
        await loop.sock_connect(new, address[-1])
    except BaseException:
        new.close()
        raise
    return new


async def _resolved(loop: asyncio.AbstractEventLoop, host: str, port: int) -> list[Address]:
    found: asyncio.Future[list[Address]] = loop.create_future()

    def settle(answer: list[Address] | OSError) -> None:
        if found.done():
            return
        if isinstance(answer, OSError):
            found.set_exception(answer)
        else:
            found.set_result(answer)

    look_up(host, port, lambda answer: loop.call_soon_threadsafe(settle, answer))
    return await found
