"""Violations of schemas: their words, their fields and their places in the document."""

from __future__ import annotations

import pytest

from ventia_document import DOCUMENT, validation
from ventia_document.source import Json, lookup, read
from ventia_document.structure import nodes
from ventia_document.validation import Schema, SchemaViolation

VENTIA = read(DOCUMENT).value


def schema_of(value: Json, **others: Json) -> Schema:
    """A schema of a document in which other schemas can be referred to by name."""
    document = {"openapi": "3.1.0", "components": {"schemas": {"Tried": value, **others}}}
    return Schema(document, "/components/schemas/Tried")


def reported(value: Json, schema: Json, **others: Json) -> list[str]:
    return [broken.within("the value") for broken in schema_of(schema, **others).violations(value)]


SENTENCES = {
    "additionalProperties": (
        {"properties": {"a": {}}, "additionalProperties": False},
        {"b": 1},
        "the value: Must not have the fields b",
    ),
    "const": ({"const": "a"}, "b", "the value: Must be a"),
    "contains": ({"contains": {"const": 1}}, [2], "the value: Must have the right number of certain items"),
    "enum": ({"enum": ["a", 2]}, "b", "the value: Must be one of a, 2"),
    "exclusiveMaximum": ({"exclusiveMaximum": 3}, 3, "the value: Must be less than 3"),
    "exclusiveMinimum": ({"exclusiveMinimum": 1.5}, 1.5, "the value: Must be more than 1.5"),
    "falseSchema": ({"properties": {"a": False}}, {"a": 1}, "a: Must not be given"),
    "format": ({"format": "uri"}, "a b", "the value: Must be a valid uri"),
    "maxItems": ({"maxItems": 2}, [1, 2, 3], "the value: Must have at most 2 items"),
    "maxLength": ({"maxLength": 2}, "äöü", "the value: Must have at most 2 characters"),
    "maxProperties": ({"maxProperties": 1}, {"a": 1, "b": 2}, "the value: Must have at most 1 fields"),
    "maximum": ({"maximum": 3}, 4, "the value: Must be at most 3"),
    "minItems": ({"minItems": 2}, [1], "the value: Must have at least 2 items"),
    "minLength": ({"minLength": 2}, "ä", "the value: Must have at least 2 characters"),
    "minProperties": ({"minProperties": 1}, {}, "the value: Must have at least 1 fields"),
    "minimum": ({"minimum": -3}, -4, "the value: Must be at least -3"),
    "multipleOf": ({"multipleOf": 5}, 7, "the value: Must be a multiple of 5"),
    "pattern": ({"pattern": "^a{2}$"}, "a", "the value: Must match ^a{2}$"),
    "propertyNames": ({"propertyNames": {"maxLength": 1}}, {"ab": 1}, "the value: Must have no fields of other names"),
    "required": ({"required": ["a"]}, {}, "a: Must be given"),
    "type": ({"type": "integer"}, "1", "the value: Must be of type integer"),
    "unevaluatedProperties": (
        {"properties": {"a": True}, "unevaluatedProperties": False},
        {"a": 1, "b": 2, "c": 3},
        "the value: Must not have the fields b, c",
    ),
    "uniqueItems": ({"uniqueItems": True}, [1, 1], "the value: Must not have an item twice"),
}
"""A keyword: a schema with it, a value that breaks it, and the sentence."""


def test_every_keyword_in_words_has_a_sentence_here() -> None:
    assert list(validation.WORDS) == list(SENTENCES)


@pytest.mark.parametrize("keyword", SENTENCES)
def test_violated_keyword_is_reported_in_words_with_its_limit(keyword: str) -> None:
    schema, value, sentence = SENTENCES[keyword]
    assert [sentence] == reported(value, schema)


@pytest.mark.parametrize(
    ("schema", "value", "sentences"),
    [
        ({"const": True}, 1, {"the value: Must be true"}),
        ({"enum": [None, False, "a"]}, 1, {"the value: Must be one of null, false, a"}),
        ({"dependentRequired": {"a": ["b"]}}, {"a": 1}, {"b: Must be given"}),
        ({"unevaluatedItems": False}, [2], {"the value: Must keep 'unevaluatedItems'"}),
        ({"additionalProperties": False}, {"b": 1}, {"the value: Must not have other fields"}),
    ],
)
def test_values_in_a_rule_are_written_as_json(schema: Json, value: Json, sentences: set[str]) -> None:
    [sentence] = reported(value, schema)
    assert sentence in sentences


def test_rule_in_the_documents_words_replaces_the_keyword() -> None:
    schema = {"type": "string", "pattern": "^a", "x-rule": "Must be an A"}
    assert ["the value: Must be an A"] == reported("b", schema)
    assert ["the value: Must be an A"] == reported(1, schema)


def test_nearest_rule_in_words_is_reported() -> None:
    """Of the rules around a keyword, the innermost; a reference is left behind for where it leads."""
    outer = {"x-rule": "Outer", "properties": {"a": {"x-rule": "Inner", "type": "string"}, "b": {"type": "string"}}}
    assert {"a: Inner", "b: Outer"} == set(reported({"a": 1, "b": 1}, outer))
    referring = {"x-rule": "Outer", "properties": {"a": {"$ref": "#/components/schemas/Other"}}}
    assert ["a: Must be of type string"] == reported({"a": 1}, referring, Other={"type": "string"})
    assert ["a: Inner"] == reported({"a": 1}, referring, Other={"type": "string", "x-rule": "Inner"})


def test_rule_that_is_broken_in_several_ways_is_reported_once() -> None:
    schema = {"x-rule": "Must be short", "properties": {"a": {"maxLength": 1, "pattern": "^.$", "format": "uri"}}}
    assert {"a: Must be short"} == set(reported({"a": "b c"}, schema))
    twice = {"allOf": [{"$ref": "#/components/schemas/Other"}, {"$ref": "#/components/schemas/Other"}]}
    assert ["the value: Must be of type string"] == reported(1, twice, Other={"type": "string"})


@pytest.mark.parametrize("types", [["integer", "null"], ["null", "integer"]])
def test_types_are_in_the_order_of_the_document(types: list[str]) -> None:
    assert [f"the value: Must be of type {', '.join(types)}"] == reported("a", {"type": types})


def test_value_of_a_wrong_type_breaks_no_other_rule() -> None:
    schema = {"type": "object", "properties": {"a": {"type": "string", "enum": ["a", "b"]}, "b": {"maximum": 1}}}
    assert {"a: Must be of type string", "b: Must be at most 1"} == set(reported({"a": 1, "b": 2}, schema))


def test_field_is_named_by_keys_and_indices() -> None:
    schema = {"items": {"properties": {"a/b~c": {"required": ["d"], "properties": {"e": {"type": "string"}}}}}}
    assert {"1.a/b~c.d: Must be given", "1.a/b~c.e: Must be of type string"} == set(
        reported([1, {"a/b~c": {"e": 1}}], schema)
    )


@pytest.mark.parametrize("value", [1, {}, {"a/b~c": [1]}, {"a/b~c": ["x"], "d": 1}], ids=repr)
def test_broken_rule_points_at_its_keyword_in_the_document(value: Json) -> None:
    schema = {
        "type": "object",
        "allOf": [{"anyOf": [{"required": ["d"]}, {"required": ["a/b~c"]}]}],
        "dependentSchemas": {"d": {"properties": {"d": False}}},
        "properties": {"a/b~c": {"type": "array", "items": {"$ref": "#/components/schemas/Other"}}},
    }
    document = {"components": {"schemas": {"Tried": schema, "Other": {"type": "string", "minLength": 2}}}}
    broken = Schema(document, "/components/schemas/Tried").violations(value)
    assert broken
    for each in broken:
        assert lookup(document, each.keyword) in ("object", schema["allOf"][0]["anyOf"], False, "string", 2)  # type: ignore[index]  # the schema is a plain dict


def test_schema_accepts_what_breaks_no_rule() -> None:
    schema = schema_of({"type": "string", "format": "uri"})
    for value in ("https://example.com/a", "a b", 1):
        assert schema.accepts(value) == (not schema.violations(value))
    assert schema.accepts("https://example.com/a")


def test_schema_that_does_not_compile_is_a_value_error() -> None:
    with pytest.raises(ValueError, match="nonsense"):
        schema_of({"type": "nonsense"})


def test_violation_without_a_field_names_the_whole_value() -> None:
    assert "body: Must be brief" == SchemaViolation((), "Must be brief", "").within("body")
    assert "text: Must be brief" == SchemaViolation(("text",), "Must be brief", "").within("body")


def test_every_schema_of_the_projects_document_compiles() -> None:
    found = [at for at, node in nodes(VENTIA) if isinstance(node.get("schema"), dict)]
    assert found
    for at in found:
        Schema(VENTIA, at + "/schema")


@pytest.mark.parametrize("value", [[1] * (validation.MOST_PARTS + 1), {"a": [{"b": 1}, [1] * validation.MOST_PARTS]}])
def test_of_a_value_with_many_parts_the_first_violation_is_found_quickly(value: Json) -> None:
    parts = {"type": "string"}
    schema = schema_of({"items": parts, "properties": {"a": {"items": {"items": parts, "properties": {"b": parts}}}}})
    assert [schema.violations(value)[0]] == schema.quick_violations(value)


@pytest.mark.parametrize("value", [[1] * validation.MOST_PARTS, [1, "a", 1], ["a"] * 9999])
def test_of_any_other_value_every_violation_is_found(value: Json) -> None:
    schema = schema_of({"items": {"type": "string"}})
    assert schema.violations(value) == schema.quick_violations(value)
