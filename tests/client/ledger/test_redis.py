"""A ledger on a Redis that stops, comes back, or forgets."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import redis as library
from attrs import evolve

from tests.client.ledger.lines import Line, call, problem
from tests.support.databases import Server, serving
from ventia_client import MessageSent, errors
from ventia_client.ledger import Ledger


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    with serving("redis") as server:
        yield server


@pytest.mark.parametrize("way", ["sync", "async"])
def test_nothing_goes_out_while_redis_is_stopped_and_it_keeps_what_was_sent(way: str, server: Server) -> None:
    ledger, line = Ledger.redis(server.url, name=f"stopped-{way}"), Line()
    first = call(way, line, ledger, "a")
    server.kill()
    error = call(way, line, ledger, "b")
    assert isinstance(error, errors.LedgerUnavailable)
    assert "the ledger's Redis failed" in str(error)
    assert str(error).endswith("(nothing was sent)")
    assert error.is_transient
    server.start()
    assert first == call(way, line, ledger, "a")
    assert 1 == len(line.requests)
    assert isinstance(call(way, line, ledger, "b"), MessageSent)


def test_a_message_that_was_sent_while_redis_stopped_is_unknown_and_not_sent_again(
    server: Server, caplog: pytest.LogCaptureFixture
) -> None:
    ledger, line = Ledger.redis(server.url, name="meanwhile"), Line()
    line.meanwhile = server.kill
    assert isinstance(call("sync", line, ledger), MessageSent)
    assert "the ledger could not be written" in caplog.text
    server.start()
    line.meanwhile = lambda: None
    assert isinstance(call("sync", line, ledger), errors.AlreadyTried)
    assert 1 == len(line.requests)


def test_a_refusal_while_redis_stopped_has_a_note(server: Server) -> None:
    ledger, line = Ledger.redis(server.url, name="refused"), Line(problem(400))
    line.meanwhile = server.kill
    error = call("sync", line, ledger)
    server.start()
    assert isinstance(error, errors.NotSent)
    assert ["ventia_client: the ledger could not be written, so that it counts the key as unknown"] == error.__notes__


def test_a_redis_that_has_forgotten_is_refused(server: Server) -> None:
    ledger, line = Ledger.redis(server.url, name="forgotten"), Line()
    call("sync", line, ledger, "a")
    library.Redis.from_url(server.url).flushall()
    for once in ("a", "b"):
        error = call("sync", line, ledger, once)
        assert isinstance(error, errors.LedgerUnavailable)
        assert "has lost its records" in str(error)
        assert not error.is_transient
    assert 1 == len(line.requests)


def test_ledgers_of_two_names_are_apart(server: Server) -> None:
    line = Line()
    for name in ("one", "two"):
        assert isinstance(call("sync", line, Ledger.redis(server.url, name=name)), MessageSent)
    assert 2 == len(line.requests)


def test_a_redis_of_the_callers_is_used_and_left_open(server: Server) -> None:
    with library.Redis.from_url(server.url, socket_timeout=2) as client:
        ledger, line = Ledger.redis(client, name="own"), Line()
        assert call("sync", line, ledger) == call("sync", line, ledger)
        assert 1 == len(line.requests)
        assert 1 == len(client.connection_pool._available_connections)


def test_a_change_that_is_made_twice_counts_as_made(server: Server) -> None:
    """As where the connection broke before Redis's answer."""
    ledger = Ledger.redis(server.url, name="twice")
    call("sync", Line(problem(500)), ledger)
    [record] = ledger.records()
    for to in (evolve(record, state="sent"), None):
        assert [True, True] == [ledger.store.change(record, to) for _ in range(2)]
        record = to or record
