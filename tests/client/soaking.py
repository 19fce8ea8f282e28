"""Calls into every fault of a server, interrupted in every way: `python -m tests.client.soaking KIND CALLS SEED PORTS`.

Prints what each call ended in, by the `localId` of its message, and what is left of sockets and memory.
"""

from __future__ import annotations

import asyncio
import gc
import json
import os
import random
import signal
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from typing import Any

from ventia_client import ChannelMessage, Client, RateLimit, create_message, errors

CONTACT = "66f1a2b33c4d5e0067f8a9b0"
INTERRUPTED = "interrupted"


class Soak:
    """The calls of one process.

    Args:
        ports: of the server, by fault.
    """

    def __init__(self, calls: int, seed: int, ports: dict[str, int]) -> None:
        self.calls, self.random = calls, random.Random(seed)  # noqa: S311 - no secret
        self.ports = sorted(ports.items())
        self.ended: dict[str, str] = {}
        self.memory: list[int] = []
        limit = RateLimit(1000, 0.5)
        settings: dict[str, Any] = {"timeout": 0.3, "deadline": 1, "retries": 1, "backoff": 0.001, "rate_limit": limit}
        self.clients = {
            name: Client("a key of the soak", base_url=f"http://127.0.0.1:{port}", **settings)
            for name, port in self.ports
        }

    def drawn(self, number: int) -> tuple[str, dict[str, Any]]:
        """The name of a message, and the arguments of its call."""
        fault = self.random.choice(self.ports)[0]
        name = f"{os.getpid()}-{number}-{fault}"
        if number * 4 >= self.calls * len(self.memory):
            gc.collect()
            self.memory.append(int(Path("/proc/self/statm").read_text().split()[1]) * 4)
        message = ChannelMessage("656b0e1f8e5a2c001f3a9d12", text="Hi!", local_id=name)
        return name, {"client": self.clients[fault], "body": message}

    def send(self, number: int) -> None:
        """Make a call that waits, and note what it ends in."""
        name, arguments = self.drawn(number)
        self.ended[name] = INTERRUPTED  # if it is between here and the call
        try:
            self.ended[name] = type(create_message.sync(CONTACT, **arguments)).__name__
        except errors.VentiaError as error:
            self.ended[name] = error.outcome
        except Alarm as error:
            self.ended[name] = " ".join([INTERRUPTED, *getattr(error, "__notes__", [])])

    async def send_async(self, number: int) -> None:
        """The same for a call that is awaited."""
        name, arguments = self.drawn(number)
        try:
            self.ended[name] = type(await create_message.asyncio(CONTACT, **arguments)).__name__
        except errors.VentiaError as error:
            self.ended[name] = error.outcome
        except asyncio.CancelledError as error:
            self.ended[name] = " ".join([INTERRUPTED, *getattr(error, "__notes__", [])])
            raise


class Alarm(BaseException):
    """What the handler of a signal raises."""


def threads(soak: Soak) -> None:
    """Eight threads."""
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(soak.send, range(soak.calls)))


def loops(soak: Soak) -> None:
    """One event loop after the other, a third of whose calls are cancelled at a random moment."""

    async def main(numbers: range) -> None:
        calls = [asyncio.create_task(soak.send_async(number)) for number in numbers]
        for call in calls:
            if soak.random.random() < 1 / 3:
                asyncio.get_running_loop().call_later(soak.random.uniform(0, 0.05), call.cancel)
        await asyncio.gather(*calls, return_exceptions=True)
        for client in soak.clients.values():
            await client.get_async_httpx_client().aclose()

    for first in range(0, soak.calls, 50):
        asyncio.run(main(range(first, min(first + 50, soak.calls))))


def signals(soak: Soak) -> None:
    """A handler that raises, at random moments."""

    def ring(*_: object) -> None:
        raise Alarm

    signal.signal(signal.SIGALRM, ring)
    for number in range(soak.calls):
        with suppress(Alarm):
            signal.setitimer(signal.ITIMER_REAL, soak.random.expovariate(20) + 1e-5)
            try:
                soak.send(number)
            finally:
                signal.setitimer(signal.ITIMER_REAL, 0)


def forks(soak: Soak) -> None:
    """Children that send through the clients of their parent, which sends as well."""
    for first in range(0, soak.calls, 20):
        reading, writing = os.pipe()
        if (child := os.fork()) == 0:
            soak.ended.clear()
            for number in range(first, first + 10):
                soak.send(number)
            with os.fdopen(writing, "w") as pipe:
                pipe.write(json.dumps(soak.ended))
            os._exit(0)
        os.close(writing)
        for number in range(first + 10, first + 20):
            soak.send(number)
        with os.fdopen(reading) as pipe:
            told = json.load(pipe)
        os.waitpid(child, 0)
        soak.ended |= told


KINDS: dict[str, Callable[[Soak], None]] = {each.__name__: each for each in (threads, loops, signals, forks)}


def sockets() -> int:
    """How many sockets this process has open."""
    gc.collect()
    links = [os.path.realpath(path) for path in Path("/proc/self/fd").iterdir()]
    return sum("socket:" in link for link in links)


if __name__ == "__main__":
    kind, calls, seed, ports = sys.argv[1:]
    before = sockets()
    soak = Soak(int(calls), int(seed), json.loads(ports))
    KINDS[kind](soak)
    for client in soak.clients.values():
        client.close()
    sys.stdout.write(json.dumps({"ended": soak.ended, "sockets": sockets() - before, "memory": soak.memory}))
