"""The table of rules: what keeps a rule is accepted, what breaks it alone is refused and not delivered."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from contract_tests import run
from contract_tests.rules.drawing import Probe, Row
from contract_tests.trial import About, Trial
from contract_tests.wire.inbox import Inbox

_FEW = 10
_ONCE_MORE = 3


@dataclass(frozen=True)
class Portion:
    """Some of the requests of a row, so that a few of each rule can go before all of any."""

    row: Row
    side: str
    probes: list[Probe]
    is_rest: bool = False

    def __str__(self) -> str:
        return f"{self.row.name}{', the rest' if self.is_rest else ''}"


def _portions(side: str, *, by_platform: bool = False) -> pytest.MarkDecorator:
    found = [
        portion
        for row in run.current.rows
        if side == "kept" or row.by_platform == by_platform
        for portion in _divided(row, side, row.kept if side == "kept" else row.broken)
    ]
    return pytest.mark.parametrize("portion", found, ids=str)


def _divided(row: Row, side: str, probes: list[Probe]) -> list[Portion]:
    step = len(probes) // _FEW
    if step < 2 or any(probe.again for probe in probes):
        return [Portion(row, side, probes)] if probes else []
    few = probes[::step]
    return [Portion(row, side, few), Portion(row, side, [p for n, p in enumerate(probes) if n % step], is_rest=True)]


@pytest.mark.first
@_portions("broken")
def test_what_breaks_the_rule_alone_is_refused(portion: Portion, trial: Trial, inbox: Inbox | None) -> None:
    """It is refused as documented, again if it is asked again, and not delivered."""
    again = 0 if run.current.is_guarded or portion.is_rest else _ONCE_MORE
    _ask(trial, inbox, portion, again)


@_portions("kept")
def test_what_keeps_the_rule_is_accepted(portion: Portion, trial: Trial, inbox: Inbox | None) -> None:
    """It is answered as a message that keeps all rules, and delivered once."""
    _ask(trial, inbox, portion)


@_portions("broken", by_platform=True)
def test_what_the_platform_cannot_send_is_refused(portion: Portion, trial: Trial, inbox: Inbox | None) -> None:
    """It is refused with the documented answer for what the platform knows, and not delivered."""
    _ask(trial, inbox, portion)


def _ask(trial: Trial, inbox: Inbox | None, portion: Portion, again: int = 0) -> None:
    about, probes = About(portion.row.name, portion.row.sentence, portion.side), portion.probes
    if inbox:
        inbox.delivered()
    asked = [*((probe, probe.again) for probe in probes), *((probe, True) for probe in probes[:again])]
    accepted = sum(trial.ask(about, each.asked, each.expected, again=once_more).accepts for each, once_more in asked)
    if inbox and (delivered := inbox.delivered()) != accepted:
        complaint = f"delivered {delivered} messages, by its own account, and accepted {accepted} of {len(asked)}"
        raise trial.lie(about, tuple(probe.asked for probe in probes[-1:]), complaint)
