"""A call while it is under way: when it must end, and what may have become of its message."""

from __future__ import annotations

import time
from http import HTTPStatus
from typing import Any, Self, TypeGuard

import httpx

from ..events import LOG
from .outcomes import DeliveryUnknown, OutOfTime, Unreachable, UnreadableAnswer, VentiaError, is_refusal

SAFE_METHODS = frozenset(("GET", "HEAD", "OPTIONS", "TRACE"))
"""Methods whose requests change nothing, so that they send no message and may be repeated (RFC 9110)."""

CALL = "ventia_call"
"""The extension of a request that holds its Call."""


class Call:
    """A call, through all its attempts.

    Args:
        seconds: after which it must have ended.
        is_safe: whether it sends nothing, whatever becomes of it.

    Attributes:
        deadline: by time.monotonic().
        expires: by time.time(), for a process that was suspended: then no attempt begins past this either.
        went_out: whether the request of the current attempt began to go out, or may have.
        is_watched: whether a connection of ours has the request, which knows when it begins to go out.
        status: the HTTP status of the current attempt's answer; None while there is none.
        attempts: how many have begun.
        once: the caller's key for the message; None if it has none.
        began: when the current attempt did, by time.monotonic().
    """

    def __init__(self, seconds: float = float("inf"), *, is_safe: bool = False) -> None:
        self.is_safe = is_safe
        self.deadline = time.monotonic() + seconds
        self.expires = float("inf")
        self.went_out = False
        self.is_watched = False
        self.status: int | None = None
        self.attempts = 0
        self.once: str | None = None
        self.began = 0.0

    @classmethod
    def of(cls, request: Any) -> Call:
        """The call of a request of httpx or httpcore; a new one without a deadline if it was made without a Client."""
        call = request.extensions.get(CALL)
        if call is None:
            call = request.extensions[CALL] = cls()
        assert isinstance(call, cls)
        return call

    def remaining(self) -> float:
        """Seconds until the deadline; 0 once it has passed."""
        return max(self.deadline - time.monotonic(), 0.0)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: object, error: BaseException | None, traceback: object) -> None:
        """Turn a failure of the transport into the outcome that it means; any other exception gets a note."""
        if error is None or isinstance(error, VentiaError):
            self._tell_if_unknown(error)
            return
        if not _is_of_transport(error):
            error.add_note(self.note())
            return
        raise self._outcome(error) from error

    def _tell_if_unknown(self, error: VentiaError | None) -> None:
        if self.status is None:  # nothing was answered, as where the ledger has the key
            return
        if error.outcome == "unknown" if error else self.may_be_sent and not self.is_success:
            unread = ", and the answer could not be read" if isinstance(error, UnreadableAnswer) else ""
            self._warn(f"the service answered {self.status}{unread}")

    @property
    def is_success(self) -> bool:
        """Whether the service answered with a success."""
        return self.status is not None and self.status // 100 == HTTPStatus.OK // 100

    def _outcome(self, error: Exception) -> VentiaError:
        said = f"{type(error).__name__}: {error}" if str(error) else type(error).__name__
        if self.may_be_sent:
            self._warn(f"{type(error).__name__} after the request began to go out")
            return DeliveryUnknown(f"{said} (after the request began to go out, so the message may have been sent)")
        return Unreachable(f"{said} (nothing was sent)")

    def _warn(self, why: str) -> None:
        LOG.warning("the outcome is unknown: %s%s", why, "" if self.once is None else f" (once={self.once!r})")

    def begin(self) -> None:
        """Begin an attempt; raises OutOfTime if it is too late for one."""
        self.began = time.monotonic()
        if self.began > self.deadline or time.time() > self.expires:
            raise OutOfTime("the call's deadline has passed (nothing was sent)")
        self.went_out, self.is_watched, self.status = False, False, None
        self.attempts += 1

    def hand_over(self) -> None:
        """Note that a transport has the request: from now on assume that it may have gone out."""
        self.went_out = True

    def watch(self) -> None:
        """Note that a connection of ours has the request, and will say when it goes out.

        Only the first connection of an attempt proves that: a transport of the caller's may try again by itself, after
        the request went out.
        """
        if not self.is_watched:
            self.is_watched, self.went_out = True, False

    def answered(self, status: int) -> None:
        """Note the status of the answer."""
        self.went_out, self.status = True, status

    @property
    def may_be_sent(self) -> bool:
        """Whether the message may have been sent, as far as is known now."""
        return self.went_out and not self.is_safe and not (self.status is not None and is_refusal(self.status))

    def note(self) -> str:
        """A sentence for whoever interrupted the call: the message was sent, not sent, or may have been sent."""
        if self.is_success and not self.is_safe:
            return f"ventia_client: the service had taken the message, and answered {self.status}"
        if self.may_be_sent:
            return "ventia_client: the message may have been sent; whoever sends it again may send it twice"
        if self.status is not None and self.went_out and not self.is_safe:
            return f"ventia_client: the service refused the message, and answered {self.status}"
        return "ventia_client: nothing was sent"


def _is_of_transport(error: BaseException) -> TypeGuard[Exception]:
    """Whether the transport failed, and not the program.

    httpx raises no bare TimeoutException, but pytest-httpx does for a request that no test expects.
    """
    return isinstance(error, httpx.RequestError) and type(error) is not httpx.TimeoutException
