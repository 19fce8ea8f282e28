"""Calls of a client from either side, waiting or awaited, and what they may end in."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, Protocol

from ventia_client import Client, errors
from ventia_client.api.interactions import create_message
from ventia_client.models import ChannelMessage, MessageQueued, MessageSent

KEY = "AAAAAAA-BBBBBBB-CCCCCCC-DDDDDDD"
CONTACT = "66f1a2b33c4d5e0067f8a9b0"

Outcome = MessageSent | MessageQueued | errors.VentiaError


class Takes(Protocol):
    """A server that counts by `localId` what it took."""

    taken: Any


def message(name: str, size: int = 0) -> ChannelMessage:
    """A message with a name by which the server counts it, and so many bytes more."""
    made = ChannelMessage("656b0e1f8e5a2c001f3a9d12", text="Hi!", local_id=name)
    if size:
        made["padding"] = "x" * size
    return made


def sync(client: Client, name: str, size: int = 0, **options: Any) -> Outcome:
    """What a call that waits ends in; what is no outcome is raised."""
    try:
        return create_message.sync(CONTACT, client=client, body=message(name, size), **options)
    except errors.VentiaError as error:
        return error


async def awaited(client: Client, name: str, size: int = 0, **options: Any) -> Outcome:
    """What a call that is awaited ends in; what is no outcome is raised."""
    try:
        return await create_message.asyncio(CONTACT, client=client, body=message(name, size), **options)
    except errors.VentiaError as error:
        return error


class Caller(Protocol):
    """One client, called one message after the other."""

    client: Client

    def call(self, name: str, size: int = 0, **options: Any) -> Outcome:
        """What a call ends in."""
        ...

    def rest(self, seconds: float) -> None:
        """Let time pass, in which an event loop runs."""
        ...


class Waiting:
    """A Caller whose calls wait."""

    def __init__(self, client: Client) -> None:
        self.client = client

    def call(self, name: str, size: int = 0, **options: Any) -> Outcome:
        return sync(self.client, name, size, **options)

    def rest(self, seconds: float) -> None:
        time.sleep(seconds)


class Awaiting:
    """A Caller whose calls are awaited in one event loop."""

    def __init__(self, client: Client, runner: asyncio.Runner) -> None:
        self.client, self.runner = client, runner

    def call(self, name: str, size: int = 0, **options: Any) -> Outcome:
        return self.runner.run(awaited(self.client, name, size, **options))

    def rest(self, seconds: float) -> None:
        self.runner.run(asyncio.sleep(seconds))


LoopFactory = Callable[[], asyncio.AbstractEventLoop]


@contextmanager
def calling(
    way: str, url: str, *, loop_factory: LoopFactory | None = None, **settings: Any
) -> Iterator[Waiting | Awaiting]:
    """A Caller, `sync` or `async`, of a client that keeps no rate limit and tries again soon."""
    client = Client(KEY, base_url=url, **{"rate_limit": None, "backoff": 0.01, **settings})
    if way == "sync":
        with client:
            yield Waiting(client)
    else:
        with asyncio.Runner(loop_factory=loop_factory) as runner:
            try:
                yield Awaiting(client, runner)
            finally:
                runner.run(client.aclose())


def judge(server: Takes, name: str, outcome: Outcome) -> None:
    """Fail if a message was taken twice, or what the call says of it is false.

    Args:
        server: one that has stopped, since a request may be taken after its call has ended.
    """
    taken = server.taken[name]
    assert taken <= 1, f"{name} was taken {taken} times, and the call says {outcome!r}"
    if isinstance(outcome, MessageSent | MessageQueued):
        assert 1 == taken, f"the call says {outcome!r}, and the server did not take {name}"
    elif outcome.outcome == "not_sent":
        assert 0 == taken, f"the call says {outcome!r}, and the server took {name}"
    else:
        assert "unknown" == outcome.outcome
