"""The client keeps its side: what it is given is what goes onto the wire, and what is answered is what it returns."""

from __future__ import annotations

import contextlib
import itertools
import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from typing import Any
from urllib.parse import quote

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from contract_tests import calls, run, samples
from contract_tests.recorder import Recorded, Recorder
from contract_tests.rules.near import MISTYPED
from ventia_client import errors
from ventia_client._document import API_KEY_PARAMETER
from ventia_document.operations import Operation, resolve
from ventia_document.parameters import Parameter
from ventia_document.source import Json
from ventia_mock.http.server import running

every_operation = pytest.mark.parametrize("operation", run.OPERATIONS, ids=str)


@pytest.fixture(scope="module")
def recorder() -> Recorder:
    return Recorder()


@pytest.fixture(scope="module")
def url(recorder: Recorder) -> Iterator[str]:
    with running(recorder) as url:
        yield url + "/base"


@pytest.fixture(scope="module")
def caller(url: str) -> Iterator[calls.Caller]:
    caller = calls.Caller(url, run.current.key)
    yield caller
    caller.close()


@every_operation
@given(data=st.data(), awaited=st.booleans())
def test_what_the_client_is_given_goes_onto_the_wire(
    operation: Operation, recorder: Recorder, caller: calls.Caller, data: st.DataObject, awaited: bool
) -> None:
    """A message becomes one request of the operation: with its parameters, and its JSON as body, which reads back.

    It says of the body that it is what the document wants, and has no parameters of its own.
    """
    parameters = data.draw(calls.parameters(operation))
    model, body = data.draw(calls.messages(operation))
    message = model.from_dict(body) if model else None
    recorder.answer_with(*_sample_answer(operation))
    caller.call(operation, parameters, message, awaited=awaited)
    [request] = recorder.requests
    assert request.method == operation.method
    assert request.path == "/base" + operation.path.format_map(_quoted(parameters))
    given = {name: value for name, value in parameters.items() if value != []}  # an empty list is sent as nothing
    sent = _defaults(operation) | given
    assert _same(sent, _read_back(operation, request) | _path_parameters(operation, parameters))
    assert {name for name, _ in request.query} <= {API_KEY_PARAMETER, *_wire_names(operation, "query")}
    assert [media_type.name for media_type in operation.media_types] == request.headers.getlist("content-type")
    assert _same(body, json.loads(request.body) if request.body else None)
    assert model is None or message == model.from_dict(json.loads(request.body))
    run.current.shown["the client", "messages on the wire as given"] += 1


@every_operation
@given(data=st.data(), awaited=st.booleans())
def test_what_the_server_answers_is_what_the_client_returns(
    operation: Operation, recorder: Recorder, caller: calls.Caller, data: st.DataObject, awaited: bool
) -> None:
    """Every documented answer becomes an object of the class that the document names, which gives the answer back."""
    status, name, value = data.draw(calls.answers(operation))
    recorder.answer_with(status, value)
    response = caller.call(operation, *_draw_request(data, operation), awaited=awaited)
    assert status == response.status_code
    assert name in (None, type(response.parsed).__name__)
    assert _same(value, _plain(response.parsed))
    run.current.shown["the client", "answers read back"] += 1


@every_operation
@given(data=st.data(), awaited=st.booleans())
def test_an_error_is_raised_as_the_class_that_the_document_names(
    operation: Operation, recorder: Recorder, caller: calls.Caller, data: st.DataObject, awaited: bool
) -> None:
    """An error response becomes an exception of the name of its component, with what the answer says.

    Whatever the answer is, it was asked for once: the platform removes no duplicates.
    """
    status, _, value = data.draw(calls.answers(operation))
    recorder.answer_with(status, value)
    ending = caller.ending(operation, *_draw_request(data, operation), awaited=awaited)
    assert 1 == len(recorder.requests)
    _check_ending(operation, status, value, ending)
    run.current.shown["the client", "answers told apart"] += 1


@every_operation
@pytest.mark.parametrize("awaited", [False, True])
def test_no_documented_answer_is_left_to_chance(
    operation: Operation, recorder: Recorder, caller: calls.Caller, awaited: bool
) -> None:
    """A sample of every answer ends as the document says."""
    for request, answer in itertools.product(samples.requests(operation)[:1], samples.answers(operation)):
        recorder.answer_with(answer.status, answer.value)
        body = calls.message(operation, request.body)
        ending = caller.ending(operation, request.parameters, body, awaited=awaited)
        _check_ending(operation, answer.status, answer.value, ending)


@every_operation
def test_a_success_with_a_mistyped_field_is_not_believed(
    operation: Operation, recorder: Recorder, caller: calls.Caller
) -> None:
    """A success that is not of the documented types leaves it unknown whether the message was sent."""
    [request, *_] = samples.requests(operation)
    body = calls.message(operation, request.body)
    for answer in samples.answers(operation):
        fields = answer.value if isinstance(answer.value, dict) and answer.status < 300 else {}
        for name, junk in itertools.product(fields, MISTYPED):
            value = {**fields, name: junk}
            if calls.is_documented(operation, answer.status, value):
                continue
            recorder.answer_with(answer.status, value)
            ending = caller.ending(operation, request.parameters, body, awaited=False)
            assert isinstance(ending, errors.VentiaError), value
            assert "unknown" == ending.outcome


def _check_ending(operation: Operation, status: int, value: Json, ending: Any) -> None:
    if status < 300:
        assert _same(value, _plain(ending))
    else:
        assert isinstance(ending, errors.AnswerError)
        assert calls.error_name(operation, status) in (None, type(ending).__name__)
        said = value if isinstance(value, dict) else {}
        assert (status, said.get("error"), said.get("details")) == (ending.status_code, ending.error, ending.details)
        assert ("not_sent" if status < 500 else "unknown") == ending.outcome


anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=9),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=9), inner, max_size=3),
)


def _spoilt(answer: Json) -> SearchStrategy[Json]:
    """The JSON of an answer of which a field is missing or replaced; or anything instead of it, or nothing at all."""
    if not isinstance(answer, dict) or not answer:
        return anything
    name = st.sampled_from(sorted(answer))
    missing = name.map(lambda name: {known: value for known, value in answer.items() if known != name})
    replaced = st.builds(lambda name, junk: {**answer, name: junk}, name, anything)
    return missing | replaced | anything


@every_operation
@given(data=st.data(), awaited=st.booleans())
def test_whatever_is_answered_a_call_ends_in_one_of_three_outcomes(
    operation: Operation, recorder: Recorder, caller: calls.Caller, data: st.DataObject, awaited: bool
) -> None:
    """Any status, with a documented answer that is spoilt, is a success or a VentiaError, and was asked for once."""
    documented = [status for status, _ in operation.numbered_responses]
    status = data.draw(st.sampled_from(documented) | st.integers(200, 599))
    _, _, answer = data.draw(calls.answers(operation))
    value = None if status in (204, 304) else data.draw(_spoilt(answer))
    recorder.answer_with(status, value)
    ending = caller.ending(operation, *_draw_request(data, operation), awaited=awaited)
    assert 1 == len(recorder.requests)
    if isinstance(ending, errors.VentiaError):
        assert ending.outcome == "unknown" or 400 <= status < 500
    else:
        assert calls.is_documented(operation, status, value)
        assert _same(value if calls.has_content(operation, status) else None, _plain(ending))


@every_operation
@given(data=st.data(), key=st.text(min_size=1), awaited=st.booleans())
@settings(max_examples=20)
def test_the_key_goes_into_the_query_and_nowhere_else(
    operation: Operation,
    recorder: Recorder,
    caller: calls.Caller,
    url: str,
    data: st.DataObject,
    key: str,
    awaited: bool,
) -> None:
    """Whatever characters a key has, the server reads it from the query; but for it, all keys send the same."""
    recorder.answer_with(*_sample_answer(operation))
    drawn = _draw_request(data, operation)
    caller.call(operation, *drawn, awaited=awaited)
    with contextlib.closing(calls.Caller(url, key)) as other:
        other.call(operation, *drawn, awaited=awaited)
    known, request = recorder.requests
    assert [key] == [value for name, value in request.query if name == API_KEY_PARAMETER]
    assert _without_key(known) == _without_key(request)


def _without_key(request: Recorded) -> Recorded:
    return replace(request, query=[pair for pair in request.query if pair[0] != API_KEY_PARAMETER])


def _same(expected: Json, actual: Json) -> bool:
    """Whether two JSON values are equal, where a time may be written in another way."""
    if isinstance(expected, dict) and isinstance(actual, dict):
        return expected.keys() == actual.keys() and all(_same(expected[name], actual[name]) for name in expected)
    if isinstance(expected, list) and isinstance(actual, list):
        return len(expected) == len(actual) and all(map(_same, expected, actual))
    if isinstance(expected, str) and isinstance(actual, str) and expected != actual:
        with contextlib.suppress(ValueError):
            return datetime.fromisoformat(expected) == datetime.fromisoformat(actual)
    return bool(expected == actual)


def _plain(parsed: Any) -> Json:
    """What the client made of an answer, as JSON."""
    if isinstance(parsed, list):
        return [_plain(item) for item in parsed]
    return parsed.to_dict() if hasattr(parsed, "to_dict") else parsed


def _draw_request(data: st.DataObject, operation: Operation) -> tuple[dict[str, Json], Any]:
    """Drawn parameters and a message of the document's samples, as arguments of a call."""
    [body, *_] = [value for _, value in samples.bodies(operation)] or [None]
    return data.draw(calls.parameters(operation)), calls.message(operation, body)


def _sample_answer(operation: Operation) -> tuple[int, Json]:
    answer = samples.answers(operation)[0]
    return answer.status, answer.value


def _quoted(parameters: dict[str, Json]) -> dict[str, str]:
    return {name: quote(str(value), safe="") for name, value in parameters.items()}


def _defaults(operation: Operation) -> dict[str, Json]:
    """What the client sends for parameters that it is not given."""
    schemas = {
        part.value["name"]: resolve(run.SOURCE.value, part.at + "/schema").value for part in operation.parameters
    }
    return {name: schema["default"] for name, schema in schemas.items() if "default" in schema}


def _path_parameters(operation: Operation, parameters: dict[str, Json]) -> dict[str, Json]:
    return {name: parameters[name] for name in operation.path_names}


def _wire_names(operation: Operation, place: str) -> list[str]:
    """What the parameters of one place are called there."""
    parameters = [Parameter(run.SOURCE.value, part) for part in operation.parameters]
    return [parameter.name for parameter in parameters if parameter.place == place]


def _read_back(operation: Operation, request: Recorded) -> dict[str, Json]:
    """The parameters outside the path, as the document's types read them from the wire."""
    wire: dict[str, Any] = {"query": request.query, "header": request.headers.items()}
    found = {}
    for part in operation.parameters:
        parameter = Parameter(run.SOURCE.value, part)
        texts = [value for name, value in wire.get(parameter.place, []) if name == parameter.name]
        if texts:
            found[part.value["name"]], broken = parameter.read(texts)
            assert broken == []
    return found
