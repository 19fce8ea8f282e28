"""Runs the suite against every faulty server and every faulty client, and prints which test finds which.

    python -m contract_tests.mutants [--seed N] [--only WORDS] [--alone]

Each is tested in a process of its own, forked from this one, by the same tests that `make contract` runs, up to the
first failure. The correct server and client are tested too: a test that fails for them finds nothing.
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

from contract_tests import conftest
from contract_tests.mutants import fewest_requests, plain_schemathesis
from contract_tests.mutants.application import application
from contract_tests.mutants.clients import client_mutants
from contract_tests.mutants.servers import server_mutants
from contract_tests.mutants.stand_in_run import stand_in_run
from contract_tests.options import Subject
from contract_tests.run import SOURCE
from ventia_mock.app import App
from ventia_mock.stand_in import StandIn

_SUITE = Path(__file__).parents[1]
_SERVERS_SIDE = (["test_rules.py", "test_examples.py"], ["test_search.py"])
_CLIENTS_SIDE = (["test_client.py"],)
CORRECT = "(correct)"


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


def main(arguments: Sequence[str] | None = None) -> int:
    """Test every mutant; 1 if one survives, or the correct server or client fails."""
    parser = argparse.ArgumentParser(
        prog="python -m contract_tests.mutants", description=(__doc__ or "").partition("\n")[0]
    )
    parser.add_argument("--seed", type=int, default=random.getrandbits(32), help="seed of everything that is drawn")
    parser.add_argument("--only", default="", metavar="WORDS", help="only mutants whose names contain these words")
    parser.add_argument(
        "--alone", action="store_true", help="do not run plain schemathesis, and do not search for the fewest requests"
    )
    options = parser.parse_args(arguments)
    began, seed = time.monotonic(), options.seed
    servers = [CORRECT, *(mutant.name for mutant in server_mutants() if options.only in mutant.name)]
    clients = [CORRECT, *(mutant.name for mutant in client_mutants() if options.only in mutant.name)]
    # The forks share the modules imported and the table drawn here, instead of each making its own.
    assert conftest
    assert stand_in_run(seed).rows
    gc.freeze()
    by_suite = _each("servers", servers, lambda name: _tested_server(name, seed))
    by_clients_side = _each("clients", clients, lambda name: _tested_client(name, seed))
    by_plain, finding = {}, {}
    if not options.alone:
        by_plain = _each("plain schemathesis", servers, lambda name: plain_schemathesis.finds(_app(name), seed))
        finding = _each("the fewest requests", servers, lambda name: fewest_requests.finding(_app(name), seed))
    console = Console(width=max(Console().width, _WIDTH))
    for title, outcomes in {"servers": by_suite, "clients": by_clients_side}.items():
        console.print(_table(title, outcomes, by_plain))
    summary = [_summary("servers", by_suite), _summary("clients", by_clients_side), *_beside(by_plain, finding)]
    console.print(f"seed {seed}; {'; '.join(summary)}; {time.monotonic() - began:.0f} s")
    return 0 if all(_is_right(outcomes) for outcomes in (by_suite, by_clients_side)) else 1


def _is_right(outcomes: Mapping[str, Outcome]) -> bool:
    return all(bool(each.by) != (name == CORRECT) for name, each in outcomes.items())


def _summary(title: str, outcomes: Mapping[str, Outcome]) -> str:
    faulty = [each for name, each in outcomes.items() if name != CORRECT]
    correct = f", and the correct one by {outcomes[CORRECT].by}" if outcomes[CORRECT].by else ""
    return f"{title}: {sum(bool(each.by) for each in faulty)} of {len(faulty)} killed{correct}"


def _beside(by_plain: Mapping[str, bool], finding: Mapping[str, frozenset[int]]) -> Iterator[str]:
    if by_plain:
        killed = sum(outcomes for name, outcomes in by_plain.items() if name != CORRECT)
        yield f"plain schemathesis: {killed} of {len(by_plain) - 1}" + (
            ", and the correct one" if by_plain[CORRECT] else ""
        )
    if finding:
        faulty = {name: outcomes for name, outcomes in finding.items() if name != CORRECT}
        chosen = fewest_requests.greedy(faulty)
        yield f"{len(chosen)} single requests would kill {sum(map(bool, faulty.values()))} of them"


def _table(title: str, outcomes: Mapping[str, Outcome], by_plain: Mapping[str, bool]) -> Table:
    table = Table("", "killed by", "after requests", *(["plain schemathesis"] if by_plain else []), title=title)
    for name, each in outcomes.items():
        beside = ["killed" if by_plain[name] else "-"] if name in by_plain else []
        table.add_row(name, each.by or "(survives)", f"{each.requests:,}", *beside)
    return table


_WIDTH = 120
_Value = TypeVar("_Value")


def _each(title: str, names: Sequence[str], tested: Callable[[str], _Value]) -> dict[str, _Value]:
    """The value of a function for each name, each in a process of its own, as many at once as there are cores."""
    waiting, values = list(names), dict[str, _Value]()
    running: dict[Connection[_Value, _Value], tuple[str, BaseProcess]] = {}
    with Progress(console=Console(stderr=True), transient=True) as progress:
        task = progress.add_task(title, total=len(names))
        while waiting or running:
            while waiting and len(running) < (os.cpu_count() or 1):
                running.update([_forked(waiting.pop(0), tested)])
            ready = wait(list(running))
            for ended in [connection for connection in running if connection in ready]:
                name, process = running.pop(ended)
                values[name] = ended.recv()
                process.join()
                progress.advance(task)
    return {name: values[name] for name in names}


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
    correct = App(StandIn(SOURCE))
    if name == CORRECT:
        return correct
    [mutant] = [mutant for mutant in server_mutants() if mutant.name == name]
    return application(correct, mutant.around)


def _tested_server(name: str, seed: int) -> Outcome:
    return _tested(_SERVERS_SIDE, seed, Subject(_app(name), shrinks=False))


def _tested_client(name: str, seed: int) -> Outcome:
    if name != CORRECT:
        [mutant] = [mutant for mutant in client_mutants() if mutant.name == name]
        mutant.patch(pytest.MonkeyPatch())
    return _tested(_CLIENTS_SIDE, seed, Subject(shrinks=False))


def _tested(stages: Sequence[Sequence[str]], seed: int, subject: Subject) -> Outcome:
    watch = _Watch()
    for files in stages:
        paths = [str(_SUITE / file) for file in files]
        arguments = [*paths, "-x", "-q", "--assert=plain", "-p", "no:cacheprovider", "--strict-facts", f"--seed={seed}"]
        pytest.main(arguments, plugins=[watch, subject])
        if watch.by:
            break
    return Outcome(watch.by, watch.requests)


if __name__ == "__main__":
    sys.exit(main())
