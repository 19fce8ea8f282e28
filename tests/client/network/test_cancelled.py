"""A call that is cancelled, at whatever moment, leaves no connection behind, and no place for one taken."""

from __future__ import annotations

import asyncio
import os
import random
import time
from collections.abc import Awaitable, Callable

import pytest

from tests.support.callers import KEY, awaited
from tests.support.raw_server import AT_ONCE, Gate, serving
from ventia_client import Client
from ventia_client.models import MessageSent

CANCELLED = int(os.environ.get("CANCELLED", "400"))
"""How many calls are cancelled at the least."""

STEPS = 50
"""Rounds of the event loop in which a call on this machine has ended."""


async def cancelled(client: Client, name: str, moment: Callable[[], Awaitable[None]]) -> None:
    """Begin a call, and cancel it at a moment, if it has not ended by then."""
    call = asyncio.create_task(awaited(client, name))
    await moment()
    call.cancel()
    await asyncio.wait([call])


def after_steps(number: int) -> Callable[[], Awaitable[None]]:
    """A moment that comes after so many rounds of the event loop."""

    async def moment() -> None:
        for _ in range(number):
            await asyncio.sleep(0)

    return moment


def after_seconds(seconds: float) -> Callable[[], Awaitable[None]]:
    """A moment that comes after so many seconds."""

    async def moment() -> None:
        await asyncio.sleep(seconds)

    return moment


async def cancel_alone(client: Client, _: random.Random) -> None:
    """Cancel calls after each number of rounds of the event loop, one after the other."""
    for number in range(CANCELLED // 2):
        await cancelled(client, f"alone {number}", after_steps(number % STEPS))


async def cancel_at_once(client: Client, chance: random.Random) -> None:
    """Cancel calls at random moments, many at once."""
    for number in range(CANCELLED // 80):
        moments = [after_steps(chance.randrange(STEPS)) for _ in range(20)]
        moments += [after_seconds(chance.uniform(0, 0.02)) for _ in range(20)]
        await asyncio.gather(*(cancelled(client, f"{number} {at}", moment) for at, moment in enumerate(moments)))


async def all_at_once(client: Client, gate: Gate, name: str) -> None:
    """Fail unless as many calls as ever can be under way at the same time."""
    gate.close()
    outcomes = await asyncio.gather(*(awaited(client, f"{name} {number}") for number in range(AT_ONCE)))
    gate.is_closed = False
    failed = [outcome for outcome in outcomes if not isinstance(outcome, MessageSent)]
    assert [] == failed, f"{len(failed)} of {AT_ONCE} calls {name} the cancelled ones ended so"


@pytest.mark.soak
@pytest.mark.parametrize("cancel", [cancel_alone, cancel_at_once])
@pytest.mark.parametrize("keeps", [True, False])
def test_cancelled_calls_leave_no_connection_behind(
    cancel: Callable[[Client, random.Random], Awaitable[None]], *, keeps: bool
) -> None:
    gate = Gate(keeps=keeps)

    async def main() -> None:
        async with Client(KEY, base_url=server.url, rate_limit=None, timeout=5, retries=0) as client:
            await all_at_once(client, gate, "before")
            await cancel(client, random.Random(6))  # noqa: S311 - a seed is no secret
            assert asyncio.all_tasks() == {asyncio.current_task()}, "a cancelled call goes on"
            await all_at_once(client, gate, "after")
            await settled(lambda: keeps or server.open == 0)
        await settled(lambda: server.open == 0)

    with serving(gate) as server:
        asyncio.run(main())
    assert 1 == max(server.taken.values()), "a message was taken twice"


async def settled(holds: Callable[[], bool]) -> None:
    """Wait for a moment until something holds; fail if it does not."""
    until = time.monotonic() + 3
    while not holds():
        assert time.monotonic() < until, "a connection is left open"
        await asyncio.sleep(0.01)
