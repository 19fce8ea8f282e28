"""Requests that break one rule, and samples: between them they show each misreading of a document."""

from __future__ import annotations

import copy
import json

import pytest

from contract_tests.cases.broken_rules import broken, sample_requests
from contract_tests.oracle.requests import Judge
from contract_tests.rules.hollow import left_out
from tests.acceptance.document.built import VENTIA, with_rows
from tests.acceptance.document.followed.slips import OF_REQUESTS, ROWS, slipped
from ventia_document.operations import operations
from ventia_document.source import Json, lookup

MISREAD = [row for row in ROWS if row.name in OF_REQUESTS]


def test_a_request_shows_each_misreading() -> None:
    """Without anything that is drawn at random."""
    right, wrong = operations(with_rows(MISREAD)), Judge(operations(with_rows(slipped(MISREAD))))
    by_path, judge = {operation.path: operation for operation in right}, Judge(right)
    hidden = []
    for row in MISREAD:
        requests = sample_requests(by_path[row.path]) + [request for _, request in broken(by_path[row.path])]
        if all(judge.verdict(each).is_accepted == wrong.verdict(each).is_accepted for each in requests):
            hidden.append(row.name)
    assert [] == hidden


@pytest.mark.parametrize(
    ("schema", "value"),
    [
        ({"type": "integer", "minimum": 1}, 1.5),
        ({"type": "number", "multipleOf": 0.01}, 0.015),
        ({"const": None}, True),
        ({"type": "object", "properties": {"a": {}}}, []),
        ({"type": "array", "uniqueItems": True}, ["", ""]),
        ({"type": "object", "oneOf": [{"required": ["a"]}, {"required": ["b"]}]}, {"a": 0, "b": 0}),
    ],
    ids=str,
)
def test_one_request_breaks_each_rule_by_just_a_little(schema: Json, value: Json) -> None:
    """A fraction in place of an integer, and the like."""
    [operation] = operations(_with_bodies({"application/json": {"schema": schema}}))
    assert json.dumps(value).encode() in [request.body for _, request in broken(operation)]


def test_rules_of_each_media_type_are_broken_in_a_body_of_that_type() -> None:
    """A second media type has requests of its own, and samples."""
    media_types = {"application/json": {"schema": {"type": "integer"}}, "text/plain": {"schema": {"maxLength": 2}}}
    [operation] = operations(_with_bodies(media_types))
    found = {(at.rpartition("/")[2], dict(request.headers).get("Content-Type")) for at, request in broken(operation)}
    assert {("maxLength", "text/plain"), ("type", "application/json"), ("required", None)} == found
    assert 2 == len(sample_requests(operation))


def test_rules_of_a_second_operation_that_sends_are_broken() -> None:
    """Each rule between the fields of the message, and each field that has a rule."""
    document = copy.deepcopy(VENTIA)
    first = next(each for each in operations(document) if each.sends)
    document["paths"]["/again"] = copy.deepcopy(document["paths"][first.path])
    second, at = operations(document)[-1], "/components/schemas/Message"
    message = lookup(document, at)
    holders = [f"{at}/allOf/{index}" for index, _ in enumerate(message["allOf"])]
    holders += [schema.get("$ref", f"#{at}/properties/{name}")[1:] for name, schema in message["properties"].items()]
    assert second.sends
    assert [] == [each for each in holders if not any(rule.startswith(f"{each}/") for rule, _ in broken(second))]


def test_an_operation_without_parameters_and_body_has_a_sample() -> None:
    """A request of nothing but its path."""
    document = {"openapi": "3.1.0", "paths": {"/up": {"get": {"responses": {}}}}}
    assert ["/up"] == [request.path for request in sample_requests(*operations(document))]


def test_operations_that_lack_a_sample_are_reported() -> None:
    """A parameter or body of which no value can be made keeps all rules of its operation from being tested."""
    schema = {"pattern": "^(?!a)a|(?!a)ab$", "type": "string"}
    one = {"name": "one", "in": "query", "required": True, "schema": schema}
    document = _with_bodies({"text/plain": {"schema": schema}, "text/html": {"schema": schema}})
    operation = document["paths"]["/it"]["post"]
    operation["parameters"] = [one]
    assert [
        f"POST /it: none of its rules is tested, since {name} has no example, and none can be made"
        for name in ("one", "a body of text/plain or text/html")
    ] == list(left_out(None, [], operations(document), is_own=True))[:-1]
    one["example"] = operation["requestBody"]["content"]["text/html"]["example"] = "b"
    assert [] == list(left_out(None, [], operations(document), is_own=True))[:-1]


def _with_bodies(media_types: Json) -> Json:
    """A document with an operation that has these bodies."""
    body = {"required": True, "content": media_types}
    return {"openapi": "3.1.0", "paths": {"/it": {"post": {"requestBody": body, "responses": {}}}}}
