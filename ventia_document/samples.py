"""Sample values: the document's examples or, where it has none, values made from the schemas."""

from __future__ import annotations

from contextlib import suppress

from ventia_document.operations import Part, examples, resolve
from ventia_document.source import Json, lookup, pointer
from ventia_document.validation import Schema

_PLAIN: dict[str, Json] = {"boolean": True, "null": None, "array": []}
_FORMATS = {
    "date": "2030-01-31",
    "date-time": "2030-01-31T12:00:00Z",
    "duration": "P1D",
    "email": "name@example.com",
    "hostname": "example.com",
    "ipv4": "192.0.2.1",
    "ipv6": "2001:db8::1",
    "json-pointer": "/name",
    "relative-json-pointer": "0",
    "time": "12:00:00Z",
    "uri": "https://example.com/",
    "uri-reference": "/path",
    "uri-template": "/path/{name}",
    "uuid": "00000000-0000-4000-8000-000000000000",
}


class _Endless(LookupError):
    """A sample that would contain itself."""


def samples(document: Json, part: Part) -> dict[str, Json]:
    """Samples of a parameter or media type by name, '' for one without a name; empty if none is valid."""
    if written := examples(document, part):
        return written
    if "schema" not in part.value:
        return {}
    made = sample(document, part.at + "/schema")
    return {"": made} if Schema(document, part.at + "/schema").accepts(made) else {}


def sample(document: Json, at: str) -> Json:
    """A sample value of a schema, which may still break its finer rules; None of one whose values have no end."""
    try:
        return _sample(document, at, frozenset())
    except _Endless:
        return None


def _sample(document: Json, at: str, around: frozenset[str]) -> Json:
    """A sample value of a schema, inside values of the schemas at other JSON pointers."""
    part, beside = resolve(document, at), lookup(document, at)
    schema = {**part.value, **beside} if isinstance(part.value, dict) else {}
    for stated in (schema.get("examples"), schema.get("enum")):
        if stated:
            return stated[0]
    for key in ("const", "default"):
        if key in schema:
            return schema[key]
    if part.at in around:
        raise _Endless
    return _put_together(document, part, around | {part.at})


def _put_together(document: Json, part: Part, around: frozenset[str]) -> Json:
    schema = part.value if isinstance(part.value, dict) else {}
    pieces = [
        _sample(document, part.at + pointer("allOf", index), around) for index in range(len(schema.get("allOf", [])))
    ]
    for key in ("oneOf", "anyOf"):
        pieces += _first(document, [part.at + pointer(key, index) for index in range(len(schema.get(key, [])))], around)
    fields = _fields(document, part, around)
    if fields or (pieces and all(isinstance(piece, dict) for piece in pieces)):
        return {name: value for piece in pieces if isinstance(piece, dict) for name, value in piece.items()} | fields
    if pieces:
        return pieces[0]
    if "prefixItems" in schema:
        places = [part.at + pointer("prefixItems", index) for index in range(len(schema["prefixItems"]))]
        return [_sample(document, each, around) for each in places]
    if "items" in schema:
        return _items(document, part, around)
    types = schema.get("type", "object")
    return _scalar(schema, types if isinstance(types, str) else types[0])


def _first(document: Json, places: list[str], around: frozenset[str]) -> list[Json]:
    """A sample of the first alternative whose values have an end; none without alternatives."""
    for at in places:
        with suppress(_Endless):
            return [_sample(document, at, around)]
    if places:
        raise _Endless
    return []


def _fields(document: Json, part: Part, around: frozenset[str]) -> dict[str, Json]:
    """Samples of the fields, but for those that need not be there and have no end, or can never be there."""
    fields: dict[str, Json] = {}
    properties = part.value.get("properties", {}) if isinstance(part.value, dict) else {}
    for name in [name for name, schema in properties.items() if schema is not False]:
        try:
            fields[name] = _sample(document, part.at + pointer("properties", name), around)
        except _Endless:
            if name in part.value.get("required", ()):
                raise
    return fields


def _items(document: Json, part: Part, around: frozenset[str]) -> Json:
    least = part.value.get("minItems", 0)
    try:
        return [_sample(document, part.at + "/items", around)] * max(1, least)
    except _Endless:
        if least:
            raise
        return []


def _scalar(schema: dict[str, Json], kind: str) -> Json:
    if kind == "string":
        return _FORMATS.get(schema.get("format", ""), "string").ljust(schema.get("minLength", 0), "s")[
            : schema.get("maxLength")
        ]
    if kind in ("integer", "number"):
        return _number(schema)
    return _PLAIN.get(kind, {})


def _number(schema: dict[str, Json]) -> Json:
    """A number at a bound, or zero if that is allowed; a multiple of what it must be."""
    step = schema.get("multipleOf", 1)
    least, most = schema.get("minimum", 0), schema.get("maximum", 0)
    least = max(least, schema.get("exclusiveMinimum", least - step) + step)
    most = min(most, schema.get("exclusiveMaximum", most + step) - step)
    return -(-least // step) * step if least > 0 else most // step * step if most < 0 else 0
