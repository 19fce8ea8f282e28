"""Ended slots are reported to a Redis later if it does not answer."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Iterator, Sequence

import pytest

from ventia_client._runtime.rate_limit.reporter import Change, Flight, Reporter


class Listener:
    """A Redis that answers only while it is up."""

    def __init__(self) -> None:
        self.is_up = True
        self.first: list[str] = []
        self.reported: list[str] = []
        self.calls = 0
        self.all = threading.Event()

    def report(self, slots: Sequence[Change]) -> None:
        self.calls += 1
        if not self.is_up:
            raise ConnectionError("down")
        self.first = self.first or [slot.name for slot in slots]
        self.reported += [slot.name for slot in slots]
        if slots[-1].name == "last":
            self.all.set()


@pytest.fixture
def reporter() -> Iterator[Reporter]:
    reporter = Reporter()
    reporter.start()
    yield reporter
    reporter.finish()


def unused(name: str, ago: float = 0.0) -> Change:
    return Change(name, "unused", time.monotonic() - ago)


def soon(true: Callable[[], bool]) -> None:
    began = time.monotonic()
    while not true():
        assert time.monotonic() - began < 10
        time.sleep(0.01)


def test_it_is_reported_again_until_it_answers_and_the_log_says_so_once(
    reporter: Reporter, caplog: pytest.LogCaptureFixture
) -> None:
    listener = Listener()
    listener.is_up = False
    for name in ("first", "second", "last"):
        reporter.put(listener.report, unused(name))
    soon(lambda: listener.calls >= 3)
    listener.is_up = True
    assert listener.all.wait(5)
    assert ["first", "second", "last"] == listener.reported
    [line] = [record for record in caplog.records if record.name == "ventia_client"]
    assert (logging.WARNING, "the Redis of the account's rate limit does not answer: down") == (
        line.levelno,
        line.getMessage(),
    )


def test_one_that_is_down_holds_up_no_other(reporter: Reporter) -> None:
    down, up = Listener(), Listener()
    down.is_up = False
    reporter.put(down.report, unused("first"))
    reporter.put(up.report, unused("last"))
    assert up.all.wait(5)
    reporter.put(up.report, unused("one more"))
    soon(lambda: up.reported == ["last", "one more"])


def test_thousands_are_reported_in_few_calls(reporter: Reporter) -> None:
    listener = Listener()
    listener.is_up = False
    reporter.put(listener.report, unused("0"))
    soon(lambda: listener.calls > 0)
    for number in range(1, 2000):
        reporter.put(listener.report, unused(str(number)))
    listener.is_up = True
    reporter.put(listener.report, unused("last"))
    assert listener.all.wait(5)
    assert [*map(str, range(2000)), "last"] == listener.reported
    assert listener.calls < 200


def test_what_is_too_old_or_too_much_is_dropped(reporter: Reporter) -> None:
    listener = Listener()
    listener.is_up = False
    reporter.put(listener.report, unused("old", ago=700))
    for number in range(11_000):
        reporter.put(listener.report, unused(str(number)))
    soon(lambda: listener.calls > 0)
    listener.is_up = True
    reporter.put(listener.report, unused("last"))
    assert listener.all.wait(5)
    assert "old" not in listener.reported
    assert len(listener.reported) <= 10_000 + 1000


def test_slots_in_flight_are_reported_from_time_to_time_until_they_have_ended(reporter: Reporter) -> None:
    listener, names = Listener(), ["one", "another"]
    began = time.monotonic()
    for _ in range(9):  # once for each slot that was taken
        reporter.put(listener.report, Flight(lambda: names, 0.1))
    soon(lambda: len(listener.reported) == 4)
    assert 0.2 <= time.monotonic() - began
    assert ["one", "another"] * 2 == listener.reported
    names.clear()
    time.sleep(0.25)
    assert 4 == len(listener.reported)
    names.append("last")
    reporter.put(listener.report, Flight(lambda: names, 0.1))
    assert listener.all.wait(5)


def test_slots_in_flight_do_not_pile_up_while_redis_is_down(reporter: Reporter) -> None:
    listener = Listener()
    listener.is_up = False
    reporter.put(listener.report, Flight(lambda: ["in flight"], 0.01))
    soon(lambda: listener.calls >= 4)
    listener.is_up = True
    soon(lambda: bool(listener.reported))
    assert ["in flight"] == listener.first


def test_what_is_left_is_reported_at_the_end_even_without_a_thread() -> None:
    reporter, listener = Reporter(), Listener()
    reporter.put(listener.report, unused("last"))
    reporter.finish()
    assert ["last"] == listener.reported


def test_the_end_is_not_held_up_by_one_that_is_down() -> None:
    reporter, listener = Reporter(), Listener()
    listener.is_up = False
    reporter.start()
    reporter.put(listener.report, unused("last"))
    began = time.monotonic()
    reporter.finish()
    assert time.monotonic() - began < 1
    assert [] == listener.reported
