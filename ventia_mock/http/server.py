"""Runs an ASGI application on a socket of this machine."""

from __future__ import annotations

import asyncio
import contextlib
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

import uvicorn
from starlette.types import ASGIApp

from ventia_mock.http.protocol import Protocol


def listen(host: str, port: int) -> socket.socket:
    """A listening socket; port 0 takes a free one.

    Raises:
        OSError: the address is taken or not this machine's.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    # With the protocol named, asyncio switches Nagle's algorithm off; else responses on a kept connection wait 40 ms.
    listening = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    try:
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind((host, port))
        listening.listen(2048)
    except BaseException:
        listening.close()
        raise
    return listening


def address(listening: socket.socket) -> str:
    """The URL of a listening socket: `http://127.0.0.1:8080`."""
    host, port = listening.getsockname()[:2]
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


class _Server(uvicorn.Server):
    """Starts and stops without delay: uvicorn's own class looks every 0.1 s whether to stop, and then sleeps 0.1 s.

    The application's `stop`, if it has one, is called first, to end its streams; its `close` last, to close its files.
    """

    _loop: asyncio.AbstractEventLoop | None = None
    _exiting: asyncio.Event
    _should_exit = False

    @property
    def should_exit(self) -> bool:
        """Whether to stop; may be set from any thread and from a signal handler."""
        return self._should_exit

    @should_exit.setter
    def should_exit(self, value: bool) -> None:
        self._should_exit = value
        if value and self._loop and not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self._exiting.set)

    async def main_loop(self) -> None:
        """Serve until `should_exit`; uvicorn's tick renews the `Date` header each second."""
        self._exiting, self._loop = asyncio.Event(), asyncio.get_running_loop()
        while not await self.on_tick(0):
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._exiting.wait(), 1.0)

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Take no more requests, finish those under way, and close the application."""
        app = self.config.app
        if hasattr(app, "stop"):
            app.stop()
        for listening in (*self.servers, *(sockets or ())):
            listening.close()
        for connection in list(self.server_state.connections):
            connection.shutdown()
        await self._finish()
        if hasattr(app, "close"):
            await app.close()

    async def _finish(self) -> None:
        """Wait for requests under way, but no longer than the application's patience, or a second interrupt."""
        end = time.monotonic() + (self.config.timeout_graceful_shutdown or 0)
        while (pending := self._pending()) and not self.force_exit and time.monotonic() < end:
            await asyncio.wait(pending, timeout=0.1)  # to notice the second interrupt
        if tasks := set(self.server_state.tasks):
            for task in tasks:
                task.cancel()
            await asyncio.wait(tasks, timeout=1.0)  # so that none uses the application after its `close`

    def _pending(self) -> set[asyncio.Future[None]]:
        connections = [each for each in self.server_state.connections if isinstance(each, Protocol)]
        return {*self.server_state.tasks, *(connection.closed for connection in connections)}


def server(app: ASGIApp) -> uvicorn.Server:
    """A server of an application; it writes no access log, which would show the query, and so the API key."""
    return _Server(
        uvicorn.Config(
            app,
            lifespan="off",
            access_log=False,
            server_header=False,
            proxy_headers=False,
            log_config=None,
            log_level="warning",
            ws="none",
            http=Protocol,
            timeout_graceful_shutdown=getattr(app, "patience", 5),
        )
    )


@contextmanager
def running(app: ASGIApp) -> Iterator[str]:
    """Serve an application in a thread, on a free port of 127.0.0.1, for the length of the `with`; yields its URL."""
    served = server(app)
    with listen("127.0.0.1", 0) as listening:
        thread = threading.Thread(target=served.run, kwargs={"sockets": [listening]}, daemon=True)
        thread.start()
        try:
            yield address(listening)
        finally:
            served.should_exit = True
            thread.join()
