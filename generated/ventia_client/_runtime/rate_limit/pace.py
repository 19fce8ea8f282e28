"""The pace at which slots are taken once the rate limit has been reached."""

from __future__ import annotations

from ...limits import RateLimit

SPEED = 2
"""The pace, as a multiple of the limit's average rate."""

PATIENCE = 0.25
"""Windows after which the pace holds up a request no longer; or half of the time to its deadline, if shorter."""

CATCH_UP = 0.02
"""Seconds by which a request may be late without slowing down those behind it."""


class Pace:
    """Spreads requests over the window, for one window after the limit was reached.

    Slots that come free all at once would otherwise go to the fastest sender, since no other request is waiting then.
    Spreading them keeps a queue, in which each sender has its turn.
    """

    def __init__(self, limit: RateLimit) -> None:
        self._window = limit.seconds
        self._spacing = limit.seconds / limit.requests / SPEED
        self._next = self._until = float("-inf")

    def turn(self, since: float, deadline: float, ahead: int, now: float) -> float:
        """The time at which the pace lets a request through.

        Args:
            since: when it began to wait.
            deadline: of its call.
            ahead: requests that wait before it.
        """
        if self._until <= now:
            return now
        patience = min(since + PATIENCE * self._window, (since + deadline) / 2)
        return max(now, min(self._next + ahead * self._spacing, patience))

    def reach(self, now: float) -> None:
        """Spread requests from now on, since no slot is free."""
        self._until = now + self._window

    def take(self, now: float) -> None:
        """Count a slot that is taken."""
        self._next = max(self._next, now - CATCH_UP) + self._spacing

    def give_back(self) -> None:
        """Stop counting a slot, whose request never went out."""
        self._next -= self._spacing
