"""The shapes of the values that a schema describes: scalar, array or object."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ventia_document.operations import resolve
from ventia_document.source import Json, pointer

SCALAR, ARRAY, OBJECT = "scalar", "array", "object"

_IN_PLACE = ("allOf", "anyOf", "oneOf")
"""Keywords whose schemas describe the same value as the schema around them."""


def shapes(document: Json, at: str) -> frozenset[str]:
    """The shapes that a schema describes by its types, or else by its keywords; scalar if it says nothing."""
    found = {shape for schema in _schemas(document, at) for shape in _own(schema)}
    return frozenset(found or {SCALAR})


def fields(document: Json, at: str, through: Sequence[str] = _IN_PLACE) -> dict[str, str]:
    """The properties of the objects that a schema describes, each with the JSON pointer of its schema."""
    return {
        name: each + pointer("properties", name)
        for each, part in _parts(document, at, through)
        for name in part.get("properties", {})
    }


def required_names(document: Json, at: str) -> list[str]:
    """The names of the fields that every object of a schema has."""
    return [name for _, part in _parts(document, at, ("allOf",)) for name in part.get("required", ())]


def item_schemas(document: Json, at: str) -> list[str]:
    """The JSON pointers of the schemas of items."""
    return [each + "/items" for each, part in _parts(document, at) if "items" in part]


def other_fields(document: Json, at: str) -> list[str]:
    """The JSON pointers of the schemas of fields that have no property."""
    key = "additionalProperties"
    return [each + pointer(key) for each, part in _parts(document, at) if isinstance(part.get(key), dict)]


def has_null(document: Json, at: str) -> bool:
    """Whether a schema lists null among its types."""
    return any(
        "null" in ([types] if isinstance(types := part.get("type", ()), str) else types)
        for part in _schemas(document, at)
    )


def _schemas(document: Json, at: str) -> Iterator[dict[str, Json]]:
    yield from (part for _, part in _parts(document, at))


def _parts(
    document: Json, at: str, through: Sequence[str] = _IN_PLACE, depth: int = 0
) -> Iterator[tuple[str, dict[str, Json]]]:
    """A schema, and those that apply to the same value, references followed."""
    part = resolve(document, at)
    if not isinstance(part.value, dict) or depth > _DEEPEST:
        return
    yield part.at, part.value
    for key in through:
        for index in range(len(part.value.get(key, []))):
            yield from _parts(document, part.at + pointer(key, index), through, depth + 1)


_DEEPEST = 8  # ends the parts of a schema that contains itself


def _own(schema: dict[str, Json]) -> Iterator[str]:
    types = schema.get("type", [])
    named = [types] if isinstance(types, str) else list(types)
    if not named:
        named = ["array"] * ("items" in schema) + ["object"] * ("properties" in schema)
        named += ["string"] * bool(schema.keys() & {"const", "enum", "pattern", "format"})
    yield from (each if each in (ARRAY, OBJECT) else SCALAR for each in named)
