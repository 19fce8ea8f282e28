"""Decides which attempts of a call are repeated, and when: those that sent nothing, within its deadline."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from http import HTTPStatus

import httpx

from ..events import LOG, Attempt
from .call import Call
from .import_lock import LOADING
from .outcomes import OutOfTime, is_failure

LONGEST_PAUSE = 60.0
"""Seconds between two attempts at the most, whatever a Retry-After asks."""

_UNTOLD_PAUSE = 1.0


class Retries:
    """When the attempts of a call are repeated.

    Args:
        most: how many more than one.
        backoff: seconds before the second at the most, twice as many before the third, and so on; a random part of
            them, so that many senders do not come back all at once.
        on_attempt: called after each attempt; an error in it is logged, and changes nothing.
    """

    def __init__(self, most: int, backoff: float, on_attempt: Callable[[Attempt], object] | None = None) -> None:
        self._most, self._backoff, self._on_attempt = most, backoff, on_attempt

    def after(self, call: Call, begun: int, ended: httpx.Response | BaseException) -> float | None:
        """Seconds until the next attempt; None if what has ended is the last.

        Args:
            begun: how many attempts had begun before.
        """
        if call.attempts == begun:  # there was no time for another
            return None
        pause = self._pause(call, ended)
        self._announce(call, ended, pause)
        return pause

    def _pause(self, call: Call, ended: httpx.Response | BaseException) -> float | None:
        if call.attempts > self._most or not _is_repeated(call, ended):
            return None
        asked = retry_after(ended.headers) if isinstance(ended, httpx.Response) else None
        pause = self.backoff_before(call.attempts) if asked is None else asked
        return pause if time.monotonic() + pause <= call.deadline else None

    def backoff_before(self, number: int) -> float:
        """Seconds to wait after so many attempts, by chance."""
        with LOADING:
            from httpx_retries import Retry  # here, since most calls need none

        # which doubles the factor for the first retry already
        return Retry(
            backoff_factor=self._backoff / 2, max_backoff_wait=LONGEST_PAUSE, attempts_made=number
        ).backoff_strategy()

    def _announce(self, call: Call, ended: httpx.Response | BaseException, pause: float | None) -> None:
        error = type(ended).__name__ if isinstance(ended, BaseException) else None
        if pause is not None:
            LOG.warning("attempt %d ended in %s: another in %.2f s", call.attempts, error or call.status, pause)
        if self._on_attempt is None:
            return
        took = time.monotonic() - call.began
        try:
            self._on_attempt(Attempt(call.attempts, took, call.status, error, call.may_be_sent, pause))
        except Exception:  # or a message that was sent would look as if it was not
            LOG.exception("on_attempt failed")


def _is_repeated(call: Call, ended: httpx.Response | BaseException) -> bool:
    if isinstance(ended, httpx.Response):
        return ended.status_code == HTTPStatus.TOO_MANY_REQUESTS or (call.is_safe and _is_worth_another(ended))
    if call.is_safe and isinstance(ended, httpx.TransportError):
        return True
    return isinstance(ended, httpx.NetworkError | httpx.TimeoutException) and not call.went_out


def _is_worth_another(response: httpx.Response) -> bool:
    """Whether the service failed, or its answer broke off."""
    return is_failure(response.status_code) or not response.extensions.get("complete", True)


def last_of(last: httpx.Response | BaseException | None, late: OutOfTime) -> httpx.Response:
    """The response of the last attempt; raises its error, or if there was none, what there was no time for."""
    if isinstance(last, httpx.Response):
        return last
    raise last or late


def retry_after(headers: Mapping[str, str]) -> float | None:
    """Seconds that a Retry-After asks to wait, LONGEST_PAUSE at the most.

    None if there is none that can be read, or a date that is past: the clocks may differ.
    """
    if "retry-after" not in headers:
        return None
    with LOADING:
        from httpx_retries import Retry  # here, since most answers have none

    try:
        seconds = min(Retry().parse_retry_after(headers["retry-after"]), LONGEST_PAUSE)
    except (OverflowError, ValueError):
        return None
    return seconds if seconds or headers["retry-after"].strip().isdigit() else None


def pause(headers: Mapping[str, str]) -> float:
    """Seconds for which a service that refused a request for its rate wants no other."""
    asked = retry_after(headers)
    return _UNTOLD_PAUSE if asked is None else asked
