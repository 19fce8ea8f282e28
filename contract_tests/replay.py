"""Replay words, each of which repeats one failure, and the database that keeps those of earlier runs."""

from __future__ import annotations

import base64
import json
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from hypothesis.database import DirectoryBasedExampleDatabase, ExampleDatabase, MultiplexedDatabase
from hypothesis.extra.redis import RedisExampleDatabase
from redis import Redis

from contract_tests.wire.curl import curl
from contract_tests.wire.request import Request
from ventia_document.source import Json

_PREFIX = b"ventia-contract:"
_KEY = b"failures"
_LONGEST = 1 << 16  # characters of a word that is kept


@dataclass(frozen=True)
class Purpose:
    """The rule that a request is made for.

    Attributes:
        rule: the rule's name.
        sentence: the rule in words.
        side: `kept` or `broken`: whether the request keeps or breaks the rule.
        request: what is special about the request; '' if it has no name.
    """

    rule: str
    sentence: str
    side: str
    request: str = ""


@dataclass(frozen=True)
class Replay:
    """The requests that repeat a failure.

    Attributes:
        purpose: the rule that the last request is made for.
        requests: in their order; only the last one's response is judged by its status.
        expected: the statuses with which the last may be answered; None for any.
        at_once: whether they are sent at the same time, each over a new connection.
    """

    purpose: Purpose
    requests: tuple[Request, ...]
    expected: frozenset[int] | None
    at_once: bool = False

    @property
    def word(self) -> str:
        """The replay as one word of a command line."""
        value = {
            "rule": self.purpose.rule,
            "sentence": self.purpose.sentence,
            "side": self.purpose.side,
            "name": self.purpose.request,
            "asked": [request.to_json() for request in self.requests],
            "expected": None if self.expected is None else sorted(self.expected),
            "at_once": self.at_once,
        }
        return pack(value)

    @classmethod
    def of_word(cls, word: str) -> Replay:
        """The replay that a word stands for.

        Raises:
            ValueError: it is not a word that a failure has printed.
        """
        try:
            value = json.loads(zlib.decompress(base64.urlsafe_b64decode(word + "=" * (-len(word) % 4))))
            purpose = Purpose(value["rule"], value["sentence"], value["side"], value.get("name", ""))
            requests = tuple(Request.from_json(request) for request in value["asked"])
            for request in requests:  # a request that cannot be sent or printed fails here, before the run
                curl(request, ""), request.target("").encode("ascii"), request.sent_headers("")
            expected = None if value["expected"] is None else frozenset(value["expected"])
            at_once = bool(value.get("at_once"))
        except (ValueError, LookupError, TypeError, AttributeError, zlib.error):
            requests = ()
        if not requests:
            raise ValueError("no word that a failure has printed")
        return cls(purpose, requests, expected, at_once)


def pack(value: Json) -> str:
    """A JSON value as one word of a command line."""
    return base64.urlsafe_b64encode(zlib.compress(json.dumps(value).encode(), 9)).decode().rstrip("=")


def database(folder: Path, redis: str | None, server: str) -> ExampleDatabase:
    """The database in which hypothesis and the suite keep the failures of one server.

    Args:
        folder: on this machine.
        redis: URL of a Redis that other machines use too.
        server: a word that no other server has.

    Raises:
        ValueError, RedisError: the Redis cannot be reached.
    """
    here = DirectoryBasedExampleDatabase(folder / server)
    if redis is None:
        return here
    there = Redis.from_url(redis, socket_timeout=5)
    there.ping()
    return MultiplexedDatabase(here, RedisExampleDatabase(there, key_prefix=_PREFIX + server.encode() + b":"))


class ReplayStore:
    """The replay words of earlier failures.

    Args:
        database: None for a store that keeps nothing.
    """

    def __init__(self, database: ExampleDatabase | None) -> None:
        self._database = database

    def __iter__(self) -> Iterator[str]:
        words = self._database.fetch(_KEY) if self._database else ()
        return iter(sorted(word.decode("ascii", "replace") for word in words))

    def add(self, word: str) -> None:
        """Keep the word of a failure."""
        if self._database and len(word) <= _LONGEST:
            self._database.save(_KEY, word.encode("ascii"))

    def drop(self, word: str) -> None:
        """Forget the word of a failure that is mended."""
        if self._database:
            self._database.delete(_KEY, word.encode("ascii", "replace"))
