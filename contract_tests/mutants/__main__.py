"""Runs the suite against every faulty server and every faulty client, and says which test finds which.

    python -m contract_tests.mutants [--seed N] [--only WORDS] [--alone]

Each is tested in a process of its own, forked from this one, by the same tests that `make contract` runs, up to the
first failure. The correct server and client are tested too: a test that fails them finds nothing.
"""

from __future__ import annotations

import argparse
import gc
import multiprocessing
import os
import random
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import TypeVar

import pytest
from rich.console import Console
from rich.progress import Progress
from rich.table import Table
from starlette.types import ASGIApp

from contract_tests import conftest, run
from contract_tests.mutants import _cover, _plain, application, mutants
from contract_tests.mutants.client import client_mutants
from ventia_mock.app import App
from ventia_mock.stand_in import StandIn

_SUITE = Path(__file__).parents[1]
_SERVERS_SIDE = (["test_rules.py", "test_examples.py"], ["test_search.py"])
_CLIENTS_SIDE = (["test_client.py"],)
CORRECT = "(correct)"


@dataclass(frozen=True)
class Found:
    """What became of a mutant.

    Attributes:
        by: the rule or the test that failed first; '' if none did.
        requests: made by then.
    """

    by: str = ""
    requests: int = 0


class _Watch:
    """Notes the first failure of a run, and how many requests were made."""

    def __init__(self) -> None:
        self.by, self.requests = "", 0

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Note one."""
        told = getattr(report, "contract", {})
        self.requests += sum(count for *key, count in told.get("shown", []) if key == ["requests"])
        if report.failed and not self.by:
            self.by = told.get("lie", {}).get("rule") or report.nodeid.rpartition("::")[2].partition("[")[0]


def main(arguments: Sequence[str] | None = None) -> int:
    """Test every mutant; 1 if one survives, or the correct server or client does not."""
    parser = argparse.ArgumentParser(
        prog="python -m contract_tests.mutants", description=(__doc__ or "").partition("\n")[0]
    )
    parser.add_argument("--seed", type=int, default=random.getrandbits(32), help="of everything that is drawn")
    parser.add_argument("--only", default="", metavar="WORDS", help="only those whose names have these words")
    parser.add_argument(
        "--alone", action="store_true", help="without plain schemathesis and the fewest requests beside it"
    )
    given = parser.parse_args(arguments)
    began, seed = time.monotonic(), given.seed
    servers = [CORRECT, *(mutant.name for mutant in mutants() if given.only in mutant.name)]
    clients = [CORRECT, *(mutant.name for mutant in client_mutants() if given.only in mutant.name)]
    # What is imported and drawn here, the forks need not.
    assert conftest
    assert run.of_stand_in(seed).rows
    gc.freeze()
    run.shrinks = False
    by_suite = _each("servers", servers, lambda name: _tested_server(name, seed))
    by_clients_side = _each("clients", clients, lambda name: _tested_client(name, seed))
    by_plain, finding = {}, {}
    if not given.alone:
        by_plain = _each("plain schemathesis", servers, lambda name: _plain.finds(_app(name), seed))
        finding = _each("the fewest requests", servers, lambda name: _cover.finding(_app(name), seed))
    console = Console(width=max(Console().width, _WIDTH))
    for title, found in {"servers": by_suite, "clients": by_clients_side}.items():
        console.print(_table(title, found, by_plain))
    told = [_told("servers", by_suite), _told("clients", by_clients_side), *_beside(by_plain, finding)]
    console.print(f"seed {seed}; {'; '.join(told)}; {time.monotonic() - began:.0f} s")
    return 0 if all(_is_right(found) for found in (by_suite, by_clients_side)) else 1


def _is_right(found: Mapping[str, Found]) -> bool:
    return all(bool(each.by) != (name == CORRECT) for name, each in found.items())


def _told(title: str, found: Mapping[str, Found]) -> str:
    faulty = [each for name, each in found.items() if name != CORRECT]
    correct = f", and the correct one by {found[CORRECT].by}" if found[CORRECT].by else ""
    return f"{title}: {sum(bool(each.by) for each in faulty)} of {len(faulty)} killed{correct}"


def _beside(by_plain: Mapping[str, bool], finding: Mapping[str, frozenset[int]]) -> Iterator[str]:
    if by_plain:
        killed = sum(found for name, found in by_plain.items() if name != CORRECT)
        yield f"plain schemathesis: {killed} of {len(by_plain) - 1}" + (
            ", and the correct one" if by_plain[CORRECT] else ""
        )
    if finding:
        faulty = {name: found for name, found in finding.items() if name != CORRECT}
        chosen = _cover.greedy(faulty)
        yield f"{len(chosen)} single requests would kill {sum(map(bool, faulty.values()))} of them"


def _table(title: str, found: Mapping[str, Found], by_plain: Mapping[str, bool]) -> Table:
    table = Table("", "killed by", "after requests", *(["plain schemathesis"] if by_plain else []), title=title)
    for name, each in found.items():
        beside = ["killed" if by_plain[name] else "-"] if name in by_plain else []
        table.add_row(name, each.by or "(survives)", f"{each.requests:,}", *beside)
    return table


_WIDTH = 120
_Value = TypeVar("_Value")


def _each(title: str, names: Sequence[str], tested: Callable[[str], _Value]) -> dict[str, _Value]:
    """What a function says of each, every one in a process of its own, as many at once as there are cores."""
    waiting, told = list(names), dict[str, _Value]()
    running: dict[Connection[_Value, _Value], tuple[str, BaseProcess]] = {}
    with Progress(console=Console(stderr=True), transient=True) as progress:
        task = progress.add_task(title, total=len(names))
        while waiting or running:
            while waiting and len(running) < (os.cpu_count() or 1):
                running.update([_forked(waiting.pop(0), tested)])
            ready = wait(list(running))
            for ended in [connection for connection in running if connection in ready]:
                name, process = running.pop(ended)
                told[name] = ended.recv()
                process.join()
                progress.advance(task)
    return {name: told[name] for name in names}


def _forked(name: str, tested: Callable[[str], _Value]) -> tuple[Connection[_Value, _Value], tuple[str, BaseProcess]]:
    fork = multiprocessing.get_context("fork")
    here, there = fork.Pipe(duplex=False)

    def child() -> None:
        silence = os.open(os.devnull, os.O_WRONLY)
        os.dup2(silence, 1)
        os.dup2(silence, 2)
        there.send(tested(name))

    process = fork.Process(target=child)
    process.start()
    there.close()
    return here, (name, process)


def _app(name: str) -> ASGIApp:
    correct = App(StandIn(run.SOURCE))
    if name == CORRECT:
        return correct
    [mutant] = [mutant for mutant in mutants() if mutant.name == name]
    return application(correct, mutant.around)


def _tested_server(name: str, seed: int) -> Found:
    run.served = _app(name)
    return _tested(_SERVERS_SIDE, seed)


def _tested_client(name: str, seed: int) -> Found:
    if name != CORRECT:
        [mutant] = [mutant for mutant in client_mutants() if mutant.name == name]
        mutant.patch(pytest.MonkeyPatch())
    return _tested(_CLIENTS_SIDE, seed)


def _tested(stages: Sequence[Sequence[str]], seed: int) -> Found:
    watch = _Watch()
    for files in stages:
        paths = [str(_SUITE / file) for file in files]
        pytest.main([*paths, "-x", "-q", "--assert=plain", "-p", "no:cacheprovider", f"--seed={seed}"], plugins=[watch])
        if watch.by:
            break
    return Found(watch.by, watch.requests)


if __name__ == "__main__":
    sys.exit(main())
