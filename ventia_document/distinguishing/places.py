"""The schemas that apply to one value: a schema, and those in it that apply in place."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from typing import NamedTuple

from ventia_document.keywords import IN_PLACE, subschemas
from ventia_document.source import Json, lookup


class Place(NamedTuple):
    """A schema of a document: its JSON pointer and its value."""

    at: str
    schema: Json


def applied(document: Json, at: str) -> list[Place]:
    """A schema, and those that it applies to the same value, references followed; each once."""
    waiting, found = [at], dict[str, Place]()
    while waiting:
        at = waiting.pop(0)
        if at in found:
            continue
        with contextlib.suppress(LookupError):
            found[at] = Place(at, schema := lookup(document, at))
            if isinstance(schema, dict):
                waiting += [at + inner for inner, _ in subschemas(schema) if inner.split("/")[1] in IN_PLACE]
                waiting += [schema["$ref"][1:]] if str(schema.get("$ref", "")).startswith("#") else []
    return list(found.values())


def names_in(schema: dict[str, Json]) -> Iterator[str]:
    """The fields that the keywords of a schema name."""
    for key in ("properties", "required", "dependentSchemas", "dependentRequired"):
        yield from schema.get(key, ())
    for others in schema.get("dependentRequired", {}).values():
        yield from others


def named(document: Json, at: str) -> set[str]:
    """The fields that a schema names, in whatever keyword."""
    return {name for _, schema in applied(document, at) if isinstance(schema, dict) for name in names_in(schema)}
