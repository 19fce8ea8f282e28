"""The ledger of a guarded run: a file in which its workers together count messages and keep the rate."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

_LOCK_TIMEOUT = 600.0  # seconds
_MOST_SECONDS_WITHOUT_PROGRESS = 900.0  # after which the requests that go first are given up


class Ledger:
    """Counts messages, keeps the rate, and remembers the stopped rules.

    Args:
        path: of the file, the same for every worker.
        now: the time in seconds, by a clock that all workers share.
        sleep: waits for so many seconds.
    """

    def __init__(
        self, path: Path, now: Callable[[], float] = time.monotonic, sleep: Callable[[float], None] = time.sleep
    ) -> None:
        self._now, self._sleep = now, sleep
        self._db = sqlite3.connect(path, timeout=_LOCK_TIMEOUT, isolation_level=None)
        self._db.execute(
            "CREATE TABLE IF NOT EXISTS counted (name TEXT PRIMARY KEY, value REAL NOT NULL) WITHOUT ROWID"
        )

    def reserve(self, most: int) -> bool:
        """Count one message; False if that would be more than `most`."""
        with self._alone():
            if self._value("messages") >= most:
                return False
            self._add("messages", 1)
            return True

    def reserve_request(self, most: int) -> bool:
        """Count one request of any kind; False if that would be more than `most`."""
        with self._alone():
            if self._value("requests") >= most:
                return False
            self._add("requests", 1)
            return True

    def release(self) -> None:
        """Take back one message that was not delivered."""
        with self._alone():
            self._add("messages", -1)

    @property
    def messages(self) -> int:
        """How many messages were counted, and not taken back."""
        return int(self._value("messages"))

    def wait(self, pause: float) -> None:
        """Sleep until the next request may be sent, at least `pause` seconds after that of any worker."""
        with self._alone():
            now = self._now()
            start = max(now, self._value("next"))
            self._add("next", start + pause - self._value("next"))
        self._sleep(start - now)

    def stop(self, rule: str) -> None:
        """Stop a rule, so that no more requests are sent for it."""
        with self._alone():
            self._add(f"stopped {rule}", 1)

    def is_stopped(self, rule: str) -> bool:
        """Whether a rule was stopped."""
        return self._value(f"stopped {rule}") > 0

    def expect(self, first: int) -> None:
        """Set how many tests must end before any message is sent; every worker sets the same number."""
        with self._alone():
            self._add("first", first - self._value("first"))

    def ended(self) -> None:
        """Count one of these tests as ended."""
        with self._alone():
            self._add("ended", 1)

    def wait_for_the_first(self) -> bool:
        """Sleep until all of these tests have ended; False if none ends for a long time."""
        progress, since = self._value("ended"), self._now()
        while (ended := self._value("ended")) < self._value("first"):
            if ended > progress:
                progress, since = ended, self._now()
            if self._now() - since > _MOST_SECONDS_WITHOUT_PROGRESS:
                return False
            self._sleep(0.05)
        return True

    def close(self) -> None:
        """Close the file."""
        self._db.close()

    def _value(self, name: str) -> float:
        row = self._db.execute("SELECT value FROM counted WHERE name = ?", [name]).fetchone()
        return float(row[0]) if row else 0.0

    def _add(self, name: str, amount: float) -> None:
        self._db.execute(
            "INSERT INTO counted VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = value + excluded.value",
            [name, amount],
        )

    @contextmanager
    def _alone(self) -> Iterator[None]:
        self._db.execute("BEGIN IMMEDIATE")
        try:
            yield
        finally:
            self._db.execute("COMMIT")
