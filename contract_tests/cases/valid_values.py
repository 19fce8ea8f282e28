"""Hypothesis strategies for the values that a schema of the document accepts."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import quote

import schemathesis
from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy
from schemathesis import GenerationMode
from schemathesis.config import SchemathesisConfig

from ventia_document.keywords import KEYWORDS, Holds
from ventia_document.operations import Part, resolve
from ventia_document.source import Json, pointer, remembered
from ventia_document.validation import Schema


def valid(document: Json, at: str) -> SearchStrategy[Json]:
    """Values that the schema at a JSON pointer accepts."""
    return _valid(document, at, frozenset())


def _valid(document: Json, at: str, around: frozenset[str]) -> SearchStrategy[Json]:
    """Valid values inside values of the schemas at other JSON pointers."""
    part = resolve(document, at)
    schema = part.value if isinstance(part.value, dict) else {}
    if part.value is False:
        return st.nothing()
    if schema.get("type") == "string" and not any(_limits(keyword) for keyword in schema):
        return _texts
    drawn = _by_schemathesis(document, at)
    if "properties" in schema and part.at not in around:  # most objects of schemathesis have the same fields
        drawn = st.one_of(drawn, _any_fields(document, part, around | {part.at}))
    if schema.get("format") == "uri":
        drawn = st.one_of(drawn, _quoted_uris)
    return drawn.filter(Schema(document, at).accepts)


_TELLING = " e\u0301\r\n\u212b\U0001f642</&>%2F\\u0041\t" + "long " * 1000
"""A valid text that changes when somebody strips, normalises, decodes or cuts it."""

_texts = st.text() | st.just(_TELLING) | st.sampled_from(["", "0"])
_quoted_uris = (st.text(min_size=1) | st.just(_TELLING)).map(
    lambda text: f"https://files.example.com/{quote(text, safe='')}"
)


def _limits(keyword: str) -> bool:
    """Whether a keyword of a schema can make a text invalid."""
    return keyword not in ("description", "examples", "type") and not keyword.startswith("x-")


def _by_schemathesis(document: Json, at: str) -> SearchStrategy[Json]:
    body = {"required": True, "content": {"application/json": {"schema": _as_object(resolve(document, at).value)}}}
    [components] = _components(document)
    carrier = {
        "openapi": document["openapi"],
        "info": document["info"],
        "paths": {"/": {"post": {"requestBody": body, "responses": {"200": {"description": "any"}}}}},
        "components": {"schemas": components},
    }
    loaded = schemathesis.openapi.from_dict(carrier, config=SchemathesisConfig())
    return loaded["/"]["POST"].as_strategy(generation_mode=GenerationMode.POSITIVE).map(lambda case: case.body)


@remembered
def _components(document: Json) -> Iterator[Json]:
    """The schemas among the components of a document, as objects: a single item."""
    schemas = document.get("components", {}).get("schemas", {})
    yield {name: _as_object(schema) for name, schema in schemas.items()}


def _as_object(schema: Json) -> Json:
    """A schema that says that its value is an object if it has fields, since it means that."""
    if not isinstance(schema, dict):
        return schema
    implied = {"type": "object"} if "properties" in schema else {}
    return implied | {key: _inner(key, value) for key, value in schema.items()}


def _inner(key: str, value: Json) -> Json:
    holds = KEYWORDS[key].holds if key in KEYWORDS else Holds.NONE
    if holds is Holds.NAMED:
        return {name: _as_object(each) for name, each in value.items()}
    if holds is Holds.LIST:
        return [_as_object(each) for each in value]
    return _as_object(value) if holds is Holds.ONE else value


def _any_fields(document: Json, part: Part, around: frozenset[str]) -> SearchStrategy[Json]:
    """Objects that have each optional field or not, independently, so that no combination is rare."""
    names = part.value["properties"]
    fields = {name: _valid(document, part.at + pointer("properties", name), around) for name in names}
    fields = {name: values for name, values in fields.items() if not values.is_empty}
    required = {name: fields.pop(name) for name in part.value.get("required", []) if name in fields}
    return st.fixed_dictionaries(required, optional=fields)
