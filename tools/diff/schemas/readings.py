"""The ways to read a document: whom it binds to which fields."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

from tools.diff.schemas.differences import put
from ventia_document.distinguishing.places import applied, named
from ventia_document.source import Json, lookup, parts, pointer
from ventia_document.structure import every_node, kind

Reading: TypeAlias = Callable[[Json, Json], tuple[list[Json], list[Json]]]
"""Makes of the base and of a new document those that validators judge by: a value must be accepted by all of a side."""


def plain(base: Json, now: Json) -> tuple[list[Json], list[Json]]:
    """The documents as they are: a value may have fields that are not described."""
    return [base], [now]


def without_write_only(base: Json, now: Json) -> tuple[list[Json], list[Json]]:
    """The documents of a reader, to whom a field that is `writeOnly` is none of an answer's."""
    return [_without("writeOnly", base)], [_without("writeOnly", now)]


def closed(base: Json, now: Json) -> tuple[list[Json], list[Json]]:
    """The documents of a sender who sends only fields that are described, since others may do nothing.

    A field that is `readOnly` is none of the request's.
    """
    base, now = _without("readOnly", base), _without("readOnly", now)
    # Under a `not` or beside an alternative, a schema that accepts less makes the schema around it accept more.
    return [base, _closed(base, {})], [now, _closed(now, base)]


def open_but_for_new_fields(base: Json, now: Json) -> tuple[list[Json], list[Json]]:
    """The documents of a sender who sends other fields too, but by chance none that is named only now."""
    refusing = base
    for at, node in _values(base):
        names = named(now, at) - named(base, at)
        if names and _has_fields(base, at) and not _is_ruled(base, at):
            rule: Json = {"properties": dict.fromkeys(sorted(names), False)}
            refusing = put(refusing, f"{at}/allOf", [*node.get("allOf", []), rule])
    return [base, refusing], [now]


def _has_fields(document: Json, at: str) -> bool:
    """Whether a schema describes fields."""
    return any(schema.get(key) for schema in _objects(document, at) for key in ("properties", "patternProperties"))


def _is_ruled(document: Json, at: str) -> bool:
    """Whether a schema has a rule for all other fields."""
    return any(schema.get(key, True) not in (True, {}) for schema in _objects(document, at) for key in _REST)


def _objects(document: Json, at: str) -> list[dict[str, Json]]:
    return [schema for _, schema in applied(document, at) if isinstance(schema, dict)]


_REST = ("additionalProperties", "unevaluatedProperties")


def _closed(document: Json, ruled: Json) -> Json:
    """A document whose values have described fields only, except where another one has a rule for all others."""
    closed = document
    for at, node in reversed(every_node(document)):
        if kind(at) == "schema" and not _is_ruled(ruled, at):
            # To say that others may be anything adds nothing.
            nothing = [key for key in _REST if node.get(key) in (True, {})]
            kept = {key: value for key, value in lookup(closed, at).items() if key not in nothing}
            closed = put(closed, at, {"unevaluatedProperties": False, **kept} if _is_value(at) else kept)
    return closed


def _values(document: Json) -> list[tuple[str, dict[str, Json]]]:
    """The schemas that stand for values of their own."""
    return [(at, node) for at, node in every_node(document) if kind(at) == "schema" and _is_value(at)]


def _without(mark: str, document: Json) -> Json:
    """A document that has no fields with a mark, and does not require them."""
    kept = document
    for at, node in reversed(every_node(document)):
        fields = node.get("properties", {}) if kind(at) == "schema" else {}
        if marked := {name for name in fields if _is_marked(document, at + pointer("properties", name), mark)}:
            schema = lookup(kept, at)
            left = {name: field for name, field in schema["properties"].items() if name not in marked}
            needed = [name for name in schema.get("required", []) if name not in marked]
            kept = put(kept, at, {**schema, "properties": left, "required": needed})
    return kept


def _is_marked(document: Json, at: str, mark: str) -> bool:
    return any(schema.get(mark) is True for schema in _objects(document, at))


def _is_value(at: str) -> bool:
    """Whether a schema stands for a value of its own: not one that is applied in place, or that a rule refuses."""
    keys = parts(at)
    if {"not", "if", "contains", "propertyNames"} & {*keys}:
        return False
    own = ("schema", "items", "additionalProperties", "unevaluatedProperties")
    return keys[-1] in own or keys[-2:-1] in (["properties"], ["patternProperties"], ["prefixItems"])
