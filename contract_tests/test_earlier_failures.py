"""Failures of earlier runs, on this machine or another: each is repeated before anything else."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from contract_tests.oracle.requests import Verdict
from contract_tests.replay import Replay, ReplayStore
from contract_tests.run import Run
from contract_tests.trial import ContractViolation, Trial


def test_replay(run: Run, trial: Trial) -> None:
    """The one failure that the run is to repeat; no other test runs then."""
    trial.replay(run.replay)


@pytest.mark.first
def test_what_was_accepted_and_must_not_be(trial: Trial, replay_store: ReplayStore) -> None:
    """Requests that the document refuses, and that a server once did not refuse as it must."""
    _repeat(trial, replay_store, lambda verdict: verdict.is_refused)


def test_what_was_answered_wrongly(trial: Trial, replay_store: ReplayStore) -> None:
    """Requests that the document does not refuse, and that a server once did not answer as it must."""
    _repeat(trial, replay_store, lambda verdict: not verdict.is_refused)


def _repeat(trial: Trial, replay_store: ReplayStore, is_wanted: Callable[[Verdict], bool]) -> None:
    violations: list[ContractViolation] = []
    for word in replay_store:
        if not all(is_wanted(trial.verdict(request)) for request in Replay.of_word(word).requests):
            continue
        try:
            trial.replay(word)
        except ContractViolation as violation:
            violations.append(violation)
        else:
            replay_store.drop(word)
    if violations:
        raise violations[0]
