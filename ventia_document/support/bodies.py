"""The bodies of requests and responses that client, stand-in and suite do not follow."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from ventia_document.operations import resolve
from ventia_document.source import Finding, Json, pointer
from ventia_document.wire.media import FORM, is_text, plain_type
from ventia_document.wire.shapes import OBJECT, SCALAR, fields, item_schemas, shapes


class Object(NamedTuple):
    """An object of a document, its JSON pointer, and its kind in the table of objects."""

    kind: str
    at: str
    value: dict[str, Json]


def unsupported_bodies(document: Json, each: Object) -> Iterator[Finding]:
    """Further media types of a body, and texts that are no strings."""
    if each.kind not in ("request-body", "response"):
        return
    names = list(each.value.get("content", {}))
    for name in names[1:]:
        message = f"{name!r} is a second media type of one body; keep one, such as {names[0]!r}"
        yield Finding(each.at + pointer("content", name), message)
    for name in [name for name in names if plain_type(name) == FORM]:
        yield from _unsupported_fields(document, each.at + pointer("content", name))
    for name in filter(is_text, names):
        at = each.at + pointer("content", name, "schema")
        if "schema" not in each.value["content"][name] or not _is_string(document, at):
            yield Finding(each.at + pointer("content", name), f"{name!r} needs a schema with type: string")


def _unsupported_fields(document: Json, at: str) -> Iterator[Finding]:
    """Fields of a form that hold more than scalars, or lists of them."""
    try:
        named = fields(document, at + "/schema")
        deep = [name for name, place in named.items() if _is_deep(document, place)]
    except (LookupError, ValueError):  # a broken reference, which has a finding of its own
        return
    for name in deep:
        yield Finding(
            at, f"a form holds texts, numbers and lists of them, and {name!r} is deeper; send application/json"
        )


def _is_deep(document: Json, at: str) -> bool:
    inner = [shapes(document, item) for item in item_schemas(document, at)]
    return OBJECT in shapes(document, at) or any(each != {SCALAR} for each in inner)


def _is_string(document: Json, at: str) -> bool:
    try:
        schema = resolve(document, at).value
    except (LookupError, ValueError):  # a broken reference, which has a finding of its own
        return True
    return isinstance(schema, dict) and schema.get("type") == "string"
