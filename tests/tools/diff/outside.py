"""A second opinion on witnesses: `jsonschema`, which shares no code with the validator that found them."""

from __future__ import annotations

from urllib.parse import quote, urlsplit

import jsonschema  # type: ignore[import-untyped]  # it has no types
from referencing import Registry
from referencing.jsonschema import DRAFT202012

from tests.tools.diff.edits import MESSAGE, edited
from tools.diff.changes import Witness
from ventia_document.source import Json, lookup

FORMATS = jsonschema.FormatChecker()
FORMATS.checks("uri")(lambda text: not isinstance(text, str) or bool(urlsplit(text).scheme))


def accepts(document: Json, at: str, value: Json) -> bool:
    """Whether the schema at a JSON pointer of a document accepts a value."""
    registry: Registry[Json] = Registry().with_resource("urn:document", DRAFT202012.create_resource(document))
    schema = {"$ref": f"urn:document#{quote(at)}"}
    return bool(jsonschema.Draft202012Validator(schema, registry=registry, format_checker=FORMATS).is_valid(value))


def agrees(base: Json, now: Json, witness: Witness) -> bool:
    """Whether a witness shows what it says: as the documents are, or as one who leaves marked fields out reads them."""
    mark = "readOnly" if witness.direction == "request" else "writeOnly"
    return any(_shows(old, new, witness) for old, new in ((base, now), (_without(mark, base), _without(mark, now))))


def _shows(base: Json, now: Json, witness: Witness) -> bool:
    """As the documents are or, of a request, as one who sends described fields only reads them."""
    at, value = witness.at, witness.value
    if witness.direction == "response":
        return accepts(now, at[1], value) and not accepts(base, at[0], value)
    return any(
        accepts(old, at[0], value) and not accepts(new, at[1], value)
        for old, new in ((base, now), (_closed(base), _closed(now)))
    )


def _closed(document: Json) -> Json:
    """A document whose messages have described fields only."""
    return edited(document, {MESSAGE: _with_described_fields(lookup(document, MESSAGE))})


def _with_described_fields(schema: Json, *, is_value: bool = True) -> Json:
    if not isinstance(schema, dict):
        return schema
    closed: Json = {"unevaluatedProperties": False} if is_value else {}
    for key, value in schema.items():
        if key in ("properties", "patternProperties"):
            closed[key] = {name: _with_described_fields(part) for name, part in value.items()}
        elif key in ("allOf", "anyOf", "oneOf", "prefixItems"):
            closed[key] = [_with_described_fields(part, is_value=key == "prefixItems") for part in value]
        else:
            closed[key] = _with_described_fields(value) if key in ("items", "additionalProperties") else value
    return closed


def _without(mark: str, value: Json) -> Json:
    """A document without the fields that have a mark."""
    if isinstance(value, list):
        return [_without(mark, item) for item in value]
    if not isinstance(value, dict):
        return value
    kept = {key: _without(mark, part) for key, part in value.items()}
    if isinstance(fields := value.get("properties"), dict):
        marked = {name for name, field in fields.items() if isinstance(field, dict) and field.get(mark) is True}
        kept["properties"] = {name: field for name, field in kept["properties"].items() if name not in marked}
        kept["required"] = [name for name in value.get("required", []) if name not in marked]
    return kept
