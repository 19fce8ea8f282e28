"""Searches beyond the table: what hypothesis and schemathesis draw, judged by the document request by request."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from schemathesis.core.failures import FailureGroup

from contract_tests import run
from contract_tests.cases import by_schemathesis, strategies
from contract_tests.cases.by_schemathesis import AnyCase
from contract_tests.trial import About, Trial
from contract_tests.wire.guard import Blocked, NotSent
from contract_tests.wire.request import RIGHT, Answer, Asked

_DRAWING = run.current.drawing
_of_messages = pytest.mark.skipif(
    not (_DRAWING and _DRAWING.messages.sendable), reason="the target file names no sender that sends"
)

_CHANGED = About(
    "a changed message", "A message in which anything is changed so that the document refuses it is refused", "broken"
)
_EDITED = About(
    "a changed text", "A body that is no message, or no JSON, after any change of its characters is refused", "broken"
)
_KEYS = About("any other key", "No other text is taken for the key", "broken")
_ANY = About("any message", "Any message that the document accepts is answered as what it names decides", "kept")


@pytest.mark.first
@_of_messages
@given(asked=strategies.changed_messages(_DRAWING))
def test_a_message_with_any_fault_is_refused(asked: Asked, trial: Trial) -> None:
    """Whatever is changed in a message so that the document refuses it, it is refused."""
    _ask(trial, _CHANGED, asked)


@pytest.mark.first
@_of_messages
@given(asked=strategies.changed_texts(_DRAWING))
def test_a_text_that_is_no_message_is_refused(asked: Asked, trial: Trial) -> None:
    """Whatever is changed in the text of a message so that it is none, it is refused."""
    _ask(trial, _EDITED, asked)


@pytest.mark.first
@_of_messages
@given(key=st.text(), asked=strategies.plain_messages(_DRAWING))
def test_any_other_key_is_refused(key: str, asked: Asked, trial: Trial) -> None:
    """No other text is taken for the key."""
    if key != run.current.key:
        _ask(
            trial,
            _KEYS,
            replace(asked, query=tuple((name, key if value == RIGHT else value) for name, value in asked.query)),
        )


@_of_messages
@given(asked=strategies.messages(_DRAWING))
def test_any_message_that_the_document_accepts_is_accepted(asked: Asked, trial: Trial) -> None:
    """Whatever a message has, as long as the document accepts it, what it names decides of the answer."""
    _ask(trial, _ANY, asked)


@pytest.mark.first
@by_schemathesis.schema("negative").parametrize()
def test_invalid_requests_are_refused(case: AnyCase, trial: Trial) -> None:
    """A case against the document is refused; one that is now and then still valid is passed over."""
    asked = by_schemathesis.asked_of(case)
    verdict = trial.verdict(asked)
    if verdict.operation is None or verdict.is_refused:
        _validated(case, asked, trial, "broken")


@by_schemathesis.schema("positive").parametrize()
def test_valid_requests_are_accepted(case: AnyCase, trial: Trial) -> None:
    """A case that keeps the document is accepted, or refused for what it names."""
    _validated(case, by_schemathesis.asked_of(case), trial, "kept")


def _ask(trial: Trial, about: About, asked: Asked) -> Answer | None:
    """Make a request, unless the guard keeps it back."""
    try:
        return trial.ask(about, asked, run.current.expected(trial.verdict(asked)))
    except Blocked:
        return None
    except NotSent as reason:
        pytest.skip(str(reason))


def _validated(case: AnyCase, asked: Asked, trial: Trial, side: str) -> None:
    rule = f"{'valid' if side == 'kept' else 'invalid'} requests to {case.operation.label}"
    about = About(
        rule, "What schemathesis draws from the document is accepted, and what it draws against it refused", side
    )
    answer = _ask(trial, about, asked)
    if answer is None:
        return
    try:
        by_schemathesis.validate(case, answer)
    except FailureGroup as group:
        raise trial.lie(about, (asked,), f"does not pass schemathesis: {group.exceptions[0]}", answer.text) from None
