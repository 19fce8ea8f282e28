"""Records on a Redis, for all processes and hosts that share it."""

from __future__ import annotations

import secrets
from collections.abc import Collection
from typing import Any, cast

from ...limits import library
from . import redis_scripts
from .records import OPEN, TAKEN, Record, State
from .stores import StoreFailed

_SOME = 1000


class RedisStore:
    """Records on a Redis: each step is one script, which happens whole or not at all.

    Args:
        redis: the URL of a Redis, or a `redis.Redis`.
        name: of the ledger, of which a Redis may hold several.
    """

    failures = (StoreFailed,)

    def __init__(self, redis: Any, name: str) -> None:
        module = library()
        self._error: type[Exception] = module.RedisError
        self._is_own = isinstance(redis, str)
        self._redis: Any = _connected(module, redis) if self._is_own else redis
        parts = ("records", "open", "taken", "born")
        self._keys = [f"ventia:{{sends:{name}}}:{part}" for part in parts]  # braces: on one node of a cluster
        self._born = ""
        self._scripts = {
            script: self._redis.register_script(redis_scripts.COMMON + script)
            for script in (redis_scripts.ADD, redis_scripts.CHANGE, redis_scripts.FORGET)
        }

    def add(self, record: Record) -> Record | None:
        """Keep a record if there is none with its key, see Store."""
        found = self._run(redis_scripts.ADD, record.key, record.to_json(), record.began)
        return Record.from_json(found) if found else None

    def change(self, record: Record, to: Record | None) -> bool:
        """Put another record, or nothing, in the place of one, see Store."""
        new = () if to is None else (to.to_json(), to.began, int(to.state in TAKEN))
        return bool(self._run(redis_scripts.CHANGE, record.key, record.to_json(), *new))

    def find(self, key: str) -> Record | None:
        """The record with a key."""
        with _Failing(self._error):
            found = self._redis.hget(self._keys[0], key)
        return Record.from_json(found) if found else None

    def records(self, states: Collection[State]) -> list[Record]:
        """All records in some states, the oldest first."""
        kept = [record for index in self._indices(states) for record in self._listed(index)]
        return sorted((record for record in kept if record.state in states), key=lambda record: record.began)

    def _listed(self, index: str) -> list[Record]:
        with _Failing(self._error):
            names = self._redis.zrange(index, 0, -1)
            some = [names[at : at + _SOME] for at in range(0, len(names), _SOME)]
            texts = [text for keys in some for text in self._redis.hmget(self._keys[0], keys)]
        return [Record.from_json(text) for text in texts if text]

    def forget(self, states: Collection[State], before: float) -> int:
        """Remove all records in some states from before a time, see Store."""
        count = 0
        for index in self._indices(states):
            while removed := cast("int", self._run(redis_scripts.FORGET, index, before, _SOME)):
                count += removed
        return count

    def _indices(self, states: Collection[State]) -> list[str]:
        pairs = ((self._keys[1], OPEN), (self._keys[2], TAKEN))
        return [index for index, those in pairs if set(those) & set(states)]

    def _run(self, script: str, *arguments: Any) -> Any:
        with _Failing(self._error):
            born, found = self._scripts[script](self._keys, [self._born, secrets.token_hex(8), *arguments])
        if not born:
            raise StoreFailed(
                "the ledger's Redis has lost its records, and so what was sent: it was emptied, or came back without "
                "them; see to its persistence (appendonly), then start the program anew",
                is_transient=False,
            )
        self._born = born.decode() if isinstance(born, bytes) else born
        return found

    def close(self) -> None:
        """Close the connections that no step uses now; the next step opens one."""
        if self._is_own:
            self._redis.connection_pool.disconnect(inuse_connections=False)


class _Failing:
    """Turns an error of redis into a StoreFailed."""

    def __init__(self, error: type[Exception]) -> None:
        self._error = error

    def __enter__(self) -> None:
        pass

    def __exit__(self, kind: object, error: BaseException | None, traceback: object) -> None:
        if isinstance(error, self._error):
            raise StoreFailed(
                f"the ledger's Redis failed: {error}; see that it runs, and can be written to", is_transient=True
            ) from error


def _connected(redis: Any, url: str) -> Any:
    once_more = redis.retry.Retry(redis.backoff.NoBackoff(), 1, (redis.ConnectionError,))
    return redis.Redis.from_url(url, socket_timeout=2, socket_connect_timeout=2, retry=once_more)
