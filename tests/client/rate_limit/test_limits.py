"""The account's rate limit: what is sent stays within it, and uses it."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import os
import re
import socket
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import httpx
import pytest
from redis import Redis

from tests.client.rate_limit.limiting_server import limiting
from tests.support.fault_server import SUCCESS
from ventia_client import Client, RateLimit, errors
from ventia_client._runtime.call import CALL, Call
from ventia_client._runtime.key import Key
from ventia_client._runtime.network.sync_transports import LimitTransport
from ventia_client._runtime.rate_limit.budget import Budget
from ventia_client.api.interactions import create_message
from ventia_client.models import ChannelMessage
from ventia_document import DOCUMENT
from ventia_document.source import read

ROOT = Path(__file__).parents[3]
CONTACT = "66f1a2b33c4d5e0067f8a9b0"
MESSAGE = ChannelMessage("656b0e1f8e5a2c001f3a9d12", text="Hi!")
KEYS = (f"LIMITED-{number:07}" for number in range(10**7))
"""Each a key of its own account, so that tests do not share a limit."""


def send(client: Client) -> None:
    create_message.sync(CONTACT, client=client, body=MESSAGE)


def test_the_limit_is_the_documents() -> None:
    limit = read(DOCUMENT).value["x-rate-limit"]
    assert (limit["requests"], limit["seconds"]) == (RateLimit().requests, RateLimit().seconds)


@pytest.mark.acceptance
def test_threads_tasks_and_clients_of_a_process_keep_the_limit_together() -> None:
    """Two clients, eight threads and sixteen tasks at full tilt are never refused, and use what they may."""
    key, ends = next(KEYS), time.monotonic() + 5
    with limiting(20, 1) as server:
        limit = RateLimit(20, 1)

        def waiting(client: Client) -> None:
            while time.monotonic() < ends:
                send(client)

        async def awaiting(client: Client) -> None:
            while time.monotonic() < ends:
                await create_message.asyncio(CONTACT, client=client, body=MESSAGE)

        async def all_awaiting() -> None:
            async with Client(key, base_url=server.url, rate_limit=limit, retries=0) as client:
                await asyncio.gather(*[awaiting(client) for _ in range(16)])

        with Client(key, base_url=server.url, rate_limit=limit, retries=0) as client, ThreadPoolExecutor(9) as pool:
            for done in [pool.submit(asyncio.run, all_awaiting()), *[pool.submit(waiting, client) for _ in range(8)]]:
                done.result()
        assert 0 == server.refused
        assert server.share_used() > 0.9


def test_accounts_are_counted_apart() -> None:
    with limiting(9, 60) as server:
        for key in (next(KEYS), next(KEYS)):
            with Client(key, base_url=server.url, rate_limit=RateLimit(1, 60), deadline=1) as client:
                send(client)
        assert 2 == len(server.accepted)


def test_a_slash_at_the_end_of_a_base_url_makes_no_other_account() -> None:
    key = next(KEYS)
    with limiting(9, 60) as server:
        for end in ("", "/"):
            client = Client(key, base_url=server.url + "/api" + end, rate_limit=RateLimit(1, 60), deadline=1)
            with client, contextlib.suppress(errors.OutOfTime):
                send(client)
        assert 1 == len(server.accepted)


def test_a_limit_outlives_the_client_that_counted() -> None:
    key = next(KEYS)
    with limiting(9, 60) as server:
        with Client(key, base_url=server.url, rate_limit=RateLimit(1, 60)) as client:
            send(client)
        another = Client(key, base_url=server.url, rate_limit=RateLimit(1, 60), deadline=1)
        with another, pytest.raises(errors.OutOfTime):
            send(another)
        assert 1 == len(server.accepted)


def test_no_room_before_the_deadline_is_told_at_once() -> None:
    with limiting(9, 60) as server:
        with Client(next(KEYS), base_url=server.url, rate_limit=RateLimit(1, 60), deadline=30) as client:
            send(client)
            began = time.monotonic()
            with pytest.raises(errors.OutOfTime, match="rate limit") as raised:
                send(client)
        assert time.monotonic() - began < 10
        assert "not_sent" == raised.value.outcome
        assert (1, 0) == (len(server.accepted), server.refused)


def test_a_refusal_for_the_rate_slows_every_call_of_the_account() -> None:
    key = next(KEYS)
    with limiting(1, 0.5) as server:
        with Client(key, base_url=server.url, retries=0) as one, Client(key, base_url=server.url, retries=0) as other:
            send(one)
            with pytest.raises(errors.RateLimitExceeded):
                send(one)
            send(other)  # after a second, which the service asked for
        assert server.accepted[1] - server.accepted[0] >= 1


def test_a_request_that_takes_longer_than_the_window_keeps_its_place() -> None:
    """Two that are still under way, from which the service may count at any time, leave no room for a third."""
    key, limit, on_the_way = next(KEYS), RateLimit(2, 0.2), threading.Event()

    def slowly(_: httpx.Request) -> httpx.Response:
        on_the_way.wait(10)
        return httpx.Response(200, json=SUCCESS)

    transport = httpx.MockTransport(slowly)
    with Client(key, base_url="http://127.0.0.1:1", rate_limit=limit, transport=transport) as slow:
        with ThreadPoolExecutor(2) as pool:
            under_way = [pool.submit(send, slow) for _ in range(2)]
            time.sleep(0.5)
            third = Client(key, base_url="http://127.0.0.1:1", rate_limit=limit, deadline=0.15)
            with third, pytest.raises(errors.OutOfTime):
                send(third)
            on_the_way.set()
        assert [None, None] == [each.result() for each in under_way]


def test_a_request_that_never_went_out_takes_no_room() -> None:
    key, limit = next(KEYS), RateLimit(1, 60)
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))  # and does not listen
        url = f"http://127.0.0.1:{taken.getsockname()[1]}"
        with Client(key, base_url=url, rate_limit=limit, deadline=5, backoff=0.01) as client:
            for _ in range(3):
                with pytest.raises(errors.Unreachable):
                    send(client)


@pytest.mark.parametrize("awaited", [False, True])
def test_the_log_says_once_how_long_a_call_waits_and_why(caplog: pytest.LogCaptureFixture, *, awaited: bool) -> None:
    key = next(KEYS)

    async def main(client: Client) -> None:
        async with client.get_async_httpx_client():
            for _ in range(2):
                await create_message.asyncio(CONTACT, client=client, body=MESSAGE)

    caplog.set_level(logging.INFO, "ventia_client")
    with limiting(9, 60) as server, Client(key, base_url=server.url, rate_limit=RateLimit(1, 1.2)) as client:
        if awaited:
            asyncio.run(main(client))
        else:
            for _ in range(2):
                send(client)
    [line] = [record for record in caplog.records if record.name == "ventia_client"]
    assert logging.INFO == line.levelno
    reached = r"waiting about 1\.\d s for the account's rate limit: the limit of 1 requests in 1.2 s is reached"
    assert re.fullmatch(reached, line.getMessage())


def test_the_log_says_that_the_service_asked_for_a_pause(caplog: pytest.LogCaptureFixture) -> None:
    key = next(KEYS)
    caplog.set_level(logging.INFO, "ventia_client")
    with limiting(1, 0.5) as server, Client(key, base_url=server.url, retries=0) as client:
        send(client)
        with pytest.raises(errors.RateLimitExceeded):
            send(client)
        send(client)
    lines = [record.getMessage() for record in caplog.records if record.name == "ventia_client"]
    assert ["waiting about 1.0 s for the account's rate limit: the service asked for a pause"] == lines


def test_an_attempt_that_waits_in_vain_takes_no_room_whatever_became_of_the_one_before() -> None:
    key, limit, transport = Key(next(KEYS)), RateLimit(1, 0.6), httpx.MockTransport(lambda _: httpx.Response(200))
    limited = LimitTransport(transport, Budget(limit, key, "http://127.0.0.1"))
    limited.handle_request(httpx.Request("POST", "http://127.0.0.1"))
    time.sleep(0.4)
    call = Call(0.1)
    call.went_out = True
    with pytest.raises(errors.OutOfTime):
        limited.handle_request(httpx.Request("POST", "http://127.0.0.1", extensions={CALL: call}))
    call = Call(0.35)
    limited.handle_request(httpx.Request("POST", "http://127.0.0.1", extensions={CALL: call}))


def test_the_refusal_is_told_where_there_is_no_time_for_another_attempt() -> None:
    with limiting(1, 60) as server:
        server.retry_after = "30"
        with Client(next(KEYS), base_url=server.url, deadline=2) as client:
            send(client)
            with pytest.raises(errors.RateLimitExceeded):
                send(client)


def test_a_call_that_waits_while_its_client_is_closed_is_not_sent() -> None:
    with limiting(9, 60) as server, ThreadPoolExecutor(1) as pool:
        client = Client(next(KEYS), base_url=server.url, rate_limit=RateLimit(1, 0.5))
        send(client)
        waiting = pool.submit(send, client)
        time.sleep(0.2)
        client.close()
        with pytest.raises(errors.NotSent, match="closed"):
            waiting.result()
        assert 1 == len(server.accepted)


def test_an_awaited_call_that_waits_while_its_client_is_closed_is_not_sent() -> None:
    async def main(client: Client) -> None:
        async with client.get_async_httpx_client():
            await create_message.asyncio(CONTACT, client=client, body=MESSAGE)
            waiting = asyncio.create_task(create_message.asyncio(CONTACT, client=client, body=MESSAGE))
            await asyncio.sleep(0.1)
            client.close()
            with pytest.raises(errors.NotSent, match="closed"):
                await waiting

    with limiting(9, 60) as server:
        asyncio.run(main(Client(next(KEYS), base_url=server.url, rate_limit=RateLimit(1, 0.5))))
        assert 1 == len(server.accepted)


def test_without_a_limit_nothing_waits() -> None:
    with limiting(9, 60) as server, Client(next(KEYS), base_url=server.url, rate_limit=None) as client:
        for _ in range(9):
            send(client)
        assert 9 == len(server.accepted)


@pytest.mark.parametrize(
    ("requests", "seconds"), [(0, 1), (1, 0), (-1, 60), (1, -1), (1, float("inf")), (1, float("nan"))]
)
def test_a_limit_that_lets_nothing_out_is_refused(requests: int, seconds: float) -> None:
    with pytest.raises(ValueError, match="must allow at least one request"):
        RateLimit(requests, seconds)


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ({"requests": True}, "requests must be a whole number, such as 200, and is True"),
        ({"requests": 2.5}, "requests must be a whole number, such as 200, and is 2.5"),
        ({"requests": "200"}, "requests must be a whole number, such as 200, and is '200'"),
        ({"seconds": "60"}, "seconds must be a number, such as 60, and is '60'"),
        ({"seconds": False}, "seconds must be a number, such as 60, and is False"),
        ({"redis": 6379}, "redis must be the URL of a Redis, or a redis.Redis, and is of type int"),
        ({"redis": b"redis://:p4ssw0rd@localhost"}, "redis must be the URL of a Redis, or a redis.Redis, and is of"),
    ],
)
def test_a_limit_of_other_types_is_refused_in_words(arguments: dict[str, Any], words: str) -> None:
    with pytest.raises(TypeError, match=f"^{words}") as raised:
        RateLimit(**arguments)
    assert "p4ssw0rd" not in str(raised.value)


def free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


FULL_TILT = """
import sys, time
from ventia_client import Client, RateLimit, errors
from ventia_client.api.interactions import create_message
from ventia_client.models import ChannelMessage
url, redis, requests, seconds, lasts = sys.argv[1:]
message = ChannelMessage("656b0e1f8e5a2c001f3a9d12", text="Hi!")
limit = RateLimit(int(requests), float(seconds), redis=redis)
with Client(base_url=url, rate_limit=limit, retries=0) as client:
    ends = time.monotonic() + float(lasts)
    while time.monotonic() < ends:
        create_message.sync("66f1a2b33c4d5e0067f8a9b0", client=client, body=message)
"""


@pytest.mark.soak
def test_four_processes_use_the_limit_and_are_never_refused(redis_url: str) -> None:
    """Four processes at full tilt get not one 429, and use at least 95 % of the allowed rate.

    Of a short window, a busy machine may take half a second.
    """
    requests, seconds, lasts = os.environ.get("FULL_TILT", "50 2 9").split()
    environment = {**os.environ, "VENTIA_API_KEY": next(KEYS), "PYTHONPATH": str(ROOT / "generated")}
    with limiting(int(requests), float(seconds)) as server:
        command = [sys.executable, "-c", FULL_TILT, server.url, redis_url, requests, seconds, lasts]
        senders = [subprocess.Popen(command, env=environment, stderr=subprocess.PIPE, text=True) for _ in range(4)]
        assert [(0, "")] * 4 == [(sender.wait(), sender.communicate()[1]) for sender in senders]
    logging.info(
        "%d accepted, %d refused, %.1f %% used", len(server.accepted), server.refused, 100 * server.share_used()
    )
    assert 0 == server.refused
    assert server.share_used() >= min(0.95, 1 - 0.5 / float(seconds))


def test_processes_that_share_a_redis_are_slowed_together(redis_url: str) -> None:
    key, limit = next(KEYS), RateLimit(9, 60, redis=redis_url)
    with limiting(1, 0.5) as server:
        for number in range(2):
            with Client(key, base_url=server.url, rate_limit=limit, retries=0) as client:
                send(client)
                if number == 0:
                    with pytest.raises(errors.RateLimitExceeded):
                        send(client)
        assert server.accepted[1] - server.accepted[0] >= 1


class Slow(httpx.HTTPTransport):
    """A network on which a request takes a while to arrive."""

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        time.sleep(0.9)
        return super().handle_request(request)


def test_a_request_that_takes_longer_than_the_window_keeps_its_place_on_redis(redis_url: str) -> None:
    """Though its process sends nothing else, and another at full tilt."""
    key, ends = next(KEYS), time.monotonic() + 1.5
    with limiting(2, 0.5) as server, Redis.from_url(redis_url) as redis, ThreadPoolExecutor(2) as pool:
        limit, own = RateLimit(2, 0.5, redis=redis_url), RateLimit(2, 0.5, redis=redis)  # which are two windows
        slow = Client(key, base_url=server.url, rate_limit=own, retries=0, transport=Slow())
        with slow, Client(key, base_url=server.url, rate_limit=limit, retries=0) as fast:
            under_way = [pool.submit(send, slow) for _ in range(2)]
            time.sleep(0.1)
            while time.monotonic() < ends:
                send(fast)
            assert [None, None] == [each.result() for each in under_way]
        assert 0 == server.refused


def test_tasks_wait_for_redis_without_holding_up_their_event_loop(redis_url: str) -> None:
    async def main(url: str) -> float:
        limit = RateLimit(1, 1, redis=redis_url)
        async with Client(next(KEYS), base_url=url, rate_limit=limit) as client:
            client.get_async_httpx_client()  # which takes a while for the first time
            calls = asyncio.gather(*[create_message.asyncio(CONTACT, client=client, body=MESSAGE) for _ in range(2)])
            longest, before = 0.0, time.monotonic()
            while not calls.done():
                await asyncio.sleep(0.001)
                longest, before = max(longest, time.monotonic() - before), time.monotonic()
            await calls
            return longest

    with limiting(1, 1) as server:
        longest = asyncio.run(main(server.url))
        assert (2, 0) == (len(server.accepted), server.refused)
        assert longest < 0.9  # of a second that one of them waited


def test_a_redis_that_does_not_answer_lets_nothing_out() -> None:
    limit = RateLimit(redis=f"redis://:p4ssw0rd@127.0.0.1:{free_port()}")
    with limiting(9, 60) as server, Client(next(KEYS), base_url=server.url, rate_limit=limit, retries=0) as client:
        with pytest.raises(errors.NotSent, match="Redis") as raised:
            send(client)
        assert [] == server.accepted
    assert "p4ssw0rd" not in repr(limit) + str(raised.value)


def test_a_redis_that_forgets_its_scripts_is_told_them_again(redis_url: str) -> None:

    with limiting(9, 60) as server, Redis.from_url(redis_url) as redis:
        with Client(next(KEYS), base_url=server.url, rate_limit=RateLimit(redis=redis)) as client:
            send(client)
            redis.script_flush()
            send(client)
        assert 2 == len(server.accepted)


def test_a_redis_that_hangs_holds_up_neither_the_event_loop_nor_its_threads() -> None:
    async def main(url: str, redis: str) -> float:
        async with Client(next(KEYS), base_url=url, rate_limit=RateLimit(redis=redis), retries=0) as client:
            calls = [
                asyncio.create_task(create_message.asyncio(CONTACT, client=client, body=MESSAGE)) for _ in range(16)
            ]
            await asyncio.sleep(0.1)
            began = time.monotonic()
            await asyncio.to_thread(time.sleep, 0)
            took = time.monotonic() - began
            assert all(
                isinstance(each, errors.NotSent) for each in await asyncio.gather(*calls, return_exceptions=True)
            )
            return took

    with limiting(9, 60) as server, socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen(64)
        assert asyncio.run(main(server.url, f"redis://127.0.0.1:{silent.getsockname()[1]}")) < 1
        assert [] == server.accepted


def test_what_is_cancelled_while_it_asks_for_a_slot_takes_none(redis_url: str) -> None:

    async def main(url: str, limit: RateLimit) -> None:
        async with Client(next(KEYS), base_url=url, rate_limit=limit) as client:
            for _ in range(3):
                call = asyncio.create_task(create_message.asyncio(CONTACT, client=client, body=MESSAGE))
                await asyncio.sleep(0.05)
                call.cancel()
                with pytest.raises(asyncio.CancelledError):
                    await call

    with limiting(9, 60) as server, Redis.from_url(redis_url) as redis:
        redis.flushall()
        redis.client_pause(3000)
        asyncio.run(main(server.url, RateLimit(3, 60, redis=redis)))
        redis.ping()  # which is answered after the pause, and so after what was asked before
        time.sleep(0.5)
        assert [] == server.accepted
        assert 0 == sum(redis.zcard(name) for name in redis.keys("ventia:*") if b":ended:" not in name)


def test_a_redis_of_asyncio_is_refused() -> None:
    from redis.asyncio import Redis

    with pytest.raises(ValueError, match="not one of redis"):
        RateLimit(redis=Redis())


def test_redis_holds_no_key_and_forgets_an_idle_account(redis_url: str) -> None:

    key = next(KEYS)
    with limiting(9, 60) as server, Redis.from_url(redis_url) as redis:
        redis.flushall()
        limit = RateLimit(9, 60, redis=redis)
        with Client(key, base_url=server.url, rate_limit=limit, deadline=30) as client:
            send(client)
        names = [name.decode() for name in redis.keys("ventia:*")]
        assert [1] == [redis.zcard(name) for name in names]
        assert all(0 < redis.ttl(name) <= 60 + 30 + 2 for name in names)
        assert key not in "".join(names)


def test_threads_share_one_window() -> None:
    """However many threads ask for the first time at once, they get the same window."""
    key, barrier = next(KEYS), threading.Barrier(16)
    with limiting(99, 60) as server:

        def one() -> bool:
            barrier.wait()
            with Client(key, base_url=server.url, rate_limit=RateLimit(4, 60), deadline=2) as client:
                try:
                    send(client)
                except errors.OutOfTime:
                    return False
            return True

        with ThreadPoolExecutor(16) as pool:
            sent = [pool.submit(one) for _ in range(16)]
        assert 4 == sum(each.result() for each in sent)
