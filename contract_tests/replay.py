"""Lies that were told before, so that they are looked for first: on this machine, or on all that share a Redis."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from hypothesis.database import DirectoryBasedExampleDatabase, ExampleDatabase, MultiplexedDatabase
from hypothesis.extra.redis import RedisExampleDatabase
from redis import Redis

_PREFIX = b"ventia-contract:"
_KEY = b"lies"
_MOST = 1 << 16  # characters of one that is kept


def database(folder: Path, redis: str | None) -> ExampleDatabase:
    """What hypothesis and the suite keep failures in.

    Args:
        folder: on this machine.
        redis: URL of a Redis that other machines use too.

    Raises:
        ValueError, RedisError: there is no Redis.
    """
    here = DirectoryBasedExampleDatabase(folder)
    if redis is None:
        return here
    there = Redis.from_url(redis, socket_timeout=5)
    there.ping()
    return MultiplexedDatabase(here, RedisExampleDatabase(there, key_prefix=_PREFIX))


class KnownLies:
    """The words of a database that repeat failures, as `wire.pack` makes them.

    Args:
        database: None for one that knows nothing.
    """

    def __init__(self, database: ExampleDatabase | None) -> None:
        self._database = database

    def __iter__(self) -> Iterator[str]:
        found = self._database.fetch(_KEY) if self._database else ()
        return iter(sorted(word.decode("ascii", "replace") for word in found))

    def add(self, word: str) -> None:
        """Remember a lie."""
        if self._database and len(word) <= _MOST:
            self._database.save(_KEY, word.encode("ascii"))

    def drop(self, word: str) -> None:
        """Forget one that is told no more."""
        if self._database:
            self._database.delete(_KEY, word.encode("ascii", "replace"))
