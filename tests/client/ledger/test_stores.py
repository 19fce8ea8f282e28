"""What a call does about a store that fails, or is interrupted, at each of its steps."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Callable
from typing import Any

import pytest

from tests.client.ledger.lines import CONTACT, KEY, MESSAGE, Line, call, problem, sent
from ventia_client import Client, MessageSent, create_message, errors
from ventia_client.ledger import Ledger, Record

each_way = pytest.mark.parametrize("way", ["sync", "async"])


class Interrupted(BaseException):
    """What a signal's handler raises."""


class Memory:
    """A store in memory, of which a step can fail before or after it is done."""

    failures = (OSError,)

    def __init__(self) -> None:
        self.kept: dict[str, Record] = {}
        self.before: dict[str, list[BaseException]] = {}
        self.after: dict[str, list[BaseException]] = {}
        self.wait: Callable[[str], object] = lambda _: None

    def _step(self, name: str, step: Callable[[], Any]) -> Any:
        if self.before.get(name):
            raise self.before[name].pop(0)
        self.wait(name)
        done = step()
        if self.after.get(name):
            raise self.after[name].pop(0)
        return done

    def add(self, record: Record) -> Record | None:
        kept = self.kept.get(record.key)
        self._step("add", lambda: self.kept.setdefault(record.key, record))
        return kept

    def change(self, record: Record, to: Record | None) -> bool:
        def step() -> bool:
            if self.kept.get(record.key) != record:
                return False
            del self.kept[record.key]
            if to:
                self.kept[to.key] = to
            return True

        return bool(self._step("change", step))

    def find(self, key: str) -> Record | None:
        return self.kept.get(key)

    def records(self, states: Any) -> list[Record]:
        return [record for record in self.kept.values() if record.state in states]

    def forget(self, _: Any, __: float) -> int:
        return 0


@each_way
@pytest.mark.parametrize("when", ["before", "after"])
def test_a_store_that_fails_to_add_lets_nothing_go_out_and_leaves_no_key(way: str, when: str) -> None:
    store, line = Memory(), Line()
    getattr(store, when)["add"] = [OSError("no")]
    error = call(way, line, Ledger(store))
    assert isinstance(error, errors.LedgerUnavailable)
    assert "the ledger failed: OSError: no (nothing was sent)" == str(error)
    assert ([], {}) == (line.requests, store.kept)


@each_way
@pytest.mark.parametrize("when", ["before", "after"])
def test_what_is_no_failure_of_the_store_comes_out_with_a_note(way: str, when: str) -> None:
    store, line = Memory(), Line()
    getattr(store, when)["add"] = [Interrupted()]
    with pytest.raises(Interrupted) as raised:
        call(way, line, Ledger(store))
    assert ["ventia_client: nothing was sent"] == raised.value.__notes__
    assert ([], {}) == (line.requests, store.kept)


@each_way
@pytest.mark.parametrize("when", ["before", "after"])
@pytest.mark.parametrize(("answer", "state"), [(sent, "sent"), (problem(500), "unknown"), (problem(400), None)])
@pytest.mark.parametrize("failure", [OSError, Interrupted])
def test_a_step_at_the_end_is_made_once_more(
    way: str, when: str, answer: Any, state: str | None, failure: type[BaseException]
) -> None:
    store, line = Memory(), Line(answer)
    getattr(store, when)["change"] = [failure()]
    if failure is Interrupted:
        with pytest.raises(Interrupted) as raised:
            call(way, line, Ledger(store))
        assert raised.value.__notes__
    else:
        call(way, line, Ledger(store))
    assert [state] * (state is not None) == [record.state for record in store.kept.values()]


@each_way
def test_an_answer_is_returned_though_the_ledger_cannot_be_written(way: str, caplog: pytest.LogCaptureFixture) -> None:
    store, line = Memory(), Line()
    store.before["change"] = [OSError("no"), OSError("no")]
    assert isinstance(call(way, line, Ledger(store)), MessageSent)
    assert "the ledger could not be written, so that a key in it counts as unknown: no" in caplog.text
    assert ["under way"] == [record.state for record in store.kept.values()]
    assert isinstance(call(way, line, Ledger(store)), errors.AlreadyTried)


@pytest.mark.parametrize("step", ["add", "change"])
def test_a_call_that_is_cancelled_in_a_step_finishes_it(step: str) -> None:
    store, line, reached, go_on = Memory(), Line(), threading.Event(), threading.Event()

    def wait(name: str) -> None:
        if name == step:
            reached.set()
            go_on.wait(10)

    store.wait = wait

    async def main() -> None:
        async with Client(KEY, async_transport=line, ledger=Ledger(store), rate_limit=None) as client:
            sending = asyncio.ensure_future(create_message.asyncio(CONTACT, client=client, body=MESSAGE, once="a"))
            await asyncio.to_thread(reached.wait, 10)
            for _ in range(2):
                sending.cancel()
                await asyncio.sleep(0)
            go_on.set()
            with pytest.raises(asyncio.CancelledError):
                await sending

    asyncio.run(main())
    assert ["sent"] * (step == "change") == [record.state for record in store.kept.values()]
    assert (step == "change") == len(line.requests)


def test_a_call_that_is_cancelled_while_its_request_is_out_is_unknown() -> None:
    store, line = Memory(), Line()
    line.hangs = True

    async def main() -> None:
        async with Client(KEY, async_transport=line, ledger=Ledger(store), rate_limit=None) as client:
            sending = asyncio.ensure_future(create_message.asyncio(CONTACT, client=client, body=MESSAGE, once="a"))
            line.meanwhile = sending.cancel
            with pytest.raises(asyncio.CancelledError):
                await sending

    asyncio.run(main())
    assert [("unknown", "CancelledError")] == [(record.state, record.note) for record in store.kept.values()]


def test_a_coroutine_that_is_dropped_writes_its_end() -> None:
    store, line, reached = Memory(), Line(), []
    line.hangs, line.meanwhile = True, lambda: reached.append(True)

    async def main() -> None:
        async with Client(KEY, async_transport=line, ledger=Ledger(store), rate_limit=None) as client:
            sending = create_message.asyncio(CONTACT, client=client, body=MESSAGE, once="a")
            while True:
                awaited = sending.send(None)
                if reached:
                    break
                await asyncio.wait([awaited])
            sending.close()

    asyncio.run(main())
    assert ["unknown"] == [record.state for record in store.kept.values()]


@each_way
def test_a_step_that_the_store_made_twice_counts_as_made(way: str) -> None:
    """As where a library sends a script again, since the connection broke before its answer."""

    class Twice(Memory):
        def add(self, record: Record) -> Record | None:
            super().add(record)
            return super().add(record)

    line = Line()
    assert isinstance(call(way, line, Ledger(Twice())), MessageSent)
    assert 1 == len(line.requests)


@each_way
def test_no_attempt_begins_after_the_time_that_the_ledger_has(way: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """As where the process was suspended, and a person has looked meanwhile."""
    store, line, now = Memory(), Line(), time.time()
    store.wait = lambda name: monkeypatch.setattr("time.time", lambda: now + 1000) if name == "add" else None
    assert isinstance(call(way, line, Ledger(store)), errors.OutOfTime)
    assert ([], {}) == (line.requests, store.kept)
