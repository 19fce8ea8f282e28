"""The ways to read a document: whom it binds to which fields."""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import lru_cache
from typing import TypeAlias
from urllib.parse import quote

import jsonschema_rs

from tools.diff.schemas.parts import described, is_value, named
from ventia_document.keywords import KEYWORDS, Holds, Role
from ventia_document.source import Json, lookup, parts
from ventia_document.structure import every_node, kind, target

Accepts: TypeAlias = Callable[[Json], bool]
Reading: TypeAlias = Callable[[Json, Json], tuple[Json, Json]]
"""Makes the documents that validators judge by, of the base and of a new document."""

_URN = "urn:ventia:document"
MISSING = object()


class Unjudgeable(Exception):
    """No validator can be made of a schema."""


class Validators:
    """The validators of a document, by JSON pointer."""

    def __init__(self, document: Json) -> None:
        self.document = document
        self._made: dict[str, Accepts] = {}
        try:
            self._registry = jsonschema_rs.Registry([(_URN, document)], draft=jsonschema_rs.Draft202012)
        except (ValueError, jsonschema_rs.ReferencingError) as error:
            raise Unjudgeable(str(error)) from None

    def accepts(self, at: str) -> Accepts:
        """The function that says whether the schema at a JSON pointer accepts a value.

        Raises:
            Unjudgeable: no validator can be made of it.
        """
        if at not in self._made:
            schema = {"$ref": _URN + "#" + quote(at)}
            try:
                validator = jsonschema_rs.Draft202012Validator(schema, registry=self._registry, validate_formats=True)
            except (ValueError, jsonschema_rs.ReferencingError) as error:
                raise Unjudgeable(str(error)) from None
            self._made[at] = validator.is_valid
        return self._made[at]


ALONE = frozenset(
    name for name, each in KEYWORDS.items() if each.role is Role.RULE and each.holds is Holds.NONE and each.words
)
"""The keywords that restrict values by themselves."""


def keyword_accepts(keyword: str, value: Json) -> Accepts:
    """The function that says whether a keyword alone accepts a value."""
    return _alone(json.dumps({keyword: value}))


@lru_cache(maxsize=1000)
def _alone(schema: str) -> Accepts:
    try:
        return jsonschema_rs.Draft202012Validator(json.loads(schema), validate_formats=True).is_valid
    except ValueError:
        return bool


def plain(base: Json, now: Json) -> tuple[Json, Json]:
    """The documents as they are: a value may have fields that are not described."""
    return base, now


def without_write_only(base: Json, now: Json) -> tuple[Json, Json]:
    """The documents of a reader, to whom a field that is `writeOnly` is none of an answer's."""
    return _without("writeOnly", base), _without("writeOnly", now)


def closed(base: Json, now: Json) -> tuple[Json, Json]:
    """The documents of a sender who sends only fields that are described, since others may do nothing."""
    return _closed(base, base), _closed(now, base)


def closed_without_read_only(base: Json, now: Json) -> tuple[Json, Json]:
    """The documents of a sender to whom a field that is `readOnly` is none of the request's."""
    return closed(_without("readOnly", base), _without("readOnly", now))


def open_but_for_new_fields(base: Json, now: Json) -> tuple[Json, Json]:
    """The documents of a sender who sends other fields too, but by chance none that is named only now."""
    refusing = base
    for at, node in _values(base):
        names = named(now, at) - named(base, at)
        if names and any(described(base, at) or ()):
            rule: Json = {"properties": dict.fromkeys(sorted(names), False)}
            refusing = put(refusing, f"{at}/allOf", [*node.get("allOf", []), rule])
    return refusing, now


def _closed(document: Json, base: Json) -> Json:
    """A document whose values have no other fields, except where neither it nor the base describes any."""
    for at, node in _values(document):
        if (names := described(document, at)) and (any(names) or any(described(base, at) or ())):
            matching: list[Json] = [{"pattern": pattern} for pattern in sorted(names.patterns)]
            rule = {"propertyNames": {"anyOf": [{"enum": sorted(names.fields)}, *matching]}}
            document = put(document, f"{at}/allOf", [*node.get("allOf", []), rule])
    return document


def _values(document: Json) -> list[tuple[str, dict[str, Json]]]:
    """The schemas that stand for values of their own."""
    return [(at, node) for at, node in every_node(document) if kind(at) == "schema" and is_value(at)]


def _without(mark: str, document: Json) -> Json:
    """A document that has no fields with a mark, and does not require them."""
    for at, node in reversed(every_node(document)):
        if kind(at) == "schema" and "properties" in node:
            marked = {name for name, field in node["properties"].items() if _is_marked(document, field, mark)}
            schema = lookup(document, at)
            kept = {name: field for name, field in schema["properties"].items() if name not in marked}
            needed = [name for name in schema.get("required", []) if name not in marked]
            document = put(document, at, {**schema, "properties": kept, "required": needed})
    return document


def _is_marked(document: Json, field: Json, mark: str) -> bool:
    seen: list[Json] = []
    while isinstance(field, dict) and field not in seen:
        if field.get(mark) is True:
            return True
        seen.append(field)
        try:
            field = lookup(document, target(str(field.get("$ref"))))
        except (LookupError, ValueError):
            return False
    return False


def put(holder: Json, at: str, value: Json) -> Json:
    """A copy of a document with a value at a JSON pointer, or without one if the value is MISSING."""
    return _put(holder, parts(at), value)


def _put(holder: Json, keys: list[str], value: Json) -> Json:
    if not keys:
        return value
    changed, key = holder.copy(), int(keys[0]) if isinstance(holder, list) else keys[0]
    if keys[1:]:
        changed[key] = _put(holder[key], keys[1:], value)
    elif value is MISSING:
        del changed[key]
    else:
        changed[key] = value
    return changed
