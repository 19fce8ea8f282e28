"""The requests that accounts may still send, kept for all clients, threads and event loops of the process."""

from __future__ import annotations

import os
import time
from typing import TYPE_CHECKING, Self

from ...events import LOG
from ...limits import RateLimit
from ..import_lock import LOADING
from ..key import Key
from ..outcomes import OutOfTime
from .process_window import ProcessWindow
from .slots import POLL, Slot, Wait, Window

if TYPE_CHECKING:
    from ..settings import Settings


class Budget:
    """The requests that one account may still send."""

    def __init__(self, limit: RateLimit, key: Key, origin: str) -> None:
        self._limit = limit
        self._account = key.digest(origin)
        self._shared: Window | None = None
        if limit.redis is not None:
            with LOADING:
                from . import redis_window  # here, since most senders need neither it nor threads

            self._shared = redis_window.shared(limit, self._account)

    @classmethod
    def of(cls, settings: Settings) -> Self | None:
        """The budget of the account that a Client sends for; None if it has no limit."""
        if settings.rate_limit is None:
            return None
        return cls(settings.rate_limit, settings.key, str(settings.base_url).rstrip("/"))

    @property
    def _window(self) -> Window:
        return self._shared or _process_window(self._limit, self._account)

    def take(self, slot: Slot, deadline: float) -> None:
        """Wait until a slot is taken.

        Args:
            deadline: of the call, by time.monotonic().

        Raises:
            OutOfTime: it will not be taken before the deadline.
        """
        first = True
        while wait := self._window.take(slot, max(deadline - time.monotonic(), 0.0)):
            time.sleep(self._seconds(wait, deadline, first=first))
            first = False

    async def take_async(self, slot: Slot, deadline: float) -> None:
        """Wait until a slot is taken, without holding up the event loop; see `take`."""
        first = True
        while wait := await self._window.take_async(slot, max(deadline - time.monotonic(), 0.0)):
            from asyncio import sleep  # here, since it takes long to import, and who waits has it already

            await sleep(self._seconds(wait, deadline, first=first))
            first = False

    def answered(self, slot: Slot, pause: float) -> None:
        """Count a slot from now on: the service counted its request at some time before.

        Args:
            pause: seconds in which no other slot may be taken, since the service refused the request for its rate.
        """
        self._window.answered(slot, pause)

    def give_back(self, slot: Slot) -> None:
        """Count a slot no more, since its request never went out."""
        self._window.give_back(slot)

    def _seconds(self, wait: Wait, deadline: float, *, first: bool) -> float:
        """Seconds to sleep before the next try."""
        if time.monotonic() + wait.seconds > deadline:
            raise OutOfTime(f"the account's rate limit has no slot for {wait.seconds:.1f} s, past the call's deadline")
        if first:
            reached = f"the limit of {self._limit.requests} requests in {self._limit.seconds:g} s is reached"
            why = "the service asked for a pause" if wait.is_pause else reached
            LOG.info("waiting about %.1f s for the account's rate limit: %s", wait.seconds, why)
        return min(wait.seconds, POLL)


_windows: dict[tuple[str, int, float], ProcessWindow] = {}


def _process_window(limit: RateLimit, account: str) -> ProcessWindow:
    name = (account, limit.requests, limit.seconds)
    return _windows.get(name) or _windows.setdefault(name, ProcessWindow(limit))  # the first, of all threads


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_windows.clear)
