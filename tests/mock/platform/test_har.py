"""The record of every exchange as HAR."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest

from contract_tests.check.__main__ import main as check
from contract_tests.client.recorder import Recorder
from tests.support.disk import full_disk
from tests.support.stand_in import BASE, KEY, SOURCE, TEXT, client_of
from ventia_document.source import Json
from ventia_mock.http.server import running
from ventia_mock.journal.har_file import HarFile
from ventia_mock.platform.upstream import Upstream
from ventia_mock.stand_in import StandIn
from ventia_mock.world.file import SAMPLE_KEY

PATH = f"{BASE}/contact/string/message"


@contextmanager
def recording(path: Path, upstream: Upstream | None = None) -> Iterator[httpx.Client]:
    with client_of(StandIn(SOURCE, har=HarFile(path), upstream=upstream)) as client:
        yield client


def entries(path: Path) -> list[Json]:
    found: list[Json] = json.loads(path.read_text(encoding="utf-8"))["log"]["entries"]
    return found


def test_record_keeps_the_contract_and_has_no_key(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path, unknown = tmp_path / "traffic.har", "UNKNOWN-KEY-OF-PRODUCTION"
    with recording(path) as client:
        assert [] == entries(path), "and is whole from the start"
        answer = client.post(PATH, params=KEY, json=TEXT)
        assert 401 == client.post(PATH, params={"api-key": unknown}, json=TEXT).status_code
        assert 401 == client.post(PATH, json=TEXT, headers={"x-api-key": SAMPLE_KEY, "cookie": "a=b"}).status_code
        client.post(PATH, params=KEY, json=TEXT | {"text": SAMPLE_KEY}, headers={"x-note": SAMPLE_KEY})
        sent, *_ = entries(path)
    assert (TEXT, answer.json()) == tuple(
        json.loads(each["text"]) for each in (sent["request"]["postData"], sent["response"]["content"])
    )
    assert [{"name": "api-key", "value": "***"}] == sent["request"]["queryString"]
    assert not any(secret in path.read_text(encoding="utf-8") for secret in (SAMPLE_KEY, unknown, "a=b"))
    assert 0 == check([str(path), "--only", "server"])
    assert "No violation in what was recorded\n4 requests" in capsys.readouterr().out
    assert 1 == check([str(path), "--only", "client"])
    assert "(2 x): Keeps the document's rules\n   Must have the known key" in capsys.readouterr().out


def test_check_of_a_record_finds_what_client_and_server_do_wrong(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """In front of a server that answers what the document does not say, to a client that sends what it may not."""
    path, server = tmp_path / "traffic.har", Recorder()
    server.answer_with(200, {"success": "yes"})
    with running(server) as url, recording(path, Upstream(url, ["string"])) as client:
        assert 200 == client.post(PATH, params=KEY, json=TEXT).status_code
        assert 400 == client.post(PATH, params=KEY, json=TEXT | {"text": 1}).status_code
    assert 1 == check([str(path)])
    output = capsys.readouterr().out
    assert "the client's request" in output
    assert "success: Must be true" in output
    assert SAMPLE_KEY not in output + path.read_text(encoding="utf-8")


def test_planned_faults_are_recorded_as_the_caller_met_them(tmp_path: Path) -> None:
    path = tmp_path / "traffic.har"
    with recording(path) as client:
        client.put("/_mock/faults", json={"queue": [{"fault": "drop"}, {"fault": "html_502"}]})
        with pytest.raises(httpx.HTTPError):
            client.post(PATH, params=KEY, json=TEXT)
        client.post(PATH, params=KEY, json=TEXT)
    assert [0, 502] == [each["response"]["status"] for each in entries(path)]


def test_record_of_before_goes_on_and_another_file_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "traffic.har"
    for count in (0, 1, 2):
        with recording(path) as client:
            assert count == len(entries(path))
            client.post(PATH, params=KEY, json=TEXT)
    (tmp_path / "notes.txt").write_text("My notes", encoding="utf-8")
    with pytest.raises(OSError, match=r"notes\.txt: cannot be used for a record: something else is in it"):
        HarFile(tmp_path / "notes.txt")
    assert "My notes" == (tmp_path / "notes.txt").read_text(encoding="utf-8")
    with pytest.raises(OSError, match="cannot be used for a record: No such file or directory; name another"):
        HarFile(tmp_path / "none" / "traffic.har")


def test_full_disk_leaves_the_record_whole(tmp_path: Path) -> None:
    path = tmp_path / "traffic.har"
    record = HarFile(path)
    with full_disk(200_000):
        record.add({"a": 1})
        assert "" == record.trouble
        record.add({"b": "x" * 300_000})
        assert [{"a": 1}] == entries(path)
        record.add({"c": 3})
    assert [{"a": 1}, {"c": 3}] == entries(path)
    record.close()


def test_record_that_lacks_an_exchange_is_reported(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    with recording(tmp_path / "traffic.har") as client:
        assert "ok" == client.get("/_mock/health").json()["status"]
        with full_disk(200_000):
            for _ in range(5):
                assert 200 == client.post(PATH, params=KEY, json=TEXT | {"text": "x" * 60_000}).status_code
        health = client.get("/_mock/health").json()
    assert "unwritten" == health["status"]
    assert f"{tmp_path / 'traffic.har'}: does not have every exchange: " in health["trouble"]
    assert 1 == sum("traffic.har: cannot be written: " in each for each in caplog.messages)


def test_record_that_was_deleted_is_reported(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    path = tmp_path / "traffic.har"
    record = HarFile(path)
    record.add({"a": 1})
    path.unlink()
    for _ in range(3):
        record.add({"b": 2})
    assert f"{path}: does not have every exchange: was deleted or replaced while it was in use" in record.trouble
    assert 1 == len(caplog.messages)
    assert not path.exists()
    record.close()


def test_record_is_one_stand_ins_alone(tmp_path: Path) -> None:
    record = HarFile(tmp_path / "traffic.har")
    with pytest.raises(OSError, match=r"traffic\.har: cannot be used for a record: another stand-in writes it; name"):
        HarFile(tmp_path / "traffic.har")
    record.close()
    HarFile(tmp_path / "traffic.har").close()


def test_record_that_cannot_be_begun_is_refused(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    for path in (tmp_path / "pipe", Path("/dev/full"), Path("/dev/null")):
        with pytest.raises(OSError, match=f"{path}: cannot be used for a record: it is no regular file; name another"):
            HarFile(path)
    with full_disk(20), pytest.raises(OSError, match=r"traffic\.har: cannot be used for a record: only a part of it"):
        HarFile(tmp_path / "traffic.har")
    HarFile(tmp_path / "traffic.har").close()
