"""How few requests of the table would do to find every faulty server."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from starlette.types import ASGIApp

from contract_tests import run
from contract_tests.inside import Inside
from contract_tests.rules import Probe
from contract_tests.server import Server
from contract_tests.trial import About, Lie, Trial
from ventia_mock.stand_in import StandIn
from ventia_mock.world.file import SAMPLE_KEY


@cache
def probes(seed: int) -> list[Probe]:
    """The requests of the table for a server where each is dear."""
    return [probe for row in run.of_stand_in(seed, is_thin=True).rows for probe in (*row.broken, *row.kept)]


def finding(app: ASGIApp, seed: int) -> frozenset[int]:
    """Which of these requests, by their number, find a fault of a server."""
    server = Server("http://127.0.0.1" + StandIn(run.SOURCE).base_path, SAMPLE_KEY, Inside(app))
    trial = Trial(server, run.JUDGE, SAMPLE_KEY, "", measures=False)
    return frozenset(number for number, probe in enumerate(probes(seed)) if _finds(trial, probe))


def _finds(trial: Trial, probe: Probe) -> bool:
    try:
        trial.ask(About("", "", ""), probe.asked, probe.expected)
    except Lie:
        return True
    return False


def greedy(finding: Mapping[str, frozenset[int]]) -> list[int]:
    """The fewest requests, as a greedy choice has it, that find all that any of them finds."""
    left, chosen = {name for name, found in finding.items() if found}, list[int]()
    while left:
        best = max(
            sorted(set().union(*(finding[name] for name in left))),
            key=lambda number: sum(number in finding[name] for name in left),
        )
        chosen.append(best)
        left = {name for name in left if best not in finding[name]}
    return chosen
