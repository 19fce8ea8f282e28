"""The client keeps its side: what it is given is what goes onto the wire, and what is answered is what it returns."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Iterator
from datetime import datetime
from typing import Any
from urllib.parse import quote

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from contract_tests import calls, run, samples
from contract_tests.recorder import Recorded, Recorder
from ventia_client import errors
from ventia_client._document import API_KEY_PARAMETER
from ventia_document.operations import Operation, resolve
from ventia_document.source import Json
from ventia_mock.parameters import Parameter
from ventia_mock.server import running

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
    """A message becomes one request of the operation: with its parameters, and its JSON as body, which reads back."""
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
    """An error response becomes an exception of the name of its component, with what the answer says."""
    status, _, value = data.draw(calls.answers(operation))
    recorder.answer_with(status, value)
    ending = caller.ending(operation, *_draw_request(data, operation), awaited=awaited)
    if status < 300:
        assert _same(value, _plain(ending))
    else:
        assert isinstance(ending, errors.AnswerError)
        assert calls.error_name(operation, status) in (None, type(ending).__name__)
        said = value if isinstance(value, dict) else {}
        assert (status, said.get("error"), said.get("details")) == (ending.status_code, ending.error, ending.details)
        assert ("not_sent" if status < 500 else "unknown") == ending.outcome
    run.current.shown["the client", "answers told apart"] += 1


anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=9),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=9), inner, max_size=3),
)


@every_operation
@given(data=st.data(), status=st.integers(200, 599), junk=anything, awaited=st.booleans())
def test_whatever_is_answered_a_call_ends_in_one_of_three_outcomes(
    operation: Operation,
    recorder: Recorder,
    caller: calls.Caller,
    data: st.DataObject,
    status: int,
    junk: Json,
    awaited: bool,
) -> None:
    """Any status, with a documented answer of which fields are missing or replaced, is a success or a VentiaError."""
    _, _, value = data.draw(calls.answers(operation))
    if isinstance(value, dict) and value:
        name = data.draw(st.sampled_from(sorted(value)))
        value = {**value, name: junk} if data.draw(st.booleans()) else {k: v for k, v in value.items() if k != name}
    else:
        value = junk
    recorder.answer_with(status, None if status in (204, 304) else value)
    ending = caller.ending(operation, *_draw_request(data, operation), awaited=awaited)
    if isinstance(ending, errors.VentiaError):
        assert ending.outcome == "unknown" or 400 <= status < 500
    else:
        assert calls.is_documented(operation, status, value)
        assert _same(value, _plain(ending))


@every_operation
@given(data=st.data(), key=st.text(min_size=1))
@settings(max_examples=20)
def test_the_key_goes_into_the_query_and_nowhere_else(
    operation: Operation, recorder: Recorder, url: str, data: st.DataObject, key: str
) -> None:
    """Whatever characters a key has, the server reads it from the query, and only there."""
    recorder.answer_with(*_sample_answer(operation))
    caller = calls.Caller(url, key)
    caller.call(operation, *_draw_request(data, operation))
    caller.close()
    [request] = recorder.requests
    assert [key] == [value for name, value in request.query if name == API_KEY_PARAMETER]
    assert "authorization" not in request.headers


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


def _read_back(operation: Operation, request: Recorded) -> dict[str, Json]:
    """The parameters outside the path, as the document's types read them from the wire."""
    wire: dict[str, Any] = {"query": request.query, "header": request.headers.items()}
    found = {}
    for part in operation.parameters:
        parameter = Parameter(run.SOURCE.value, part)
        texts = [value for name, value in wire.get(parameter.place, []) if name == parameter.name]
        if texts:
            found[part.value["name"]], broken = parameter.check(texts)
            assert broken == []
    return found
