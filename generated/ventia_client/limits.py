"""The account's rate limit: how fast this process, or all that share a Redis, may send."""

from __future__ import annotations

from importlib import import_module
from types import UnionType
from typing import Any

from attrs import field, frozen

from ._runtime.document import RATE_LIMIT_REQUESTS, RATE_LIMIT_SECONDS

_SHORTEST, _LONGEST = 0.001, 1e9


@frozen
class RateLimit:
    """How many requests an account may make in how many seconds, and who counts them.

    Clients with the same key, base URL and limit count together; those that differ in one of these count apart. So does
    each copy of this package in a process, such as one that is vendored under another name, unless they share a Redis.
    Requests that wait are sent in the order in which they were made. For one period after the limit was reached they go
    out at about twice its average rate, so that fast senders leave slots for slow ones.

    Attributes:
        requests: that many, of the document.
        seconds: in any period of so many seconds, of the document.
        redis: for several processes or hosts that send for one account: the URL of a Redis, or a `redis.Redis` (with a
            `socket_timeout`, or a Redis that hangs holds up every call), where all of them count; needs the extra
            `[redis]`. Without it each process counts by itself.

    Raises:
        ModuleNotFoundError: the limit is on a Redis, and the extra `[redis]` is not installed.
        TypeError: an argument is of another type.
        ValueError: no request could ever be sent, or the period is longer than 1e9 seconds.
    """

    requests: int = RATE_LIMIT_REQUESTS
    seconds: float = RATE_LIMIT_SECONDS
    redis: Any = field(default=None, repr=False)  # its URL may hold a password

    def __attrs_post_init__(self) -> None:
        if not _is_number(self.requests, int):
            raise TypeError(f"requests must be a whole number, such as 200, and is {self.requests!r}")
        if not _is_number(self.seconds, int | float):
            raise TypeError(f"seconds must be a number, such as 60, and is {self.seconds!r}")
        if not (self.requests >= 1 and _SHORTEST <= self.seconds <= _LONGEST):
            raise ValueError(f"{self!r}: must allow at least one request, in {_SHORTEST} to {_LONGEST:.0f} seconds")
        if self.redis is not None:
            _require_redis(self.redis)
            library()


def library() -> Any:
    """The library redis, which is not imported by a statement: type checkers pass without the extra.

    Raises:
        ModuleNotFoundError: it is not installed.
    """
    try:
        return import_module("redis")
    except ModuleNotFoundError as error:
        error.add_note("a rate limit on a Redis needs the extra [redis]")
        raise


def _is_number(value: object, kind: type[int] | UnionType) -> bool:
    return isinstance(value, kind) and not isinstance(value, bool)


def _require_redis(redis: Any) -> None:
    if type(redis).__module__.startswith("redis.asyncio"):
        raise ValueError("redis must be a redis.Redis, which waits, and not one of redis.asyncio")
    if not isinstance(redis, str) and not hasattr(redis, "register_script"):
        raise TypeError(f"redis must be the URL of a Redis, or a redis.Redis, and is of type {type(redis).__name__}")
