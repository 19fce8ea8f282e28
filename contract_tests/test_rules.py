"""The table of rules: what keeps a rule is accepted, what breaks it alone is refused and not delivered."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from contract_tests.oracle.delivery import difference
from contract_tests.replay import Purpose
from contract_tests.report.counters import properties
from contract_tests.rules.drawing import Probe, Row
from contract_tests.rules.hollow import left_out
from contract_tests.run import OTHERS, RUN, Run
from contract_tests.trial import ContractViolation, NoAnswer, Trial, joined
from contract_tests.wire.guard import Withheld
from contract_tests.wire.inbox import Inbox
from contract_tests.wire.request import Request

_FEW = 10
_AGAIN = 3


@dataclass(frozen=True)
class Portion:
    """Some requests of a row: a few of each rule go before all of any."""

    row: Row
    side: str
    probes: list[Probe]
    is_rest: bool = False

    def __str__(self) -> str:
        return f"{self.row.name}{', the rest' if self.is_rest else ''}"


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "portion" not in metafunc.fixturenames:
        return
    rows = metafunc.config.stash[RUN].rows
    probes = {
        "test_what_breaks_the_rule_alone_is_refused": [
            ("broken", row, row.broken) for row in rows if not row.by_platform
        ],
        "test_what_keeps_the_rule_is_accepted": [("kept", row, row.kept) for row in rows],
        "test_what_the_platform_cannot_send_is_refused": [
            ("broken", row, row.broken) for row in rows if row.by_platform
        ],
    }[metafunc.function.__name__]
    portions = [portion for side, row, probes in probes for portion in _portions(row, side, probes)]
    metafunc.parametrize("portion", portions, ids=str)


def _portions(row: Row, side: str, probes: list[Probe]) -> list[Portion]:
    step = len(probes) // _FEW
    if step < 2 or any(probe.again for probe in probes):
        return [Portion(row, side, probes)] if probes else []
    rest = [probe for number, probe in enumerate(probes) if number % step]
    return [Portion(row, side, probes[::step]), Portion(row, side, rest, is_rest=True)]


@pytest.mark.first
def test_every_rule_has_requests(run: Run) -> None:
    """Each rule has requests, or the target file leaves out what they need."""
    if lines := "\n".join(left_out(run.drawing, run.rows, OTHERS, is_own=run.is_own)):
        pytest.fail(f"the run would show less than it seems to:\n{lines}", pytrace=False)


@pytest.mark.first
def test_what_breaks_the_rule_alone_is_refused(portion: Portion, run: Run, trial: Trial, inbox: Inbox | None) -> None:
    """A request that breaks a rule alone is refused as documented, also a second time, and not delivered."""
    again = 0 if run.is_guarded or portion.is_rest else _AGAIN
    _send(trial, inbox, portion, again)


def test_what_keeps_the_rule_is_accepted(portion: Portion, trial: Trial, inbox: Inbox | None) -> None:
    """A request that keeps a rule is answered as a message that keeps all rules, and delivered once, as it was sent."""
    _send(trial, inbox, portion)


def test_what_the_platform_cannot_send_is_refused(portion: Portion, trial: Trial, inbox: Inbox | None) -> None:
    """A message that only the platform can refuse gets the documented response, and is not delivered."""
    _send(trial, inbox, portion)


def _send(trial: Trial, inbox: Inbox | None, portion: Portion, again: int = 0) -> None:
    row, probes = portion.row, portion.probes
    if inbox:
        inbox.skip()
    sends = [*((probe, probe.again) for probe in probes), *((probe, True) for probe in probes[:again])]
    violations: list[ContractViolation] = []
    accepted: list[Request] = []
    for probe, repeat in sends:
        purpose = Purpose(row.name, row.sentence, portion.side, probe.name)
        try:
            response = trial.send(purpose, probe.request, probe.expected, again=repeat)
            # A success of OPTIONS lists the methods, and delivers nothing.
            accepted += [probe.request] if response.accepts and probe.request.method != "OPTIONS" else []
        except NoAnswer:
            raise
        except ContractViolation as violation:
            violations.append(violation)
        except Withheld:
            if not violations:
                raise
            break
    if violations:
        raise joined(violations)
    if inbox:
        _compare(trial, inbox, portion, accepted, len(sends))


def _compare(trial: Trial, inbox: Inbox, portion: Portion, accepted: list[Request], sent: int) -> None:
    """Compare the messages of the inbox with those that were accepted."""
    row = portion.row
    purpose = Purpose(row.name, row.sentence, portion.side)
    count, delivered = inbox.delivered(len(accepted))
    if count != len(accepted):
        complaint = f"delivered {count} messages, by its own account, and accepted {len(accepted)} of {sent}"
        raise trial.violation(purpose, tuple(probe.request for probe in portion.probes[-1:]), complaint)
    for request, message in zip(reversed(accepted), reversed(delivered), strict=False):  # it may have forgotten some
        operation = trial.verdict(request).operation
        if operation and (complaint := difference(request, message, properties(operation))):
            raise trial.violation(purpose, (request,), complaint)
