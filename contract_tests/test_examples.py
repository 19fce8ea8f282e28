"""The document's own examples: the server answers each as documented."""

from __future__ import annotations

from urllib.parse import quote

import httpx
import pytest

from contract_tests import run, samples
from ventia_document.operations import Operation, content
from ventia_document.schemas import Schema

_REQUESTS = [(operation, request) for operation in run.OPERATIONS for request in samples.requests(operation)]


@pytest.mark.parametrize(
    ("operation", "request_"), _REQUESTS, ids=[f"{operation} {request.name}" for operation, request in _REQUESTS]
)
def test_an_example_is_answered_as_documented(operation: Operation, request_: samples.Request, server: str) -> None:
    """The answer is a documented one; a stand-in answers an example with its namesake, and any other with a success."""
    answer = _send(operation, request_, server)
    assert str(answer.status_code) in operation.responses
    [media_type] = content(operation.document, operation.responses[str(answer.status_code)])
    assert media_type.name == answer.headers["content-type"]
    assert Schema(operation.document, media_type.at + "/schema").broken(answer.json()) == []
    if run.current.url is None:
        expected = _expected(operation, request_)
        assert (expected.status, expected.value) == (answer.status_code, answer.json())
    run.current.shown[str(operation), "examples answered as documented"] += 1


def _expected(operation: Operation, request: samples.Request) -> samples.Answer:
    answers = samples.answers(operation)
    successes = sorted((answer for answer in answers if answer.status // 100 == 2), key=lambda answer: answer.status)
    return next((answer for answer in answers if request.name and answer.name == request.name), successes[0])


def _send(operation: Operation, request: samples.Request, server: str) -> httpx.Response:
    values = request.parameters | run.current.pins
    place = {part.value["name"]: part.value["in"] for part in operation.parameters}
    path = operation.path.format_map({name: quote(str(value), safe="") for name, value in values.items()})
    query = {name: values[name] for name in values if place[name] == "query"} | _keys(operation, "query")
    headers = {name: str(values[name]) for name in values if place[name] == "header"} | _keys(operation, "header")
    body = {} if request.body is None else {"json": request.body}
    return httpx.request(operation.method, server + path, params=query, headers=headers, **body)


def _keys(operation: Operation, place: str) -> dict[str, str]:
    schemes = operation.security[0] if operation.security else []
    return {scheme["name"]: run.current.key for scheme in schemes if scheme["in"] == place}
