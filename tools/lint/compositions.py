"""The schemas of a document, and which of them apply to the same value."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from functools import cached_property
from typing import TypeAlias

from ventia_document.keywords import IN_PLACE, subschemas
from ventia_document.source import Json, lookup, parts, pointer, remembered
from ventia_document.structure import every_node, target

At: TypeAlias = str
"""A JSON pointer."""


@remembered
def schemas(document: Json) -> Iterator[tuple[At, dict[str, Json]]]:
    """Every schema of a document with its JSON pointer, but for `true` and `false`."""
    components = pointer("components", "schemas")
    named = [components + pointer(name) for name in document.get("components", {}).get("schemas", {})]
    lone = [at + "/schema" for at, node in every_node(document) if "schema" in node]
    for at in [*named, *(at for at in lone if not at.startswith(components + "/"))]:
        yield from _with_subschemas(at, lookup(document, at))


def _with_subschemas(at: At, schema: Json) -> Iterator[tuple[At, dict[str, Json]]]:
    if isinstance(schema, dict):
        yield at, schema
        for part, inner in subschemas(schema):
            yield from _with_subschemas(at + part, inner)


class Compositions:
    """The schemas of a document that apply to the same value."""

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


@remembered
def compositions(document: Json) -> Iterator[Compositions]:
    """The compositions of a document: a single item."""
    yield Compositions(document)


def _composing(at: At, schema: dict[str, Json]) -> Iterator[At]:
    if "$ref" in schema:
        yield target(schema["$ref"])
    yield from (at + part for part, _ in subschemas(schema) if parts(part)[0] in IN_PLACE)


def _reached(edges: dict[At, set[At]], start: set[At]) -> set[At]:
    found: set[At] = set()
    new = start
    while new:
        found |= new
        new = {end for each in new for end in edges.get(each, ())} - found
    return found


def property_names(composed: dict[At, dict[str, Json]]) -> set[str] | None:
    """The properties of composed schemas; None if one admits others by a pattern or by their value."""
    if any(schema.get("patternProperties") or schema.get("additionalProperties") for schema in composed.values()):
        return None
    return {name for schema in composed.values() for name in schema.get("properties", ())}
