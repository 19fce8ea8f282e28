"""Tries a change: it is killed by a test, or survives, and then says how far the suite came to it."""

from __future__ import annotations

import asyncio
import math
import resource
import signal
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

import pytest
from starlette.types import ASGIApp

from contract_tests.mutants.code.changes import MODULES, Change, path_of, served
from contract_tests.mutants.code.execution import executed
from contract_tests.mutants.code.recording import Sent, answers
from contract_tests.mutants.testing import tested
from contract_tests.options import Subject

_LONGEST = 30.0  # seconds of CPU, many times what the requests of the suite take
_LARGEST = 2 << 30  # bytes of memory, likewise


@dataclass(frozen=True)
class Unchanged:
    """The unchanged stand-in in a run of the suite.

    Attributes:
        answers: those to the requests.
        lines: the lines that are executed, by the names of their modules.
    """

    seed: int
    requests: Sequence[Sent]
    answers: Sequence[str]
    lines: Collection[tuple[str, int]]


@dataclass(frozen=True)
class Trial:
    """The result of trying a change.

    Attributes:
        by: what killed it; '' if it survives.
        seen: what the suite came to see of it.
    """

    by: str = ""
    seen: str = ""


def unchanged(seed: int, requests: Sequence[Sent]) -> Unchanged:
    """The unchanged stand-in with the requests of the suite.

    Raises:
        RuntimeError: it does not answer the same requests the same way again, so that no comparison shows anything.
    """
    files = {str(path_of(module)): module for module in MODULES}
    first = asyncio.run(_all(requests))
    second, lines = executed(files, lambda: asyncio.run(_all(requests)))
    for sent, before, after in zip(requests, first, second, strict=True):
        if before != after:
            raise RuntimeError(f"the same request is answered differently: {sent}: {before!r}, {after!r}")
    return Unchanged(seed, requests, first, lines)


async def _all(requests: Sequence[Sent]) -> list[str]:
    return [answer async for answer in answers(served(), requests)]


def tried(change: Change, correct: Unchanged) -> Trial:
    """Try a change."""
    if (change.module, change.line) not in correct.lines:
        return Trial(seen="no request executes it")
    _limit()
    try:
        return _compared(change, correct)
    except (MemoryError, TimeoutError) as error:
        return Trial(repr(error))


def _compared(change: Change, correct: Unchanged) -> Trial:
    try:
        app = served(change)
    except Exception:  # a change may make the stand-in raise anything
        return Trial("does not start")
    first = asyncio.run(_differing(app, correct, most=1))
    if not first:
        return Trial(seen="every request is answered as without it")
    # What a test finds depends on the answers to its own requests only.
    by = _killed(change, first, correct.seed)
    return Trial(by or _killed(change, asyncio.run(_differing(served(change), correct)), correct.seed), *first.values())


async def _differing(app: ASGIApp, correct: Unchanged, most: float = math.inf) -> dict[str, str]:
    """The tests of which requests are answered differently, each with the first such answer."""
    differing: dict[str, str] = {}
    compared = zip(correct.requests, correct.answers, strict=True)
    async for after in answers(app, correct.requests):
        sent, before = next(compared)
        if before != after:
            differing.setdefault(sent.test, f"{sent}\n{before}\n->\n{after}")
            if len(differing) >= most:
                break
    return differing


class _Only:
    """A pytest plugin that runs only some tests."""

    def __init__(self, tests: Collection[str]) -> None:
        self._tests = tests

    @pytest.hookimpl(wrapper=True)
    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> Iterator[None]:
        """Leave out the others."""
        yield
        items[:] = [item for item in items if item.nodeid in self._tests]


def _killed(change: Change, tests: Collection[str], seed: int) -> str:
    files = sorted({test.partition("::")[0].rpartition("/")[2] for test in tests})
    return tested([files], seed, _Only(tests), Subject(served(change), shrinks=False)).by


def _limit() -> None:
    """Have a change without end raise an exception in this process."""
    signal.signal(signal.SIGVTALRM, _end)
    signal.setitimer(signal.ITIMER_VIRTUAL, _LONGEST, _LONGEST)
    resource.setrlimit(resource.RLIMIT_AS, (_LARGEST, _LARGEST))


def _end(*_: object) -> None:
    raise TimeoutError(f"no end after {_LONGEST} s")
