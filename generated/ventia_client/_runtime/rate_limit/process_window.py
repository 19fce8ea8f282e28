"""The window in which the requests of an account are counted within this process.

A slot is taken before its request goes out, and counted from when that was answered: the service counted it before
that, so that the service never sees more in a window, however slow the network is.
"""

from __future__ import annotations

import itertools
import threading
import time
from bisect import bisect_left
from collections import deque
from collections.abc import Callable
from operator import attrgetter

from ...limits import RateLimit
from .pace import Pace
from .slots import GRACE, LONGEST, POLL, Slot, Wait

_by_ticket = attrgetter("ticket")


class ProcessWindow:
    """The window of this process, for all its threads and event loops.

    A slot that ends is only noted, and counted by the next `take`: the garbage collector may end a call in the middle
    of `take`, and must not wait for its lock then.

    Args:
        clock: seconds, never fewer than before.
    """

    def __init__(self, limit: RateLimit, clock: Callable[[], float] = time.monotonic) -> None:
        self._limit, self._length, self._clock = limit.requests, limit.seconds, clock
        self._pace = Pace(limit)
        self._deciding = threading.Lock()
        self._in_flight: dict[Slot, float] = {}  # and until when each is waited for
        self._answered: deque[float] = deque()  # until when each counts, the first to be free first
        self._queue: list[Slot] = []  # by ticket
        self._tickets = itertools.count(1)
        self._ended: deque[tuple[Slot, float | None, float]] = deque()
        self._paused_until = float("-inf")

    def take(self, slot: Slot, longest: float) -> Wait | None:
        """Take a slot, or queue for it, see Window."""
        with self._deciding:
            now = self._clock()
            self._settle()
            turn = self._turn(slot, now + longest, now)
            if max(turn, self._paused_until) <= now:
                self._leave(slot)
                self._in_flight[slot] = now + max(min(longest, LONGEST), self._length)
                self._pace.take(now)
                return None
            wait = Wait(max(turn, self._paused_until) - now, self._paused_until > turn)
            self._queue_up(slot, now, now + min(wait.seconds, POLL) + GRACE)
            return wait

    async def take_async(self, slot: Slot, longest: float) -> Wait | None:
        """Take a slot, or queue for it, see Window."""
        return self.take(slot, longest)

    def answered(self, slot: Slot, pause: float) -> None:
        """Count a slot for one window from now, see Window."""
        now = self._clock()
        self._ended.append((slot, now + self._length, now + pause))

    def give_back(self, slot: Slot) -> None:
        """Remove a slot, see Window."""
        self._ended.append((slot, None, 0.0))

    def _settle(self) -> None:
        while self._ended:
            slot, counts_until, paused_until = self._ended[0]  # which is done again if a signal breaks it off here
            if not slot.ended:
                self._leave(slot)
                was_taken = self._in_flight.pop(slot, None) is not None
                if counts_until is None and was_taken:
                    self._pace.give_back()
                if counts_until is not None:
                    last = self._answered[-1] if self._answered else counts_until
                    self._answered.append(max(counts_until, last))
                self._paused_until = max(self._paused_until, paused_until)
                slot.ended = True
            self._ended.popleft()

    def _turn(self, slot: Slot, deadline: float, now: float) -> float:
        """The time at which a slot can be taken."""
        free = self._free(now)
        ahead = self._ahead(slot, free, now)
        if ahead >= free:
            self._pace.reach(now)
        turn = now if ahead < free else self._next_free(ahead - free, now)
        return max(turn, self._pace.turn(slot.since if slot.ticket else now, deadline, ahead, now))

    def _free(self, now: float) -> int:
        """Slots that are neither in flight nor counted."""
        while self._answered and self._answered[0] <= now:
            self._answered.popleft()
        if len(self._answered) + len(self._in_flight) >= self._limit:
            for slot in [slot for slot, until in self._in_flight.items() if until <= now]:
                del self._in_flight[slot]
        return self._limit - len(self._answered) - len(self._in_flight)

    def _ahead(self, slot: Slot, free: int, now: float) -> int:
        """Requests that wait before this one, without those whose next try is late."""
        while late := [each for each in self._queue[: max(free, 0)] if each.until < now]:
            for each in late:
                self._leave(each)
        return self._place(slot) if slot.ticket else len(self._queue)

    def _next_free(self, place: int, now: float) -> float:
        """When the slot is free that is so many places after the first to be free, if all others are taken at once."""
        rounds, place = divmod(place, self._limit)
        if place < len(self._answered):
            free = self._answered[place]
        else:
            waited_for = sorted(min(until, now + self._length) for until in self._in_flight.values())
            free = [*waited_for, now + self._length][min(place - len(self._answered), len(waited_for))]
        return free + rounds * self._length

    def _queue_up(self, slot: Slot, now: float, until: float) -> None:
        slot.until = until
        if not slot.ticket:
            slot.since, slot.ticket = now, next(self._tickets)
        place = self._place(slot)
        if self._queue[place : place + 1] != [slot]:
            self._queue.insert(place, slot)

    def _leave(self, slot: Slot) -> None:
        place = self._place(slot)
        if self._queue[place : place + 1] == [slot]:
            del self._queue[place]

    def _place(self, slot: Slot) -> int:
        return bisect_left(self._queue, slot.ticket, key=_by_ticket)
