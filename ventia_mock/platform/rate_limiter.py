"""Holds an account to the document's rate limit."""

from __future__ import annotations

import math
import time
from collections import deque
from collections.abc import Callable

from ventia_document.source import Json


class Limiter:
    """Lets through so many requests in any period of so many seconds; one that is refused is not counted.

    That a refused request is not counted is an assumption: the platform's own count is not documented.
    """

    def __init__(self, requests: int, seconds: float, clock: Callable[[], float] = time.monotonic) -> None:
        self._requests, self._seconds, self._clock = requests, seconds, clock
        self._passed: deque[float] = deque()

    @classmethod
    def of(cls, document: Json) -> Limiter | None:
        """The limiter of a document's `x-rate-limit`; None without one."""
        limit = document.get("x-rate-limit")
        return cls(limit["requests"], limit["seconds"]) if limit else None

    def __str__(self) -> str:
        return f"{self._requests} requests in any {self._seconds} s"

    def wait(self) -> int:
        """0 if a request may pass, which is counted; else the whole seconds after which one may."""
        now = self._clock()
        while self._passed and now - self._passed[0] >= self._seconds:
            self._passed.popleft()
        if len(self._passed) < self._requests:
            self._passed.append(now)
            return 0
        return math.ceil(self._passed[0] + self._seconds - now)
