"""The run by which mutants are tested: that of a stand-in."""

from __future__ import annotations

from contract_tests.run import Run
from contract_tests.target.file import STAND_IN, read_target
from ventia_mock.world.file import SAMPLE_KEY


def stand_in_run(seed: int, *, is_thin: bool = False) -> Run:
    """A run against a stand-in with the sample world."""
    return Run(read_target(STAND_IN, None), True, SAMPLE_KEY, seed, 100, is_thin, "make contract")
