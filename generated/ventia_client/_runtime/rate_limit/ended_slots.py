"""Reports ended slots to a Redis, in a thread of its own, again and again until it answers."""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Callable, Sequence
from contextlib import suppress
from queue import Empty, SimpleQueue
from typing import NamedTuple

from ...events import LOG

_RETRY = 0.25  # seconds
_BATCH = 500  # slots; Redis does nothing else meanwhile
_MOST = 10_000  # slots that wait for one Redis; the oldest are dropped, which it frees after one window anyway
_KEPT = 600.0  # seconds
_EXIT = 2.0  # seconds that the end of the process may be held up


class Ended(NamedTuple):
    """A slot that ended.

    Attributes:
        name: of the slot.
        how: `answered`; or `unused`; or `unknown` if it may still be taken by a command that arrives late.
        at: when, by time.monotonic().
    """

    name: str
    how: str
    at: float


Report = Callable[[Sequence[Ended]], None]
"""Reports slots to one Redis; raises the errors of its client."""


class Ends:
    """The slots that ended, and the thread that reports them."""

    def __init__(self) -> None:
        self._new: SimpleQueue[tuple[Report, Ended] | None] = SimpleQueue()  # whose `put` waits for no lock
        self._starting = threading.Lock()
        self._thread: threading.Thread | None = None

    def start(self) -> None:
        """Start the thread if it does not run yet; raises RuntimeError if the interpreter is ending."""
        with self._starting:
            if self._thread is None:
                thread = threading.Thread(target=self._run, name="ventia-rate-limit-ends", daemon=True)
                thread.start()
                self._thread = thread

    def put(self, report: Report, ended: Ended) -> None:
        """Have a slot's end reported; may be called from anywhere, even from the garbage collector."""
        self._new.put((report, ended))

    def finish(self) -> None:
        """Try to report once more what is left, and stop."""
        self._new.put(None)
        if self._thread is None:
            self._run()
        else:
            self._thread.join(_EXIT)

    def _run(self) -> None:
        waiting: dict[Report, deque[Ended]] = {}
        failing: set[Report] = set()
        is_last = False
        while not is_last:
            is_last = self._receive(waiting)
            for report, slots in list(waiting.items()):
                try:
                    _send(report, slots)
                    failing.discard(report)
                    del waiting[report]
                except Exception as error:
                    if report not in failing:
                        LOG.warning("the Redis of the account's rate limit does not answer: %s", error)
                    failing.add(report)

    def _receive(self, waiting: dict[Report, deque[Ended]]) -> bool:
        """Move ended slots into `waiting`; returns whether `finish` was called."""
        with suppress(Empty):
            new = self._new.get(timeout=_RETRY if waiting else None)
            while new is not None:
                report, ended = new
                waiting.setdefault(report, deque(maxlen=_MOST)).append(ended)
                new = self._new.get_nowait()
            return True
        return False


def _send(report: Report, slots: deque[Ended]) -> None:
    while slots and slots[0].at < time.monotonic() - _KEPT:
        slots.popleft()
    while slots:
        batch = list(slots)[:_BATCH]
        report(batch)
        for _ in batch:
            slots.popleft()
