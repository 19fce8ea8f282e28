"""The structure of a document: its objects, the kind of each, and which refers to which."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from typing import NamedTuple
from urllib.parse import unquote

from ventia_document.keywords import Holds, holding
from ventia_document.source import Json, pointer, remembered

_AT_KEY = {**dict.fromkeys((*holding(Holds.ONE), "schema"), "schema"), "requestBody": "request body"}
"""The kind of the value at a key."""

_IN_KEY = {
    **dict.fromkeys((*holding(Holds.LIST), *holding(Holds.NAMED), "schemas"), "schema"),
    **dict.fromkeys(("pathItems", "paths", "webhooks"), "path item"),
    "callbacks": "callback",
    "content": "media type",
    "examples": "example",
    "headers": "header",
    "links": "link",
    "parameters": "parameter",
    "requestBodies": "request body",
    "responses": "response",
    "securitySchemes": "security scheme",
}
"""The kind of the values in the object or list at a key, which have names or indices."""

_NAMES = frozenset((*_IN_KEY, "encoding", "variables")) - holding(Holds.LIST)
"""Keys whose objects have names for keys."""

_DATA = frozenset(("const", "default", "enum", "example", "value"))
"""Keys whose values are data, no part of the structure, as are the items of a schema's `examples`."""


def kind(at: str) -> str:
    """What a JSON pointer leads to, `schema`, `response` and so on; empty if it is nothing that a `$ref` can name."""
    found, around = "", ""
    for key in at.split("/")[1:]:
        if around:
            found, around = _IN_KEY[around], ""
        elif key in _IN_KEY:
            found, around = "", key
        else:
            found = _AT_KEY.get(key, "")
    return found


def nodes(value: Json, at: str = "", *, named: bool = False) -> Iterator[tuple[str, dict[str, Json]]]:
    """Every object of a document's structure with its JSON pointer; objects inside examples are data, and left out.

    Args:
        named: the keys of the value are names, not the document's own.
    """
    waiting = [(at, value, named)]  # generators inside each other would take time for each level
    while waiting:
        at, value, named = waiting.pop()
        if isinstance(value, dict):
            if not named:
                yield at, value
            waiting += reversed(list(_parts(at, value, named=named)))
        elif isinstance(value, list):
            waiting += reversed([(at + pointer(index), part, False) for index, part in enumerate(value)])


@remembered
def every_node(document: Json) -> Iterator[tuple[str, dict[str, Json]]]:
    """The nodes of a whole document."""
    return nodes(document)


def _parts(at: str, value: dict[str, Json], *, named: bool) -> Iterator[tuple[str, Json, bool]]:
    for key, part in value.items():
        if isinstance(part, dict | list) and (
            named or not (key in _DATA or (key == "examples" and isinstance(part, list)))
        ):
            yield at + pointer(key), part, not named and key in _NAMES and isinstance(part, dict)


class Reference(NamedTuple):
    """An object of a document that refers to a part of it.

    Attributes:
        at: JSON pointer of the object; of a security requirement, that of its alternative.
        key: `$ref`, `$dynamicRef`, `mapping` or `security`.
        written: the reference as it is written: a URI reference, or the name of a component.
        to: JSON pointer of the part; None if the reference leads out of the document.
    """

    at: str
    key: str
    written: str
    to: str | None


@remembered
def references(document: Json) -> Iterator[Reference]:
    """Every reference in a document: `$ref`, a discriminator's mapping, and the security schemes that are required."""
    for at, node in every_node(document):
        for key in ("$ref", "$dynamicRef"):
            if isinstance(written := node.get(key), str):
                yield Reference(at, key, written, _within(written))
        mapping = node.get("mapping")
        for written in mapping.values() if isinstance(mapping, dict) else ():
            if isinstance(written, str):
                to = _within(written) if written.startswith("#") else pointer("components", "schemas", written)
                yield Reference(at, "mapping", written, to)
        security = node.get("security")
        for index, alternative in enumerate(security if isinstance(security, list) else ()):
            for name in alternative if isinstance(alternative, dict) else ():
                where, to = at + pointer("security", index), pointer("components", "securitySchemes", name)
                yield Reference(where, "security", name, to)


def reached(document: Json) -> set[str]:
    """The JSON pointers that references lead to from outside the components, directly or through other components."""
    inside: defaultdict[str, set[str]] = defaultdict(set)
    for each in references(document):
        if each.to is not None:
            inside[component(each.at) if is_within(each.at, "/components") else ""].add(each.to)
    found: set[str] = set()
    new = inside[""]
    while new:
        found |= new
        new = set().union(*(inside.get(component(at), ()) for at in new)) - found
    return found


def component(at: str) -> str:
    """The component that a JSON pointer leads into, or else the pointer itself."""
    return "/".join(at.split("/")[:4]) if is_within(at, "/components") else at


def is_within(at: str, around: str) -> bool:
    """Whether a JSON pointer leads to a part or into it."""
    return f"{at}/".startswith(f"{around}/")


def target(reference: str) -> str:
    """The JSON pointer that a `$ref` within the document leads to.

    Raises:
        ValueError: it leads out of the document.
    """
    if not reference.startswith("#"):
        raise ValueError(f"{reference!r} leads out of the document; put what it names into its components")
    return unquote(reference[1:])


def _within(reference: str) -> str | None:
    return target(reference) if reference.startswith("#") else None
