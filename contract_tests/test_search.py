"""Searches beyond the table: what hypothesis and schemathesis draw, judged by the document request by request."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from schemathesis.core.failures import FailureGroup

from contract_tests.cases import broken_rules, by_schemathesis
from contract_tests.cases.by_schemathesis import AnyCase
from contract_tests.cases.message_strategies import MessageStrategies
from contract_tests.replay import Purpose
from contract_tests.rules.drawing import Drawing
from contract_tests.run import OTHERS, Run
from contract_tests.trial import Trial
from contract_tests.wire.guard import Blocked, Withheld
from contract_tests.wire.request import API_KEY, Request
from contract_tests.wire.response import Response
from ventia_document.operations import Operation

_CHANGED = Purpose(
    "a changed message", "A message in which anything is changed so that the document refuses it is refused", "broken"
)
_EDITED = Purpose(
    "a changed text", "A body that is no message, or no JSON, after any change of its characters is refused", "broken"
)
_KEYS = Purpose("any other key", "No other text is accepted as the key", "broken")
_SAMPLES = "A request with a sample of each parameter is accepted"
_ONE_RULE = "A request that breaks the rule is refused"
_ANY = Purpose("any message", "Any message that the document accepts is answered as what it names decides", "kept")


@pytest.fixture(scope="session")
def messages(drawing: Drawing) -> MessageStrategies:
    """Draws messages through the senders that the target file names."""
    return MessageStrategies(drawing)


@pytest.mark.first
@given(data=st.data())
def test_a_message_with_any_fault_is_refused(
    data: st.DataObject, messages: MessageStrategies, run: Run, trial: Trial
) -> None:
    """A message that is changed so that the document refuses it is refused."""
    _send(run, trial, _CHANGED, data.draw(messages.changed))


@pytest.mark.first
@given(data=st.data())
def test_a_text_that_is_no_message_is_refused(
    data: st.DataObject, messages: MessageStrategies, run: Run, trial: Trial
) -> None:
    """A message whose JSON text is changed so that the document refuses it is refused."""
    _send(run, trial, _EDITED, data.draw(messages.edited))


@pytest.mark.first
@given(key=st.text(), data=st.data())
def test_any_other_key_is_refused(
    key: str, data: st.DataObject, messages: MessageStrategies, run: Run, trial: Trial
) -> None:
    """No other text is accepted as the key."""
    if key != run.key:
        request = data.draw(messages.plain)
        query = tuple((name, key if value == API_KEY else value) for name, value in request.query)
        _send(run, trial, _KEYS, replace(request, query=query))


@pytest.mark.first
@pytest.mark.parametrize("operation", OTHERS, ids=str)
def test_what_breaks_one_rule_of_an_operation_is_refused(operation: Operation, run: Run, trial: Trial) -> None:
    """A request that breaks one rule of a parameter or a body is refused; the first sender has its table."""
    _skip_if_guarded(run)
    for at, request in broken_rules.broken(operation):
        verdict = trial.verdict(request)
        if verdict.operation is operation and verdict.is_refused:
            _send(run, trial, Purpose(f"single rules of {operation}", _ONE_RULE, "broken", at), request)


@pytest.mark.parametrize("operation", [each for each in OTHERS if not each.sends], ids=str)
def test_samples_of_all_parameters_are_accepted(operation: Operation, run: Run, trial: Trial) -> None:
    """A request with a sample of each parameter, written in its style, and of the body is accepted."""
    _skip_if_guarded(run)
    for request in broken_rules.sample_requests(operation):
        if trial.verdict(request).is_accepted:
            _send(run, trial, Purpose(f"samples of {operation}", _SAMPLES, "kept"), request)


@given(data=st.data())
def test_any_message_that_the_document_accepts_is_accepted(
    data: st.DataObject, messages: MessageStrategies, run: Run, trial: Trial
) -> None:
    """A message that the document accepts is answered as its sender and template decide."""
    _send(run, trial, _ANY, data.draw(messages.valid))


@pytest.mark.first
@pytest.mark.by_schemathesis("negative")
def test_invalid_requests_are_refused(case: AnyCase, run: Run, trial: Trial) -> None:
    """A case against the document is refused; one that turns out to be valid is passed over."""
    request = by_schemathesis.request_of(case)
    verdict = trial.verdict(request)
    if verdict.operation is None or verdict.is_refused:
        _validated(case, request, run, trial, "broken")


@pytest.mark.by_schemathesis("positive")
def test_valid_requests_are_accepted(case: AnyCase, run: Run, trial: Trial) -> None:
    """A case that keeps the document is accepted, or refused for what it names."""
    _validated(case, by_schemathesis.request_of(case), run, trial, "kept")


def _skip_if_guarded(run: Run) -> None:
    for why in run.untested:
        pytest.skip(why)


def _send(run: Run, trial: Trial, purpose: Purpose, request: Request) -> Response | None:
    """Send a request, unless the guard blocks it."""
    try:
        return trial.send(purpose, request, run.expected(trial.verdict(request)))
    except Blocked:
        return None
    except Withheld as reason:
        pytest.skip(str(reason))


def _validated(case: AnyCase, request: Request, run: Run, trial: Trial, side: str) -> None:
    rule = f"{'valid' if side == 'kept' else 'invalid'} requests to {case.operation.label}"
    sentence = "What schemathesis draws from the document is accepted, and what it draws against it refused"
    purpose = Purpose(rule, sentence, side)
    response = _send(run, trial, purpose, request)
    if response is None:
        return
    try:
        by_schemathesis.validate(case, response)
    except FailureGroup as group:
        trial.complain(purpose, request, f"does not pass schemathesis: {group.exceptions[0]}", response)
