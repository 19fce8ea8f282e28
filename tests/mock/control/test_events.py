"""The event stream of changes for browsers."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest

from tests.support.control import MESSAGES, post
from tests.support.records import record
from tests.support.stand_in import stand_in
from ventia_mock.app import App
from ventia_mock.control import events
from ventia_mock.http.server import running
from ventia_mock.journal.journal import Journal


def test_events_have_the_state_at_once_and_after_each_change(http: httpx.Client) -> None:
    with http.stream("GET", "/_mock/events") as stream:
        assert "text/event-stream; charset=utf-8" == stream.headers["content-type"]
        lines = (line for line in stream.iter_lines() if line.startswith("data: "))
        assert 'data: {"newest": 0, "kept": 0, "most": 10000, "dropped": 0}' == next(lines)
        with httpx.Client(base_url=http.base_url, trust_env=False) as other:
            post(other, text="Hi")
        assert 'data: {"newest": 1, "kept": 1, "most": 10000, "dropped": 0}' == next(lines)


def test_after_a_flood_the_next_event_waits(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each event makes a page fetch what is new, and a page may not cost what the messages do."""
    monkeypatch.setattr(events, "_LONG_PAUSE", 0.5)
    journal = Journal()

    async def seconds_to_the_next(messages: int, stream: AsyncIterator[Any]) -> float:
        for _ in range(messages):
            journal.add(record())
        began = time.monotonic()
        await anext(stream)
        return time.monotonic() - began

    async def main() -> list[float]:
        stream = aiter(events.Changes(journal).stream().body_iterator)
        return [await seconds_to_the_next(messages, stream) for messages in (0, 1, 100, 1, 1)]

    at_once, _, _, after_a_flood, later = asyncio.run(main())
    assert at_once < 0.4
    assert later < 0.4 < after_a_flood


def test_server_stops_at_once_while_browsers_listen_and_tests_wait() -> None:
    app = stand_in()
    ended: list[int] = []

    def wait(url: str) -> None:
        ended.append(httpx.get(url + MESSAGES, params={"wait": 50}, timeout=60, trust_env=False).json()["count"])

    with running(App(app)) as url:
        thread = threading.Thread(target=wait, args=[url])
        thread.start()
        stream = httpx.stream("GET", url + "/_mock/events", trust_env=False)
        stream.__enter__()
        time.sleep(0.3)
        began = time.monotonic()
    assert time.monotonic() - began < 3
    thread.join()
    stream.__exit__(None, None, None)
    assert [0] == ended
