"""Runs an ASGI application on a socket of this machine."""

from __future__ import annotations

import socket
import threading
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
    # With the protocol named, asyncio switches Nagle's algorithm off; else answers on a kept connection wait 40 ms.
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
    """The URL of what listens there: `http://127.0.0.1:8080`."""
    host, port = listening.getsockname()[:2]
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


class _Server(uvicorn.Server):
    """Lets an application that has a `stop` and a `close` end its streams first, and its files last."""

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        app = self.config.app
        if hasattr(app, "stop"):
            app.stop()
        await super().shutdown(sockets)
        if hasattr(app, "close"):
            await app.close()


def server(app: ASGIApp) -> uvicorn.Server:
    """A server of an application, which logs nothing itself: its access log would show the query, and so the key."""
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
    """Serve an application in a thread, on a free port of 127.0.0.1, for the length of the `with`; yields the URL."""
    served = server(app)
    with listen("127.0.0.1", 0) as listening:
        thread = threading.Thread(target=served.run, kwargs={"sockets": [listening]}, daemon=True)
        thread.start()
        try:
            yield address(listening)
        finally:
            served.should_exit = True
            thread.join()
