"""Schemas: composed, recursive and nullable ones, constants, enums, and fields of one direction."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tests.acceptance.document.rows import Followed, Refused, answers, body, field_of_message, schema


def _read(name: str, model: str, field: str, right: str, *wrong: bytes, more: str = "") -> Followed:
    """A field of an answer: a value that is read, and some that nobody believes."""
    written = f"{{type: object, required: [it], properties: {{it: {field}}}}}"
    return Followed(
        name,
        answers(f"{{$ref: '#/components/schemas/{model}'}}", f"{{it: {right}}}"),
        components=f"schemas: {{{model}: {written}{more}}}",
        status=200,
        returned={"it": _RIGHT[right]},
        wrong=tuple(b'{"it": %s}' % each for each in wrong),
    )


_RIGHT: dict[str, Any] = {
    "2": 2,
    "3": 3,
    "2.5": 2.5,
    "null": None,
    "a": "a",
    "b": "b",
    "'1'": "1",
    "true": True,
    "{it: {}}": {"it": {}},
    "[1, a]": [1, "a"],
    "{a: 1}": {"a": 1},
    "[[1]]": [[1]],
}
"""Values in YAML, and as JSON."""


def _sent(
    name: str, model: str, written: str, arguments: Callable[[Any], dict[str, Any]], wire: bytes, *wrong: bytes
) -> Followed:
    """A body that is sent, and others that the stand-in refuses."""
    return Followed(
        name,
        body(f"{{$ref: '#/components/schemas/{model}'}}"),
        components=f"schemas: {{{model}: {written}}}",
        method="post",
        arguments=lambda package: {"body": getattr(package.models, model)(**arguments(package))},
        body=wire,
        refused=wrong,
    )


FOLLOWED = [
    _read("an enum of integers", "Level", "{type: integer, enum: [2, 3]}", "2", b"4", b'"2"'),
    _read("an integer that is one", "One", "{type: integer, const: 3}", "3", b"4", b"true"),
    _read("a constant without a type", "Fixed", "{const: a}", "a", b'"b"', b"null"),
    _read("a field that may be null", "Maybe", "{type: [string, 'null'], maxLength: 1}", "null", b'"ab"', b"1"),
    _read("a nullable field with a text", "MaybeA", "{type: [string, 'null'], maxLength: 1}", "a", b'"ab"', b"1"),
    _read("null or a number", "NullOr", "{anyOf: [{type: integer}, {type: 'null'}]}", "null", b'"a"', b"1.5"),
    _read("composed without a type", "Either", "{oneOf: [{const: a}, {const: b}]}", "b", b'"c"', b"1"),
    _read("all of two rules", "Both", "{type: integer, allOf: [{minimum: 2}]}", "3", b"1", b'"3"'),
    _read(
        "a reference in allOf",
        "Referring",
        "{allOf: [{$ref: '#/components/schemas/Text'}]}",
        "a",
        b"1",
        more=", Text: {type: string}",
    ),
    _read("none of a value", "Not", "{type: string, not: {const: b}}", "a", b'"b"', b"1"),
    _read("a number or a text", "Mixed", "{type: [integer, string], minLength: 1}", "'1'", b'""', b"null"),
    _read("a number above a bound", "Above", "{type: number, exclusiveMinimum: 2}", "2.5", b"2", b'"3"'),
    _read("always true", "Agreed", "{type: boolean, const: true}", "true", b"false", b"1"),
    _read("a list of lists", "Grid", "{type: array, items: {type: array, items: {type: integer}}}", "[[1]]", b"[1]"),
    _read("a tuple", "Pair", "{type: array, prefixItems: [{type: integer}, {type: string}]}", "[1, a]", b'["a", 1]'),
    _read("a map of numbers", "Map", "{type: object, additionalProperties: {type: integer}}", "{a: 1}", b'{"a": "b"}'),
    Followed(
        "a tree",
        answers("{$ref: '#/components/schemas/Tree'}", "{below: [{below: []}]}"),
        components="schemas: {Tree: {type: object, required: [below], properties: "
        "{below: {type: array, items: {$ref: '#/components/schemas/Tree'}}}}}",
        status=200,
        returned={"below": [{"below": []}]},
        wrong=(b'{"below": [{"below": 1}]}', b'{"below": [{}]}'),
    ),
    Followed(
        "a field of answers only",
        answers("{$ref: '#/components/schemas/Made'}", "{id: a, name: b}"),
        components="schemas: {Made: {type: object, required: [id], properties: "
        "{id: {type: string, readOnly: true}, name: {type: string}}}}",
        status=200,
        returned={"id": "a", "name": "b"},
        wrong=(b'{"name": "b"}', b'{"id": 1}'),
    ),
    _sent(
        "a default, which is sent",
        "Sorted",
        "{type: object, additionalProperties: false, properties: {by: {type: string, enum: [a, b], default: a}}}",
        lambda _: {},
        b'{"by":"a"}',
        b'{"by":"c"}',
    ),
    _sent(
        "a nullable field that is sent as null",
        "Cleared",
        "{type: object, properties: {name: {type: [string, 'null'], minLength: 1}}}",
        lambda _: {"name": None},
        b'{"name":null}',
        b'{"name":""}',
    ),
    _sent(
        "a tree that is sent",
        "Branch",
        "{type: object, properties: {name: {type: string}, below: {$ref: '#/components/schemas/Branch'}}}",
        lambda package: {"name": "a", "below": package.models.Branch(name="b")},
        b'{"name":"a","below":{"name":"b"}}',
        b'{"name":"a","below":{"name":1}}',
    ),
    _sent(
        "a whole number as 2.0",
        "Count",
        "{type: object, properties: {it: {type: integer, enum: [2, 3]}}}",
        lambda _: {"it": 2},
        b'{"it":2}',
        b'{"it":4}',
        b'{"it":2.5}',
    ),
]

REFUSED: list[Refused] = [
    Refused(
        "a field of neither direction",
        field_of_message("{type: string, description: It., readOnly: true, writeOnly: true}"),
        "writeOnly: true",
        "is in no request and no response",
    ),
    Refused(
        "a constant of another type",
        field_of_message("{type: string, description: It., const: 1}"),
        "const: 1",
        "can never be the value",
    ),
    Refused(
        "an enum with a value of another type",
        field_of_message("{type: integer, description: It., enum: [1, a]}"),
        "enum: [1, a]",
        "can never be the value",
    ),
    Refused(
        "a default that is not valid",
        field_of_message("{type: integer, description: It., default: a}"),
        "default: a",
        "Must be of type integer",
    ),
    Refused(
        "an enum of nothing", field_of_message("{type: string, description: It., enum: []}"), "enum: []", "no value"
    ),
    Refused(
        "a schema that refers to itself only",
        schema("Loop", "$ref: '#/components/schemas/Loop'"),
        "$ref: '#/components/schemas/Loop'",
        "leads back to itself",
    ),
    Refused(
        "bounds that cross",
        field_of_message("{type: integer, description: It., minimum: 3, maximum: 2}"),
        "minimum: 3",
        "no value is within",
    ),
    Refused(
        "nullable of OpenAPI 3.0",
        field_of_message("{type: string, description: It., nullable: true}"),
        "nullable: true",
        'write "null" among the schema\'s types',
    ),
]
