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
    """With its namesake, or else accepted; a server other than the run's own stand-in need not know the namesakes."""
    answer = _send(operation, request_, server)
    namesake = next((known for known in samples.answers(operation) if known.name and known.name == request_.name), None)
    expected = {str(namesake.status)} if namesake else set()
    if run.current.url or not namesake:
        expected |= run.current.accepting(operation)
    assert str(answer.status_code) in expected
    documented = {part.name: part for part in content(operation.document, operation.responses[str(answer.status_code)])}
    media_type_name = answer.headers.get("content-type", "").partition(";")[0]
    assert media_type_name in (documented or {""})
    if documented:
        media_type = documented[media_type_name]
        assert Schema(operation.document, media_type.at + "/schema").broken(answer.json()) == []
    if namesake and run.current.url is None:
        assert namesake.value == answer.json()
    run.current.shown[str(operation), "examples answered as documented"] += 1


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
