"""A call may be broken off at any line of the rate limit, as by a signal, and leaves no slot held and no place kept."""

from __future__ import annotations

import asyncio
import linecache
import os
import sys
import time
from collections.abc import Callable, Iterator
from itertools import count
from types import FrameType
from typing import Any

import httpx
import pytest
from redis import Redis

from tests.support.fault_server import SUCCESS
from ventia_client import Client, RateLimit
from ventia_client.api.interactions import create_message
from ventia_client.models import ChannelMessage

pytestmark = pytest.mark.acceptance

CONTACT = "66f1a2b33c4d5e0067f8a9b0"
MESSAGE = ChannelMessage("656b0e1f8e5a2c001f3a9d12", text="Hi!")
NOWHERE = "http://127.0.0.1:1"
KEYS = (f"LINE----{os.getpid()}-{number:07}" for number in count())
OURS = "ventia_client._runtime.rate_limit."
TRANSPORTS = ("LimitTransport.", "AsyncLimitTransport.")


class Signal(BaseException):
    """What breaks a call off."""


def broken_off(send: Callable[[], object], at: int) -> bool:
    """Whether a call gets to that many lines of the rate limit, and is broken off there."""
    left = at

    def trace(frame: FrameType, event: str, _: Any) -> Any:
        nonlocal left
        if not is_ours(frame):
            return None
        if event == "line" and not is_with(frame):
            left -= 1
            if left == 0:
                raise Signal
        return trace

    before = sys.gettrace()
    sys.settrace(trace)
    try:
        send()
    except Signal:
        pass
    finally:
        sys.settrace(before)
    return left <= 0


def is_ours(frame: FrameType) -> bool:
    return frame.f_globals["__name__"].startswith(OURS) or frame.f_code.co_qualname.startswith(TRANSPORTS)


def is_with(frame: FrameType) -> bool:
    """Whether a line is one at which a lock is taken and released, where Python looks for no signal."""
    return linecache.getline(frame.f_code.co_filename, frame.f_lineno).strip().startswith("with ")


class Answers(httpx.MockTransport):
    """Answers, and counts the requests that it got."""

    def __init__(self) -> None:
        super().__init__(self._answer)
        self.got = 0

    def _answer(self, _: httpx.Request) -> httpx.Response:
        self.got += 1
        return httpx.Response(200, json=SUCCESS)


def senders(key: str, limit: RateLimit, answers: Answers) -> Iterator[Callable[[], object]]:
    """Send two messages, in each way."""
    arguments: dict[str, Any] = {"base_url": NOWHERE, "rate_limit": limit}

    async def main() -> None:
        async with Client(key, **arguments, async_transport=answers) as client:
            for _ in range(2):
                await create_message.asyncio(CONTACT, client=client, body=MESSAGE)

    with Client(key, **arguments, transport=answers) as client:
        yield lambda: [create_message.sync(CONTACT, client=client, body=MESSAGE) for _ in range(2)]
        yield lambda: asyncio.run(main())


@pytest.mark.parametrize("redis", [False, True])
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")  # of an event loop that was broken off
def test_a_call_that_waits(redis_url: str, *, redis: bool) -> None:
    """Two messages of which one waits; what is sent next is not let in if a slot, or a place in the queue, is held."""
    limit, answers = RateLimit(1, 0.003, redis=redis_url if redis else None), Answers()
    for send in senders(key := next(KEYS), limit, answers):
        with Client(key, base_url=NOWHERE, rate_limit=limit, deadline=0.9, transport=answers) as client:
            line = 1
            while broken_off(send, line):
                time.sleep(0.003)
                create_message.sync(CONTACT, client=client, body=MESSAGE)
                line += 1
        assert line > 70


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")  # of an event loop that was broken off
def test_calls_that_do_not_wait_on_redis(redis_url: str) -> None:
    """As many slots are counted as requests went out."""
    limit, answers = RateLimit(10_000, 60, redis=redis_url), Answers()
    with Redis.from_url(redis_url) as redis:
        redis.flushall()
        for send in senders(next(KEYS), limit, answers):
            line = 1
            while broken_off(send, line):
                line += 1
            assert line > 50
        [window] = redis.keys("ventia:*:window")
        began = time.monotonic()
        while int(redis.zcard(window)) != answers.got:
            assert time.monotonic() - began < 5
            time.sleep(0.01)
