"""A second opinion on witnesses: `jsonschema`, which shares no code with the validator that found them."""

from __future__ import annotations

from urllib.parse import quote, urlsplit

import jsonschema  # type: ignore[import-untyped]  # it has no types
from referencing import Registry
from referencing.jsonschema import DRAFT202012

from tests.tools.diff.edits import MESSAGE, NEW, edited
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
    at, value = witness.at, witness.value
    if witness.direction == "response":
        return accepts(now, at[1], value) and not accepts(base, at[0], value)
    return accepts(base, at[0], value) and not (accepts(now, at[1], value) and accepts(_closed(now), at[1], value))


def _closed(document: Json) -> Json:
    """A document whose messages have described fields only."""
    return edited(document, {f"{at}/unevaluatedProperties": False for at in (MESSAGE, NEW) if _is_there(document, at)})


def _is_there(document: Json, at: str) -> bool:
    try:
        return isinstance(lookup(document, at), dict)
    except LookupError:
        return False


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
