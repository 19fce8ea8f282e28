"""The rest of a document without the parts that hold errors, so that one run reports the errors of all others."""

from __future__ import annotations

import copy
from collections.abc import Iterable

from ventia_document.keywords import KEYWORDS
from ventia_document.operations import METHODS
from ventia_document.source import Json, lookup, parts, pointer
from ventia_document.structure import every_node, kind, references

_ROOT: dict[str, Json] = {
    "openapi": "3.1.0",
    "info": {"title": "It", "version": "0.0.0"},
    "servers": [{"url": "https://example.com"}],
    "x-rate-limit": {"requests": 1, "seconds": 1},
    "paths": {},
}
"""Parts that a document cannot do without, for one whose own hold errors."""


def rest(document: Json, places: Iterable[str]) -> Json:
    """A document without the smallest parts around JSON pointers that it can do without, and what refers to them."""
    if not isinstance(document, dict):
        return _ROOT
    made, cut = copy.deepcopy(document), {_removable(at) for at in places}
    while cut:
        for at in cut:
            _remove(made, at)
        made = {**_ROOT, **made}  # a copy, since `references` remembers those of a document
        made["info"] = {**_ROOT["info"], **made["info"]}
        left = references(made)
        cut = {_removable(each.at) for each in left if each.to and _leads(document, each.to) > _leads(made, each.to)}
    return made


def owner(at: str) -> str:
    """The operation or component that a JSON pointer leads into, or else the part of the root."""
    keys = parts(at)
    return pointer(*keys[: 3 if keys and keys[0] in ("paths", "components") else 1])


def untouched(document: Json, left: Json) -> set[str] | None:
    """The operations and components of a rest that are whole, as is all that they refer to; None if the rest is all."""
    if left is document:
        return None
    owners = {owner(at) for at, _ in every_node(left)}
    changed = {at for at in owners if not _leads(document, at) or lookup(document, at) != lookup(left, at)}
    leaning = {(owner(each.at), owner(each.to)) for each in references(left) if each.to}
    while more := {at for at, to in leaning if to in changed} - changed:
        changed |= more
    return owners - changed


def _removable(at: str) -> str:
    """The smallest part around a JSON pointer that a document can do without: a keyword, a field, an operation."""
    keys = parts(at)
    for size in range(len(keys), 0, -1):
        if _is_dispensable(keys[:size]):
            return pointer(*keys[:size])
    return at


def _is_dispensable(keys: list[str]) -> bool:
    key = keys[-1]
    if keys[0] == "paths" and len(keys) <= 3:
        return len(keys) < 3 or key in METHODS
    if len(keys) <= {"components": 3, "info": 2}.get(keys[0], 1):
        return True
    if keys[-2] == "properties":
        return kind(pointer(*keys[:-2])) == "schema"
    is_weak = kind(pointer(*keys[:-1])) == "schema" and not (key in KEYWORDS and KEYWORDS[key].is_typed)
    return is_weak or key == "example" or kind(pointer(*keys)) == "example"


def _remove(document: Json, at: str) -> None:
    *around, key = parts(at) or [""]
    if _leads(document, pointer(*around)):
        holder = lookup(document, pointer(*around))
        if isinstance(holder, dict):
            holder.pop(key, None)
        if len(around) == 2 and around[0] == "paths" and not holder.keys() & {*METHODS}:
            document["paths"].pop(around[1])
    if at == "/security" and (schemes := document.get("components", {}).get("securitySchemes")):
        document["security"] = [{next(iter(schemes)): []}]


def _leads(document: Json, at: str) -> bool:
    """Whether a JSON pointer leads to a part."""
    try:
        lookup(document, at)
    except LookupError:
        return False
    return True
