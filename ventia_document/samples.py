"""Sample values: the document's examples or, where it has none, values made from the schemas."""

from __future__ import annotations

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
_DEEPEST = 20  # ends the samples of a schema that contains itself


def samples(document: Json, part: Part) -> dict[str, Json]:
    """Samples of a parameter or media type by name, '' for one without a name; empty if none is valid."""
    if written := examples(document, part):
        return written
    if "schema" not in part.value:
        return {}
    made = sample(document, part.at + "/schema")
    return {"": made} if Schema(document, part.at + "/schema").accepts(made) else {}


def sample(document: Json, at: str, depth: int = 0) -> Json:
    """A sample value of a schema, which may still break its finer rules."""
    part, beside = resolve(document, at), lookup(document, at)
    schema = {**part.value, **beside} if isinstance(part.value, dict) else {}
    for stated in (schema.get("examples"), schema.get("enum")):
        if stated:
            return stated[0]
    for key in ("const", "default"):
        if key in schema:
            return schema[key]
    return None if depth == _DEEPEST else _put_together(document, part, depth + 1)


def _put_together(document: Json, part: Part, depth: int) -> Json:
    schema = part.value if isinstance(part.value, dict) else {}
    branches = [pointer("allOf", index) for index in range(len(schema.get("allOf", [])))]
    branches += [pointer(key, 0) for key in ("oneOf", "anyOf") if key in schema]
    pieces = [sample(document, part.at + branch, depth) for branch in branches]
    fields = {
        name: sample(document, part.at + pointer("properties", name), depth) for name in schema.get("properties", {})
    }
    if fields or (pieces and all(isinstance(piece, dict) for piece in pieces)):
        return {name: value for piece in pieces if isinstance(piece, dict) for name, value in piece.items()} | fields
    if pieces:
        return pieces[0]
    if "prefixItems" in schema:
        return [
            sample(document, part.at + pointer("prefixItems", index), depth)
            for index in range(len(schema["prefixItems"]))
        ]
    if "items" in schema:
        return [sample(document, part.at + "/items", depth)] * max(1, schema.get("minItems", 1))
    types = schema.get("type", "object")
    return _scalar(schema, types if isinstance(types, str) else types[0])


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
