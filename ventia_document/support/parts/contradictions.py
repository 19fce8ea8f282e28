"""Schemas that no value fits, since their parts exclude each other."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from contextlib import suppress

from ventia_document.keywords import type_of
from ventia_document.slips.schemas import ALL_TYPES
from ventia_document.source import Finding, Json, lookup, pointer
from ventia_document.structure import target
from ventia_document.support.parts.bodies import Object
from ventia_document.validation import Schema

_EVERY = frozenset(ALL_TYPES)


def contradictions(document: Json, each: Object) -> Iterator[Finding]:
    """Types, values and limits of a schema, and of all that apply with it, that exclude each other."""
    if each.kind != "schema" or _is_simple(each.value):
        return
    with suppress(LookupError, ValueError, RecursionError):  # a broken reference, which has a finding of its own
        found = [*_of_types(document, each)] or [*_of_limits(document, each)] or [*_of_values(document, each)]
        yield from found


def _is_simple(schema: dict[str, Json]) -> bool:
    """Whether a schema has no parts that could exclude each other, as most have none; other checks find its values."""
    keys = schema.keys() & _EXCLUDING
    return keys == {"$ref"} or keys <= {"type", "enum", "const"}


def _of_types(document: Json, each: Object) -> Iterator[Finding]:
    admitted = {key: types for key, types in _admitted(document, each.at, each.value, frozenset()).items() if types}
    if len(admitted) < 2 or frozenset.intersection(*admitted.values()):
        return
    first, second = next(
        (pair for pair in _pairs(list(admitted)) if not admitted[pair[0]] & admitted[pair[1]]), list(admitted)[:2]
    )
    words = f"{first} is for {_listed(admitted[first])}, and {second} for {_listed(admitted[second])}"
    yield Finding(each.at + pointer(*second.split("/")), f"no value fits: {words}; mend one")


def _pairs(keys: list[str]) -> Iterator[tuple[str, str]]:
    yield from ((first, second) for index, second in enumerate(keys) for first in keys[:index])


def _listed(types: frozenset[str]) -> str:
    return " or ".join(each for each in ALL_TYPES if each in types)


def _admitted(document: Json, at: str, schema: dict[str, Json], around: frozenset[str]) -> dict[str, frozenset[str]]:
    """The types of the values that each keyword of a schema admits, by the keyword; of an allOf, by its part."""
    found: dict[str, frozenset[str]] = {}
    if "type" in schema:
        types = {schema["type"]} if isinstance(schema["type"], str) else set(schema["type"])
        found["type"] = frozenset(types | {"integer"} if "number" in types else types)
    stated = [*schema.get("enum", ()), *([schema["const"]] if "const" in schema else ())]
    if stated:
        found["enum" if "enum" in schema else "const"] = frozenset(map(_type, stated))
    if "$ref" in schema:
        found["$ref"] = _types(document, target(schema["$ref"]), around)
    for index in range(len(schema.get("allOf", ()))):
        found[f"allOf/{index}"] = _types(document, at + pointer("allOf", index), around)
    for key in ("anyOf", "oneOf"):
        if key in schema:
            places = [at + pointer(key, index) for index in range(len(schema[key]))]
            found[key] = frozenset[str]().union(*(_types(document, place, around) for place in places))
    return found


def _types(document: Json, at: str, around: frozenset[str]) -> frozenset[str]:
    schema = lookup(document, at)
    if not isinstance(schema, dict) or at in around:
        return frozenset() if schema is False else _EVERY
    return _EVERY.intersection(*_admitted(document, at, schema, around | {at}).values())


def _type(value: Json) -> str:
    """The narrowest type of a value."""
    return "integer" if isinstance(value, float) and value.is_integer() else type_of(value)


_LIMITS = (
    *(("minimum", "maximum"), ("exclusiveMinimum", "maximum"), ("minimum", "exclusiveMaximum")),
    *(("exclusiveMinimum", "exclusiveMaximum"), ("minLength", "maxLength"), ("minItems", "maxItems")),
    *(("minProperties", "maxProperties"), ("minContains", "maxContains")),
)

_EXCLUDING = {"type", "enum", "const", "$ref", "allOf", "anyOf", "oneOf", *itertools.chain(*_LIMITS)}


def _of_limits(document: Json, each: Object) -> Iterator[Finding]:
    """Lower limits above an upper one."""
    parts = list(_together(document, each.at, each.value, frozenset()))
    for low, high in _LIMITS:
        least = max(((part[low], at) for at, part in parts if low in part), default=None)
        most = min((part[high] for _, part in parts if high in part), default=None)
        if least is None or most is None or not _crosses(low, high, least[0], most):
            continue
        yield Finding(least[1] + pointer(low), f"no value is within {low} {least[0]} and {high} {most}; mend one")


def _crosses(low: str, high: str, least: float, most: float) -> bool:
    return least > most or (least == most and "exclusive" in low + high)


def _of_values(document: Json, each: Object) -> Iterator[Finding]:
    """Parts whose every stated value breaks another part; the schema's own values are examined one by one."""
    if each.value.keys() & {"const", "enum"}:
        return
    for at, part in [*_together(document, each.at, each.value, frozenset())][1:]:
        stated = [*part.get("enum", ()), *([part["const"]] if "const" in part else ())]
        if stated and not any(map(Schema(document, each.at).accepts, stated)):
            key = "enum" if "enum" in part else "const"
            yield Finding(each.at, f"no value fits: all values of {key} at {at} break another part; mend one")


def _together(document: Json, at: str, schema: Json, around: frozenset[str]) -> Iterator[tuple[str, dict[str, Json]]]:
    """A schema, and those that apply to each of its values."""
    if not isinstance(schema, dict) or at in around:
        return
    yield at, schema
    places = [target(schema["$ref"])] if "$ref" in schema else []
    places += [at + pointer("allOf", index) for index in range(len(schema.get("allOf", ())))]
    for place in places:
        yield from _together(document, place, lookup(document, place), around | {at})
