"""The httpx clients underneath a Client, and the layers between them and the network."""

from __future__ import annotations

import asyncio
import os
import threading
import weakref
from collections.abc import Mapping
from typing import Any

import httpx

from ._document import API_KEY_PARAMETER, VERSION
from .budget import Budget
from .call import CALL, Call
from .key import Key
from .limiting import AsyncLimitTransport, LimitTransport
from .limits import RateLimit
from .outcomes import NotSent
from .retries import Attempts, AttemptsTransport
from .transport import UNCONNECTED, AsyncKeyTransport, KeyTransport, Line


class Connections:
    """One httpx client for calls that wait, and one for each event loop, since a connection belongs to its loop.

    A forked process opens its own: two that write to one connection would read each other's answers.
    """

    def __init__(
        self,
        base_url: httpx.URL,
        key: Key,
        *,
        rate_limit: RateLimit | None,
        retries: int,
        backoff: float,
        timeout: float | httpx.Timeout,
        headers: Mapping[str, str],
        transport: httpx.BaseTransport | None,
        async_transport: httpx.AsyncBaseTransport | None,
    ) -> None:
        self._line = Line(base_url, API_KEY_PARAMETER, key)
        self._budget = Budget(rate_limit, key, str(base_url).rstrip("/")) if rate_limit else None
        self._attempts = Attempts(retries, backoff, UNCONNECTED)
        own = httpx.Headers({"User-Agent": f"ventia-client/{VERSION}", "Accept-Encoding": "identity"})
        own.update(headers)
        self._settings: dict[str, Any] = {"base_url": base_url, "timeout": timeout, "headers": own}
        self._transport, self._async_transport = transport, async_transport
        self.forget()
        _all.add(self)

    def forget(self) -> None:
        """Leave all connections to another process."""
        self._opening = threading.Lock()
        self._waiting: httpx.Client | None = None
        self._awaiting: dict[asyncio.AbstractEventLoop, httpx.AsyncClient] = {}

    def call(self, seconds: float) -> tuple[Call, dict[str, Any]]:
        """A new call that must end in so many seconds, and the extensions that its request needs."""
        call = Call(seconds)
        return call, {CALL: call, "retry": self._attempts.until(call.deadline)}

    def waiting(self) -> httpx.Client:
        """The httpx client for calls that wait; raises NotSent if it is closed."""
        with self._opening:
            self._require_open()
            if self._waiting is None:
                line = KeyTransport(self._transport or httpx.HTTPTransport(), self._line)
                limited = LimitTransport(line, self._budget) if self._budget else line
                self._waiting = httpx.Client(transport=AttemptsTransport(limited, self._attempts), **self._settings)
            return self._waiting

    def awaiting(self) -> httpx.AsyncClient:
        """The httpx client for calls of the running event loop; raises NotSent if it is closed."""
        loop = asyncio.get_running_loop()
        with self._opening:
            self._require_open()
            if loop not in self._awaiting:
                if self._async_transport is not None and self._awaiting:
                    raise NotSent("async_transport belongs to another event loop; make a Client for each that has one")
                self._awaiting = {each: client for each, client in self._awaiting.items() if not each.is_closed()}
                line = AsyncKeyTransport(self._async_transport or httpx.AsyncHTTPTransport(), self._line)
                limited = AsyncLimitTransport(line, self._budget) if self._budget else line
                transport = AttemptsTransport(limited, self._attempts)
                self._awaiting[loop] = httpx.AsyncClient(transport=transport, **self._settings)
            return self._awaiting[loop]

    def _require_open(self) -> None:
        if self._line.is_closed:
            raise NotSent("the client is closed, and nothing was sent; send through one that is open")

    def close(self) -> None:
        """Close what calls that wait use; later calls are refused, one that is under way may end as unknown."""
        with self._opening:
            self._line.is_closed = True
            waiting = self._waiting
        if waiting is not None:
            waiting.close()

    async def aclose(self) -> None:
        """Close this as well as what the running event loop uses; later calls are refused."""
        self.close()
        if (client := self._awaiting.get(asyncio.get_running_loop())) is not None:
            await client.aclose()


_all: weakref.WeakSet[Connections] = weakref.WeakSet()


def _begin_anew() -> None:
    for connections in list(_all):
        connections.forget()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_begin_anew)


def base_url(given: str) -> httpx.URL:
    """A base URL, if it is one.

    Raises:
        ValueError: it is none of http or https, or has more than a host, a port and a path.
    """
    try:
        url = httpx.URL(given)
    except httpx.InvalidURL:
        url = httpx.URL()
    if url.userinfo or "?" in given or "#" in given:
        raise ValueError("a base URL must have no user, password, query or fragment")
    if url.scheme not in ("http", "https") or not url.host:
        raise ValueError(f"{given!r} is no base URL: it must start with http:// or https:// and a host")
    return url
