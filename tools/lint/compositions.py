"""The keywords of schemas, and the schemas that they hold."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from functools import cached_property
from typing import TypeAlias

from ventia_document.kinds import LISTED_SCHEMAS, NAMED_SCHEMAS, ONE_SCHEMA
from ventia_document.operations import nodes, target
from ventia_document.source import Json, lookup, pointer

At: TypeAlias = str
"""A JSON pointer."""

_COMPOSING = frozenset(("allOf", "anyOf", "dependentSchemas", "else", "if", "not", "oneOf", "then"))
"""Keywords whose schemas hold for the same value as the schema around them."""

BY_TYPE = {
    "string": {"contentEncoding", "contentMediaType", "contentSchema", "maxLength", "minLength", "pattern"},
    "number": {"exclusiveMaximum", "exclusiveMinimum", "maximum", "minimum", "multipleOf"},
    "array": {
        *("contains", "items", "maxContains", "maxItems", "minContains", "minItems", "prefixItems"),
        *("unevaluatedItems", "uniqueItems"),
    },
    "object": {
        *("additionalProperties", "dependentRequired", "dependentSchemas", "maxProperties", "minProperties"),
        *("patternProperties", "properties", "propertyNames", "required", "unevaluatedProperties"),
    },
}
"""Keywords that hold for values of one type only."""

KEYWORDS = frozenset().union(ONE_SCHEMA, LISTED_SCHEMAS, NAMED_SCHEMAS, *BY_TYPE.values()) | {
    *("$anchor", "$comment", "$dynamicAnchor", "$dynamicRef", "$id", "$ref", "$schema", "$vocabulary"),
    *("const", "default", "deprecated", "description", "enum", "examples", "format", "readOnly", "title", "type"),
    *("discriminator", "externalDocs", "writeOnly", "xml"),
}
"""Those of JSON Schema 2020-12, and those that OpenAPI 3.1 adds without deprecating them."""


def schemas(document: Json) -> Iterator[tuple[At, dict[str, Json]]]:
    """Every schema of a document, each with its JSON pointer; one that is just true or false has nothing to look at."""
    components = pointer("components", "schemas")
    named = [components + pointer(name) for name in document.get("components", {}).get("schemas", {})]
    lone = [at + "/schema" for at, node in nodes(document) if "schema" in node]
    for at in [*named, *(at for at in lone if not at.startswith(components + "/"))]:
        yield from _within(at, lookup(document, at))


def _within(at: At, schema: Json) -> Iterator[tuple[At, dict[str, Json]]]:
    if isinstance(schema, dict):
        yield at, schema
        for part, inner in _held(schema):
            yield from _within(at + part, inner)


def _held(schema: dict[str, Json]) -> Iterator[tuple[At, Json]]:
    for keyword, value in schema.items():
        if keyword in ONE_SCHEMA:
            yield pointer(keyword), value
        elif keyword in LISTED_SCHEMAS:
            yield from ((pointer(keyword, index), inner) for index, inner in enumerate(value))
        elif keyword in NAMED_SCHEMAS:
            yield from ((pointer(keyword, name), inner) for name, inner in value.items())


class Compositions:
    """Which schemas of a document hold for the same value."""

    def __init__(self, document: Json) -> None:
        self._document = document

    def of(self, at: At) -> dict[At, dict[str, Json]]:
        """A schema and those that it is composed of."""
        return {each: self._schemas[each] for each in _reached(self._pieces, {at}) if each in self._schemas}

    def around(self, at: At) -> dict[At, dict[str, Json]]:
        """A schema, those that are composed of it, and all that these are composed of."""
        return {key: schema for whole in _reached(self._wholes, {at}) for key, schema in self.of(whole).items()}

    @cached_property
    def _schemas(self) -> dict[At, dict[str, Json]]:
        return dict(schemas(self._document))

    @cached_property
    def _pieces(self) -> dict[At, set[At]]:
        return {at: set(_composing(at, schema)) for at, schema in self._schemas.items()}

    @cached_property
    def _wholes(self) -> dict[At, set[At]]:
        found: defaultdict[At, set[At]] = defaultdict(set)
        for whole, pieces in self._pieces.items():
            for piece in pieces:
                found[piece].add(whole)
        return found


def _composing(at: At, schema: dict[str, Json]) -> Iterator[At]:
    if "$ref" in schema:
        yield target(schema["$ref"])
    yield from (at + part for part, _ in _held(schema) if part.split("/")[1] in _COMPOSING)


def _reached(edges: dict[At, set[At]], start: set[At]) -> set[At]:
    found: set[At] = set()
    new = start
    while new:
        found |= new
        new = {end for each in new for end in edges.get(each, ())} - found
    return found


def names(composed: dict[At, dict[str, Json]]) -> set[str] | None:
    """The properties that these schemas name; None if one admits others by a pattern or by what they must be."""
    if any(schema.get("patternProperties") or schema.get("additionalProperties") for schema in composed.values()):
        return None
    return {name for schema in composed.values() for name in schema.get("properties", ())}
