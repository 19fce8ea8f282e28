"""Every slot has one owner that ends it: however a call ends, no slot is held beyond what went out."""

from __future__ import annotations

import asyncio
import contextlib
import os
import random
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from itertools import count
from pathlib import Path
from types import FrameType

import httpx
import pytest
from redis import Redis

from tests.client.rate_limit.hanging_redis import connected, hanging
from tests.support.fault_server import SUCCESS
from ventia_client import Client, RateLimit, errors
from ventia_client.api.interactions import create_message
from ventia_client.models import ChannelMessage

pytestmark = pytest.mark.acceptance

ROOT = Path(__file__).parents[3]
CONTACT = "66f1a2b33c4d5e0067f8a9b0"
MESSAGE = ChannelMessage("656b0e1f8e5a2c001f3a9d12", text="Hi!")
NOWHERE = "http://127.0.0.1:1"
KEYS = (f"ENDED---{os.getpid()}-{number:07}" for number in count())


def send(client: Client) -> None:
    create_message.sync(CONTACT, client=client, body=MESSAGE)


async def asend(client: Client) -> None:
    await create_message.asyncio(CONTACT, client=client, body=MESSAGE)


class Counted(httpx.MockTransport):
    """Answers after a random time, and counts the requests that it got."""

    def __init__(self) -> None:
        super().__init__(self._answer)
        self.got = 0
        self._random = random.Random(3)  # noqa: S311 - no secret

    def _answer(self, _: httpx.Request) -> httpx.Response:
        self.got += 1
        return httpx.Response(200, json=SUCCESS)

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        response = self._answer(request)
        await asyncio.sleep(self._random.random() * 0.02)
        return response


def assert_all_free(key: str, limit: RateLimit) -> None:
    """As many messages can be sent at once as the limit allows."""
    with Client(key, base_url=NOWHERE, rate_limit=limit, deadline=0.2, transport=Counted()) as client:
        for _ in range(limit.requests):
            send(client)


async def cancelled(client: Client, calls: int) -> None:
    """Begin calls, of which each is cancelled at a random moment, if it has not ended by then."""
    moments = random.Random(5)  # noqa: S311 - no secret

    async def one() -> None:
        call = asyncio.create_task(asend(client))
        await asyncio.sleep(moments.random() * 0.05)
        call.cancel()
        with contextlib.suppress(asyncio.CancelledError, errors.OutOfTime):
            await call

    for _ in range(calls // 20):
        await asyncio.gather(*[one() for _ in range(20)])


def test_a_thousand_cancelled_calls_hold_no_slot_in_memory() -> None:
    """Though their deadline is far away: one window after the last of them all slots are free."""
    key, limit, transport = next(KEYS), RateLimit(40, 0.2), Counted()

    async def main() -> None:
        async with Client(key, base_url=NOWHERE, rate_limit=limit, async_transport=transport) as client:
            await cancelled(client, 1000)

    asyncio.run(main())
    assert 40 < transport.got < 1000  # some waited in vain
    time.sleep(0.25)
    assert_all_free(key, limit)


def test_a_thousand_cancelled_calls_hold_no_slot_on_redis(redis_url: str) -> None:
    """Those that went out are counted, and nothing else is left, of the queue neither."""
    transport = Counted()

    async def main() -> None:
        limit = RateLimit(300, 60, redis=redis_url)
        async with Client(next(KEYS), base_url=NOWHERE, rate_limit=limit, async_transport=transport) as client:
            await cancelled(client, 1000)

    with Redis.from_url(redis_url) as redis:
        redis.flushall()
        asyncio.run(main())
        assert 20 < transport.got < 1000
        settled(lambda: left(redis, "window") == transport.got)
        settled(lambda: left(redis, "queue") == left(redis, "due") == 0)


def test_calls_that_wait_on_redis_and_are_cancelled_leave_the_queue(redis_url: str) -> None:
    transport = Counted()

    async def main() -> None:
        limit = RateLimit(5, 60, redis=redis_url)
        async with Client(next(KEYS), base_url=NOWHERE, rate_limit=limit, async_transport=transport) as client:
            await cancelled(client, 200)

    with Redis.from_url(redis_url) as redis:
        redis.flushall()
        asyncio.run(main())
        settled(lambda: left(redis, "window") == transport.got)
        settled(lambda: left(redis, "queue") == left(redis, "due") == 0)


class Alarm(BaseException):
    """What a signal's handler raises."""


@pytest.fixture
def alarms() -> Iterator[None]:
    def ring(_: int, __: FrameType | None) -> None:
        raise Alarm

    before = signal.signal(signal.SIGALRM, ring)
    yield
    signal.signal(signal.SIGALRM, before)


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")  # it may ring in a destructor
@pytest.mark.usefixtures("alarms")
def test_signals_that_break_off_calls_leave_no_slot_held() -> None:
    """At any moment: while it waits, while it is sent, and between any two lines."""
    key, limit, transport, moments = next(KEYS), RateLimit(200, 0.05), Counted(), random.Random(11)  # noqa: S311 - no secret
    rung = 0
    with Client(key, base_url=NOWHERE, rate_limit=limit, transport=transport) as client:
        send(client)
        for _ in range(1000):
            try:
                signal.setitimer(signal.ITIMER_REAL, 0.0001 + moments.random() * 0.002)
                for _ in range(50):  # and not until it rings, since it may ring in a destructor, which drops it
                    send(client)
            except Alarm:
                rung += 1
    assert rung > 900
    time.sleep(0.1)
    assert_all_free(key, limit)


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")  # it may ring in a destructor
@pytest.mark.usefixtures("alarms")
def test_signals_that_break_off_calls_leave_no_slot_held_on_redis(redis_url: str) -> None:
    transport, moments = Counted(), random.Random(13)  # noqa: S311 - no secret
    with Redis.from_url(redis_url) as redis:
        redis.flushall()
        limit = RateLimit(60, 60, redis=redis_url)
        with Client(next(KEYS), base_url=NOWHERE, rate_limit=limit, transport=transport) as client:
            send(client)
            for _ in range(100):
                with contextlib.suppress(Alarm):
                    signal.setitimer(signal.ITIMER_REAL, 0.0001 + moments.random() * 0.003)
                    send(client)
                    signal.setitimer(signal.ITIMER_REAL, 0)
        settled(lambda: left(redis, "queue") == left(redis, "due") == 0)
        assert transport.got <= left(redis, "window") <= 60


@pytest.mark.parametrize("awaited", [False, True])
def test_calls_that_ended_while_redis_hung_hold_no_slot(redis_url: str, *, awaited: bool) -> None:
    """They end Unreachable; once Redis goes on, all slots are free, for every process."""
    key, calls = next(KEYS), 30
    with connected(redis_url, calls) as redis:
        limit = RateLimit(calls + 1, 60, redis=redis)
        redis.flushall()
        with Client(key, base_url=NOWHERE, rate_limit=limit, retries=0, transport=Counted()) as client:
            send(client)
            with hanging(redis):
                ended = asyncio.run(all_awaited(client, calls)) if awaited else all_waiting(client, calls)
            assert [errors.Unreachable] * calls == [type(error) for error in ended]
            redis.ping()
            assert settled(lambda: (left(redis, "window"), left(redis, "queue"), left(redis, "due")) == (1, 0, 0)) < 2
        environment = {**os.environ, "VENTIA_API_KEY": key, "PYTHONPATH": str(ROOT / "generated")}
        command = [sys.executable, "-c", SENDS, NOWHERE, redis_url, str(calls)]
        done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
        assert (f"{calls}\n", "") == (done.stdout, done.stderr)


def all_waiting(client: Client, calls: int) -> list[BaseException | None]:
    with ThreadPoolExecutor(calls) as pool:
        return [each.exception() for each in [pool.submit(send, client) for _ in range(calls)]]


async def all_awaited(client: Client, calls: int) -> list[BaseException | None]:
    return await asyncio.gather(*[asend(client) for _ in range(calls)], return_exceptions=True)


SENDS = """
import sys
import httpx
from ventia_client import Client, RateLimit
from ventia_client.api.interactions import create_message
from ventia_client.models import ChannelMessage

url, redis, calls = sys.argv[1:]
message = ChannelMessage("656b0e1f8e5a2c001f3a9d12", text="Hi!")
answers = httpx.MockTransport(lambda _: httpx.Response(202, json={"success": True, "queued": True}))
limit = RateLimit(int(calls) + 1, 60, redis=redis)
with Client(base_url=url, rate_limit=limit, deadline=5, transport=answers) as client:
    sent = [create_message.sync("66f1a2b33c4d5e0067f8a9b0", client=client, body=message) for _ in range(int(calls))]
print(len(sent))
"""


def test_calls_keep_their_deadline_while_redis_hangs(redis_url: str) -> None:
    """Those that wait, too, though the client of Redis waits for longer."""
    limit = RateLimit(redis=redis_url)
    client = Client(next(KEYS), base_url=NOWHERE, rate_limit=limit, deadline=0.2)
    with Redis.from_url(redis_url) as redis, client, hanging(redis):
        began = time.monotonic()
        with pytest.raises(errors.OutOfTime, match="Redis"):
            send(client)
        assert time.monotonic() - began < 0.7


HOLDS = """
import os, sys, threading
from ventia_client import Client, RateLimit
from ventia_client.api.interactions import create_message
from ventia_client.models import ChannelMessage
url, redis = sys.argv[1:]
message = ChannelMessage("656b0e1f8e5a2c001f3a9d12", text="Hi!")
client = Client(base_url=url, rate_limit=RateLimit(2, 2, redis=redis), retries=0)
for _ in range(4):
    arguments = {"client": client, "body": message}
    threading.Thread(target=create_message.sync, args=["66f1a2b33c4d5e0067f8a9b0"], kwargs=arguments).start()
"""


def test_a_process_that_is_killed_holds_up_the_others_for_one_window(redis_url: str) -> None:
    """It had two requests in flight, and two in the queue before ours."""
    key, limit = next(KEYS), RateLimit(2, 2, redis=redis_url)
    environment = {**os.environ, "VENTIA_API_KEY": key, "PYTHONPATH": str(ROOT / "generated")}
    with silent() as url, Redis.from_url(redis_url) as redis:
        redis.flushall()
        dies = subprocess.Popen([sys.executable, "-c", HOLDS, url, redis_url], env=environment)
        settled(lambda: (left(redis, "window"), left(redis, "queue")) == (2, 2))
        transport = Counted()
        with Client(key, base_url=url, rate_limit=limit, transport=transport) as client:
            with ThreadPoolExecutor(2) as pool:
                waiting = [pool.submit(send, client) for _ in range(2)]
                settled(lambda: left(redis, "queue") == 4)
                dies.kill()
                dies.wait(10)
                began = time.monotonic()
                for each in waiting:
                    each.result()
            assert 0.5 < time.monotonic() - began < 10  # a window, and the grace, and not a deadline of 120 s


@contextlib.contextmanager
def silent() -> Iterator[str]:
    """A server that takes requests and never answers."""
    import socket

    with socket.socket() as server:
        server.bind(("127.0.0.1", 0))
        server.listen(16)
        yield f"http://127.0.0.1:{server.getsockname()[1]}"


def left(redis: Redis, key: str) -> int:
    """How many slots are in the window, or in the queue, of the only account on a Redis."""
    return sum(int(redis.zcard(name)) for name in redis.keys(f"ventia:*:{key}"))


def settled(true: Callable[[], bool]) -> float:
    """Seconds until something is true."""
    began = time.monotonic()
    while not true():
        assert time.monotonic() - began < 10
        time.sleep(0.005)
    return time.monotonic() - began


def test_threads_share_one_window() -> None:
    """However many ask at once, and whenever the interpreter turns to another, no more get in than may."""
    limit, barrier, before = RateLimit(50, 60), threading.Barrier(8), sys.getswitchinterval()
    transport = Counted()
    with Client(next(KEYS), base_url=NOWHERE, rate_limit=limit, deadline=0.5, transport=transport) as client:

        def many(_: int) -> int:
            barrier.wait()
            sent = 0
            with contextlib.suppress(errors.OutOfTime):
                while True:
                    send(client)
                    sent += 1
            return sent

        sys.setswitchinterval(1e-6)
        try:
            with ThreadPoolExecutor(8) as pool:
                assert 50 == sum(pool.map(many, range(8)))
        finally:
            sys.setswitchinterval(before)
