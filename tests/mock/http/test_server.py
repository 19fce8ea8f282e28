"""The server: it starts and stops without delay, and finishes what is under way."""

from __future__ import annotations

import asyncio
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import httpx
from starlette.responses import Response

from ventia_mock.http.server import running


def test_a_server_that_has_answered_stops_at_once() -> None:
    """Even with a connection that is kept alive; uvicorn's own tick and pause took 0.1 to 0.2 s."""
    took = []
    for _ in range(5):
        with httpx.Client(trust_env=False) as client:
            with running(Response("Hi")) as url:
                assert "Hi" == client.get(url).text
                began = time.perf_counter()
            took.append(time.perf_counter() - began)
    assert min(took) < 0.05


def test_a_request_under_way_is_answered_before_the_server_stops() -> None:
    begun = threading.Event()

    async def slow(scope: Any, receive: Any, send: Any) -> None:
        begun.set()
        await asyncio.sleep(0.3)
        await Response("late")(scope, receive, send)

    with ThreadPoolExecutor() as pool:
        with running(slow) as url:
            answer = pool.submit(httpx.get, url, trust_env=False)
            assert begun.wait(5)
        assert "late" == answer.result().text


def test_a_request_that_outlasts_the_patience_of_the_application_is_cut_off() -> None:
    class Endless:
        patience = 1
        was_cut_off = was_cut_off_before_close = False

        async def __call__(self, scope: Any, receive: Any, send: Any) -> None:  # noqa: ARG002 - of ASGI
            begun.set()
            try:
                await asyncio.sleep(60)
            except asyncio.CancelledError:
                self.was_cut_off = True
                raise

        async def close(self) -> None:
            self.was_cut_off_before_close = self.was_cut_off

    begun, app = threading.Event(), Endless()
    with ThreadPoolExecutor() as pool:
        with running(app) as url:
            pool.submit(httpx.get, url, trust_env=False, timeout=30)
            assert begun.wait(5)
            began = time.monotonic()
        assert 0.9 < time.monotonic() - began < 5
    assert app.was_cut_off_before_close
