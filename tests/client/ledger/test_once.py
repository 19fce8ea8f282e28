"""A message with a key is sent once, on every store and from either side."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest
from attrs import evolve

from tests.client.ledger.conftest import MakeLedger
from tests.client.ledger.lines import CHANNEL, CONTACT, KEY, Line, call, problem, queued, sent
from ventia_client import ChannelMessage, MessageQueued, MessageSent, errors
from ventia_client.ledger import Ledger

each_way = pytest.mark.parametrize("way", ["sync", "async"])


def states(ledger: Ledger) -> list[str]:
    return [record.state for record in ledger.records()]


def in_thread(step: Callable[[], object]) -> None:
    thread = threading.Thread(target=step)
    thread.start()
    thread.join(10)


@each_way
@pytest.mark.parametrize("answer", [sent, queued])
@pytest.mark.parametrize("detailed", [False, True])
def test_a_second_call_returns_the_answer_of_the_first(
    way: str, answer: Any, make_ledger: MakeLedger, *, detailed: bool
) -> None:
    line = Line(answer, problem(500))
    first = call(way, line, make_ledger(), detailed=detailed)
    again = call(way, line, make_ledger(), detailed=detailed)
    assert isinstance(first.parsed if detailed else first, MessageSent | MessageQueued)
    assert first == again
    assert 1 == len(line.requests)
    assert [answer.__name__] == states(make_ledger())


@each_way
@pytest.mark.parametrize("failure", [problem(500), lambda: httpx.ReadTimeout("late"), lambda: httpx.Response(200)])
@pytest.mark.parametrize("detailed", [False, True])
def test_what_may_have_been_sent_is_not_sent_again(
    way: str, failure: Any, make_ledger: MakeLedger, *, detailed: bool
) -> None:
    line = Line(failure, sent)
    first = call(way, line, make_ledger(), detailed=detailed)
    again = call(way, line, make_ledger(), detailed=detailed)
    assert not isinstance(first, errors.NotSent)
    assert isinstance(again, errors.AlreadyTried)
    assert 1 == len(line.requests)
    [record] = make_ledger().unknown()
    assert ("order-1042/shipped", CONTACT, None) == (record.key, record.contact, record.body)
    assert ("unknown", record.by) == (again.state, again.by)
    assert again.at == record.at.isoformat(timespec="seconds")
    assert abs(datetime.now(UTC) - record.at) < timedelta(seconds=60)


@each_way
@pytest.mark.parametrize("failure", [problem(400), problem(429), lambda: httpx.ConnectError("no")])
@pytest.mark.parametrize("detailed", [False, True])
def test_what_was_not_sent_leaves_its_key_free(
    way: str, failure: Any, make_ledger: MakeLedger, *, detailed: bool
) -> None:
    line = Line(failure, sent)
    call(way, line, make_ledger(), detailed=detailed)
    assert [] == states(make_ledger())
    assert isinstance(call(way, line, make_ledger()), MessageSent)
    assert 2 == len(line.requests)


@each_way
def test_retries_are_one_call_of_one_key(way: str, make_ledger: MakeLedger) -> None:
    line = Line(problem(429), lambda: httpx.ConnectError("no"), sent)
    assert isinstance(call(way, line, make_ledger(), retries=2, backoff=0), MessageSent)
    assert (3, ["sent"]) == (len(line.requests), states(make_ledger()))


@each_way
def test_the_key_is_written_before_anything_goes_out(way: str, make_ledger: MakeLedger) -> None:
    line, seen = Line(), []
    line.meanwhile = lambda: in_thread(lambda: seen.extend(states(make_ledger())))
    call(way, line, make_ledger())
    assert ["under way"] == seen


@each_way
def test_a_key_under_way_is_not_sent_by_another_call(way: str, make_ledger: MakeLedger) -> None:
    line, others = Line(), []

    def meanwhile() -> None:
        line.meanwhile = lambda: None
        in_thread(lambda: others.append(call("sync", line, make_ledger())))

    line.meanwhile = meanwhile
    assert isinstance(call(way, line, make_ledger()), MessageSent)
    [other] = others
    assert isinstance(other, errors.AlreadyTried)
    assert "under way" == other.state
    assert 1 == len(line.requests)


def test_of_many_calls_at_once_one_sends(make_ledger: MakeLedger) -> None:
    line, ledger = Line(), make_ledger()
    with ThreadPoolExecutor(8) as pool:
        outcomes = list(pool.map(lambda _: call("sync", line, ledger), range(24)))
    assert 1 == len(line.requests)
    assert {MessageSent} <= set(map(type, outcomes)) <= {MessageSent, errors.AlreadyTried}


@each_way
@pytest.mark.parametrize(
    ("differs", "other"),
    [
        ("body.text", {"body": ChannelMessage(CHANNEL, text="Ho!")}),
        ("body.localId", {"body": ChannelMessage(CHANNEL, text="Hi!", local_id="1")}),
        ("idcontact", {"contact": "66f1a2b33c4d5e0067f8a9b1"}),
    ],
)
def test_a_key_of_a_different_message_is_refused_with_what_differs(
    way: str, differs: str, other: Any, make_ledger: MakeLedger
) -> None:
    line = Line()
    call(way, line, make_ledger())
    error = call(way, line, make_ledger(), **other)
    assert isinstance(error, errors.DifferentMessage)
    assert (differs,) == error.fields
    assert "once='order-1042/shipped' is the key of a different message" in str(error)
    assert f"{differs} differs" in str(error)
    assert (1, ["sent"]) == (len(line.requests), states(make_ledger()))


def test_what_is_under_way_past_its_deadline_is_unknown_and_not_sent_again(make_ledger: MakeLedger) -> None:
    ledger, line = make_ledger(), Line(problem(500), sent)
    call("sync", line, ledger, deadline=20)
    [found] = ledger.records()
    assert 20 == pytest.approx(found.until - found.began, abs=1)
    dead = evolve(found, state="under way", until=found.began, note=None)  # as its process would have left it
    assert ledger.store.change(found, dead)
    [unknown] = ledger.unknown()
    assert ("unknown", dead.call) == (unknown.state, unknown.call)
    assert "unknown" == call("sync", line, ledger).state
    assert 1 == len(line.requests)
    ledger.resolve(dead.key, sent=False)
    assert isinstance(call("sync", line, ledger), MessageSent)


def test_a_step_of_a_record_that_has_changed_does_nothing(make_ledger: MakeLedger) -> None:
    """Two people, or a person and a call, do not undo what the other has done."""
    ledger, line = make_ledger(), Line(problem(500))
    call("sync", line, ledger)
    [found] = ledger.records()
    [store, other] = [ledger.store, make_ledger().store]
    assert store.change(found, evolve(found, state="sent"))
    assert not other.change(found, None)
    assert not other.change(evolve(found, call="another"), None)
    assert ["sent"] == states(ledger)


def test_a_person_says_what_became_of_it(make_ledger: MakeLedger) -> None:
    ledger, line = make_ledger(), Line(problem(500), problem(500), sent)
    for once in ("a", "b"):
        call("sync", line, ledger, once)
    ledger.resolve("a", sent=True)
    ledger.resolve("b", sent=False)
    assert [] == ledger.unknown()
    found = call("sync", line, ledger, "a")
    assert isinstance(found, errors.AlreadyTried)
    assert "sent" == found.state
    assert "a person found" in str(found)
    assert isinstance(call("sync", line, ledger, "b"), MessageSent)
    assert 3 == len(line.requests)


def test_what_is_not_unknown_is_not_resolved(make_ledger: MakeLedger) -> None:
    ledger, line = make_ledger(), Line()
    with pytest.raises(LookupError, match="no key 'a'"):
        ledger.resolve("a", sent=True)
    refused = []

    def meanwhile() -> None:
        with pytest.raises(ValueError, match="'a' is under way") as raised:
            make_ledger().resolve("a", sent=False)
        refused.append(raised.value)

    line.meanwhile = meanwhile
    call("sync", line, ledger, "a")
    assert 1 == len(refused)
    with pytest.raises(ValueError, match="'a' is sent, and not unknown"):
        ledger.resolve("a", sent=False)


def test_what_is_forgotten_was_taken_before_a_time(make_ledger: MakeLedger) -> None:
    ledger, line = make_ledger(), Line(sent, queued, problem(500))
    for once in ("a", "b", "c"):
        call("sync", line, ledger, once)
    assert 0 == ledger.forget(before=datetime.now(UTC) - timedelta(hours=1))
    assert 2 == ledger.forget(before=datetime.now(UTC) + timedelta(hours=1))
    assert ["unknown"] == states(ledger)
    with pytest.raises(ValueError, match="time zone"):
        ledger.forget(before=datetime.now())  # noqa: DTZ005 - it is refused


@each_way
def test_no_store_has_the_api_key_or_by_default_a_text(way: str, make_ledger: MakeLedger) -> None:
    line = Line(lambda: httpx.Response(200, json={"success": True, "interactionId": KEY}))
    body = ChannelMessage(CHANNEL, text=f"Hi, {KEY}!")
    call(way, line, make_ledger(), "a", body=body)
    call(way, line, make_ledger(keep_bodies=True), "b", body=body, contact=KEY)
    texts = [record.to_json() for record in make_ledger().records()]
    assert KEY not in "".join(texts)
    assert ["Hi" in text for text in texts] == [False, True]


@pytest.mark.parametrize("once", ["", " ", "x" * 201, "a\nb", "\ud800", KEY])
@each_way
def test_a_key_that_cannot_be_kept_is_refused(way: str, once: str, make_ledger: MakeLedger) -> None:
    line = Line()
    error = call(way, line, make_ledger(), once)
    assert isinstance(error, errors.InvalidMessage)
    assert ("once", 0) == (error.field, len(line.requests))
    assert KEY not in str(error)


@pytest.mark.parametrize("once", ["x" * 200, "é/ 🙂", "'; DROP TABLE sends; --", "*", "%"])
def test_a_key_is_any_text_of_one_line(once: str, make_ledger: MakeLedger) -> None:
    ledger, line = make_ledger(), Line()
    assert call("sync", line, ledger, once) == call("sync", line, ledger, once)
    assert (1, once) == (len(line.requests), next(iter(ledger.records())).key)


@each_way
def test_a_key_needs_a_ledger(way: str) -> None:
    line = Line()
    with pytest.raises(TypeError, match="once needs a ledger"):
        call(way, line, None)
    assert [] == line.requests


@each_way
def test_a_call_without_a_key_leaves_the_ledger_alone(way: str, make_ledger: MakeLedger) -> None:
    line = Line()
    for _ in range(2):
        assert isinstance(call(way, line, make_ledger(), None), MessageSent)
    assert (2, []) == (len(line.requests), states(make_ledger()))


@pytest.mark.parametrize("once", [5, b"a", ["a"]])
def test_a_key_of_another_type_is_a_mistake(once: Any, make_ledger: MakeLedger) -> None:
    with pytest.raises(TypeError, match="once must be a text"):
        call("sync", Line(), make_ledger(), once)


@pytest.mark.parametrize("ledger", ["sends.sqlite3", Ledger, 5])
def test_what_is_no_ledger_is_a_mistake(ledger: Any) -> None:
    with pytest.raises(TypeError, match="ledger must be a Ledger"):
        call("sync", Line(), ledger)


@pytest.mark.parametrize("store", [None, 5, object(), dict])
def test_what_is_no_store_is_a_mistake(store: Any) -> None:
    with pytest.raises(TypeError, match="store must be a path or a Store with add, change"):
        Ledger(store)
