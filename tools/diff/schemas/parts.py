"""The schemas that apply to one value: a schema, and those in it that apply in place."""

from __future__ import annotations

from collections.abc import Iterator, Set
from typing import NamedTuple

from ventia_document.keywords import IN_PLACE, KEYWORDS, Role, subschemas
from ventia_document.source import Json, lookup, parts
from ventia_document.structure import target

_DESCRIBING = (IN_PLACE - {"not", "if"}) | {"$ref", "const", "enum", "items", "properties", "type"}


class Place(NamedTuple):
    """A schema of a document: its JSON pointer and its value."""

    at: str
    schema: Json


def applied(document: Json, at: str, keywords: Set[str] = IN_PLACE) -> list[Place]:
    """A schema, and those that it applies to the same value, references followed; each once."""
    waiting, found = [at], dict[str, Place]()
    while waiting:
        at = waiting.pop(0)
        if at not in found and (place := _at(document, at)):
            found[at] = place
            if isinstance(place.schema, dict):
                inside = (at + inner for inner, _ in subschemas(place.schema) if parts(inner)[0] in keywords)
                waiting += [*inside, *_referred(place.schema)]
    return list(found.values())


def _at(document: Json, at: str) -> Place | None:
    try:
        return Place(at, lookup(document, at))
    except LookupError:
        return None


def _referred(schema: dict[str, Json]) -> Iterator[str]:
    try:
        yield from (target(schema[key]) for key in ("$ref",) if isinstance(schema.get(key), str))
    except ValueError:
        return


class Names(NamedTuple):
    """The fields that the schemas of an object describe: their names, and patterns of others."""

    fields: frozenset[str]
    patterns: frozenset[str]


def described(document: Json, at: str) -> Names | None:
    """The fields that a schema describes; None if it has a rule for all others, or says that they may be anything."""
    places = [each.schema for each in applied(document, at, IN_PLACE - {"not"}) if isinstance(each.schema, dict)]
    always = {each.at for each in applied(document, at, IN_PLACE & {"allOf", "anyOf", "oneOf"})}
    fields = {
        name
        for place in applied(document, at, IN_PLACE - {"not"})
        if isinstance(place.schema, dict)
        for name, field in place.schema.get("properties", {}).items()
        if _describes(field, is_rule=place.at not in always)
    }
    patterns = {pattern for schema in places for pattern in schema.get("patternProperties", {})}
    rest = [schema[key] for schema in places for key in _REST if key in schema]
    # Beside named fields, to say that others may be anything adds nothing.
    is_ruled = any(each not in (True, {}) for each in rest) if fields else bool(rest)
    return None if is_ruled else Names(frozenset(fields), frozenset(patterns))


def named(document: Json, at: str) -> set[str]:
    """The fields that a schema names, in whatever keyword."""
    places = [each.schema for each in applied(document, at) if isinstance(each.schema, dict)]
    return {name for schema in places for name in names_in(schema)}


def names_in(schema: dict[str, Json]) -> Iterator[str]:
    """The fields that the keywords of a schema name."""
    for key in ("properties", "required", "dependentSchemas", "dependentRequired"):
        yield from schema.get(key, ())
    for others in schema.get("dependentRequired", {}).values():
        yield from others


_REST = ("additionalProperties", "unevaluatedProperties")


def _describes(field: Json, *, is_rule: bool) -> bool:
    """Whether the schema of a field describes it; in a rule, it may only restrict what is described elsewhere."""
    if not isinstance(field, dict) or not is_rule:
        return field is not False
    return not field or any(
        name in _DESCRIBING or name not in KEYWORDS or KEYWORDS[name].role is not Role.RULE for name in field
    )


def is_value(at: str) -> bool:
    """Whether a schema stands for a value of its own: not one that is applied in place, or that a rule refuses."""
    keys = parts(at)
    if _NEGATIVE & set(keys):
        return False
    return keys[-1] in ("schema", "items", *_REST) or keys[-2:-1] in (
        ["properties"],
        ["patternProperties"],
        ["prefixItems"],
    )


_NEGATIVE = {"not", "if", "contains", "propertyNames"}
