"""Records in a file of SQLite, for all threads, event loops and processes of one host."""

from __future__ import annotations

import os
import sqlite3
import threading
import weakref
from collections.abc import Collection, Generator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from .records import Record, State
from .sqlite_file import SECONDS, is_locked, opened, why
from .stores import StoreFailed


class SqliteStore:
    """Records in a file of SQLite: each step is on the disk when it returns (WAL, synchronous=FULL).

    The file must be on a disk of the host, not of the network. It is opened at the first step, and closed while the
    process forks, since SQLite may not be open then.

    Args:
        path: of the file; it is made if there is none.
        must_exist: refuse to make it.
    """

    failures = (StoreFailed,)

    def __init__(self, path: str | os.PathLike[str], *, must_exist: bool = False) -> None:
        self._path = Path(path).resolve()
        self._must_exist = must_exist
        self.lock = threading.RLock()
        self._connection: sqlite3.Connection | None = None
        self._file: tuple[int, int] | None = None
        self._process = 0
        _stores.add(self)

    def add(self, record: Record) -> Record | None:
        """Keep a record if there is none with its key, see Store."""
        with self._step() as connection:
            done = connection.execute(
                "INSERT INTO sends VALUES (?, ?, ?, ?, ?) ON CONFLICT (key) DO NOTHING", _row(record)
            )
            return None if done.rowcount else _found(connection, record.key)

    def change(self, record: Record, to: Record | None) -> bool:
        """Put another record, or nothing, in the place of one, see Store."""
        same = (record.key, record.call, record.state)
        with self._step() as connection:
            if to is None:
                done = connection.execute("DELETE FROM sends WHERE key = ? AND call = ? AND state = ?", same)
            else:
                done = connection.execute(
                    "UPDATE sends SET key = ?, call = ?, state = ?, began = ?, record = ? "
                    "WHERE key = ? AND call = ? AND state = ?",
                    (*_row(to), *same),
                )
            return done.rowcount > 0

    def find(self, key: str) -> Record | None:
        """The record with a key."""
        with self._step() as connection:
            return _found(connection, key)

    def records(self, states: Collection[State]) -> list[Record]:
        """All records in some states, the oldest first."""
        with self._step() as connection:
            rows = connection.execute(
                f"SELECT record FROM sends WHERE {_in(states)} ORDER BY began",  # noqa: S608 - only question marks
                tuple(states),
            )
            return [Record.from_json(text) for (text,) in rows]

    def forget(self, states: Collection[State], before: float) -> int:
        """Remove all records in some states from before a time, see Store."""
        with self._step() as connection:
            return connection.execute(
                f"DELETE FROM sends WHERE {_in(states)} AND began < ?",  # noqa: S608 - only question marks
                (*states, before),
            ).rowcount

    def close(self) -> None:
        """Close the file; the next step opens it again."""
        with self.lock:
            if self._connection is not None:
                self._connection.close()
                self._connection = None

    @contextmanager
    def _step(self) -> Generator[sqlite3.Connection]:
        """One transaction, which is on the disk at the end, in the file that is at the path."""
        if not self.lock.acquire(timeout=SECONDS):
            raise StoreFailed(f"{self._named()} is busy: earlier steps took {SECONDS:.0f} s", is_transient=True)
        try:
            connection = self._opened()
            connection.execute("BEGIN IMMEDIATE")
            yield connection
            connection.execute("COMMIT")
            self._require_same_file()
        except BaseException as error:
            self._give_up()
            if isinstance(error, sqlite3.Error | OSError):
                raise StoreFailed(why(self._path, error), is_transient=is_locked(error)) from error
            raise
        finally:
            self.lock.release()

    def _give_up(self) -> None:
        """Undo the step; the next one opens the file anew."""
        if self._process == os.getpid():
            self.close()

    def _opened(self) -> sqlite3.Connection:
        if self._connection is not None and self._process == os.getpid():
            self._require_same_file()
            return self._connection
        if self._connection is not None:
            raise StoreFailed(
                f"{self._named()} was open while the process was forked without Python's knowledge; close the Ledger "
                "before that",
                is_transient=False,
            )
        self._require_same_file()
        self._connection = opened(self._path, must_exist=self._must_exist)
        self._process = os.getpid()
        self._file = self._file or _identity(self._path)
        return self._connection

    def _require_same_file(self) -> None:
        """Refuse any file but the first, since another one knows nothing of what was sent."""
        if self._file is None:
            return
        try:
            is_same = _identity(self._path) == self._file
        except FileNotFoundError:
            is_same = False
        if not is_same:
            raise StoreFailed(
                f"{self._named()} was removed or replaced while it was in use; put it back, or start the program anew "
                "to forget all that was sent",
                is_transient=False,
            )

    def _named(self) -> str:
        return f"the ledger {str(self._path)!r}"


def _row(record: Record) -> tuple[Any, ...]:
    return record.key, record.call, record.state, record.began, record.to_json()


def _found(connection: sqlite3.Connection, key: str) -> Record | None:
    row = connection.execute("SELECT record FROM sends WHERE key = ?", (key,)).fetchone()
    return Record.from_json(row[0]) if row else None


def _in(states: Collection[State]) -> str:
    return f"state IN ({', '.join('?' * len(states))})"


def _identity(path: Path) -> tuple[int, int]:
    found = path.stat()
    return found.st_dev, found.st_ino


_stores: weakref.WeakSet[SqliteStore] = weakref.WeakSet()
_held: list[SqliteStore] = []


def _before_fork() -> None:
    """Close all files: one that is open would have the forked process believe that it holds the parent's locks."""
    for store in list(_stores):
        store.lock.acquire()
        _held.append(store)
        store.close()


def _after_fork() -> None:
    while _held:
        _held.pop().lock.release()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(before=_before_fork, after_in_parent=_after_fork, after_in_child=_after_fork)
