"""Failures of earlier runs, this machine's and others': each is repeated before all else."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from contract_tests import run
from contract_tests.oracle.judge import Verdict
from contract_tests.replay import KnownLies
from contract_tests.trial import Lie, Trial


def test_replay(trial: Trial) -> None:
    """The one failure that the run is to repeat; no other test runs then."""
    trial.replay(run.current.replay)


@pytest.mark.first
def test_what_was_accepted_and_must_not_be(trial: Trial, known_lies: KnownLies) -> None:
    """Requests that the document refuses, which a server has once not refused as it must."""
    _repeat(trial, known_lies, lambda verdict: verdict.is_refused)


def test_what_was_answered_wrongly(trial: Trial, known_lies: KnownLies) -> None:
    """Requests that the document does not refuse, which a server has once not answered as it must."""
    _repeat(trial, known_lies, lambda verdict: not verdict.is_refused)


def _repeat(trial: Trial, known_lies: KnownLies, wanted: Callable[[Verdict], bool]) -> None:
    told: list[Lie] = []
    for word in known_lies:
        if not all(wanted(trial.verdict(asked)) for asked in trial.asked_by(word)):
            continue
        try:
            trial.replay(word)
        except Lie as lie:
            told.append(lie)
        else:
            known_lies.drop(word)
    if told:
        raise told[0]
