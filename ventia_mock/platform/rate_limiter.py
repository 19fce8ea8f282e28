"""Holds an account to the document's rate limit."""

from __future__ import annotations

import math
import time
from collections import deque
from collections.abc import Callable

from ventia_document.source import Json


class RateLimiter:
    """Lets at most so many requests pass in any so many seconds; a refused request does not count.

    That a refused request does not count is an assumption: how the platform counts is not documented.
    """

    def __init__(self, requests: int, seconds: float, clock: Callable[[], float] = time.monotonic) -> None:
        self._requests, self._seconds, self._clock = requests, seconds, clock
        self._passed: deque[float] = deque()

    @classmethod
    def of(cls, document: Json) -> RateLimiter | None:
        """The limiter of a document's `x-rate-limit`; None without one."""
        limit = document.get("x-rate-limit")
        return cls(limit["requests"], limit["seconds"]) if limit else None

    def __str__(self) -> str:
        return f"{self._requests} requests in any {self._seconds} s"

    def wait(self) -> int:
        """0 if a request may pass, which counts it; otherwise the seconds until one may, rounded up."""
        now = self._clock()
        while self._passed and now - self._passed[0] >= self._seconds:
            self._passed.popleft()
        if len(self._passed) < self._requests:
            self._passed.append(now)
            return 0
        return math.ceil(self._passed[0] + self._seconds - now)
