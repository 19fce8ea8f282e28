"""The file of SQLite in which a ledger keeps its records: how it is made, opened, and refused."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Callable
from pathlib import Path

from .stores import StoreFailed

SECONDS = 5.0
"""How long a step waits for other steps, and for other processes."""

APPLICATION = 0x56_4E_53_4C
"""The application_id of a ledger's file, by which it is known from other files of SQLite."""

VERSION = 1
"""The user_version of a ledger's file."""

SCHEMA = (
    "CREATE TABLE sends (key TEXT PRIMARY KEY, call TEXT NOT NULL, state TEXT NOT NULL, began REAL NOT NULL, "
    "record TEXT NOT NULL) WITHOUT ROWID",
    "CREATE INDEX open ON sends (began) WHERE state IN ('under way', 'unknown')",
    f"PRAGMA application_id = {APPLICATION}",
    f"PRAGMA user_version = {VERSION}",
)


def opened(path: Path, *, must_exist: bool) -> sqlite3.Connection:
    """A connection to a ledger's file, which is made if there is none.

    Raises:
        StoreFailed: it is the file of something else.
        sqlite3.Error, OSError: it cannot be opened.
    """
    _require_file(path, must_exist=must_exist)
    connection = sqlite3.connect(path, timeout=SECONDS, isolation_level=None, check_same_thread=False)
    try:
        _patiently(lambda: _make_or_refuse(connection, path))
        _patiently(lambda: connection.execute("PRAGMA journal_mode = WAL").fetchone())
        connection.execute("PRAGMA synchronous = FULL")
        connection.execute("PRAGMA fullfsync = ON")  # without which macOS leaves it in the cache of the disk
    except BaseException:
        connection.close()
        raise
    return connection


def _require_file(path: Path, *, must_exist: bool) -> None:
    if path.exists():
        return
    log = path.with_name(f"{path.name}-wal")
    if log.exists():
        raise StoreFailed(
            f"the ledger {str(path)!r} was removed, but its {log.name} is there; put it back, or remove "
            "that too to forget all that was sent",
            is_transient=False,
        )
    if must_exist:
        raise StoreFailed(
            f"there is no ledger {str(path)!r}; name the file that the Client's Ledger has", is_transient=False
        )


def _make_or_refuse(connection: sqlite3.Connection, path: Path) -> None:
    if _number(connection, "application_id") != APPLICATION:
        connection.execute("BEGIN IMMEDIATE")
        if _number(connection, "application_id") != APPLICATION:
            _make(connection, path)
        connection.execute("COMMIT")
    if (version := _number(connection, "user_version")) != VERSION:
        raise StoreFailed(
            f"the ledger {str(path)!r} is of version {version}, and this package knows {VERSION}; use the newer one",
            is_transient=False,
        )


def _make(connection: sqlite3.Connection, path: Path) -> None:
    if _number(connection, "application_id") or connection.execute("SELECT 1 FROM sqlite_master").fetchone():
        raise StoreFailed(
            f"{str(path)!r} is a database of something else, and no ledger; name a file of its own", is_transient=False
        )
    for statement in SCHEMA:
        connection.execute(statement)


def _patiently(step: Callable[[], object]) -> None:
    """Do a step again while the file is locked, where SQLite itself does not wait."""
    until = time.monotonic() + SECONDS
    while True:
        try:
            step()
        except sqlite3.OperationalError as error:
            if not is_locked(error) or time.monotonic() > until:
                raise
            time.sleep(0.01)
        else:
            return


def _number(connection: sqlite3.Connection, pragma: str) -> int:
    return int(connection.execute(f"PRAGMA {pragma}").fetchone()[0])


def is_locked(error: BaseException) -> bool:
    """Whether an error says that another process has the file for now."""
    return _code(error) in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED)


def why(path: Path, error: BaseException) -> str:
    """What is wrong with the file, and what would work."""
    said = _ADVICE.get(_code(error), "could not be read or written ({error})")
    return f"the ledger {str(path)!r} {said.format(error=error)}"


def _code(error: BaseException) -> int:
    code = getattr(error, "sqlite_errorcode", 0)
    return int(code) & 0xFF  # without what SQLite calls the extended part


_ADVICE = {
    sqlite3.SQLITE_BUSY: f"is locked: another process held it for {SECONDS:.0f} s; find out which",
    sqlite3.SQLITE_LOCKED: f"is locked: another process held it for {SECONDS:.0f} s; find out which",
    sqlite3.SQLITE_FULL: "cannot be written, since the disk is full ({error}); make room",
    sqlite3.SQLITE_READONLY: "cannot be written ({error}); let this user write to the file and to its folder",
    sqlite3.SQLITE_CANTOPEN: "cannot be opened ({error}); name a file in a folder that this user can write to",
    sqlite3.SQLITE_NOTADB: "is no database of SQLite; name a file of its own",
    sqlite3.SQLITE_CORRUPT: "is damaged ({error}); take it from a backup",
}
