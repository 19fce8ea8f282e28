"""Which attempts of a call are repeated, and when: those that provably sent nothing, within the call's deadline."""

from __future__ import annotations

import asyncio
import copy
import time
from collections.abc import Mapping
from http import HTTPStatus
from typing import TYPE_CHECKING

from httpx_retries import Retry, RetryTransport

from .outcomes import OutOfTime

if TYPE_CHECKING:
    import httpx

LONGEST_PAUSE = 60.0
"""Seconds between two attempts at the most, whatever a Retry-After asks."""

_UNTOLD_PAUSE = 1.0


class AttemptsTransport(RetryTransport):
    """Sends requests through another transport, as often as the Attempts in their extension `retry` allow."""

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Send a request; errors and response are those of the last attempt that was made."""
        _require_attempts(request, self.retry)
        try:
            return super().handle_request(request)
        except OutOfTime as error:
            late = error
        return _last(request, late)

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Send a request; errors and response are those of the last attempt that was made."""
        _require_attempts(request, self.retry)
        try:
            return await super().handle_async_request(request)
        except OutOfTime as error:
            late = error
        return _last(request, late)


def _require_attempts(request: httpx.Request, attempts: Retry) -> None:
    """Give a request that was made with httpx alone attempts of its own."""
    assert isinstance(attempts, Attempts)
    request.extensions.setdefault("retry", attempts.until(float("inf")))


def _last(request: httpx.Request, late: OutOfTime) -> httpx.Response:
    """The response to the last attempt; raises its error, or where there was none, what there was no time for."""
    attempts: Attempts = request.extensions["retry"]
    last = attempts.made[-1] if attempts.made else late
    if isinstance(last, Exception):
        raise last
    return last


class Attempts(Retry):
    """The attempts of a call.

    Args:
        retries: how many more than one.
        backoff: seconds before the second at the most, twice as many before the third, and so on; a random part of
            them, so that many senders do not come back all at once.
        unsent: the errors after which nothing has gone out.

    Raises:
        ValueError: a number is negative.
    """

    def __init__(self, retries: int, backoff: float, unsent: tuple[type[Exception], ...]) -> None:
        if not (retries >= 0 and backoff >= 0):
            raise ValueError(f"retries and backoff must not be negative, and are {retries} and {backoff}")
        super().__init__(
            total=retries,
            allowed_methods=["GET", "PUT", "POST", "DELETE", "OPTIONS", "HEAD", "PATCH", "TRACE"],
            status_forcelist=[HTTPStatus.TOO_MANY_REQUESTS],
            retry_on_exceptions=unsent,
            backoff_factor=backoff / 2,  # which is doubled for the first retry already
            max_backoff_wait=LONGEST_PAUSE,
        )
        self.deadline = float("inf")
        self.made: list[httpx.Response | Exception] = []

    def until(self, deadline: float) -> Attempts:
        """These attempts for one call, which must end by a deadline of time.monotonic()."""
        attempts = copy.copy(self)
        attempts.deadline = deadline
        attempts.made = []  # what became of each, for this call's copies alone
        return attempts

    def increment(self) -> Attempts:
        """These attempts with one more of them made."""
        attempts = copy.copy(self)
        attempts.attempts_made += 1
        return attempts

    def sleep(self, response: httpx.Response | Exception) -> None:
        """Wait for the next attempt; raises OutOfTime if it would come after the deadline."""
        time.sleep(self._wait(response))

    async def asleep(self, response: httpx.Response | Exception) -> None:
        """Wait for the next attempt; raises OutOfTime if it would come after the deadline."""
        await asyncio.sleep(self._wait(response))

    def _wait(self, last: httpx.Response | Exception) -> float:
        self.made.append(last)
        asked = None if isinstance(last, Exception) else retry_after(last.headers)
        seconds = asked or self.backoff_strategy()
        if time.monotonic() + seconds > self.deadline:
            raise OutOfTime("the next attempt would come after the call's deadline")
        return seconds


def retry_after(headers: Mapping[str, str]) -> float | None:
    """Seconds that a Retry-After asks to wait, LONGEST_PAUSE at the most; None if there is none that can be read."""
    try:
        return min(Retry().parse_retry_after(headers["retry-after"]), LONGEST_PAUSE)
    except (KeyError, OverflowError, ValueError):
        return None


def pause(headers: Mapping[str, str]) -> float:
    """Seconds for which a service that refused a request for its rate wants no other."""
    return retry_after(headers) or _UNTOLD_PAUSE
