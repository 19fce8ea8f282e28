"""The client keeps its side: what it is called with goes onto the wire, and what is answered is what it returns."""

from __future__ import annotations

import contextlib
import itertools
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from contract_tests.cases import examples
from contract_tests.client import calls
from contract_tests.client.recorder import Recorder, keys_in, without_keys
from contract_tests.client.values import plain, read_body, read_parameters, same, sent_parameters, undescribed
from contract_tests.report.counters import Counters
from contract_tests.rules.values.near_misses import MISTYPED
from contract_tests.run import OPERATIONS, Run
from ventia_client import errors
from ventia_client._runtime.key import violation as key_violation
from ventia_document.operations import SAFE_METHODS, Operation
from ventia_document.samples import samples
from ventia_document.source import Json
from ventia_document.validation import Schema
from ventia_document.wire.keys import own_place
from ventia_document.wire.media import JSON
from ventia_mock.http.server import running

every_operation = pytest.mark.parametrize("operation", OPERATIONS, ids=str)


@pytest.fixture(scope="module")
def recorder() -> Recorder:
    return Recorder()


@pytest.fixture(scope="module")
def url(recorder: Recorder) -> Iterator[str]:
    with running(recorder) as url:
        yield url + "/base"


@pytest.fixture(scope="module")
def caller(url: str, run: Run) -> Iterator[calls.Caller]:
    caller = calls.Caller(url, run.key)
    yield caller
    caller.close()


@every_operation
@given(data=st.data(), awaited=st.booleans())
def test_what_the_client_is_given_goes_onto_the_wire(
    operation: Operation,
    recorder: Recorder,
    caller: calls.Caller,
    counters: Counters,
    data: st.DataObject,
    awaited: bool,
) -> None:
    """A call becomes one request of the operation: with its parameters, and its JSON as body, which reads back.

    The body has the documented content type, without parameters.
    """
    parameters, body = data.draw(calls.parameters(operation)), data.draw(calls.messages(operation))
    message = calls.message(operation, body)
    recorder.answer_with(*_example_response(operation))
    caller.call(operation, parameters, message, awaited=awaited)
    [request] = recorder.requests
    assert request.method == operation.method
    assert same(sent_parameters(operation, parameters), read_parameters(operation, request, "/base"))
    assert set() == undescribed(operation, without_keys(request, own_place(operation)).query)
    assert [media_type.name for media_type in operation.media_types] == request.headers.getlist("content-type")
    if operation.body:
        sent = read_body(operation, request)
        assert same(body, sent)
        assert message == calls.message(operation, sent)
    else:
        assert b"" == request.body
    counters["the client", "messages on the wire as given"] += 1


def _texts_with_rules() -> Iterator[tuple[Operation, str]]:
    """The JSON pointers of the texts in paths that not every text can be."""
    for operation in OPERATIONS:
        for part in operation.parameters:
            is_text = any(isinstance(value, str) for value in samples(operation.document, part).values())
            if (
                part.value["in"] == "path"
                and is_text
                and not Schema(operation.document, part.at + "/schema").accepts("../?")
            ):
                yield operation, part.at


@pytest.mark.parametrize(("operation", "at"), list(_texts_with_rules()), ids=str)
@given(data=st.data(), awaited=st.booleans())
def test_an_argument_that_breaks_a_rule_goes_nowhere(
    operation: Operation,
    at: str,
    recorder: Recorder,
    caller: calls.Caller,
    data: st.DataObject,
    awaited: bool,
) -> None:
    """A text that its parameter's rules refuse is an InvalidMessage, and no request."""
    parameters, message = _draw_request(data, operation)
    schema = Schema(operation.document, at + "/schema")
    parameters[at] = data.draw(st.text().filter(lambda text: not schema.accepts(text)))
    recorder.answer_with(*_example_response(operation))
    assert isinstance(caller.ending(operation, parameters, message, awaited=awaited), errors.InvalidMessage)
    assert [] == recorder.requests


@every_operation
@given(data=st.data(), awaited=st.booleans())
def test_what_the_server_answers_is_what_the_client_returns(
    operation: Operation,
    recorder: Recorder,
    caller: calls.Caller,
    counters: Counters,
    data: st.DataObject,
    awaited: bool,
) -> None:
    """Every documented response becomes an object of the class that the document names, which holds all of it."""
    answer = data.draw(calls.responses(operation))
    recorder.answer_with(answer.status, answer.value, answer.media_type)
    response = caller.call(operation, *_draw_request(data, operation), awaited=awaited)
    assert answer.status == response.status_code
    assert not isinstance(answer.value, dict) or answer.name in (None, type(response.parsed).__name__)
    assert same(answer.value, plain(response.parsed))
    counters["the client", "responses read back"] += 1


@every_operation
@given(data=st.data(), awaited=st.booleans())
def test_an_error_is_raised_as_the_class_that_the_document_names(
    operation: Operation,
    recorder: Recorder,
    caller: calls.Caller,
    counters: Counters,
    data: st.DataObject,
    awaited: bool,
) -> None:
    """An error response becomes an exception of the name of its component, with the fields of the response.

    Whatever the response is, there was one request: the platform removes no duplicates.
    """
    answer = data.draw(calls.responses(operation))
    recorder.answer_with(answer.status, answer.value, answer.media_type)
    ending = caller.ending(operation, *_draw_request(data, operation), awaited=awaited)
    assert 1 == len(recorder.requests)
    _check_ending(operation, answer.status, answer.value, ending)
    counters["the client", "responses told apart"] += 1


@every_operation
@pytest.mark.parametrize("awaited", [False, True])
@given(data=st.data())
@settings(max_examples=1)
def test_no_documented_answer_is_left_to_chance(
    operation: Operation, recorder: Recorder, caller: calls.Caller, awaited: bool, data: st.DataObject
) -> None:
    """An example of every response ends as the document says."""
    drawn = _draw_request(data, operation)
    for response in examples.responses(operation):
        recorder.answer_with(response.status, response.value, response.media_type)
        _check_ending(operation, response.status, response.value, caller.ending(operation, *drawn, awaited=awaited))


@every_operation
@given(data=st.data())
@settings(max_examples=1)
def test_a_success_with_a_mistyped_field_is_not_believed(
    operation: Operation, recorder: Recorder, caller: calls.Caller, data: st.DataObject
) -> None:
    """A success that is not of the documented types leaves it unknown whether the message was sent."""
    drawn = _draw_request(data, operation)
    for response in examples.responses(operation):
        fields = response.value if isinstance(response.value, dict) and response.status < 300 else {}
        for name, junk in itertools.product(fields, MISTYPED):
            value = {**fields, name: junk}
            if calls.is_documented(operation, response.status, value):
                continue
            recorder.answer_with(response.status, value)
            ending = caller.ending(operation, *drawn, awaited=False)
            assert isinstance(ending, errors.VentiaError), value
            assert _outcome(operation, 200) == ending.outcome


def _check_ending(operation: Operation, status: int, value: Json, ending: Any) -> None:
    if status in operation.successes:
        assert same(value, plain(ending))
    else:
        assert isinstance(ending, errors.AnswerError)
        assert calls.error_name(operation, status) in (None, *(each.__name__ for each in type(ending).__mro__))
        fields = value if isinstance(value, dict) else {}
        said = [fields.get(name, fields.get(other)) for name, other in (("error", "title"), ("details", "detail"))]
        assert (status, *said) == (ending.status_code, ending.error, ending.details)
        assert _outcome(operation, status) == ending.outcome


def _outcome(operation: Operation, status: int) -> str:
    """The outcome of an answer that is no success."""
    return "not_sent" if operation.method in SAFE_METHODS or 400 <= status < 500 else "unknown"


anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=9),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=9), inner, max_size=3),
)


def _spoilt(response: Json) -> SearchStrategy[Json]:
    """A response's JSON without a field, or with one replaced; or any other JSON."""
    if not isinstance(response, dict) or not response:
        return anything
    name = st.sampled_from(sorted(response))
    missing = name.map(lambda name: {other: value for other, value in response.items() if other != name})
    replaced = st.builds(lambda name, junk: {**response, name: junk}, name, anything)
    return missing | replaced | anything


@every_operation
@given(data=st.data(), awaited=st.booleans())
def test_whatever_is_answered_a_call_ends_in_one_of_three_outcomes(
    operation: Operation, recorder: Recorder, caller: calls.Caller, data: st.DataObject, awaited: bool
) -> None:
    """A spoilt response of any status ends in a success or a VentiaError, after one request."""
    documented = [status for status, _ in operation.numbered_responses]
    status = data.draw(st.sampled_from(documented) | st.integers(200, 599))
    answer = data.draw(calls.responses(operation))
    value = None if status in (204, 304) else data.draw(_spoilt(answer.value))
    recorder.answer_with(status, value, None if status in (204, 304) else JSON)
    ending = caller.ending(operation, *_draw_request(data, operation), awaited=awaited)
    assert 1 == len(recorder.requests)
    if isinstance(ending, errors.VentiaError):
        assert ending.outcome == "unknown" or 400 <= status < 500 or operation.method in SAFE_METHODS
    else:
        assert calls.is_documented(operation, status, value)
        assert same(value if calls.has_content(operation, status) else None, plain(ending))


@every_operation
@given(data=st.data(), key=st.text(min_size=1).filter(lambda key: not key_violation(key)), awaited=st.booleans())
@settings(max_examples=20)
def test_the_key_goes_into_its_place_and_nowhere_else(
    operation: Operation,
    recorder: Recorder,
    caller: calls.Caller,
    url: str,
    data: st.DataObject,
    key: str,
    awaited: bool,
) -> None:
    """The server reads a key of any characters from its place; apart from it, clients with other keys send the same."""
    recorder.answer_with(*_example_response(operation))
    drawn = _draw_request(data, operation)
    caller.call(operation, *drawn, awaited=awaited)
    with contextlib.closing(calls.Caller(url, key)) as other:
        # The key may be a word of the answer, such as interactionId, and the client takes it out of that.
        other.ending(operation, *drawn, awaited=awaited)
    first, second = recorder.requests
    place = own_place(operation)
    assert [key] * bool(place) == keys_in(second, place)
    assert without_keys(first, place) == without_keys(second, place)


def _draw_request(data: st.DataObject, operation: Operation) -> tuple[dict[str, Json], Any]:
    """Drawn parameters and a message of the document's examples, or a drawn one, as arguments of a call."""
    [body, *_] = [value for _, value in examples.bodies(operation)] or [data.draw(calls.messages(operation))]
    return data.draw(calls.parameters(operation)), calls.message(operation, body)


def _example_response(operation: Operation) -> tuple[int, Json, str | None]:
    response = examples.responses(operation)[0]
    return response.status, response.value, response.media_type
