"""Hypothesis strategies drawn from the document."""

from __future__ import annotations

import json
from urllib.parse import quote

import schemathesis
from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy
from schemathesis import GenerationMode
from schemathesis.config import SchemathesisConfig

from contract_tests.rules import hostile_texts
from contract_tests.rules.drawing import Drawing
from contract_tests.wire.request import Asked
from ventia_document.operations import resolve
from ventia_document.schemas import Schema
from ventia_document.source import Json, pointer


def valid(document: Json, at: str) -> SearchStrategy[Json]:
    """Values that the schema at a JSON pointer accepts.

    Of an object, half of the values come from `_any_fields`: the other half are mostly alike in which fields they have.
    """
    schema = resolve(document, at).value
    if schema.get("type") == "string" and not any(_limits(keyword) for keyword in schema):
        return _texts
    drawn = _by_schemathesis(document, at)
    if "properties" in schema:
        drawn = st.one_of(drawn, _any_fields(document, at))
    if schema.get("format") == "uri":
        drawn = st.one_of(drawn, _quoted_uris)
    return drawn.filter(Schema(document, at).accepts)


_TELLING = " e\u0301\r\n\u212b\U0001f642</&>%2F\\u0041\t" + "long " * 1000
"""Valid wherever any text is; whoever strips, normalises, decodes or cuts it has another."""

_texts = st.text() | st.just(_TELLING) | st.sampled_from(["", "0"])
_quoted_uris = (st.text(min_size=1) | st.just(_TELLING)).map(
    lambda text: f"https://files.example.com/{quote(text, safe='')}"
)


def _limits(keyword: str) -> bool:
    """Whether a keyword of a schema can make a text invalid."""
    return keyword not in ("description", "examples", "type") and not keyword.startswith("x-")


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


def plain_messages(drawing: Drawing | None) -> SearchStrategy[Asked]:
    """The least messages of every sender that sends."""
    if drawing is None or not drawing.messages.sendable:
        return st.nothing()
    return st.sampled_from([drawing.messages.asked(message.body) for message in drawing.messages.sendable])


def messages(drawing: Drawing | None) -> SearchStrategy[Asked]:
    """Any message that the document accepts, through any sender of the target."""
    return st.nothing() if drawing is None else _bodies(drawing).map(drawing.messages.asked)


def changed_messages(drawing: Drawing | None) -> SearchStrategy[Asked]:
    """Messages in which something is changed, so that the document refuses them."""
    if drawing is None:
        return st.nothing()
    changed = st.tuples(_bodies(drawing), _changes(drawing)).map(lambda drawn: _merged(*drawn))
    return changed.map(drawing.messages.asked).filter(lambda asked: drawing.verdict(asked).is_refused)


def changed_texts(drawing: Drawing | None) -> SearchStrategy[Asked]:
    """Messages in whose JSON a few characters are changed, so that the document refuses what comes of it."""
    if drawing is None:
        return st.nothing()
    texts = _bodies(drawing).map(lambda body: json.dumps(body, ensure_ascii=False))
    edits = st.lists(st.tuples(st.floats(0, 1), st.integers(0, 3), st.text(max_size=3)), min_size=1, max_size=3)
    edited = st.tuples(texts, edits).map(lambda drawn: _edited(*drawn))
    asked = edited.map(lambda text: drawing.messages.raw(text.encode("utf-8", "replace")))
    return asked.filter(lambda asked: drawing.verdict(asked).is_refused)


_LEFT_OUT = object()


def _bodies(drawing: Drawing) -> SearchStrategy[dict[str, Json]]:
    known = drawing.messages
    senders, contents = drawing.knowledge.senders, known.contents
    free = {name: _field(drawing, name) for name in known.properties if _is_drawn(drawing, name)}
    drawn = st.tuples(st.sampled_from(senders), st.sampled_from(contents), st.fixed_dictionaries({}, optional=free))
    made = drawn.map(lambda drawn: {**drawn[1], **drawn[2], **drawn[0].fields})
    return made.filter(known.schema.accepts) if senders else st.nothing()


def _is_drawn(drawing: Drawing, name: str) -> bool:
    """Whether a field is no sender's, and the target knows what it names."""
    kinds = {field: kind for kind, field in drawing.knowledge.fields.items()}
    value = drawing.messages.value(name)
    return (
        name != drawing.knowledge.medium
        and (name not in kinds or value in drawing.knowledge.target.things.values())
        and not any(name in sender.fields for sender in drawing.knowledge.senders)
    )


def _field(drawing: Drawing, name: str) -> SearchStrategy[Json]:
    if name in drawing.knowledge.fields.values():
        return st.just(drawing.messages.value(name))
    known = valid(drawing.messages.document, f"{drawing.messages.at}/properties{pointer(name)}")
    schema = drawing.messages.properties[name].value
    if schema.get("type") != "string" or "enum" in schema or "format" in schema:
        return known
    return known | st.sampled_from(hostile_texts.HOSTILE) | st.integers(0, 20_000).map(hostile_texts.long)


def _changes(drawing: Drawing) -> SearchStrategy[dict[str, Json]]:
    names = st.sampled_from(list(drawing.messages.properties))
    values = st.just(_LEFT_OUT) | _ANYTHING | names.map(drawing.messages.value)
    return st.dictionaries(names, values, min_size=1, max_size=3)


_ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
)


def _merged(body: dict[str, Json], changes: dict[str, Json]) -> dict[str, Json]:
    return {name: value for name, value in {**body, **changes}.items() if value is not _LEFT_OUT}


def _edited(text: str, edits: list[tuple[float, int, str]]) -> str:
    for place, taken, put in edits:
        at = int(place * len(text))
        text = text[:at] + put + text[at + taken :]
    return text
