"""What the stand-in keeps: bounded, in memory or in a file."""

from __future__ import annotations

import asyncio
import shutil
import sqlite3
import threading
from contextlib import closing
from pathlib import Path

import pytest

from tests.support.disk import full_disk
from tests.support.records import record
from tests.support.stand_in import SOURCE
from ventia_mock.journal import journal
from ventia_mock.journal.journal import Journal
from ventia_mock.stand_in import StandIn


def texts(kept: Journal, company: str | None = None, since: int = 0) -> list[str]:
    return [each.body for each in kept.newest_first(company, since)]


@pytest.fixture(params=["memory", "file"])
def path(request: pytest.FixtureRequest, tmp_path: Path) -> Path | None:
    return tmp_path / "journal.db" if request.param == "file" else None


def test_records_come_back_newest_first_as_they_were_with_growing_numbers(path: Path | None) -> None:
    kept = Journal(path)
    given = [record(f"{number} größer \U0001f600 \0 '\"", interaction=str(number)) for number in range(350)]
    for each in given:
        kept.add(each)
    found = list(kept.newest_first())
    assert list(reversed(given)) == [each._replace(number=0) for each in found]
    assert list(range(350, 0, -1)) == [each.number for each in found]


def test_oldest_go_first_above_the_bound_and_that_is_counted(path: Path | None) -> None:
    kept = Journal(path, most=300)
    for number in range(1000):
        kept.add(record(str(number)))
        if number == 299:
            assert {"kept": 300, "most": 300, "dropped": 0} == kept.counters()
    assert {"kept": 300, "most": 300, "dropped": 700} == kept.counters()
    assert [str(number) for number in range(999, 699, -1)] == texts(kept)
    assert 1000 == kept.newest()


def test_bytes_are_bounded_too(path: Path | None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(journal, "MOST_BYTES", 100_000)
    kept = Journal(path)
    for number in range(400):
        kept.add(record(str(number % 10) * 10_000))
    assert {"kept": 10, "most": 10_000, "dropped": 390} == kept.counters()
    assert "9" * 10_000 == texts(kept)[0]


def test_records_are_kept_by_company(path: Path | None) -> None:
    kept = Journal(path)
    for text, company in (("a", "acme"), ("b", "globex"), ("c", "acme"), ("d", None)):
        kept.add(record(text, company))
    assert ["c", "a"] == texts(kept, "acme")
    assert ["d", "c", "b", "a"] == texts(kept)
    assert ["c"] == texts(kept, "acme", since=2)
    assert 2 == kept.clear("acme")
    assert ["d", "b"] == texts(kept)
    assert 2 == kept.clear()
    assert {"kept": 0, "most": 10_000, "dropped": 0} == kept.counters()


def test_interaction_is_known_of_its_company_only(path: Path | None) -> None:
    kept = Journal(path)
    kept.add(record(interaction="1"))
    assert kept.has_interaction("acme", "1")
    assert not kept.has_interaction("globex", "1")
    assert not kept.has_interaction("acme", "2")


def test_many_threads_lose_nothing(path: Path | None) -> None:
    kept = Journal(path)
    heard: list[int] = []
    kept.listen(lambda: heard.append(1))

    def work() -> None:
        for _ in range(200):
            kept.add(record())
            next(kept.newest_first())

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert 800 == kept.counters()["kept"]
    assert 800 == len(heard)


def test_file_is_found_again_as_it_was(tmp_path: Path) -> None:
    kept = Journal(tmp_path / "journal.db")
    for number in range(5):
        kept.add(record(str(number)))
    kept.close()
    again = Journal(tmp_path / "journal.db", most=3)
    assert ["4", "3", "2"] == texts(again), "and a smaller bound is kept at once"
    again.add(record("5"))
    assert 6 == again.newest()
    again.close()


def test_file_that_another_stand_in_has_open_is_refused(tmp_path: Path) -> None:
    kept = Journal(tmp_path / "journal.db")
    with pytest.raises(OSError, match=r"journal\.db: cannot be used as a journal: database is locked"):
        Journal(tmp_path / "journal.db")
    kept.add(record())
    assert ["Hi"] == texts(kept)
    kept.close()


def test_numbers_go_on_after_everything_was_forgotten(path: Path | None) -> None:
    """So that whoever asks for what came since a number misses nothing."""
    kept = Journal(path)
    kept.add(record())
    kept.clear()
    kept.add(record("b"))
    assert ["b"] == texts(kept, since=1)


def test_file_that_is_no_journal_is_refused_and_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "notes.txt"
    path.write_text("My notes, which are no database. " * 100, encoding="utf-8")
    with pytest.raises(OSError, match="cannot be used as a journal: file is not a database; name another file"):
        Journal(path)
    assert path.read_text(encoding="utf-8").startswith("My notes")


def test_file_of_another_version_or_application_is_refused_and_left_alone(tmp_path: Path) -> None:
    with closing(sqlite3.connect(tmp_path / "journal.db")) as database:
        database.execute("PRAGMA user_version = 99")
        database.execute("CREATE TABLE shop (a)")
    before = (tmp_path / "journal.db").read_bytes()
    with pytest.raises(OSError, match="it is no journal of version 1"):
        Journal(tmp_path / "journal.db")
    assert before == (tmp_path / "journal.db").read_bytes()


def test_missing_folder_is_reported(tmp_path: Path) -> None:
    with pytest.raises(OSError, match=r"none/journal\.db: cannot be used as a journal: unable to open"):
        Journal(tmp_path / "none" / "journal.db")


def test_write_ahead_log_of_a_file_is_bounded(tmp_path: Path) -> None:
    """A cursor that is open at a commit would keep SQLite from ever emptying it."""
    kept = Journal(tmp_path / "journal.db", most=100)
    for number in range(3000):
        kept.add(record(str(number) * 100))
        kept.write()
    sizes = {path.name: path.stat().st_size for path in tmp_path.iterdir()}
    assert max(sizes.values()) < 8 << 20, sizes
    kept.close()


def health(kept: Journal) -> tuple[str, str | None]:
    output = StandIn(SOURCE, journal=kept).health()
    return output["status"], output["trouble"]


def test_full_disk_loses_nothing_that_is_counted_and_is_reported(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    kept = Journal(tmp_path / "journal.db")
    with full_disk(200_000):
        for number in range(400):
            kept.add(record(str(number) * 1000))
            kept.write()
        assert 400 == kept.counters()["kept"] == len(texts(kept))
        assert f"{tmp_path / 'journal.db'}: cannot be written: " in kept.trouble
        assert ("unwritten", kept.trouble) == health(kept)
        assert 1 == len(caplog.records), "once, and not for each message"
        assert 400 == kept.clear("acme")
        kept.add(record("after"))
        assert (["after"], 401) == (texts(kept), kept.newest())
    kept.close()
    assert ("ok", None) == health(kept)
    again = Journal(tmp_path / "journal.db")
    assert (["after"], 401) == (texts(again), again.newest()), "as soon as there is room"
    again.close()


@pytest.mark.parametrize("is_replaced", [False, True])
def test_file_that_was_deleted_or_replaced_is_reported(tmp_path: Path, *, is_replaced: bool) -> None:
    """Nobody finds out after a day that nothing was kept."""
    path = tmp_path / "journal.db"
    kept = Journal(path)
    kept.add(record("before"))
    kept.write()
    path.unlink()
    if is_replaced:
        path.write_bytes(b"another")
    assert ("ok", None) == health(kept)
    kept.add(record("after"))
    kept.write()
    status, trouble = health(kept)
    assert ("unwritten", f"{path}: was deleted or replaced while it was in use, so nothing is kept in it; ") == (
        status,
        str(trouble).removesuffix("start the stand-in again"),
    )
    assert ["after", "before"] == texts(kept)
    kept.close()
    assert [b"another"] * is_replaced == [each.read_bytes() for each in tmp_path.iterdir() if each == path]


def test_records_of_one_turn_are_in_the_file_before_any_of_them_is_answered(tmp_path: Path) -> None:
    """All in one transaction, and even if the process is killed then."""
    kept, path = Journal(tmp_path / "journal.db"), tmp_path / "journal.db-wal"

    async def answer(number: int) -> int:
        kept.add(record(str(number)))
        await kept.written()
        return path.stat().st_size

    async def answers() -> list[int]:
        return await asyncio.gather(*map(answer, range(100)))

    before, (size, *others) = path.stat().st_size, asyncio.run(answers())
    assert size > before
    assert {size} == set(others)
    for each in (path, path.with_name("journal.db")):  # as they would be after a kill
        shutil.copy(each, tmp_path / f"copy{each.name}")
    assert 100 == len(texts(Journal(tmp_path / "copyjournal.db")))


def test_one_who_no_longer_waits_leaves_the_others_waiting(tmp_path: Path) -> None:
    kept = Journal(tmp_path / "journal.db")

    async def answers() -> None:
        first, second = (asyncio.create_task(kept.written()) for _ in range(2))
        await asyncio.sleep(0)
        first.cancel()
        await second

    asyncio.run(answers())


def test_number_of_a_record_that_was_forgotten_unwritten_is_not_given_again(tmp_path: Path) -> None:
    kept = Journal(tmp_path / "journal.db")
    kept.add(record())
    kept.clear()
    kept.close()
    assert 1 == Journal(tmp_path / "journal.db").newest()


def test_damaged_file_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "journal.db"
    kept = Journal(path)
    for number in range(300):
        kept.add(record(str(number) * 1000))
    kept.close()
    path.write_bytes(path.read_bytes()[:8192] + b"\xff" * 200_000)
    with pytest.raises(OSError, match=r"journal\.db: cannot be used as a journal: .*; name another file"):
        Journal(path)
