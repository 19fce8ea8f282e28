"""Tests mutants, each in a process of its own, by the same tests that `make contract` runs, up to the first failure."""

from __future__ import annotations

import math
import multiprocessing
import os
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import TypeAlias, TypeVar

import pytest
from rich.console import Console
from rich.progress import Progress

_SUITE = Path(__file__).parents[1]
SERVERS_SIDE = (["test_rules.py", "test_connections.py", "test_examples.py"], ["test_search.py"])


@dataclass(frozen=True)
class Outcome:
    """The outcome of testing a mutant.

    Attributes:
        by: the rule or the test that failed first; '' if none did.
        requests: how many were sent until then.
    """

    by: str = ""
    requests: int = 0


class _Watch:
    """A pytest plugin that notes the first failure of a run, and how many requests were sent."""

    def __init__(self) -> None:
        self.by, self.requests = "", 0

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Note the result of one test."""
        contract = getattr(report, "contract", {})
        self.requests += sum(count for *key, count in contract.get("counters", []) if key == ["requests"])
        if report.failed and not self.by:
            rules = [violation["rule"] for violation in contract.get("violations", ())]
            self.by = rules[0] if rules else report.nodeid.rpartition("::")[2].partition("[")[0]


_Value = TypeVar("_Value")
_Ended: TypeAlias = "Connection[_Value | Exception, _Value | Exception]"


def of_each(
    title: str,
    names: Sequence[str],
    tested: Callable[[str], _Value],
    seconds: float = math.inf,
    ended: Callable[[str, _Value], None] = lambda *_: None,
) -> dict[str, _Value]:
    """The value of a function for each name, each in a process of its own, as many at once as there are cores.

    Args:
        seconds: after which no other is begun; the first always is.
        ended: called with each name and its value as soon as that is there; what it raises ends the processes too.

    Raises:
        RuntimeError: the function raised, so nothing is known of a name; the text says which, and why.
    """
    until = time.monotonic() + seconds
    waiting, values = list(names), dict[str, _Value]()
    running: dict[_Ended[_Value], tuple[str, BaseProcess]] = {}
    with Progress(console=Console(stderr=True), transient=True) as progress, _ending(running):
        task = progress.add_task(title, total=len(names))
        while True:
            while waiting and len(running) < (os.cpu_count() or 1):
                if (running or values) and time.monotonic() > until:
                    break
                running.update([_forked(waiting.pop(0), tested)])
            if not running:
                break
            ready = wait(list(running))
            for connection in [each for each in running if each in ready]:
                name, process = running.pop(connection)
                value = _received(connection)
                process.join()
                if isinstance(value, Exception):
                    raise RuntimeError(f"{name!r} could not be tested: {value!r}")
                values[name] = value
                ended(name, value)
                progress.advance(task)
    return {name: values[name] for name in names if name in values}


def _received(connection: _Ended[_Value]) -> _Value | Exception:
    try:
        return connection.recv()
    except EOFError:
        return EOFError("its process was killed")


@contextmanager
def _ending(running: Mapping[_Ended[_Value], tuple[str, BaseProcess]]) -> Iterator[None]:
    """End the processes that still run at an exception."""
    try:
        yield
    finally:
        for _, process in running.values():
            process.kill()
            process.join()


def _forked(name: str, tested: Callable[[str], _Value]) -> tuple[_Ended[_Value], tuple[str, BaseProcess]]:
    fork = multiprocessing.get_context("fork")
    here, there = fork.Pipe(duplex=False)

    def child() -> None:
        silence = os.open(os.devnull, os.O_WRONLY)
        os.dup2(silence, 1)
        os.dup2(silence, 2)
        try:
            value: _Value | Exception = tested(name)
        except Exception as error:
            value = error
        there.send(value)

    process = fork.Process(target=child)
    process.start()
    there.close()
    return here, (name, process)


def tested(stages: Sequence[Sequence[str]], seed: int, *plugins: object) -> Outcome:
    """The outcome of the suite's tests up to the first failure, stage by stage: files, and options.

    Args:
        plugins: pytest's, one of them the `Subject`.

    Raises:
        RuntimeError: the tests could not be run, so that none failing shows nothing.
    """
    watch = _Watch()
    for files in stages:
        paths = [file if file.startswith("-") else str(_SUITE / file) for file in files]
        arguments = [*paths, "-x", "-q", "--assert=plain", "-p", "no:cacheprovider", "--strict-facts", f"--seed={seed}"]
        code = pytest.main(arguments, plugins=[watch, *plugins])
        if watch.by:
            break
        if code != pytest.ExitCode.OK:
            raise RuntimeError(f"{' '.join(files)} ended with exit code {code}")
    return Outcome(watch.by, watch.requests)
