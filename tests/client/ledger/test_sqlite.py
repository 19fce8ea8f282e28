"""A ledger in a file of SQLite: what is on the disk, who shares it, and what is refused."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest

from tests.client.ledger.lines import Line, call, problem, sent
from ventia_client import MessageSent, errors
from ventia_client._runtime.ledger import sqlite_file, sqlite_store
from ventia_client.ledger import Ledger

ROOT = Path(__file__).parents[3]
NOBODY = 65534


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "sends.sqlite3"


def refused(ledger: Ledger, once: str = "a", way: str = "sync") -> errors.LedgerUnavailable:
    """How a call is refused, of which nothing goes out."""
    line = Line()
    error = call(way, line, ledger, once)
    assert isinstance(error, errors.LedgerUnavailable)
    assert str(error).endswith(" (nothing was sent)")
    assert [] == line.requests
    return error


def test_each_step_is_on_the_disk(path: Path) -> None:
    ledger = Ledger(path)
    ledger.unknown()
    store = ledger.store
    assert isinstance(store, sqlite_store.SqliteStore)
    connection = store._connection
    assert connection
    pragmas = [connection.execute(f"PRAGMA {name}").fetchone()[0] for name in ("journal_mode", "synchronous")]
    assert ["wal", 2] == pragmas  # 2 is FULL
    ledger.close()


@pytest.mark.parametrize("way", ["sync", "async"])
def test_a_locked_file_is_waited_for_and_then_refused(way: str, path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    Ledger(path).unknown()
    monkeypatch.setattr(sqlite_file, "SECONDS", 0.1)
    with closing(sqlite3.connect(path)) as other:
        other.execute("BEGIN IMMEDIATE")
        error = refused(Ledger(path), way=way)
        other.execute("ROLLBACK")
    assert "is locked" in str(error)
    assert error.is_transient
    assert isinstance(call(way, Line(), Ledger(path), "a"), MessageSent)


@contextmanager
def closing(connection: sqlite3.Connection) -> Iterator[sqlite3.Connection]:
    try:
        yield connection
    finally:
        connection.close()


@contextmanager
def unprivileged(*paths: Path) -> Iterator[None]:
    """As a user who is not root, and whose own some paths are."""
    if os.geteuid() != 0:
        yield
        return
    for each in paths:
        os.chown(each, NOBODY, NOBODY)
    os.seteuid(NOBODY)
    try:
        yield
    finally:
        os.seteuid(0)


@pytest.fixture
def open_folder() -> Iterator[Path]:
    """A folder that every user may enter."""
    with TemporaryDirectory(prefix="ventia-") as folder:
        Path(folder).chmod(0o755)
        yield Path(folder)


@pytest.mark.parametrize("is_there", [True, False])
def test_a_file_that_cannot_be_written_is_refused(open_folder: Path, *, is_there: bool) -> None:
    path = open_folder / "sends.sqlite3"
    ledger = Ledger(path)
    if is_there:
        ledger.unknown()
        ledger.close()
        path.chmod(0o444)
    open_folder.chmod(0o555)
    with unprivileged(open_folder, *([path] if is_there else [])):
        error = refused(ledger)
    assert f"the ledger '{path}' cannot be {'written' if is_there else 'opened'}" in str(error)
    assert "this user" in str(error)
    assert not error.is_transient
    open_folder.chmod(0o755)


def test_a_full_disk_is_refused(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def opened(*arguments: Any, **options: Any) -> sqlite3.Connection:
        connection = sqlite_file.opened(*arguments, **options)
        connection.execute("PRAGMA max_page_count = 8")
        return connection

    monkeypatch.setattr(sqlite_store, "opened", opened)
    ledger, line = Ledger(path), Line()
    outcomes = [call("sync", line, ledger, f"{number} {'x' * 150}") for number in range(60)]
    full = [error for error in outcomes if isinstance(error, errors.LedgerUnavailable)]
    assert full
    assert "the disk is full" in str(full[0])
    assert len(line.requests) == 60 - len(full)
    monkeypatch.undo()
    kept = [record.state for record in Ledger(path).records()]
    assert len(line.requests) == len(kept)
    assert {"sent"} <= set(kept) <= {"sent", "under way"}  # of whose end there was no room for either


def test_a_file_of_something_else_is_refused_and_left_as_it_is(path: Path) -> None:
    path.write_bytes(b"Dear diary, " * 200)
    assert "is no database of SQLite" in str(refused(Ledger(path)))
    assert b"Dear diary, " * 200 == path.read_bytes()


def test_a_database_of_something_else_is_refused_and_left_as_it_is(path: Path) -> None:
    with closing(sqlite3.connect(path)) as other:
        other.execute("CREATE TABLE sends (id)")
        other.commit()
    before = path.read_bytes()
    assert "is a database of something else" in str(refused(Ledger(path)))
    assert (before, [path.name]) == (path.read_bytes(), [each.name for each in path.parent.iterdir()])


def test_a_ledger_of_a_newer_version_is_refused(path: Path) -> None:
    Ledger(path).unknown()
    with closing(sqlite3.connect(path)) as other:
        other.execute("PRAGMA user_version = 2")
    assert "is of version 2, and this package knows 1" in str(refused(Ledger(path)))


@pytest.mark.parametrize("name", ["missing/sends.sqlite3", "."])
def test_a_path_that_is_no_file_is_refused(name: str, tmp_path: Path) -> None:
    assert "cannot be opened" in str(refused(Ledger(tmp_path / name)))


def without_file(path: Path) -> None:
    path.unlink()


def without_all(path: Path) -> None:
    for each in path.parent.glob(f"{path.name}*"):
        each.unlink()


def replaced(path: Path) -> None:
    path.rename(path.with_name("old"))
    path.write_bytes(b"")


@pytest.mark.parametrize("remove", [without_file, without_all, replaced])
@pytest.mark.parametrize("is_meanwhile", [True, False])
def test_a_file_that_is_removed_while_it_is_in_use_is_refused(
    remove: Callable[[Path], None], path: Path, caplog: pytest.LogCaptureFixture, *, is_meanwhile: bool
) -> None:
    """Or a new one would know nothing of what was sent."""
    ledger, line = Ledger(path), Line()
    ledger.unknown()
    if is_meanwhile:
        line.meanwhile = lambda: remove(path)
        assert isinstance(call("sync", line, ledger, "a"), MessageSent)
        assert "the ledger could not be written" in caplog.text
    else:
        remove(path)
    for once in ("a", "b"):
        assert "was removed or replaced while it was in use" in str(refused(ledger, once))


def test_a_file_of_which_only_the_log_is_left_is_refused(path: Path) -> None:
    ledger = Ledger(path)
    ledger.unknown()
    path.unlink()
    error = refused(Ledger(path))
    assert "was removed, but its sends.sqlite3-wal is there; put it back" in str(error)


FORKING = """
import os, sys
from tests.client.ledger.lines import Line, call
from ventia_client.ledger import Ledger
ledger, line = Ledger(sys.argv[1]), Line()
ledger.unknown()
def use(first):
    for number in range(first, first + 20):
        call("sync", line, ledger, str(number))
for child in range(4):
    if os.fork() == 0:
        line.requests.clear()
        use(child * 10)  # of which each shares half with the next
        sys.stdout.write(f"{len(line.requests)}\\n")
        sys.stdout.flush()
        os._exit(0)
    use(100 + child)
for _ in range(4):
    os.wait()
print(len(line.requests))
"""


def test_processes_that_fork_share_it(path: Path) -> None:
    command, environment = [sys.executable, "-c", FORKING, str(path)], {**os.environ, "PYTHONPATH": "generated"}
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    assert (0, "") == (done.returncode, done.stderr)
    assert 50 + 23 == sum(map(int, done.stdout.split()))
    with closing(sqlite3.connect(path)) as other:
        assert [("ok",)] == other.execute("PRAGMA integrity_check").fetchall()
        assert (73,) == other.execute("SELECT count(*) FROM sends WHERE state = 'sent'").fetchone()


def test_a_ledger_may_be_closed_and_used_again(path: Path) -> None:
    ledger, line = Ledger(path), Line(sent, problem(500))
    for _ in range(2):
        assert isinstance(call("sync", line, ledger), MessageSent)
        ledger.close()
        ledger.close()
    assert 1 == len(line.requests)
