"""Programs that send, fork, and send again, and print how the calls end.

python -m tests.client.network.forking NAME WAY TRANSPORT URL
"""

from __future__ import annotations

import asyncio
import functools
import json
import os
import signal
import sys
import threading
import time
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import httpx

from tests.support.callers import KEY, Outcome, awaited, sync
from ventia_client import Client

Ended = dict[str, tuple[str, str]]
"""The class and the text of what calls ended in, by the names of their messages."""

made: list[int] = []
"""The processes in which a transport was made."""


def _make(kind: type[Any]) -> Callable[[], Any]:
    def make() -> Any:
        made.append(os.getpid())
        return kind()

    return make


TRANSPORTS: dict[str, Callable[[], dict[str, Any]]] = {
    "default": dict,
    "own": lambda: {"transport": httpx.HTTPTransport(), "async_transport": httpx.AsyncHTTPTransport()},
    "made": lambda: {"transport": _make(httpx.HTTPTransport), "async_transport": _make(httpx.AsyncHTTPTransport)},
    "class": lambda: {"transport": httpx.HTTPTransport, "async_transport": httpx.AsyncHTTPTransport},
}


def described(outcomes: dict[str, Outcome]) -> Ended:
    return {name: (type(outcome).__name__, str(outcome)) for name, outcome in outcomes.items()}


class Sender:
    """Sends in one way, in an event loop of this process if it is awaited."""

    def __init__(self, way: str, client: Client) -> None:
        self._way, self.client = way, client
        self._runner = asyncio.Runner() if way == "async" else None

    def send(self, names: Iterable[str]) -> Ended:
        if self._runner is None:
            return described({name: sync(self.client, name) for name in names})
        return described({name: self._runner.run(awaited(self.client, name)) for name in names})

    def close(self) -> None:
        if self._runner is None:
            self.client.close()
        else:
            self._runner.run(self.client.aclose())

    def leave(self) -> None:
        """End its event loop, with the connections there, and leave the client open."""
        if self._runner is not None:
            with self._runner:
                self._runner.run(self._aclose())

    async def _aclose(self) -> None:
        await self.client.get_async_httpx_client().aclose()

    def in_child(self) -> Sender:
        """The sender of a forked process, or of another thread: the same client, in an event loop of its own."""
        return Sender(self._way, self.client)


def in_a_fork(work: Callable[[], Ended]) -> Callable[[], Ended]:
    """Work in a forked process; what is returned waits for it."""
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        signal.alarm(20)  # ends a child that hangs
        try:
            os.write(writing, json.dumps(work()).encode())
        finally:
            os._exit(0)
    os.close(writing)

    def result() -> Ended:
        with os.fdopen(reading, "rb") as pipe:
            written = pipe.read()
        os.waitpid(child, 0)
        return json.loads(written) if written else {"child": ("died", "")}

    return result


def crossing(sender: Sender) -> Ended:
    """Parent and child send at the same time: one what is taken, the other what is refused."""
    ended = sender.send(["before"])
    wait = in_a_fork(lambda: sender.in_child().send([f"good {number}" for number in range(20)]))
    return ended | sender.send([f"bad {number}" for number in range(20)]) | wait()


def closing(sender: Sender) -> Ended:
    """The child closes what it has of the client, and ends; the parent goes on."""

    def work() -> Ended:
        child = sender.in_child()
        child.close()
        return {}

    return sender.send(["before"]) | in_a_fork(work)() | sender.send(["good after", "bad after"])


def sending_alone(sender: Sender, number: int) -> Ended:
    return sender.in_child().send([f"good child {number}"])


def busy(sender: Sender) -> Ended:
    """Children are forked while threads of the parent send in the same way, from the first call of all on."""
    ended: Ended = {}
    stop = threading.Event()

    def sending(thread: int) -> None:
        own, number = sender.in_child(), 0
        while not stop.is_set():
            number += 1
            ended.update(own.send([f"good {thread} {number}"]))
        own.leave()

    with ThreadPoolExecutor(4) as pool:
        for thread in range(4):
            pool.submit(sending, thread)
        waits = []
        for number in range(20):
            time.sleep(0.01)
            waits.append(in_a_fork(functools.partial(sending_alone, sender, number)))
        children = [wait() for wait in waits]
        stop.set()
    for child in children:
        ended |= child
    return ended


def looping(sender: Sender) -> Ended:
    """One event loop after the other, each with a connection of its own."""
    ended: Ended = {}
    for number in range(3):
        child = sender.in_child()
        ended |= child.send([f"good {number} 1", f"good {number} 2"])
        if number == 2:
            child.close()
    return ended


if __name__ == "__main__":
    name, way, transport, url = sys.argv[1:]
    client = Client(KEY, base_url=url, rate_limit=None, timeout=5, retries=0, **TRANSPORTS[transport]())
    sys.stdout.write(json.dumps(globals()[name](Sender(way, client)) | {"made": [str(len(made)), ""]}))
