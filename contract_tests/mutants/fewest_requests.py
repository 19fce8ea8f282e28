"""The fewest requests of the table that would find every faulty server."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from starlette.types import ASGIApp

from contract_tests.mutants.stand_in_run import stand_in_run
from contract_tests.replay import Purpose
from contract_tests.rules.drawing import Probe
from contract_tests.run import JUDGE, SOURCE
from contract_tests.trial import ContractViolation, Trial
from contract_tests.wire.in_process import InProcess
from contract_tests.wire.server import Server
from ventia_mock.stand_in import StandIn
from ventia_mock.world.file import SAMPLE_KEY


@cache
def probes(seed: int) -> list[Probe]:
    """The requests of the table for a guarded run."""
    return [probe for row in stand_in_run(seed, is_thin=True).rows for probe in (*row.broken, *row.kept)]


def finding(app: ASGIApp, seed: int) -> frozenset[int]:
    """The requests that find a server faulty, by their numbers in `probes`."""
    server = Server("http://127.0.0.1" + StandIn(SOURCE).base_path, SAMPLE_KEY, InProcess(app))
    trial = Trial(server, JUDGE, SAMPLE_KEY, "", measures=False)
    return frozenset(number for number, probe in enumerate(probes(seed)) if _finds(trial, probe))


def _finds(trial: Trial, probe: Probe) -> bool:
    try:
        trial.send(Purpose("", "", ""), probe.request, probe.expected)
    except ContractViolation:
        return True
    return False


def greedy(finding: Mapping[str, frozenset[int]]) -> list[int]:
    """A greedy choice of the fewest requests that find all that any of them finds."""
    left, chosen = {name for name, numbers in finding.items() if numbers}, list[int]()
    while left:
        best = max(
            sorted(set().union(*(finding[name] for name in left))),
            key=lambda number: sum(number in finding[name] for name in left),
        )
        chosen.append(best)
        left = {name for name in left if best not in finding[name]}
    return chosen
