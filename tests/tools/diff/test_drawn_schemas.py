"""Drawn pairs of schemas: what random search finds broken is found, and what is found is true."""

from __future__ import annotations

import os
from typing import Any

import jsonschema_rs
import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from tests.tools.diff.edits import ANSWER, BASE, NEW, POST, B, edited, of
from tests.tools.diff.outside import agrees
from tools.diff import document
from ventia_document.distinguishing.places import named, names_in
from ventia_document.source import Json
from ventia_document.structure import nodes

OBJECT = {"type": "object", "properties": {}}
SMALL = edited(
    BASE.value,
    {
        "/components": {"schemas": {"Message": OBJECT, "Problem": OBJECT}},
        POST: {
            "requestBody": {"content": {"application/json": {"schema": {"$ref": "#/components/schemas/Message"}}}},
            "responses": {
                "400": {"content": {"application/json": {"schema": {"$ref": "#/components/schemas/Problem"}}}}
            },
        },
    },
)
"""A request and an answer that have nothing but the drawn schemas."""

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


@pytest.mark.acceptance
@settings(
    max_examples=int(os.environ.get("PAIRS", "150")),
    derandomize="PAIRS" not in os.environ,  # a change is held to the same pairs each time; a search is asked for
    deadline=None,
    suppress_health_check=list(HealthCheck),
)
@given(versions(), st.sampled_from([NEW, ANSWER]))
def test_what_random_search_finds_broken_is_found_and_what_is_found_is_true(pair: tuple[Json, Json], at: str) -> None:
    """In a request, what was accepted and is no longer; in an answer, what could not come and now can."""
    try:
        before, after = map(jsonschema_rs.Draft202012Validator, pair)
    except ValueError:
        assume(False)  # noqa: FBT003 - a schema that is none
    base, now = (edited(SMALL, {at: schema}) for schema in pair)
    changes, side = document.compare(of(base), of(now)), 0 if at == NEW else 1
    one, other = (after, before) if side else (before, after)
    # Nobody sends by chance a field that is named only now.
    new_names = set() if side else (_named(pair[1]) - _named(pair[0])) | (named(now, NEW) - named(base, NEW))
    broken = [value for value in VALUES if one.is_valid(value) and not other.is_valid(value)]
    broken = [value for value in broken if not any(new_names & node.keys() for _, node in nodes(value))]
    assert not broken or any(change.effects[side] is B for change in changes), (pair, broken, changes)
    for change in changes:
        for witness in change.witnesses:
            assert agrees(base, now, witness), (pair, witness)


def _named(schema: Json) -> set[str]:
    return {name for _, node in nodes(schema) for name in names_in(node)}
