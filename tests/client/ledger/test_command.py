"""The command that shows a ledger, and mends one."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.client.ledger.lines import CHANNEL, CONTACT, Line, call, problem, sent
from tests.support.databases import serving
from tools.publish import vendor
from ventia_client import ChannelMessage, MessageSent
from ventia_client._runtime.ledger import command
from ventia_client.ledger import Ledger

ROOT = Path(__file__).parents[3]


@pytest.fixture
def path(tmp_path: Path) -> str:
    """A ledger with a message that was sent, and one that may have been."""
    path = tmp_path / "sends.sqlite3"
    line = Line(sent, problem(500))
    call("sync", line, Ledger(path), "order-1/shipped")
    call("sync", line, Ledger(path), "order-2/shipped")
    return str(path)


Run = Callable[..., str]


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Run:
    """Runs the command, which must succeed and say no error."""

    def run(*arguments: str) -> str:
        assert 0 == command.main(arguments)
        said = capsys.readouterr()
        assert "" == said.err
        return said.out

    return run


def test_what_a_person_must_look_at_is_a_table(path: str, run: Run) -> None:
    head, row = run(path, "list").splitlines()
    assert ["KEY", "STATE", "CONTACT", "TIME", "(UTC)", "BY", "MESSAGE"] == head.split()
    assert ["order-2/shipped", "unknown", CONTACT] == row.split()[:3]
    assert row.endswith("InternalServerError, status 500")
    assert head.index("STATE") == row.index("unknown")
    assert ["order-1/shipped", "order-2/shipped"] == [
        each.split()[0] for each in run(path, "list", "--all").splitlines()[1:]
    ]


def test_a_table_has_the_message_if_it_is_kept_and_no_control_characters(tmp_path: Path, run: Run) -> None:
    path = tmp_path / "sends.sqlite3"
    body = ChannelMessage(CHANNEL, text="Hi!\x1b[2J\n")
    call("sync", Line(problem(500)), Ledger(path, keep_bodies=True), body=body, contact="\x1b[2J")
    table = run(str(path), "list")
    assert r'"text": "Hi!\u001b[2J\n"' in table
    assert "\x1b" not in table
    assert 2 == len(table.splitlines())


def test_json_is_an_object_a_line(path: str, run: Run) -> None:
    [record] = map(json.loads, run(path, "list", "--json").splitlines())
    assert ("order-2/shipped", "unknown", CONTACT) == (record["key"], record["state"], record["contact"])


def test_a_person_resolves_and_forgets(path: str, run: Run) -> None:
    line = Line()
    assert "is free again" in run(path, "resolve", "order-2/shipped", "--not-sent")
    assert "nothing is unknown\n" == run(path, "list")
    assert isinstance(call("sync", line, Ledger(path), "order-2/shipped"), MessageSent)
    assert 1 == len(line.requests)
    assert run(path, "forget", "--before", "1h").startswith("removed 0 messages")
    assert run(path, "forget", "--before", "2999-01-01").startswith("removed 2 messages")
    assert "nothing\n" == run(path, "list", "--all")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["resolve", "order-1/shipped", "--sent"], "'order-1/shipped' is sent, and not unknown"),
        (["resolve", "order-3/shipped", "--sent"], "the ledger has no key 'order-3/shipped'"),
    ],
)
def test_what_cannot_be_done_is_said_in_a_line(
    arguments: list[str], said: str, path: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert 1 == command.main([path, *arguments])
    output = capsys.readouterr()
    assert ("", 1) == (output.out, output.err.count("\n"))
    assert output.err.startswith(said)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["resolve", "a"], "one of the arguments --sent --not-sent is required"),
        (["resolve", "a", "--sent", "--not-sent"], "not allowed with"),
        (["forget"], "required: --before"),
        (["forget", "--before", "soon"], "'soon' is no time; pass a day, 2026-11-28, or an age: 30d, 12h, 5m"),
        (["shrink"], "invalid choice: 'shrink'"),
    ],
)
def test_a_wrong_argument_is_named(
    arguments: list[str], said: str, path: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit):
        command.main([path, *arguments])
    assert said in capsys.readouterr().err


def test_a_ledger_that_is_not_there_is_not_made(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "sends.sqlite3"
    assert 1 == command.main([str(path), "list"])
    assert f"there is no ledger '{path}'" in capsys.readouterr().err
    assert [] == list(tmp_path.iterdir())


def test_a_redis_is_shown_by_its_url(run: Run, capsys: pytest.CaptureFixture[str]) -> None:
    with serving("redis") as server:
        call("sync", Line(problem(500)), Ledger.redis(server.url), "order-2/shipped")
        assert "order-2/shipped" in run(server.url, "list")
    assert 1 == command.main([server.url, "list"])
    assert "the ledger's Redis failed" in capsys.readouterr().err


def test_a_copy_under_another_name_has_the_command_and_shares_the_file(path: str, tmp_path: Path) -> None:
    (tmp_path / "app").mkdir()
    assert 0 == vendor.main([str(tmp_path / "app" / "_vendor")])
    listing = [sys.executable, "-W", "error", "-m", "app._vendor.ventia_client.ledger", path, "list", "--all"]
    environment = {**os.environ, "PYTHONPATH": str(tmp_path)}
    done = subprocess.run(listing, env=environment, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert (0, "") == (done.returncode, done.stderr)
    assert "order-2/shipped  unknown" in done.stdout
    helping = [*listing[:5], "--help"]
    assert (
        "python -m app._vendor.ventia_client.ledger [-h]"
        in subprocess.run(helping, env=environment, cwd=tmp_path, capture_output=True, text=True, check=False).stdout
    )
