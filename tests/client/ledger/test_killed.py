"""Workers that are killed, at every point and at random, and stores that die in the middle: no message is doubled."""

from __future__ import annotations

import json
import logging
import os
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from _pytest.fixtures import FixtureRequest

from tests.client.ledger import applications
from tests.client.ledger.processes import made
from tests.support.databases import Server, serving
from tests.support.fault_server import faults
from tests.support.raw_server import serving as serving_raw
from tests.support.raw_server import taking
from tests.support.stride import STRIDE, some, thinned

pytestmark = [thinned, pytest.mark.acceptance, pytest.mark.soak]

ROOT = Path(__file__).parents[3]
JOBS = int(os.environ.get("JOBS", "60"))
"""How many jobs are delivered."""

SLOW = {"endless_body", "limited_long", "slow_body"}
"""Faults that take seconds, and are left to other tests."""


@pytest.fixture(scope="module")
def redis() -> Iterator[Server]:
    with serving("redis") as server:
        yield server


Place = tuple[str, str, str]


@pytest.fixture
def place(request: FixtureRequest, tmp_path: Path) -> Place:
    """The arguments of the programs for a store."""
    name: str = request.param
    shop, path = request.getfixturevalue("shop"), str(tmp_path / "sends.sqlite3")
    url = path if name == "sqlite" else request.getfixturevalue(name).url
    if name == "postgres":
        applications.sqlalchemy_store(shop, url)
    return name, url, str(shop)


def run(module: str, *arguments: str) -> list[str]:
    """The lines that a program prints."""
    command, environment = [sys.executable, "-m", f"tests.client.ledger.{module}", *arguments], dict(os.environ)
    environment["PYTHONPATH"] = "generated"
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    assert 0 == done.returncode, done.stdout + done.stderr
    return done.stdout.splitlines()


IN_LINES = [(name, "line", 7) for name in ("postgres", "redis", "sqlite")]
IN_BYTES = [(name, "byte", 29) for name in ("sqlite", "redis", "postgres")]


@pytest.mark.parametrize(("place", "point", "stride"), some(IN_LINES, IN_BYTES), indirect=["place"])
def test_a_call_that_is_killed_at_any_point_is_made_again_and_sends_at_most_once(
    point: str, stride: int, place: Place
) -> None:
    with serving_raw(taking) as server:
        lines = run("killing", *place, server.url, point, str(stride if STRIDE > 1 else 1))
    table = [json.loads(line) for line in lines]
    assert len(table) > 10
    for name, outcome, _ in table:
        assert outcome in ("MessageSent", "AlreadyTried"), name
        assert 1 == server.taken[name] or (0 == server.taken[name] and outcome == "AlreadyTried"), name
    said = ["free" if sent else "kept" if outcome == "MessageSent" else "tried" for _, outcome, sent in table]
    in_order = [name for name in ("free", "tried", "kept") for _ in range(said.count(name))]
    assert in_order == said  # as the points follow each other: nothing written yet, then under way, then sent
    assert "kept" == said[-1]
    assert ("free" in said) == (point == "line")
    logging.info("%s, %s: %s", place[0], point, {name: said.count(name) for name in dict.fromkeys(said)})


@contextmanager
def dying(server: Server | None) -> Iterator[None]:
    """Kill a store now and then, and start it again."""
    ended = threading.Event()

    def kill() -> None:
        while server is not None and not ended.wait(0.7):
            server.kill()
            ended.wait(0.3)
            server.start()

    thread = threading.Thread(target=kill)
    thread.start()
    try:
        yield
    finally:
        ended.set()
        thread.join(30)


LIVING = [(name, False) for name in ("sqlite", "redis", "postgres")]
DYING = [(name, True) for name in ("redis", "postgres")]  # a file does not die; tests of it are in test_sqlite.py


@pytest.mark.parametrize(("place", "is_dying"), some(LIVING, DYING), indirect=["place"])
def test_no_job_is_doubled_or_lost_by_workers_that_are_killed(
    place: Place, request: FixtureRequest, *, is_dying: bool
) -> None:
    store = request.getfixturevalue(place[0]) if is_dying else None
    made(*place).store.forget(("under way", "unknown", "sent", "queued"), float("inf"))
    with faults() as server:
        ports = [port for name, port in server.ports.items() if name not in SLOW]
        ports += [server.ports["ok"], server.ports["queued"]] * (len(ports) // 3)
        with dying(store):
            [line] = run("jobs", str(JOBS), "7", json.dumps(ports), *place)
    said = json.loads(line)
    time.sleep(1.6)  # until the last call's deadline has passed
    ledger = made(*place)
    records = {record.key: record for record in ledger.records()}
    assert [] == [(key, taken) for key, taken in server.taken.items() if taken > 1]
    assert {f"job-{number}" for number in range(JOBS)} == records.keys()
    for record in records.values():
        assert record.state in ("sent", "queued", "unknown")
        assert 1 == server.taken[record.key] or record.state == "unknown"
    assert [key for key, record in records.items() if record.state == "unknown"] == [
        record.key for record in ledger.unknown()
    ]
    assert said["killed with a job"]
    states = [record.state for record in records.values()]
    logging.info("%s: %s %s", place[0], said, {state: states.count(state) for state in dict.fromkeys(states)})
