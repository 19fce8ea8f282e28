"""The account's rate limit: how fast this process, or all that share a Redis, may send."""

from __future__ import annotations

from typing import Any

from attrs import field, frozen

from ._document import RATE_LIMIT_REQUESTS, RATE_LIMIT_SECONDS


@frozen
class RateLimit:
    """How many requests an account may make in how many seconds, and who counts them.

    Clients with the same key, base URL and limit count together; those that differ in one of these count apart.

    Attributes:
        requests: that many, of the document.
        seconds: in any period of so many seconds, of the document.
        redis: for several processes or hosts that send for one account: the URL of a Redis, or a `redis.Redis` (with a
            `socket_timeout`, or a Redis that hangs holds up every call), where all of them count; needs the extra
            `[redis]`. Without it each process counts by itself.
    """

    requests: int = RATE_LIMIT_REQUESTS
    seconds: float = RATE_LIMIT_SECONDS
    redis: Any = field(default=None, repr=False)  # its URL may hold a password

    def __attrs_post_init__(self) -> None:
        if not (self.requests >= 1 and self.requests % 1 == 0 and 0.001 <= self.seconds <= 1e9):
            raise ValueError(f"{self!r}: must allow at least one request, in a thousandth of a second or more")
        if type(self.redis).__module__.startswith("redis.asyncio"):
            raise ValueError("redis must be a redis.Redis, which waits, and not one of redis.asyncio")
