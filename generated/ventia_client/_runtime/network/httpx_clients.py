"""The httpx clients underneath a Client, and the layers between them and the network."""

from __future__ import annotations

import os
import threading
import weakref
from collections.abc import Callable
from contextlib import suppress
from typing import TYPE_CHECKING, Any, TypeVar

import httpx

from .. import arguments
from ..call import CALL, SAFE_METHODS, Call
from ..import_lock import LOADING
from ..outcomes import NotSent
from ..settings import Settings

if TYPE_CHECKING:
    import asyncio

    from .async_transports import AsyncKeyTransport
    from .sync_transports import KeyTransport

T = TypeVar("T", httpx.BaseTransport, httpx.AsyncBaseTransport)


class HttpxClients:
    """One httpx client for calls that wait, and one for each event loop, since a connection belongs to its loop.

    A forked process opens its own: two that write to one connection would read each other's answers.
    """

    def __init__(
        self,
        settings: Settings,
        transport: httpx.BaseTransport | Callable[[], httpx.BaseTransport] | None,
        async_transport: httpx.AsyncBaseTransport | Callable[[], httpx.AsyncBaseTransport] | None,
    ) -> None:
        arguments.transport("transport", transport, httpx.BaseTransport)
        arguments.transport("async_transport", async_transport, httpx.AsyncBaseTransport)
        self._settings = settings
        self._transport = transport or httpx.HTTPTransport
        self._async_transport = async_transport or httpx.AsyncHTTPTransport
        self._process = os.getpid()
        self._is_closed = False
        self.forget()
        _all.add(self)

    def forget(self) -> None:
        """Leave all connections to another process."""
        self._opening = threading.Lock()
        self._sync: httpx.Client | None = None
        self._sync_key: KeyTransport | None = None
        self._async: dict[asyncio.AbstractEventLoop, tuple[httpx.AsyncClient, AsyncKeyTransport]] = {}

    def call(self, seconds: float, method: str) -> tuple[Call, dict[str, Any]]:
        """A new call that must end in so many seconds, and the extensions that its request needs."""
        call = Call(seconds, is_safe=method.upper() in SAFE_METHODS)
        return call, {CALL: call}

    def sync_client(self) -> httpx.Client:
        """The httpx client for calls that wait; raises NotSent if it is closed."""
        with self._opening:
            self._require_open()
            if self._sync is None:
                with LOADING:  # of httpcore too
                    from . import sync_transports  # here and below, since not all senders use both, or send at all

                    inner = self._made(self._transport, httpx.BaseTransport, is_another_loop=False)
                self._sync, self._sync_key = sync_transports.client(inner, self._settings)
            return self._sync

    def async_client(self) -> httpx.AsyncClient:
        """The httpx client for calls of the running event loop; raises NotSent if it is closed."""
        loop = _running_loop()
        with self._opening:
            self._require_open()
            if loop not in self._async:
                with LOADING:
                    import anyio

                    from . import async_transports

                    with suppress(RuntimeError):  # in a callback, where there is no task
                        anyio.get_cancelled_exc_class()  # which imports what httpcore's locks stand on
                    is_another = bool(self._async)
                    inner = self._made(self._async_transport, httpx.AsyncBaseTransport, is_another_loop=is_another)
                self._async = {each: pair for each, pair in self._async.items() if not each.is_closed()}
                self._async[loop] = async_transports.client(inner, self._settings)
            return self._async[loop][0]

    def _made(self, transport: Any, kind: type[T], *, is_another_loop: bool) -> T:
        """A transport of this process and event loop."""
        if not isinstance(transport, kind):
            made = transport()
            if not isinstance(made, kind):
                arguments.mistyped("what a transport's function returns", made, f"an httpx.{kind.__name__}")
            return made
        where = "process than this forked one" if self._process != os.getpid() else "event loop"
        if is_another_loop or self._process != os.getpid():
            raise NotSent(
                f"the transport belongs to another {where}, and nothing was sent; give the Client a function that "
                f"makes one, such as lambda: httpx.{type(transport).__name__}()"
            )
        return transport

    def _require_open(self) -> None:
        if self._is_closed:
            raise NotSent("the client is closed, and nothing was sent; send through one that is open")

    def close(self) -> None:
        """Close what calls that wait use; later calls are refused, one that is under way goes on to its end."""
        with self._opening:
            self._is_closed = True
            signing = [each for each in (self._sync_key, *(pair[1] for pair in self._async.values())) if each]
            client = self._sync
        for each in signing:
            each.is_closed = True
        if client is not None:
            client.close()

    async def aclose(self) -> None:
        """Close this as well as what the running event loop uses; later calls are refused."""
        self.close()
        if (pair := self._async.get(_running_loop())) is not None:
            await pair[0].aclose()


def _running_loop() -> asyncio.AbstractEventLoop:
    import asyncio

    try:
        return asyncio.get_running_loop()
    except RuntimeError:
        raise TypeError(
            "calls that are awaited need an event loop of asyncio; under trio call `sync` in a thread"
        ) from None


_all: weakref.WeakSet[HttpxClients] = weakref.WeakSet()


def _forget_all() -> None:
    for clients in list(_all):
        clients.forget()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_forget_all)


def base_url(text: str) -> httpx.URL:
    """A base URL, if it is one; raises TypeError or ValueError."""
    arguments.base_url(text)
    try:
        return httpx.URL(text)
    except httpx.InvalidURL as error:
        raise ValueError(f"{text!r} is no base URL: {error}") from None
