"""A forked process shares no connection with its parent, whatever transport the client was given."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.raw_server import REFUSED, Connection, RawServer, answer, serving
from tests.support.stride import some, thinned

pytestmark = [thinned, pytest.mark.acceptance]

each_way = pytest.mark.parametrize("way", ["sync", "async"])
ROOT = Path(__file__).parents[3]


def in_some_ways(*transports: str) -> list[tuple[str, str]]:
    """Ways to call with each transport, sync and async in turn first."""
    ways = [("sync", "async"), ("async", "sync")]
    return some(*([(way, each) for way in ways[number % 2]] for number, each in enumerate(transports)))


def handler(connection: Connection) -> None:
    """Take what is good, and refuse what is bad, each a moment after the request, so that answers can cross."""
    while request := connection.read():
        connection.server.stopped.wait(0.002)
        if request.local_id.startswith("bad"):
            connection.send(answer("400 Bad Request", REFUSED))
        else:
            connection.server.taken[request.local_id] += 1
            connection.send(answer())


@pytest.fixture
def server() -> Iterator[RawServer]:
    with serving(handler) as server:
        yield server


def run(name: str, way: str, transport: str, url: str) -> dict[str, tuple[str, str]]:
    """What the calls of a program end in."""
    environment = {**os.environ, "PYTHONPATH": "generated"}
    command = [sys.executable, "-m", "tests.client.network.forking", name, way, transport, url]
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False, timeout=60)
    assert (0, "") == (done.returncode, done.stderr)
    return {name: (kind, text) for name, (kind, text) in json.loads(done.stdout).items()}


def check(ended: dict[str, tuple[str, str]], server: RawServer) -> None:
    """Fail unless what is good was taken once, what is bad was refused, and every call says so."""
    wrong = {
        name: (kind, server.taken[name])
        for name, (kind, _) in ended.items()
        if name != "made"
        and (kind, server.taken[name]) != (("InvalidRequestBody", 0) if name.startswith("bad") else ("MessageSent", 1))
    }
    assert {} == wrong


@pytest.mark.parametrize(("way", "transport"), in_some_ways("default", "made", "class"))
def test_answers_do_not_cross_between_processes(way: str, transport: str, server: RawServer) -> None:
    ended = run("crossing", way, transport, server.url)
    check(ended, server)
    assert 41 + 1 == len(ended)
    assert 2 == server.accepted
    assert ended["made"][0] == ("1" if transport == "made" else "0"), "each process makes one of its own"


@each_way
def test_a_transport_of_the_parent_is_refused_in_the_child(way: str, server: RawServer) -> None:
    """It has the parent's connections; the words say so, and what to pass instead."""
    ended = run("crossing", way, "own", server.url)
    of_the_child = {name: end for name, end in ended.items() if name.startswith("good")}
    check({name: end for name, end in ended.items() if name not in of_the_child}, server)
    assert 20 == len(of_the_child)
    assert {"NotSent"} == {kind for kind, _ in of_the_child.values()}
    assert all("fork" in text and "function" in text and "transport" in text for _, text in of_the_child.values())
    assert 1 == server.accepted


@pytest.mark.parametrize(("way", "transport"), in_some_ways("default", "own", "made"))
def test_a_child_that_closes_the_client_leaves_the_parents_connection_alone(
    way: str, transport: str, server: RawServer
) -> None:
    check(run("closing", way, transport, server.url), server)
    assert 1 == server.accepted


@pytest.mark.parametrize(("way", "transport"), in_some_ways("default", "made"))
def test_a_child_of_a_busy_parent_sends(way: str, transport: str, server: RawServer) -> None:
    """It is forked while other threads hold whatever locks there are."""
    ended = run("busy", way, transport, server.url)
    check(ended, server)
    assert 20 == sum(name.startswith("good child") for name in ended)


@pytest.mark.parametrize("transport", ["default", "made", "class"])
def test_an_event_loop_has_a_transport_of_its_own(transport: str, server: RawServer) -> None:
    ended = run("looping", "async", transport, server.url)
    check(ended, server)
    assert 3 == server.accepted
    assert ended["made"][0] == ("3" if transport == "made" else "0")


def test_a_transport_of_one_event_loop_is_refused_in_another(server: RawServer) -> None:
    ended = run("looping", "async", "own", server.url)
    check({name: end for name, end in ended.items() if name.startswith("good 0")}, server)
    others = [ended[f"good {number} {call}"] for number in (1, 2) for call in (1, 2)]
    assert {"NotSent"} == {kind for kind, _ in others}
    assert all("event loop" in text and "function" in text for _, text in others)
