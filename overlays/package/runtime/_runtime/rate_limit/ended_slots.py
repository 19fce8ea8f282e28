"""Tells a Redis which slots have ended, in a thread of its own, again and again until it answers."""

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
        how: `answered`; or `unused`; or `unknown`, where it may still be taken by a command that arrives late.
        at: when, by time.monotonic().
    """

    name: str
    how: str
    at: float


Tell = Callable[[Sequence[Ended]], None]
"""Tells one Redis; raises what it raises."""


class Ends:
    """The slots that ended, and the thread that tells it."""

    def __init__(self) -> None:
        self._new: SimpleQueue[tuple[Tell, Ended] | None] = SimpleQueue()  # whose `put` waits for no lock
        self._starting = threading.Lock()
        self._thread: threading.Thread | None = None

    def start(self) -> None:
        """Start the thread if it does not run yet; raises RuntimeError if the interpreter is ending."""
        with self._starting:
            if self._thread is None:
                thread = threading.Thread(target=self._run, name="ventia-rate-limit-ends", daemon=True)
                thread.start()
                self._thread = thread

    def put(self, tell: Tell, ended: Ended) -> None:
        """Have a slot's end told; from anywhere, even from the garbage collector."""
        self._new.put((tell, ended))

    def finish(self) -> None:
        """Tell what is left once more, and stop."""
        self._new.put(None)
        if self._thread is None:
            self._run()
        else:
            self._thread.join(_EXIT)

    def _run(self) -> None:
        waiting: dict[Tell, deque[Ended]] = {}
        failing: set[Tell] = set()
        is_last = False
        while not is_last:
            is_last = self._receive(waiting)
            for tell, slots in list(waiting.items()):
                try:
                    _tell(tell, slots)
                    failing.discard(tell)
                    del waiting[tell]
                except Exception as error:
                    if tell not in failing:
                        LOG.warning("the Redis of the account's rate limit does not answer: %s", error)
                    failing.add(tell)

    def _receive(self, waiting: dict[Tell, deque[Ended]]) -> bool:
        """Move what has ended into `waiting`; returns whether that is all that there will be."""
        with suppress(Empty):
            new = self._new.get(timeout=_RETRY if waiting else None)
            while new is not None:
                tell, ended = new
                waiting.setdefault(tell, deque(maxlen=_MOST)).append(ended)
                new = self._new.get_nowait()
            return True
        return False


def _tell(tell: Tell, slots: deque[Ended]) -> None:
    while slots and slots[0].at < time.monotonic() - _KEPT:
        slots.popleft()
    while slots:
        batch = list(slots)[:_BATCH]
        tell(batch)
        for _ in batch:
            slots.popleft()
