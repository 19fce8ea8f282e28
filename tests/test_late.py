"""Ended slots are reported to a Redis later if it does not answer."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Iterator, Sequence

import pytest

from ventia_client._runtime.rate_limit.ended_slots import Ended, Ends


class Listener:
    """A Redis that answers only while it is up."""

    def __init__(self) -> None:
        self.is_up = True
        self.reported: list[str] = []
        self.calls = 0
        self.all = threading.Event()

    def report(self, slots: Sequence[Ended]) -> None:
        self.calls += 1
        if not self.is_up:
            raise ConnectionError("down")
        self.reported += [slot.name for slot in slots]
        if slots[-1].name == "last":
            self.all.set()


@pytest.fixture
def ends() -> Iterator[Ends]:
    ends = Ends()
    ends.start()
    yield ends
    ends.finish()


def ended(name: str, ago: float = 0.0) -> Ended:
    return Ended(name, "unused", time.monotonic() - ago)


def soon(true: Callable[[], bool]) -> None:
    began = time.monotonic()
    while not true():
        assert time.monotonic() - began < 10
        time.sleep(0.01)


def test_it_is_reported_again_until_it_answers_and_the_log_says_so_once(
    ends: Ends, caplog: pytest.LogCaptureFixture
) -> None:
    listener = Listener()
    listener.is_up = False
    for name in ("first", "second", "last"):
        ends.put(listener.report, ended(name))
    soon(lambda: listener.calls >= 3)
    listener.is_up = True
    assert listener.all.wait(5)
    assert ["first", "second", "last"] == listener.reported
    [line] = [record for record in caplog.records if record.name == "ventia_client"]
    assert (logging.WARNING, "the Redis of the account's rate limit does not answer: down") == (
        line.levelno,
        line.getMessage(),
    )


def test_one_that_is_down_holds_up_no_other(ends: Ends) -> None:
    down, up = Listener(), Listener()
    down.is_up = False
    ends.put(down.report, ended("first"))
    ends.put(up.report, ended("last"))
    assert up.all.wait(5)
    ends.put(up.report, ended("one more"))
    soon(lambda: up.reported == ["last", "one more"])


def test_thousands_are_reported_in_few_calls(ends: Ends) -> None:
    listener = Listener()
    listener.is_up = False
    ends.put(listener.report, ended("0"))
    soon(lambda: listener.calls > 0)
    for number in range(1, 2000):
        ends.put(listener.report, ended(str(number)))
    listener.is_up = True
    ends.put(listener.report, ended("last"))
    assert listener.all.wait(5)
    assert [*map(str, range(2000)), "last"] == listener.reported
    assert listener.calls < 200


def test_what_is_too_old_or_too_much_is_dropped(ends: Ends) -> None:
    listener = Listener()
    listener.is_up = False
    ends.put(listener.report, ended("old", ago=700))
    for number in range(11_000):
        ends.put(listener.report, ended(str(number)))
    soon(lambda: listener.calls > 0)
    listener.is_up = True
    ends.put(listener.report, ended("last"))
    assert listener.all.wait(5)
    assert "old" not in listener.reported
    assert len(listener.reported) <= 10_000 + 1000


def test_what_is_left_is_reported_at_the_end_even_without_a_thread() -> None:
    ends, listener = Ends(), Listener()
    ends.put(listener.report, ended("last"))
    ends.finish()
    assert ["last"] == listener.reported


def test_the_end_is_not_held_up_by_one_that_is_down() -> None:
    ends, listener = Ends(), Listener()
    listener.is_up = False
    ends.start()
    ends.put(listener.report, ended("last"))
    began = time.monotonic()
    ends.finish()
    assert time.monotonic() - began < 1
    assert [] == listener.reported
