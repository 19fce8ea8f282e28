"""The diff agrees with a validator: a schema that newly refuses or admits a value is classed as breaking."""

from __future__ import annotations

from typing import Any

import jsonschema_rs
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from tests.tools.diff.edits import BASE, FIELD, PROBLEM, B, edited, of
from tools.diff.objects import document
from ventia_document.source import Json

NAMES = st.sampled_from(["a", "b", "x1"])
SCALARS = ["", "a", "b", "aa", "abc", 0, 1, 2, 3, 1.5, -1, True, False, None]
LISTS = [[], [1], [1, 1], ["a"], ["a", 1], [1, "a"], [1, 2, 3], [[1]]]
OBJECTS = [{name: value} for name in ("a", "b", "x1") for value in ("a", "abc", 1, 3, None, {"a": 1}, [1])]
VALUES = [*SCALARS, *LISTS, *OBJECTS, {}, {"a": 1, "b": 1}, {"a": "a", "b": "b", "x1": 1}, {"b": ["a"], "x1": None}]

TYPES = st.sampled_from(["array", "boolean", "integer", "null", "number", "object", "string"])
COUNTS = st.integers(0, 3)
PLAIN: dict[str, st.SearchStrategy[Json]] = {
    "type": TYPES | st.lists(TYPES, min_size=1, max_size=3, unique=True),
    "enum": st.lists(st.sampled_from(SCALARS), min_size=1, max_size=3),
    "const": st.sampled_from(SCALARS),
    "pattern": st.sampled_from(["^a", "b", "^.$"]),
    "minimum": COUNTS,
    "maximum": COUNTS,
    "exclusiveMinimum": COUNTS,
    "multipleOf": st.sampled_from([0.5, 1, 2, 3]),
    "required": st.lists(NAMES, max_size=2, unique=True),
    "dependentRequired": st.dictionaries(NAMES, st.lists(NAMES, max_size=1), max_size=1),
    "uniqueItems": st.booleans(),
    "description": st.sampled_from(["one", "two"]),
    **{f"{side}{what}": COUNTS for side in ("min", "max") for what in ("Length", "Items", "Properties", "Contains")},
}
ONE = (
    *("additionalProperties", "contains", "else", "if", "items", "not", "propertyNames", "then"),
    *("unevaluatedItems", "unevaluatedProperties"),
)
LISTED = ("allOf", "anyOf", "oneOf", "prefixItems")


def keywords(inner: st.SearchStrategy[Json]) -> st.SearchStrategy[tuple[str, Json]]:
    """A keyword with the keywords that it depends on."""
    named = st.dictionaries(NAMES, inner, min_size=1, max_size=2)
    holding: dict[str, st.SearchStrategy[Json]] = {
        **dict.fromkeys(ONE, inner),
        **dict.fromkeys(LISTED, st.lists(inner, min_size=1, max_size=2)),
        "patternProperties": st.dictionaries(st.sampled_from(["^a", "^x"]), inner, min_size=1, max_size=1),
        "dependentSchemas": named,
        "properties": named,
    }
    return st.one_of(*(st.tuples(st.just(name), each) for name, each in {**PLAIN, **holding}.items()))


SCHEMAS: st.SearchStrategy[Json] = st.recursive(
    st.booleans() | st.just({}) | st.one_of(*(st.fixed_dictionaries({name: each}) for name, each in PLAIN.items())),
    lambda inner: st.lists(keywords(inner), max_size=3).map(dict),
    max_leaves=6,
)


@st.composite
def edits(draw: st.DrawFn, value: Json) -> Json:
    """A schema, or a part of it, after one edit somewhere in it."""
    if not isinstance(value, dict | list) or not value or draw(st.integers(0, 5)) == 0:
        return draw(SCHEMAS)
    changed: Any = value.copy()
    key = draw(st.sampled_from(range(len(value)) if isinstance(value, list) else sorted(value)))
    how = draw(st.sampled_from(["inside", "inside", "remove", "add"]))
    if how == "remove" and len(value) > 1:
        del changed[key]
    elif how == "add":
        name, added = draw(keywords(SCHEMAS))
        changed.append(added) if isinstance(changed, list) else changed.update({name: added})
    elif key in PLAIN:
        changed[key] = draw(PLAIN[key])
    else:
        changed[key] = draw(edits(value[key]))
    return changed


@st.composite
def versions(draw: st.DrawFn) -> tuple[Json, Json]:
    base = draw(SCHEMAS)
    return base, draw(edits(base))


EXPECTED = ("property-added", "property-allowed", "new-optional-request-property", "one-of-added", "one-of-removed")
"""Additions by agreement: who sends or reads a new field has not had it; alternatives of a oneOf exclude each other."""


@settings(max_examples=500, deadline=None)
@given(versions())
def test_a_schema_that_newly_refuses_or_admits_a_value_is_classed_as_breaking_one_side(pair: tuple[Json, Json]) -> None:
    """In a request, what was accepted and is no longer; in an answer, what could not come and now can."""
    try:
        before, after = map(jsonschema_rs.Draft202012Validator, pair)
    except ValueError:
        assume(False)  # noqa: FBT003 - a schema that is none
    refused = [value for value in VALUES if before.is_valid(value) and not after.is_valid(value)]
    admitted = [value for value in VALUES if after.is_valid(value) and not before.is_valid(value)]
    for at, side, values in (
        (f"{FIELD}/new", "requests", refused),
        (f"{PROBLEM}/properties/new", "responses", admitted),
    ):
        base, now = (of(edited(BASE.value, (at, schema))) for schema in pair)
        changes = document.compare(base, now) if values else []
        if not any(change.id.endswith(EXPECTED) for change in changes):
            assert not values or any(getattr(change.effects, side) is B for change in changes), (pair, values, changes)
