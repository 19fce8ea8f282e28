"""Sample values: the document's examples or, where it has none, values made from the schemas."""

from __future__ import annotations

from ventia_document.operations import Part, examples, resolve
from ventia_document.source import Json, lookup, pointer
from ventia_document.validation import Schema

_PLAIN: dict[str, Json] = {"string": "string", "integer": 0, "number": 0, "boolean": True, "null": None, "array": []}
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
    if "items" in schema:
        return [sample(document, part.at + "/items", depth)]
    types = schema.get("type", "object")
    return _PLAIN.get(types if isinstance(types, str) else types[0], {})
