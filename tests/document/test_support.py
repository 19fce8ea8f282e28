"""The tables of what is followed agree with the metaschemas of OpenAPI 3.1 and JSON Schema 2020-12."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from jsonschema_specifications import REGISTRY  # type: ignore[import-untyped]  # it has no types

import ventia_document
from ventia_document.check import findings
from ventia_document.keywords import KEYWORDS, Role
from ventia_document.source import Json
from ventia_document.support.objects import OBJECTS
from ventia_document.support.standing import Entry, Standing
from ventia_document.support.values import VALUES

METASCHEMA = json.loads(Path(ventia_document.__file__).with_name("openapi-3.1.json").read_bytes())
DEFINITIONS = {"document": {key: METASCHEMA[key] for key in ("properties", "required")}, **METASCHEMA["$defs"]}

MIXED_IN = ("examples",)
"""Definitions that objects have the fields of."""

WITHOUT_FIELDS = {
    *("callbacks", "content", "map-of-strings", "paths", "responses", "schema"),  # their keys are names
    *("security-requirement", "specification-extensions", *MIXED_IN),
    *("reference", *(name for name in DEFINITIONS if name.endswith("-or-reference"))),
}
"""Definitions that are no object with fixed fields, and references, which stand for another object."""


def fields(schema: Json) -> Iterator[tuple[str, Json]]:
    """The fixed fields that a definition names, at any depth, each with its own definition."""
    if isinstance(schema, dict):
        yield from schema.get("properties", {}).items()
        for key, inner in schema.items():
            if key != "properties" and not (key == "$defs" and schema is METASCHEMA):
                yield from fields(inner)
        for name in MIXED_IN:
            if schema.get("$ref") == f"#/$defs/{name}":
                yield from fields(DEFINITIONS[name])
    elif isinstance(schema, list):
        for inner in schema:
            yield from fields(inner)


def held(definition: Json) -> str:
    """The kind of object in a field, and in which way: itself, or in a list or by name."""
    references = [each for each in _references(definition) if each not in ("map-of-strings", "security-requirement")]
    return {"content": "media-type", "paths": "path-item", "responses": "response", "callbacks": ""}.get(
        references[0] if references else "", references[0] if references else ""
    )


def _references(definition: Json) -> Iterator[str]:
    if isinstance(definition, dict):
        if definition.get("$dynamicRef") == "#meta":
            yield "schema"
        if isinstance(definition.get("$ref"), str):
            yield definition["$ref"].rpartition("/")[2].removesuffix("-or-reference")
        for key, inner in definition.items():
            if key != "properties":
                yield from _references(inner)


def test_every_kind_of_object_of_the_standard_is_in_the_table() -> None:
    assert DEFINITIONS.keys() - WITHOUT_FIELDS == OBJECTS.keys()


@pytest.mark.parametrize("kind", OBJECTS)
def test_every_field_of_the_standard_is_followed_an_annotation_or_refused(kind: str) -> None:
    assert {name for name, _ in fields(DEFINITIONS[kind])} == OBJECTS[kind].keys() - {"$ref"}


@pytest.mark.parametrize("kind", OBJECTS)
def test_the_objects_in_a_field_are_of_the_kind_that_the_standard_says(kind: str) -> None:
    wanted = {name: held(definition) for name, definition in fields(DEFINITIONS[kind])}
    for name, entry in OBJECTS[kind].items():
        if name in wanted and entry.standing is not Standing.REFUSED:
            assert (name, entry.kind) == (name, wanted[name] if wanted[name] in {*OBJECTS, "schema"} else "")


def choices(kind: str, schema: Json, place: str = "") -> Iterator[tuple[tuple[str, str], str]]:
    """The values that a definition lets a field choose from, with the object, and the place of a parameter."""
    if isinstance(schema, list):
        for inner in schema:
            yield from choices(kind, inner, place)
    if isinstance(schema, dict):
        place = schema.get("if", {}).get("properties", {}).get("in", {}).get("const", place)
        for name, definition in schema.get("properties", {}).items():
            stated = definition if isinstance(definition, dict) else {}
            for value in [*stated.get("enum", ()), stated.get("const")]:
                if isinstance(value, str):
                    yield (f"{kind} in {place}" if place and name != "in" else kind, name), value
        for key, inner in schema.items():
            if key not in ("properties", "if"):
                yield from choices(kind, inner, place)


CHOICES = {choice for kind in OBJECTS for choice in choices(kind, DEFINITIONS[kind])}


def test_the_metaschema_has_the_choices_that_this_test_looks_for() -> None:
    assert {(("parameter in path", "style"), "matrix"), (("security-scheme", "type"), "http")} <= CHOICES


@pytest.mark.parametrize(("field", "value"), sorted(CHOICES))
def test_every_value_of_the_standard_is_followed_an_annotation_or_refused(field: tuple[str, str], value: str) -> None:
    if field[0] == "encoding":
        assert Standing.REFUSED is OBJECTS["encoding"][field[1]].standing
    else:
        assert value in VALUES[field]


def test_every_type_of_json_schema_is_in_the_table() -> None:
    types = REGISTRY.contents("https://json-schema.org/draft/2020-12/meta/validation")["$defs"]["simpleTypes"]["enum"]
    assert set(types) == VALUES["schema", "type"].keys()


@pytest.mark.parametrize("name", KEYWORDS)
def test_every_keyword_is_checked_an_annotation_or_refused(name: str) -> None:
    """That the keywords are those of the standard is tested beside."""
    keyword = KEYWORDS[name]
    assert [keyword.is_checked, keyword.role is not Role.RULE, bool(keyword.instead)].count(True) == 1


def entries() -> Iterator[tuple[str, str, Entry]]:
    yield from ((kind, "", entry) for kind, named in OBJECTS.items() for entry in named.values())
    yield from ((kind, field, entry) for (kind, field), named in VALUES.items() for entry in named.values())


def test_only_what_is_refused_has_words_for_something_else() -> None:
    for kind, field, entry in entries():
        assert (entry.standing is Standing.REFUSED) == bool(entry.instead), (kind, field, entry.name)


def document(**fields: Json) -> Json:
    """A small document that is followed, with some fields more."""
    operation = {"operationId": "get", "responses": {"200": {"description": "Ok."}}}
    return {
        "openapi": "3.1.0",
        "info": {"title": "T", "version": "1.0.0"},
        "servers": [{"url": "https://example.com"}],
        "paths": {"/it": {"get": operation}},
        **fields,
    }


def test_a_document_that_is_followed_has_no_finding() -> None:
    assert [] == findings(document())


def test_everything_that_is_refused_is_reported_at_once() -> None:
    parameters = [
        {"name": "a", "in": "query", "style": "deepObject", "schema": {"type": "string"}},
        {"name": "b", "in": "query", "allowReserved": True, "schema": {"$id": "b"}},
    ]
    paths = {"/it": {"get": {"parameters": parameters, "responses": {"200": {"$ref": "#/nowhere"}}}}}
    found = {finding.at: finding.message for finding in findings(document(webhooks={}, paths=paths))}
    at = "/paths/~1it/get"
    assert {
        "/webhooks",
        f"{at}/parameters/0/style",
        f"{at}/parameters/1/allowReserved",
        f"{at}/parameters/1/schema/$id",
        f"{at}/responses/200",
    } == found.keys()
    assert (
        "'deepObject' is not followed by client, stand-in and suite; leave style out, which is then form"
        == (found[f"{at}/parameters/0/style"])
    )
