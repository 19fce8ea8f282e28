"""Calls that wait for the rate limit are served first come, first served, and none holds a slot once it has ended."""

from __future__ import annotations

import asyncio
import os
import random
import subprocess
import sys
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import httpx

from tests.support.fault_server import SUCCESS
from ventia_client import Client, RateLimit
from ventia_client.api.interactions import create_message
from ventia_client.models import ChannelMessage

ROOT = Path(__file__).parents[3]
CONTACT = "66f1a2b33c4d5e0067f8a9b0"
MESSAGE = ChannelMessage("656b0e1f8e5a2c001f3a9d12", text="Hi!")


class Counting(httpx.BaseTransport, httpx.AsyncBaseTransport):
    """Answers at once, and counts who was let through."""

    def __init__(self) -> None:
        self.served: Counter[str] = Counter()
        self.begins = time.monotonic() + 0.5  # when all have come, and wait

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        self.served[request.headers["x-who"]] += time.monotonic() > self.begins
        return httpx.Response(200, json=SUCCESS)

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        return self.handle_request(request)


def settings(transport: Counting, limit: RateLimit) -> dict[str, Any]:
    return {"base_url": "http://127.0.0.1:1", "rate_limit": limit, "transport": transport, "async_transport": transport}


def test_threads_and_tasks_of_a_process_get_the_same_share() -> None:
    transport, ends = Counting(), time.monotonic() + 3
    with Client("a key of threads and tasks", **settings(transport, RateLimit(20, 0.25))) as client:

        def waiting(who: str) -> None:
            while time.monotonic() < ends:
                create_message.sync(CONTACT, client=client, body=MESSAGE, headers={"X-Who": who})

        async def awaiting(who: str) -> None:
            while time.monotonic() < ends:
                await create_message.asyncio(CONTACT, client=client, body=MESSAGE, headers={"X-Who": who})

        async def all_awaiting() -> None:
            await asyncio.gather(*[awaiting(f"task {number}") for number in range(20)])

        with ThreadPoolExecutor(21) as pool:
            threads = [pool.submit(waiting, f"thread {number}") for number in range(20)]
            asyncio.run(all_awaiting())
            assert [None] * 20 == [each.result() for each in threads]
    shares = [count for _, count in sorted(transport.served.items())]
    assert 40 == len(shares)
    assert max(shares) - min(shares) <= 2


SENDER = """
import asyncio, sys, time
import httpx
from ventia_client import ChannelMessage, Client, RateLimit, create_message
kind, redis, begins, ends = sys.argv[1], sys.argv[2], float(sys.argv[3]), float(sys.argv[4])
answer = lambda _: httpx.Response(200, json={"success": True, "interactionId": "66f3a9b11c4d8e0023b7c9a1"})
message, served = ChannelMessage("656b0e1f8e5a2c001f3a9d12", text="Hi!"), 0
client = Client("a key of processes", base_url="http://127.0.0.1:1", rate_limit=RateLimit(20, 0.5, redis=redis),
    transport=lambda: httpx.MockTransport(answer), async_transport=lambda: httpx.MockTransport(answer))
async def awaiting():
    while time.time() < ends:
        await create_message.asyncio("66f1a2b33c4d5e0067f8a9b0", client=client, body=message)
        globals()["served"] += time.time() >= begins
async def all_awaiting():
    await asyncio.gather(*[awaiting() for _ in range(8)])
if kind == "async":
    asyncio.run(all_awaiting())
else:
    import threading
    def waiting():
        while time.time() < ends:
            create_message.sync("66f1a2b33c4d5e0067f8a9b0", client=client, body=message)
            globals()["served"] += time.time() >= begins
    threads = [threading.Thread(target=waiting) for _ in range(8)]
    [each.start() for each in threads]
    [each.join() for each in threads]
print(served)
"""


def test_processes_that_wait_and_processes_that_await_get_the_same_share(redis_url: str) -> None:
    begins = time.time() + 5  # when all have started
    environment = {**os.environ, "PYTHONPATH": str(ROOT / "generated")}
    command = [sys.executable, "-c", SENDER]
    senders = [
        subprocess.Popen(
            [*command, kind, redis_url, str(begins), str(begins + 4)], env=environment, stdout=-1, text=True
        )
        for kind in ("sync", "async") * 2
    ]
    shares = [int(each.communicate()[0]) for each in senders]
    assert max(shares) <= 2 * min(shares), shares  # a busy machine gives processes no equal share of itself


def test_no_cancelled_call_holds_a_slot(redis_url: str) -> None:
    """Whatever the moment: while Redis is asked, while it waits, while its request is under way."""
    from redis import Redis

    entered: list[httpx.Request] = []

    async def answering(request: httpx.Request) -> httpx.Response:
        entered.append(request)
        await asyncio.sleep(0.002)
        return httpx.Response(200, json=SUCCESS)

    async def main(limit: RateLimit, moments: random.Random) -> None:
        async with Client(
            "a key of cancelled calls",
            base_url="http://127.0.0.1:1",
            rate_limit=limit,
            async_transport=httpx.MockTransport(answering),
        ) as client:
            for _ in range(50):
                calls = [
                    asyncio.create_task(create_message.asyncio(CONTACT, client=client, body=MESSAGE)) for _ in range(20)
                ]
                for call in calls:
                    asyncio.get_running_loop().call_later(moments.uniform(0, 0.02), call.cancel)
                await asyncio.gather(*calls, return_exceptions=True)

    with Redis.from_url(redis_url) as redis:
        for limit in (RateLimit(10_000, 600, redis=redis_url), RateLimit(200, 600, redis=redis_url)):
            redis.flushall()
            entered.clear()
            asyncio.run(main(limit, random.Random(1)))  # noqa: S311 - no secret
            time.sleep(0.5)
            [window] = redis.keys("ventia:*:window")
            assert 0 < len(entered) < 1000
            assert len(entered) == redis.zcard(window)
            assert [] == redis.keys("ventia:*:queue")
