"""A small queue that delivers each job at least once, to workers that are killed: `python -m tests.client.ledger.jobs`.

A worker gets a job's key and the port to send to, and says what became of it. A job whose worker dies before that is
delivered again, as is one that was not sent, and now and then one that is done.
"""

from __future__ import annotations

import functools
import json
import os
import random
import select
import signal
import sys
import time
from collections import Counter
from typing import IO, Any

from tests.client.ledger.processes import flushed, made
from tests.support.callers import KEY, sync
from ventia_client import Client, errors

WORKERS = 4
SETTINGS: dict[str, Any] = {"timeout": 0.4, "deadline": 1.5, "retries": 1, "backoff": 0.001, "rate_limit": None}


def work(jobs: IO[str], ends: IO[str], store: list[str]) -> None:
    """Do jobs until one has no key."""
    ledger = made(*store)

    @functools.cache
    def client(port: str) -> Client:
        return Client(KEY, base_url=f"http://127.0.0.1:{port}", ledger=ledger, **SETTINGS)

    for line in jobs:
        key, port = line.split(",")
        if not key:
            return
        outcome = sync(client(port.strip()), key, once=key)
        if isinstance(outcome, errors.DifferentMessage | errors.InvalidMessage):
            raise outcome
        ends.write(f"{outcome.outcome if isinstance(outcome, errors.VentiaError) else 'done'}\n")
        ends.flush()


class Worker:
    """A process, and the job that it has."""

    def __init__(self, store: list[str]) -> None:
        reading, jobs = os.pipe()
        ends, writing = os.pipe()
        self.process = os.fork()
        if self.process == 0:
            os.close(jobs)
            os.close(ends)
            work(os.fdopen(reading), os.fdopen(writing, "w"), store)
            os._exit(0)
        os.close(reading)
        os.close(writing)
        self.jobs, self.ends = os.fdopen(jobs, "w", 1), os.fdopen(ends)
        self.key = ""

    def give(self, key: str, port: int) -> None:
        self.key = key
        self.jobs.write(f"{key},{port}\n")

    def end(self, *, is_killed: bool) -> int:
        """End the process; its status."""
        if is_killed:
            os.kill(self.process, signal.SIGKILL)
        else:
            self.give("", 0)
        self.jobs.close()
        self.ends.close()
        return os.waitpid(self.process, 0)[1]


class Queue:
    """The jobs that are left, and the workers.

    Attributes:
        said: how often workers said what.
    """

    def __init__(self, jobs: int, seed: int, ports: list[int], store: list[str]) -> None:
        self.random = random.Random(seed)  # noqa: S311 - no secret
        self.left = [f"job-{number}" for number in range(jobs)]
        self.ports, self.store = ports, store
        self.workers = [Worker(store) for _ in range(WORKERS)]
        self.said: Counter[str] = Counter()

    def run(self) -> None:
        while self.left or any(worker.key for worker in self.workers):
            for worker in self.workers:
                if not worker.key and self.left:
                    worker.give(self.left.pop(0), self.random.choice(self.ports))
            self.listen(self.random.expovariate(10))
            if self.random.random() < 0.4:
                self.kill(self.random.randrange(WORKERS))
        for worker in self.workers:
            assert 0 == worker.end(is_killed=False)

    def listen(self, seconds: float) -> None:
        """Hear what workers say for some time."""
        until = time.monotonic() + seconds
        while (left := until - time.monotonic()) > 0:
            ready, _, _ = select.select([worker.ends for worker in self.workers if worker.key], [], [], left)
            if not ready:
                return
            for worker in self.workers:
                if worker.ends in ready:
                    self.hear(worker, worker.ends.readline().strip())
                    if self.left:
                        worker.give(self.left.pop(0), self.random.choice(self.ports))

    def hear(self, worker: Worker, said: str) -> None:
        assert said, "a worker failed"
        self.said[said] += 1
        if said == "not_sent" or self.random.random() < 0.1:
            self.left.insert(self.random.randint(0, len(self.left)), worker.key)
        worker.key = ""

    def kill(self, number: int) -> None:
        """Kill a worker, whose job comes again, at once or later."""
        dead = self.workers[number]
        dead.end(is_killed=True)
        self.said["killed"] += 1
        if dead.key:
            self.said["killed with a job"] += 1
            self.left.insert(self.random.choice([0, len(self.left)]), dead.key)
        self.workers[number] = Worker(self.store)


if __name__ == "__main__":
    jobs, seed, ports, *store = sys.argv[1:]
    with Client(KEY, base_url="http://127.0.0.1:9", ledger=made(*store), **SETTINGS) as warm:
        sync(warm, "warm", once="warm")  # nothing listens there; workers are forked with all modules loaded
    queue = Queue(int(jobs), int(seed), json.loads(ports), store)
    queue.run()
    flushed(json.dumps(queue.said))
