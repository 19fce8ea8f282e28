"""A call while it is under way: when it must end, and what may have become of its message."""

from __future__ import annotations

import time

import httpx

from .outcomes import OutOfTime, is_refusal

CALL = "ventia_call"
"""The extension of an httpx request that holds its Call."""


class Call:
    """A call, through all its attempts.

    Attributes:
        deadline: by time.monotonic().
        went_out: whether the request of the current attempt began to go out, or may have.
        status: the HTTP status of the current attempt's answer; None while there is none.
    """

    def __init__(self, seconds: float = float("inf")) -> None:
        self.deadline = time.monotonic() + seconds
        self.went_out = False
        self.status: int | None = None

    @classmethod
    def of(cls, request: httpx.Request) -> Call:
        """The call that a request belongs to; a new one without a deadline where it was made with httpx alone."""
        call = request.extensions.setdefault(CALL, cls())
        assert isinstance(call, cls)
        return call

    def remaining(self) -> float:
        """Seconds until the deadline; 0 once it has passed."""
        return max(self.deadline - time.monotonic(), 0.0)

    def begin(self) -> None:
        """Begin an attempt; raises OutOfTime if it is too late for one."""
        self.went_out, self.status = False, None
        if time.monotonic() > self.deadline:
            raise OutOfTime("the call's deadline has passed (nothing was sent)")

    @property
    def may_be_sent(self) -> bool:
        """Whether the message may have been sent, as far as is known now."""
        return self.went_out and not (self.status is not None and is_refusal(self.status))
