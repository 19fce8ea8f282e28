"""What all workers of one run have done to the server together: a file that each of them keeps."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

_PATIENCE = 600.0  # seconds for a worker to write a line
_FIRST_THINGS_FIRST = 900.0  # seconds without any progress, after which the requests that go first are given up


class Ledger:
    """Counts messages, keeps the pace, and remembers what is over.

    Args:
        path: of the file; every worker's is the same.
    """

    def __init__(self, path: Path) -> None:
        self._db = sqlite3.connect(path, timeout=_PATIENCE, isolation_level=None)
        self._db.execute(
            "CREATE TABLE IF NOT EXISTS counted (name TEXT PRIMARY KEY, value REAL NOT NULL) WITHOUT ROWID"
        )

    def reserve(self, most: int) -> bool:
        """Count one message, unless that would be more than `most`."""
        with self._alone():
            if self._value("messages") >= most:
                return False
            self._add("messages", 1)
            return True

    def release(self) -> None:
        """Take one message back, which was not delivered."""
        with self._alone():
            self._add("messages", -1)

    @property
    def messages(self) -> int:
        """How many messages are counted."""
        return int(self._value("messages"))

    def wait(self, pause: float) -> None:
        """Sleep until a request may go, `pause` seconds after the last one of all workers at the earliest."""
        with self._alone():
            now = time.monotonic()
            start = max(now, self._value("next"))
            self._add("next", start + pause - self._value("next"))
        time.sleep(start - now)

    def stop(self, rule: str) -> None:
        """Have no more requests made for a rule."""
        with self._alone():
            self._add(f"stopped {rule}", 1)

    def is_stopped(self, rule: str) -> bool:
        """Whether a rule was stopped."""
        return self._value(f"stopped {rule}") > 0

    def expect(self, first: int) -> None:
        """Say how many tests must end before any message is sent; every worker says the same."""
        with self._alone():
            self._add("first", first - self._value("first"))

    def ended(self) -> None:
        """Say that one of them has ended."""
        with self._alone():
            self._add("ended", 1)

    def wait_for_the_first(self) -> bool:
        """Sleep until all of them have ended; False if they seem never to."""
        progress, since = self._value("ended"), time.monotonic()
        while (ended := self._value("ended")) < self._value("first"):
            if ended > progress:
                progress, since = ended, time.monotonic()
            if time.monotonic() - since > _FIRST_THINGS_FIRST:
                return False
            time.sleep(0.05)
        return True

    def close(self) -> None:
        """Close the file."""
        self._db.close()

    def _value(self, name: str) -> float:
        found = self._db.execute("SELECT value FROM counted WHERE name = ?", [name]).fetchone()
        return float(found[0]) if found else 0.0

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
