"""The event stream of changes for browsers."""

from __future__ import annotations

import threading
import time

import httpx

from tests.support.control import MESSAGES, post
from tests.support.stand_in import stand_in
from ventia_mock.app import App
from ventia_mock.http.server import running


def test_events_have_the_state_at_once_and_after_each_change(http: httpx.Client) -> None:
    with http.stream("GET", "/_mock/events") as stream:
        assert "text/event-stream; charset=utf-8" == stream.headers["content-type"]
        lines = (line for line in stream.iter_lines() if line.startswith("data: "))
        assert 'data: {"newest": 0, "kept": 0, "most": 10000, "dropped": 0}' == next(lines)
        with httpx.Client(base_url=http.base_url, trust_env=False) as other:
            post(other, text="Hi")
        assert 'data: {"newest": 1, "kept": 1, "most": 10000, "dropped": 0}' == next(lines)


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
