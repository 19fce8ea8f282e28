"""What accounts may still send, kept for all clients, threads and event loops of the process."""

from __future__ import annotations

import asyncio
import os
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any, TypeVar

from .key import Key
from .limits import RateLimit
from .outcomes import OutOfTime
from .windows import ProcessWindow, RedisWindow, Slot, Window

T = TypeVar("T")


class Budget:
    """What one account may still send.

    Raises:
        ModuleNotFoundError: the limit is on Redis, and the extra `[redis]` is not installed.
    """

    def __init__(self, limit: RateLimit, key: Key, origin: str) -> None:
        self._limit = limit
        self._account = key.digest(origin)
        self._shared = RedisWindow(limit, self._account) if limit.redis is not None else None

    @property
    def _window(self) -> Window:
        return self._shared or _process.window(self._account, self._limit)

    def waits(self, slot: Slot, deadline: float) -> Iterator[float]:
        """Seconds to wait, again and again until the slot is taken.

        Args:
            deadline: of the call, by time.monotonic().

        Raises:
            OutOfTime: it will not be taken before the deadline.
        """
        while wait := self._window.take(slot, max(deadline - time.monotonic(), 0.0)):
            if time.monotonic() + wait > deadline:
                raise OutOfTime(f"the account's rate limit has no slot for {wait:.1f} s, past the call's deadline")
            yield wait

    def answered(self, slot: Slot, pause: float) -> None:
        """Count a slot from now on, since its request was counted by the service at some time before now.

        Args:
            pause: seconds in which nobody else may take a slot, since the service said that there are none.
        """
        self._window.answered(slot, pause)

    def give_back(self, slot: Slot) -> None:
        """Count a slot no more, since its request never went out."""
        self._window.give_back(slot)

    async def take(self, slot: Slot, deadline: float) -> None:
        """Wait until a slot is taken, see `waits`."""
        waits = self.waits(slot, deadline)
        while (seconds := await self._next(waits, slot, deadline)) is not None:  # noqa: ASYNC110 - time is no event
            await asyncio.sleep(seconds)

    async def _next(self, waits: Iterator[float], slot: Slot, deadline: float) -> float | None:
        if self._shared is None:
            return next(waits, None)
        asked: Future[float | None] = _process.threads.submit(next, waits, None)
        seconds = None if deadline == float("inf") else deadline - time.monotonic()
        try:
            return await asyncio.wait_for(asyncio.wrap_future(asked), seconds)
        except TimeoutError:
            late = OutOfTime("the Redis of the account's rate limit did not answer before the call's deadline")
            raise late from None
        finally:
            if asked.cancelled() or not asked.done():  # Redis may still give it the slot
                asked.add_done_callback(lambda _: self.later(self.give_back, slot))

    def later(self, function: Callable[..., object], *arguments: Any) -> None:
        """Call a function; in a thread if it waits for Redis, without waiting for that."""
        if self._shared is None:
            function(*arguments)
        else:
            _process.threads.submit(function, *arguments)

    async def aside(self, function: Callable[..., T], *arguments: Any) -> T:
        """What a function returns, called in a thread if it waits for Redis."""
        if self._shared is None:
            return function(*arguments)
        return await asyncio.get_running_loop().run_in_executor(_process.threads, function, *arguments)


class _Process:
    """What is one for a process; a forked one has its own."""

    def __init__(self) -> None:
        self.begin()

    def begin(self) -> None:
        self.threads = ThreadPoolExecutor(8, "ventia-rate-limit")  # which starts none before it is used
        self._windows: dict[str, Window] = {}

    def window(self, account: str, limit: RateLimit) -> Window:
        name = f"{account} {limit.requests} {limit.seconds}"
        found = self._windows.get(name)
        return found or self._windows.setdefault(name, ProcessWindow(limit))  # the first, of all threads


_process = _Process()
if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_process.begin)
