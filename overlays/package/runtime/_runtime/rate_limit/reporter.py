"""Reports slots to a Redis, in a thread of its own, again and again until it answers.

Slots that ended are reported at once, and those in flight from time to time, so that they stay in the window.
"""

from __future__ import annotations

import threading
import time
from collections import defaultdict, deque
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from queue import Empty, SimpleQueue
from typing import NamedTuple

from ...events import LOG

_RETRY = 0.25  # seconds
_BATCH = 500  # slots; Redis does nothing else meanwhile
_MOST = 10_000  # slots that wait for one Redis; the oldest are dropped, which it frees after one window anyway
_KEPT = 600.0  # seconds
_EXIT = 2.0  # seconds that the end of the process may be held up


class Change(NamedTuple):
    """A change of a slot.

    Attributes:
        name: of the slot.
        how: `counted`, from then on; or `unused`; or `unknown`, if a command that arrives late may still take it.
        at: when, by time.monotonic().
    """

    name: str
    how: str
    at: float


Report = Callable[[Sequence[Change]], None]
"""Reports slots to one Redis; raises the errors of its client."""


class Flight(NamedTuple):
    """The slots of a process that are in flight.

    Attributes:
        names: returns their names.
        every: seconds between two reports.
    """

    names: Callable[[], Sequence[str]]
    every: float


class Reporter:
    """The changes that are to be reported, and the thread that does it."""

    def __init__(self) -> None:
        self._new: SimpleQueue[tuple[Report, Change | Flight] | None] = SimpleQueue()  # whose `put` waits for no lock
        self._flights: dict[Report, tuple[float, Flight]] = {}  # and when each is due
        self._starting = threading.Lock()
        self._thread: threading.Thread | None = None

    def start(self) -> None:
        """Start the thread if it does not run yet; raises RuntimeError if the interpreter is ending."""
        with self._starting:
            if self._thread is None:
                thread = threading.Thread(target=self._run, name="ventia-rate-limit-reporter", daemon=True)
                thread.start()
                self._thread = thread

    def put(self, report: Report, new: Change | Flight) -> None:
        """Report a change once, or a flight until it is over; works from anywhere, even from the garbage collector."""
        self._new.put((report, new))

    def finish(self) -> None:
        """Try to report once more what is left, and stop."""
        self._new.put(None)
        if self._thread is None:
            self._run()
        else:
            self._thread.join(_EXIT)

    def _run(self) -> None:
        waiting: dict[Report, deque[Change]] = defaultdict(lambda: deque(maxlen=_MOST))
        failing: set[Report] = set()
        is_last = False
        while not is_last:
            is_last = self._receive(waiting)
            for report, names in self._due(failing):
                waiting[report].extend(names)
            for report, slots in list(waiting.items()):
                try:
                    _send(report, slots)
                    failing.discard(report)
                    del waiting[report]
                except Exception as error:
                    if report not in failing:
                        LOG.warning("the Redis of the account's rate limit does not answer: %s", error)
                    failing.add(report)

    def _receive(self, waiting: dict[Report, deque[Change]]) -> bool:
        """Move changes into `waiting`; returns whether `finish` was called."""
        with suppress(Empty):
            item = self._new.get(timeout=_RETRY if waiting else self._until_due())
            while item is not None:
                report, new = item
                if isinstance(new, Flight):
                    self._flights.setdefault(report, (time.monotonic() + new.every, new))
                else:
                    waiting[report].append(new)
                item = self._new.get_nowait()
            return True
        return False

    def _until_due(self) -> float | None:
        """Seconds until the next flight is due; None if there is none."""
        return max(min(due for due, _ in self._flights.values()) - time.monotonic(), 0.0) if self._flights else None

    def _due(self, failing: set[Report]) -> Iterator[tuple[Report, list[Change]]]:
        """The slots of the flights that are due."""
        now = time.monotonic()
        for report, (due, flight) in list(self._flights.items()):
            if due <= now and report not in failing:
                del self._flights[report]
                if names := flight.names():
                    self._flights[report] = now + flight.every, flight
                    yield report, [Change(name, "counted", now) for name in names]


def _send(report: Report, slots: deque[Change]) -> None:
    while slots and slots[0].at < time.monotonic() - _KEPT:
        slots.popleft()
    while slots:
        batch = list(slots)[:_BATCH]
        report(batch)
        for _ in batch:
            slots.popleft()
