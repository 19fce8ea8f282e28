"""Keeps the records of a journal in an SQLite file."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from pathlib import Path

from ventia_mock.journal.gone import GONE, is_there
from ventia_mock.journal.record import Record

_OWNER, _VERSION = 0x56454E54, 1  # in ASCII, VENT
_COLUMNS = ", ".join(Record._fields)
_SCHEMA = f"""
    CREATE TABLE IF NOT EXISTS record (number INTEGER PRIMARY KEY AUTOINCREMENT, {_COLUMNS.removesuffix(", number")});
    PRAGMA application_id = {_OWNER};
    PRAGMA user_version = {_VERSION};
"""
_INSERT = f"INSERT INTO record ({_COLUMNS}) VALUES ({', '.join('?' * len(Record._fields))})"  # noqa: S608 - of constants
_SELECT = f"SELECT {_COLUMNS} FROM record ORDER BY number DESC"  # noqa: S608 - of constants


class JournalFile:
    """An SQLite file of records, which this process has for itself. It may be used from several threads, in turns.

    Raises:
        OSError: the file cannot be opened, or is no journal of this version.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        try:
            self._database = sqlite3.connect(path, timeout=0.1, check_same_thread=False, isolation_level=None)
        except sqlite3.Error as error:
            raise self._unusable(error) from None
        try:
            self._open()
        except sqlite3.Error as error:
            self._database.close()
            raise self._unusable(error) from None
        self._opened = path.stat()

    def _unusable(self, error: sqlite3.Error) -> OSError:
        return OSError(f"{self.path}: cannot be used as a journal: {error}; name another file")

    def _open(self) -> None:
        """Open the file for this process alone, if it is a journal or empty.

        Raises:
            sqlite3.Error: it is another file, or another process has it.
        """
        owner, version, tables = map(
            self._number, ("PRAGMA application_id", "PRAGMA user_version", "SELECT count(*) FROM sqlite_master")
        )
        if (owner, version) != (_OWNER, _VERSION) and tables:
            raise sqlite3.DatabaseError(f"it is no journal of version {_VERSION}")
        # Without synchronous writes, a failure of the machine may lose records; the messages in them went to nobody.
        self._database.executescript(
            "PRAGMA locking_mode = EXCLUSIVE; PRAGMA journal_mode = WAL; PRAGMA synchronous = OFF;" + _SCHEMA
        )

    def newest_first(self) -> Iterator[Record]:
        """The records in the file.

        Raises:
            OSError: it is damaged.
        """
        try:
            yield from (Record(*row) for row in self._database.execute(_SELECT))
        except sqlite3.Error as error:
            raise self._unusable(error) from None

    def count(self) -> int:
        """The number of records in the file."""
        return self._number("SELECT count(*) FROM record")

    def newest(self) -> int:
        """The number of the newest record that was ever written, forgotten or not; 0 if there was none."""
        return self._number("SELECT coalesce(max(seq), 0) FROM sqlite_sequence WHERE name = 'record'")

    def write(self, records: Sequence[Record], oldest: int) -> None:
        """Add records, and drop those with numbers below `oldest`.

        Raises:
            OSError: nothing could be written, such as to a full disk, or to a file that was deleted.
        """
        self._change(records, "DELETE FROM record WHERE number < ?", oldest)

    def rewrite(self, records: Sequence[Record], newest: int) -> None:
        """Keep these records alone, and go on with the number after `newest`.

        Raises:
            OSError: nothing could be written.
        """
        self._change(records, "DELETE FROM record WHERE number <= ?", newest, newest)

    def close(self) -> None:
        """Close the file."""
        self._database.close()

    def _change(self, records: Sequence[Record], deletion: str, number: int, newest: int = 0) -> None:
        if not is_there(self.path, self._opened):
            raise OSError(f"{self.path}: {GONE}")
        # No cursor may be open at the commit, or SQLite never empties its write-ahead log.
        try:
            with self._database:
                self._database.execute("BEGIN IMMEDIATE")
                self._database.execute(deletion, (number,))
                self._database.executemany(_INSERT, records)
                if newest:  # the number of a record that is forgotten is in no row
                    self._database.execute("DELETE FROM sqlite_sequence WHERE name = 'record'")
                    self._database.execute("INSERT INTO sqlite_sequence VALUES ('record', ?)", (newest,))
        except sqlite3.Error as error:
            raise OSError(f"{self.path}: cannot be written: {error}; it has what was written before") from None

    def _number(self, query: str) -> int:
        [(number,)] = self._database.execute(query).fetchall()
        return int(number)
