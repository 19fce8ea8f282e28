"""Runs the suite against faulty servers, faulty clients and faulty code, and prints what finds which.

    python -m contract_tests.mutants [--seed N] [--only WORDS] [--all]

Each is tested in a process of its own, forked from this one, by the same tests that `make contract` runs, up to the
first failure. The correct server and client are tested too: a test that fails for them finds nothing. Without `--all`
it takes four minutes: those tested are drawn by the seed, and the last line says how many were left out.
"""

from __future__ import annotations

import argparse
import gc
import math
import random
import sys
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence

import pytest
from rich.console import Console
from rich.table import Table
from starlette.types import ASGIApp

from contract_tests import conftest
from contract_tests.mutants import fewest_requests, plain_schemathesis
from contract_tests.mutants.application import application
from contract_tests.mutants.clients import client_mutants
from contract_tests.mutants.code.__main__ import try_changes
from contract_tests.mutants.servers import server_mutants
from contract_tests.mutants.stand_in_run import stand_in_run
from contract_tests.mutants.testing import SERVERS_SIDE, Outcome, of_each, tested
from contract_tests.options import Subject
from contract_tests.run import SOURCE
from ventia_document import printing
from ventia_mock.app import App
from ventia_mock.stand_in import StandIn

_CLIENTS_SIDE = (["test_client.py"],)
CORRECT = "(correct)"


def main(arguments: Sequence[str] | None = None) -> int:
    """Test every mutant; 1 if one survives, or the correct server or client fails."""
    printing.escape()
    parser = argparse.ArgumentParser(
        prog="python -m contract_tests.mutants", description=(__doc__ or "").partition("\n")[0]
    )
    parser.add_argument("--seed", type=int, default=random.getrandbits(32), help="seed of everything that is drawn")
    parser.add_argument("--only", default="", metavar="WORDS", help="only mutants whose names contain these words")
    parser.add_argument(
        "--all",
        action="store_true",
        help="test every mutant, however long it takes, run plain schemathesis too, and search for the fewest requests",
    )
    options = parser.parse_args(arguments)
    began, seed = time.monotonic(), options.seed
    console = Console(width=max(Console().width, _WIDTH))
    console.print(f"seed {seed}")
    servers = _drawn((mutant.name for mutant in server_mutants()), options.only, seed)
    clients = _drawn((mutant.name for mutant in client_mutants()), options.only, seed)
    # The forks share the modules imported and the table drawn here, instead of each making its own.
    assert conftest
    assert stand_in_run(seed).rows
    gc.freeze()

    def left(share: float) -> float:
        return math.inf if options.all else began + share * _SECONDS - time.monotonic()

    by_suite = of_each("servers", servers, lambda name: _tested_server(name, seed), left(_SERVERS_END))
    by_clients_side = of_each("clients", clients, lambda name: _tested_client(name, seed), left(_CLIENTS_END))
    by_plain, finding = {}, {}
    if options.all:
        by_plain = of_each("plain schemathesis", servers, lambda name: plain_schemathesis.finds(_app(name), seed))
        finding = of_each("the fewest requests", servers, lambda name: fewest_requests.finding(_app(name), seed))
    for title, outcomes in {"servers": by_suite, "clients": by_clients_side}.items():
        console.print(_table(title, outcomes, by_plain))
    summary = [_summary("servers", by_suite), _summary("clients", by_clients_side), *_beside(by_plain, finding)]
    console.print("; ".join(summary))
    report = try_changes(seed, options.only, lambda: left(_CHANGES_END), with_reasons=options.all)
    untested = {
        "servers": (len(servers) - len(by_suite), len(servers) - 1),
        "clients": (len(clients) - len(by_clients_side), len(clients) - 1),
        "changes": (report.untested, report.count),
    }
    console.print(f"seed {seed}; {time.monotonic() - began:.0f} s; {_left_out(untested)}")
    is_right = all(_is_right(outcomes) for outcomes in (by_suite, by_clients_side)) and not report.wrong
    return 0 if is_right else 1


def _drawn(names: Iterable[str], words: str, seed: int) -> list[str]:
    """The correct one, and the mutants whose names contain the words, in the order of the seed."""
    chosen = [name for name in names if words in name]
    random.Random(seed).shuffle(chosen)
    return [CORRECT, *chosen]


def _left_out(untested: Mapping[str, tuple[int, int]]) -> str:
    """The sentence that says how many of each kind were not tested."""
    parts = [f"{left} of {count} {kind}" for kind, (left, count) in untested.items() if left]
    return f"left out: {', '.join(parts)} (ALL=1 tests them)" if parts else "nothing was left out"


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
_SECONDS = 240  # that a run takes on two quiet cores; what has begun by the ends below takes up to 15 s more
_SERVERS_END, _CLIENTS_END, _CHANGES_END = 0.45, 0.52, 0.94  # as shares of that


def _app(name: str) -> ASGIApp:
    correct = App(StandIn(SOURCE))
    if name == CORRECT:
        return correct
    [mutant] = [mutant for mutant in server_mutants() if mutant.name == name]
    return application(correct, mutant.around)


def _tested_server(name: str, seed: int) -> Outcome:
    return tested(SERVERS_SIDE, seed, Subject(_app(name), shrinks=False))


def _tested_client(name: str, seed: int) -> Outcome:
    if name != CORRECT:
        [mutant] = [mutant for mutant in client_mutants() if mutant.name == name]
        mutant.patch(pytest.MonkeyPatch())
    return tested(_CLIENTS_SIDE, seed, Subject(shrinks=False))


if __name__ == "__main__":
    sys.exit(main())
