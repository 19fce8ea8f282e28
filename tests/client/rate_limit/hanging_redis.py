"""A Redis that hangs for a while, and clients that are connected to it already."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from redis import Redis
from redis.backoff import NoBackoff
from redis.retry import Retry


@contextmanager
def hanging(redis: Any) -> Iterator[None]:
    """Stop the process of a Redis: commands that arrive meanwhile run afterwards, even if their clients are gone."""
    process = redis.info()["process_id"]
    os.kill(process, signal.SIGSTOP)
    try:
        yield
    finally:
        os.kill(process, signal.SIGCONT)


def connected(url: str, connections: int) -> Any:
    """A client that has so many connections, so that commands reach Redis even while it hangs."""
    redis: Any = Redis.from_url(url, socket_timeout=1, retry=Retry(NoBackoff(), 0))
    for client in [redis.client() for _ in range(connections)]:  # each takes a connection, and gives it back
        client.close()
    return redis
