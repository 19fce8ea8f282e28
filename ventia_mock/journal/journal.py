"""Keeps records in SQLite, in memory or in a file, up to a bound; the oldest are dropped first."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from ventia_document.source import Json
from ventia_mock.journal.record import Record

MOST_RECORDS = 10_000
MOST_BYTES = 16 << 20

_BATCH, _BATCH_BYTES, _PAGE = 256, 1 << 20, 100
_OWNER, _VERSION = 0x56454E54, 1  # in ASCII, VENT
_COLUMNS = ", ".join(name for name in Record._fields if name != "number")
_SCHEMA = f"""
    CREATE TABLE IF NOT EXISTS record (number INTEGER PRIMARY KEY AUTOINCREMENT, {_COLUMNS});
    CREATE INDEX IF NOT EXISTS record_of_company ON record (company, number);
    PRAGMA application_id = {_OWNER};
    PRAGMA user_version = {_VERSION};
"""
_INSERT = f"INSERT INTO record ({_COLUMNS}) VALUES ({', '.join('?' * (len(Record._fields) - 1))})"  # noqa: S608 - of constants
_SELECT = f"SELECT {_COLUMNS}, number FROM record"  # noqa: S608 - of constants


class Journal:
    """The records of all exchanges, each with a growing number. It may be used from several threads.

    Args:
        path: the file to keep them in; None for memory.
        most: the largest number of records; they have MOST_BYTES at most together.

    Attributes:
        dropped: number of records that were dropped to keep the bound, since this journal was opened.

    Raises:
        OSError: the file cannot be opened, or is no journal of this version.
    """

    def __init__(self, path: Path | None = None, most: int = MOST_RECORDS) -> None:
        self.most = most
        self.dropped = 0
        self._listeners: set[Callable[[], None]] = set()
        self._pending: list[Record] = []
        self._pending_size = self._count = self._size = 0
        self._batch = (
            _BATCH if path is None else 1
        )  # so that a file has every answered request, even if the process is killed
        self._lock = threading.Lock()
        try:
            connect = sqlite3.connect
            self._database = connect(path or ":memory:", timeout=0.1, check_same_thread=False, isolation_level=None)
            self._open()
            self._recount()
            self._write()
        except sqlite3.Error as error:
            raise OSError(f"{path}: cannot be used as a journal: {error}; name another file") from None

    def _open(self) -> None:
        """Open the file for this process alone, if it is a journal or empty.

        Raises:
            sqlite3.Error: it is another file, or another process has it.
        """
        [(owner,)], [(version,)] = self._read("PRAGMA application_id"), self._read("PRAGMA user_version")
        [(tables,)] = self._read("SELECT count(*) FROM sqlite_master")
        if (owner, version) != (_OWNER, _VERSION) and tables:
            raise sqlite3.DatabaseError(f"it is no journal of version {_VERSION}")
        # Without synchronous writes, a failure of the machine may lose records; the messages in them went to nobody.
        self._database.executescript(
            "PRAGMA locking_mode = EXCLUSIVE; PRAGMA journal_mode = WAL; PRAGMA synchronous = OFF;" + _SCHEMA
        )

    def add(self, record: Record) -> None:
        """Keep a record, and call the listeners."""
        with self._lock:
            self._pending.append(record)
            self._pending_size += record.size
            if len(self._pending) >= self._batch or self._pending_size > _BATCH_BYTES:
                self._write()
        self._call_listeners()

    def newest_first(self, company: str | None = None, since: int = 0, until: int = (1 << 62) - 1) -> Iterator[Record]:
        """The records with numbers above `since`, up to `until`, of one company or of all."""
        of_company = " AND company = ?" if company is not None else ""
        before, values = until + 1, [company] if company is not None else []
        while True:  # page by page, so that the lock is not held for long
            condition = f" WHERE number > ? AND number < ?{of_company} ORDER BY number DESC LIMIT {_PAGE}"
            rows = self._read(_SELECT + condition, since, before, *values)
            yield from (record := Record(*row) for row in rows)
            if len(rows) < _PAGE:
                return
            before = record.number

    def has_interaction(self, company: str, interaction: str) -> bool:
        """Whether a message of a company became an interaction."""
        query = "SELECT 1 FROM record WHERE company = ? AND interaction = ? COLLATE NOCASE"
        return bool(self._read(query, company, interaction))

    def clear(self, company: str | None = None) -> int:
        """Forget the records of one company or of all; returns their number."""
        with self._lock:
            self._write()
            where = "DELETE FROM record WHERE ?1 IS NULL OR company = ?1"
            forgotten = self._database.execute(where, (company,)).rowcount
        self._recount()
        self._call_listeners()
        return forgotten

    def forget(self, numbers: Iterable[int]) -> int:
        """Forget the records with these numbers; returns how many there were."""
        with self._lock:
            self._write()
            with self._database:
                self._database.execute("BEGIN IMMEDIATE")
                before = self._database.total_changes
                self._database.executemany("DELETE FROM record WHERE number = ?", ((number,) for number in numbers))
                forgotten = self._database.total_changes - before
        self._recount()
        self._call_listeners()
        return forgotten

    def newest(self) -> int:
        """The number of the newest record, forgotten or not; 0 if there was none."""
        [(number,)] = self._read("SELECT coalesce(max(seq), 0) FROM sqlite_sequence WHERE name = 'record'")
        return int(number)

    def counters(self) -> Json:
        """The number of records that are kept, that are kept at most, and that were dropped."""
        with self._lock:
            if self._pending:
                self._write()
        return {"kept": self._count, "most": self.most, "dropped": self.dropped}

    def listen(self, listener: Callable[[], None]) -> Callable[[], None]:
        """Call a function after each change, in the thread that made it; returns a function that ends this."""
        self._listeners.add(listener)
        return lambda: self._listeners.discard(listener)

    def close(self) -> None:
        """Close the file."""
        with self._lock:
            self._write()
            self._database.close()

    def _call_listeners(self) -> None:
        for listener in list(self._listeners):
            listener()

    def _write(self) -> None:
        """Write the pending records, and drop the oldest above the bound."""
        with self._database:
            self._database.execute("BEGIN IMMEDIATE")
            self._database.executemany(_INSERT, [record[:-1] for record in self._pending])
            self._count, self._size = self._count + len(self._pending), self._size + self._pending_size
            self._pending, self._pending_size = [], 0
            oldest, last = self._database.execute("SELECT number, size FROM record ORDER BY number"), 0
            while self._count > self.most or self._size > MOST_BYTES:
                last, size = oldest.fetchone()
                self._count, self._size, self.dropped = self._count - 1, self._size - size, self.dropped + 1
            self._database.execute("DELETE FROM record WHERE number <= ?", (last,))

    def _recount(self) -> None:
        [(self._count, self._size)] = self._read("SELECT count(*), coalesce(sum(size), 0) FROM record")

    def _read(self, query: str, *values: object) -> list[tuple[Json, ...]]:
        with self._lock:
            if self._pending:
                self._write()
            return self._database.execute(query, values).fetchall()
