"""Hypothesis strategies drawn from the document."""

from __future__ import annotations

import schemathesis
from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy
from schemathesis import GenerationMode
from schemathesis.config import SchemathesisConfig

from ventia_document.operations import resolve
from ventia_document.schemas import Schema
from ventia_document.source import Json, pointer


def valid(document: Json, at: str) -> SearchStrategy[Json]:
    """Values that the schema at a JSON pointer accepts.

    Of an object, half of the values come from `_any_fields`: the other half are mostly alike in which fields they have.
    """
    schema = resolve(document, at).value
    if schema.keys() & {"description", "examples", "type"} == schema.keys() and schema.get("type") == "string":
        return st.text()  # as schemathesis would, only faster
    drawn = _by_schemathesis(document, at)
    if "properties" in schema:
        drawn = st.one_of(drawn, _any_fields(document, at))
    return drawn.filter(Schema(document, at).accepts)


def _by_schemathesis(document: Json, at: str) -> SearchStrategy[Json]:
    part = resolve(document, at)
    body = {"required": True, "content": {"application/json": {"schema": part.value}}}
    carrier = {
        "openapi": document["openapi"],
        "info": document["info"],
        "paths": {"/": {"post": {"requestBody": body, "responses": {"200": {"description": "any"}}}}},
        "components": {"schemas": document.get("components", {}).get("schemas", {})},
    }
    loaded = schemathesis.openapi.from_dict(carrier, config=SchemathesisConfig())
    return loaded["/"]["POST"].as_strategy(generation_mode=GenerationMode.POSITIVE).map(lambda case: case.body)


def _any_fields(document: Json, at: str) -> SearchStrategy[Json]:
    """Objects whose optional fields are given or left out each by itself, so that no combination is rare."""
    part = resolve(document, at)
    names = part.value["properties"]
    fields = {name: valid(document, part.at + pointer("properties", name)) for name in names}
    required = {name: fields.pop(name) for name in part.value.get("required", [])}
    return st.fixed_dictionaries(required, optional=fields)
