"""The ledger that an application makes, and asks what became of its messages."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Collection
from datetime import datetime
from typing import Any, Self, TypeVar

from attrs import evolve

from ..import_lock import LOADING
from .entry import unavailable
from .records import OPEN, TAKEN, Record, State
from .stores import Store

T = TypeVar("T")


class Ledger:
    """Remembers what became of each message that is sent with a key, `once`, so that none is sent twice.

    A call writes its key down, durably, before anything goes out, and how it ended afterwards. A later call with the
    key returns the answer of the first, without sending; it raises `errors.AlreadyTried` if that is still under way, or
    if it is unknown whether it sent the message. If the message was provably not sent, its key is free again.

    The API key is in no ledger.

    Args:
        store: the path of an SQLite file, made if there is none, for all processes of one host; or a `Store`, to keep
            the records in a database of your own. `Ledger.redis` keeps them on a Redis.
        keep_bodies: keep the messages themselves too, which are personal data; without it, only fingerprints of them.

    Example:
        with Client(ledger=Ledger("sends.sqlite3")) as client:
            create_message.sync(contact, client=client, body=message, once="order-1042/shipped")
    """

    def __init__(self, store: str | os.PathLike[str] | Store, *, keep_bodies: bool = False) -> None:
        if isinstance(store, str | os.PathLike):
            with LOADING:
                from .sqlite_store import SqliteStore  # here, since not all ledgers need it
            store = SqliteStore(store)
        elif isinstance(store, type) or not all(callable(getattr(store, name, None)) for name in _STEPS):
            raise TypeError(f"store must be a path or a Store with {', '.join(_STEPS)}, and is {store!r}")
        self.store: Store = store
        self.keep_bodies = keep_bodies

    @classmethod
    def redis(cls, redis: Any, *, name: str = "default", keep_bodies: bool = False) -> Self:
        """A ledger on a Redis, for all hosts that share it; needs the extra `[redis]`.

        It holds what it promises only as long as that Redis forgets nothing:

        - `appendonly yes` with `appendfsync always` keeps each step through a crash of the host. With `everysec`,
          Redis's default, a crash of the host loses the last second or two: what was sent then may be sent twice.
          Without `appendonly`, a restart of Redis loses more.
        - A failover to a replica loses what that had not received yet, even with `appendfsync always`, and what was
          sent then may be sent twice. `WAIT` and `min-replicas-to-write` make this rarer, and do not exclude it.
        - `maxmemory-policy` must be `noeviction`.

        A Redis that has lost all records while the program runs is noticed, and refused.

        Args:
            redis: the URL of a Redis, or a `redis.Redis`, with a `socket_timeout`.
            name: of the ledger, of which a Redis may hold several.
            keep_bodies: keep the messages themselves too; without it, only fingerprints of them.

        Raises:
            ModuleNotFoundError: the extra `[redis]` is not installed.
        """
        with LOADING:
            from .redis_store import RedisStore
        return cls(RedisStore(redis, name), keep_bodies=keep_bodies)

    def unknown(self) -> list[Record]:
        """The messages that a person must look at, the oldest first: it is unknown whether they were sent.

        Each record has the `contact`, the time (`at`), the `key`, and the `body` if the ledger keeps bodies.

        Raises:
            errors.LedgerUnavailable: the ledger cannot be read.
        """
        return [record for record in self.records(OPEN) if record.state == "unknown"]

    def records(self, states: Collection[State] = OPEN + TAKEN) -> list[Record]:
        """All records in some states, the oldest first; raises errors.LedgerUnavailable if they cannot be read."""
        now = time.time()
        return [record.seen(now) for record in self._done(lambda: list(self.store.records(states)))]

    def resolve(self, key: str, *, sent: bool) -> None:
        """Note what a person found out about an unknown message.

        Args:
            sent: whether it was sent. If not, its key is free, and the next call with it sends the message.

        Raises:
            LookupError: the ledger has no such key.
            ValueError: it is not unknown: it is still under way, or what became of it is known.
            errors.LedgerUnavailable: the ledger cannot be written.
        """
        found = self._done(lambda: self.store.find(key))
        if found is None:
            raise LookupError(f"the ledger has no key {key!r}; records() lists all")
        seen = found.seen(time.time())
        if seen.state != "unknown":
            raise ValueError(f"{key!r} is {seen.state}, and not unknown: there is nothing to resolve")
        to = evolve(seen, state="sent", note="a person found that it was sent") if sent else None
        if not self._done(lambda: self.store.change(found, to)):
            raise ValueError(f"{key!r} was changed by another process at the same time; look again")

    def forget(self, *, before: datetime) -> int:
        """Remove the records of messages that were taken before a time, and return how many these were.

        A job that comes again later sends its message again. What is unknown is kept until it is resolved.

        Raises:
            ValueError: the time has no time zone.
            errors.LedgerUnavailable: the ledger cannot be written.
        """
        if before.tzinfo is None:
            raise ValueError(f"before must have a time zone, such as datetime.now(UTC), and is {before!r}")
        return self._done(lambda: self.store.forget(TAKEN, before.timestamp()))

    def close(self) -> None:
        """Close the file or the connections; they are opened again when they are needed."""
        close = getattr(self.store, "close", None)
        if close is not None:
            self._done(close)

    def _done(self, step: Callable[[], T]) -> T:
        try:
            return step()
        except self.store.failures as error:
            raise unavailable(error) from error


_STEPS = ("add", "change", "find", "records", "forget")
