"""The slot of a request within the rate limit, and what every window of slots can do."""

from __future__ import annotations

import itertools
import os
from typing import NamedTuple, Protocol

POLL = 1.0
"""Longest time in seconds between two tries of a waiting request, since slots may be given back early."""

GRACE = 1.0
"""Seconds that a waiting request may be late for its next try before it loses its place."""

LONGEST = 3600.0
"""Seconds for which a request without a deadline is waited for."""

_PROCESS = os.urandom(16).hex()  # and the number of the process, since a forked one has the same
_numbers = itertools.count()


class Slot:
    """A request's place: first in the queue, then in the window.

    Attributes:
        name: one that no other slot of any process has.
        ticket: its number in the queue, by arrival; 0 while it has none.
        since: by the window's clock, when it got its ticket.
        until: by the window's clock, when it loses its place in the queue unless it tries again.
        deadline: by the window's clock, when its request is no longer waited for.
        is_asking: whether an answer from Redis is outstanding.
        ended: whether it was answered or given back.
    """

    __slots__ = ("deadline", "ended", "is_asking", "name", "since", "ticket", "until")

    def __init__(self) -> None:
        self.name = f"{_PROCESS}-{os.getpid()}-{next(_numbers)}"
        self.ticket = 0
        self.since = self.until = self.deadline = 0.0
        self.is_asking = self.ended = False


class Wait(NamedTuple):
    """How long a slot cannot be taken.

    Attributes:
        seconds: until its turn can come.
        is_pause: whether that is because the service asked for a pause, and not because the limit is reached.
    """

    seconds: float
    is_pause: bool


class Window(Protocol):
    """Where the slots of an account are taken, first come, first served.

    Nothing but `take` waits for anything, so that a call may be ended from anywhere, even by the garbage collector.
    """

    def take(self, slot: Slot, longest: float) -> Wait | None:
        """Take a slot, or queue for it; None if it is taken.

        Args:
            longest: seconds that its call may still last.
        """
        ...

    async def take_async(self, slot: Slot, longest: float) -> Wait | None:
        """Do the same without holding up the event loop."""
        ...

    def answered(self, slot: Slot, pause: float) -> None:
        """Count a slot for one window from now, and let no other be taken for `pause` seconds."""
        ...

    def give_back(self, slot: Slot) -> None:
        """Remove a slot from the window or the queue."""
        ...
