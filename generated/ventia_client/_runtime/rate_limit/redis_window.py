"""The window in which the requests of an account are counted on Redis, for all processes that share it."""

from __future__ import annotations

import atexit
import os
import threading
import time
import weakref
from collections.abc import Sequence
from contextlib import suppress
from typing import Any

from ...limits import RateLimit, library
from ..outcomes import Unreachable
from . import redis_scripts
from .reporter import Change, Flight, Reporter
from .senders import Answer, Senders
from .slots import LONGEST, Slot, Wait


class RedisWindow:
    """The window of all processes that share a Redis.

    Commands are sent in threads, so that a call can end while Redis hangs. Ended slots are reported later, by a thread
    that tries again until Redis answers. It also keeps the slots in flight in the window, for as long as their process
    lives: one whose process hangs or cannot reach Redis falls out of the window after one length of it.

    Args:
        account: a name for the account.
    """

    def __init__(self, limit: RateLimit, account: str) -> None:
        self._requests, self._length = limit.requests, round(limit.seconds * 1000)
        redis = library()
        self._error: type[Exception] = redis.RedisError
        self._redis: Any = _connected(redis, limit.redis) if isinstance(limit.redis, str) else limit.redis
        self._name = f"ventia:{{{account}}}:{self._requests}/{self._length}"  # braces: on one node of a cluster
        self._keys = [f"{self._name}:{part}" for part in ("window", "pause", "queue", "due", "pace")]
        self._take = self._redis.register_script(redis_scripts.TAKE)
        self._end = self._redis.register_script(redis_scripts.END)
        self._paused_until = 0.0
        self.forget()

    def forget(self) -> None:
        """Leave the requests that are in flight to another process."""
        self._in_flight: set[Slot] = set()

    def take(self, slot: Slot, longest: float) -> Wait | None:
        """Take a slot, or queue for it, see Window.

        Raises:
            Unreachable: Redis does not answer.
            OutOfTime: nor does it before `longest` has passed.
        """
        done = threading.Lock()
        done.acquire()
        answer = Answer(lambda: self._ask(slot), done.release)
        try:
            self._submit(slot, longest, answer)
            done.acquire(timeout=min(longest, threading.TIMEOUT_MAX))
            return answer.result()
        finally:
            answer.is_wanted = False

    async def take_async(self, slot: Slot, longest: float) -> Wait | None:
        """Take a slot, or queue for it, see `take`."""
        import asyncio  # here, since it takes long to import, and who awaits has it already

        loop, done = asyncio.get_running_loop(), asyncio.Event()
        answer = Answer(lambda: self._ask(slot), lambda: loop.call_soon_threadsafe(done.set))
        try:
            self._submit(slot, longest, answer)
            with suppress(TimeoutError):
                async with asyncio.timeout(None if longest == float("inf") else longest):
                    await done.wait()
            return answer.result()
        finally:
            answer.is_wanted = False

    def answered(self, slot: Slot, pause: float) -> None:
        """Count a slot for one window from now, see Window."""
        if pause:
            self._paused_until = max(self._paused_until, time.monotonic() + pause)
        self._ended(slot, "counted")

    def give_back(self, slot: Slot) -> None:
        """Remove a slot, see Window."""
        self._ended(slot, "unknown" if slot.is_asking else "unused")

    def _ended(self, slot: Slot, how: str) -> None:
        slot.ended = True  # before it is discarded, see _ask
        self._in_flight.discard(slot)
        _process.reporter.put(self._report, Change(slot.name, how, time.monotonic()))

    def _submit(self, slot: Slot, longest: float, answer: Answer) -> None:
        slot.is_asking = True
        slot.deadline = time.monotonic() + min(longest, LONGEST)
        try:
            _process.reporter.start()
            _process.senders.put(answer)
        except RuntimeError:  # the interpreter is ending, and starts no thread any more
            answer.get()

    def _ask(self, slot: Slot) -> Wait | None:
        now = time.monotonic()
        longest = round((slot.deadline - now) * 1000)
        arguments = [self._length, self._requests, self._pause(now), slot.name, slot.ticket, longest]
        try:
            wait, is_pause, slot.ticket = self._take([*self._keys, self._mark(slot.name)], arguments)
        except self._error as error:
            failure = Unreachable(f"the Redis of the account's rate limit does not answer: {error} (nothing was sent)")
        else:
            slot.is_asking = False
            if wait:
                return Wait(wait / 1000, bool(is_pause))
            self._in_flight.add(slot)
            if slot.ended:
                self._in_flight.discard(slot)
            _process.reporter.put(self._report, Flight(self._names_in_flight, self._length / 2000))
            return None
        raise failure

    def _names_in_flight(self) -> list[str]:
        """The names of the slots whose requests may still be answered."""
        now = time.monotonic()
        return [slot.name for slot in list(self._in_flight) if now < slot.deadline]

    def _pause(self, now: float) -> int:
        """Milliseconds for which the service wants no request, as far as this process knows."""
        return max(0, round((self._paused_until - now) * 1000))

    def _mark(self, name: str) -> str:
        return f"{self._name}:ended:{name}"

    def _report(self, slots: Sequence[Change]) -> None:
        now = time.monotonic()
        keys = [*self._keys, *[self._mark(slot.name) for slot in slots if slot.how == "unknown"]]
        ends = [(slot.name, int((now - slot.at) * 1000) if slot.how == "counted" else slot.how) for slot in slots]
        self._end(keys, [self._length, self._requests, self._pause(now), *[each for end in ends for each in end]])


def shared(limit: RateLimit, account: str) -> RedisWindow:
    """The window of an account on a Redis, the same for all clients of the process."""
    redis = limit.redis if isinstance(limit.redis, str) else id(limit.redis)  # which lives as long as the window
    name = (account, limit.requests, limit.seconds, redis)
    return _windows.get(name) or _windows.setdefault(name, RedisWindow(limit, account))


def _connected(redis: Any, url: str) -> Any:
    once_more = redis.retry.Retry(redis.backoff.NoBackoff(), 1, (redis.ConnectionError,))
    return redis.Redis.from_url(url, socket_timeout=1, socket_connect_timeout=1, retry=once_more)


_windows: weakref.WeakValueDictionary[tuple[str, int, float, str | int], RedisWindow] = weakref.WeakValueDictionary()


class _Process:
    """The threads of a process; a forked one has its own."""

    def __init__(self) -> None:
        self.begin()
        atexit.register(lambda: self.reporter.finish())

    def begin(self) -> None:
        self.senders = Senders()
        self.reporter = Reporter()
        for window in list(_windows.values()):
            window.forget()


_process = _Process()
if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_process.begin)
