"""The sliding window in which an account's requests are counted: in this process, or on Redis.

A slot is taken before its request goes out, and counted from when that was answered: the service counted it before
that, so that no window of its own can hold more, however long requests take to get there. Only a request that is given
up without an answer may be counted by the service later than here.
"""

from __future__ import annotations

import itertools
import logging
import os
import threading
import time
import uuid
from bisect import insort
from collections import deque
from collections.abc import Callable
from operator import attrgetter
from typing import Any, Protocol

from pyrate_limiter import InMemoryBucket, Rate, RateItem

from .limits import RateLimit
from .outcomes import Unreachable

_LONGEST = 3600.0
"""Seconds after which a request that nobody answered is not waited for, where its call has no deadline."""

Slot = RateItem
"""The place of one request in a window, told from others by its name."""

_PROCESS = uuid.uuid4().hex  # and the number of the process, since a forked one has the same

_log = logging.getLogger(__name__)


class Window(Protocol):
    """Where slots are taken."""

    def take(self, slot: Slot, longest: float) -> float:
        """Take a slot: 0 if it is taken, or else the seconds after which it may be worth another try.

        Args:
            longest: seconds that its request will take at the most.
        """
        ...

    def answered(self, slot: Slot, pause: float) -> None:
        """Count a slot from now on, if it was taken, and let nobody take another for some seconds."""
        ...

    def give_back(self, slot: Slot) -> None:
        """Count a slot no more."""
        ...


_numbers = itertools.count()


def slot() -> Slot:
    """A slot that is still to be taken, with a name that no other of any process has."""
    return Slot(f"{_PROCESS}-{os.getpid()}-{next(_numbers)}", 0)


def _now() -> int:
    return time.monotonic_ns() // 1_000_000


class ProcessWindow(InMemoryBucket):
    """The window of this process, for all its threads and event loops.

    What has ended is put aside, and counted by whoever takes the next slot: a call may be ended by the garbage
    collector, in the middle of anything, and must wait for no lock then.
    """

    def __init__(self, limit: RateLimit) -> None:
        self._length = round(limit.seconds * 1000)
        super().__init__([Rate(limit.requests, self._length)])
        self._deciding = threading.Lock()
        self._unanswered: dict[Slot, int] = {}
        self._ended: deque[tuple[Slot, int | None]] = deque()
        self._paused_until = 0

    def take(self, slot: Slot, longest: float) -> float:
        """Take a slot, see Window."""
        with self._deciding:
            now = _now()
            self._settle(now)
            if now < self._paused_until:
                return (self._paused_until - now) / 1000
            slot.timestamp = now
            if self.put(slot):
                self._unanswered[slot] = now + round(min(longest, _LONGEST) * 1000)
                return 0.0
            wait = self.waiting(slot)
            slot.timestamp = 0
            assert isinstance(wait, int)  # it is awaitable for other buckets only
            return max(1, wait) / 1000

    def answered(self, slot: Slot, pause: float) -> None:
        """Count a slot from now on, see Window."""
        now = _now()
        self._paused_until = max(self._paused_until, now + round(pause * 1000))
        self._ended.append((slot, now))

    def give_back(self, slot: Slot) -> None:
        """Count a slot no more, see Window."""
        self._ended.append((slot, None))

    def _settle(self, now: int) -> None:
        while self._ended:
            slot, answered = self._ended.popleft()
            self._unanswered.pop(slot, None)
            if slot.timestamp:  # it was taken
                self._count(slot, answered)
        for slot, until in list(self._unanswered.items()):
            if until < now:
                del self._unanswered[slot]
            elif slot.timestamp < now - self._length // 2:  # or it would fall out of the window before it is answered
                self._count(slot, now)
        self.leak(now)

    def _count(self, slot: Slot, at: int | None) -> None:
        """Count a slot at another time; not at all at None."""
        if slot in self.items:
            self.items.remove(slot)
        if at is not None:
            slot.timestamp = at
            insort(self.items, slot, key=attrgetter("timestamp"))


_NOW = """
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local window, pause, slot, length = KEYS[1], KEYS[2], ARGV[1], tonumber(ARGV[2])
"""
_TAKE = f"""{_NOW}
local limit, longest = tonumber(ARGV[3]), tonumber(ARGV[4])
local paused = redis.call('PTTL', pause)
if paused > 0 then return paused end
if redis.call('ZSCORE', window, slot) then return 0 end
redis.call('ZREMRANGEBYSCORE', window, '-inf', now - length - 1)
if redis.call('ZCARD', window) >= limit then
    local oldest = tonumber(redis.call('ZRANGE', window, 0, 0, 'WITHSCORES')[2])
    return math.min(oldest, now) + length + 1 - now
end
redis.call('ZADD', window, now + longest, slot)
redis.call('PEXPIRE', window, math.max(length + longest + 1000, redis.call('PTTL', window)))
return 0
"""
_ANSWERED = f"""{_NOW}
local wait = tonumber(ARGV[3])
redis.call('ZADD', window, 'XX', now, slot)
if wait > math.max(0, redis.call('PTTL', pause)) then redis.call('SET', pause, 1, 'PX', wait) end
return 0
"""


class RedisWindow:
    """The window of all processes that share a Redis; a sender that dies holds its slots until their calls' deadlines.

    Not pyrate-limiter's RedisBucket, which takes the time in the caller and counts in Redis: between the two, processes
    count past each other, and now and then one request too many goes out. Here both happen in Redis, by its clock.

    Args:
        account: a name for the account.
    """

    def __init__(self, limit: RateLimit, account: str) -> None:
        self._requests, self._length = limit.requests, round(limit.seconds * 1000)
        self._redis = _connected(limit.redis) if isinstance(limit.redis, str) else limit.redis
        name = f"ventia:{{{account}}}:{self._requests}/{self._length}"  # braces: on one node of a cluster
        self._keys = [f"{name}:window", f"{name}:pause"]
        self._take, self._answered = self._redis.register_script(_TAKE), self._redis.register_script(_ANSWERED)

    def take(self, slot: Slot, longest: float) -> float:
        """Take a slot, see Window; it counts as unanswered until `longest` has passed.

        Raises:
            Unreachable: Redis does not answer.
        """
        from redis import RedisError

        unanswered = round(min(longest, _LONGEST) * 1000)
        try:
            return int(self._take(self._keys, [slot.name, self._length, self._requests, unanswered])) / 1000
        except RedisError as error:
            failure = Unreachable(f"the Redis of the account's rate limit does not answer: {error} (nothing was sent)")
        raise failure

    def answered(self, slot: Slot, pause: float) -> None:
        """Count a slot from now on, see Window."""
        self._settled(self._answered, self._keys, [slot.name, self._length, round(pause * 1000)])

    def give_back(self, slot: Slot) -> None:
        """Count a slot no more, see Window."""
        self._settled(self._redis.zrem, self._keys[0], slot.name)

    def _settled(self, command: Callable[..., Any], *arguments: Any) -> None:
        """Send a command whose failure only leaves a slot counted for longer than it need be."""
        from redis import RedisError

        try:
            command(*arguments)
        except RedisError as error:
            _log.warning("the Redis of the account's rate limit does not answer: %s", error)


def _connected(url: str) -> Any:
    from redis import Redis
    from redis.backoff import NoBackoff
    from redis.retry import Retry

    return Redis.from_url(url, socket_timeout=1, socket_connect_timeout=1, retry=Retry(NoBackoff(), 1))  # pyright: ignore[reportUnknownMemberType] - it takes any option
