"""The rule that every component is there for something."""

from __future__ import annotations

from collections.abc import Iterator

from ventia_document.check import Fault
from ventia_document.operations import nodes, target
from ventia_document.source import Json, lookup, pointer


def unused_components(document: Json) -> Iterator[Fault]:
    """A component that no path leads to, be it through others, is used by nobody."""
    used = _used(document)
    for kind, named in document.get("components", {}).items():
        for name in named if not kind.startswith("x-") else ():
            at = pointer("components", kind, name)
            if at not in used:
                yield Fault(at, "nothing that a path leads to uses it; refer to it, or leave it out")


def _used(document: Json) -> set[str]:
    found: set[str] = set()
    new = set(_named(document, {key: value for key, value in document.items() if key != "components"}))
    while new:
        found |= new
        new = {each for at in new for each in _named(document, lookup(document, at))} - found
    return found


def _named(document: Json, value: Json) -> Iterator[str]:
    """The components that a part of a document refers to, or names as a requirement, a mapping or the like."""
    for _, node in nodes(value):
        if isinstance(node.get("$ref"), str):
            yield from _component(document, target(node["$ref"]))
        for alternative in node.get("security", ()):
            for name in alternative:
                yield from _component(document, pointer("components", "securitySchemes", name))
        for to in node.get("discriminator", {}).get("mapping", {}).values():
            at = target(to) if to.startswith("#") else pointer("components", "schemas", to)
            yield from _component(document, at)


def _component(document: Json, at: str) -> Iterator[str]:
    """The component that a JSON pointer leads to or into."""
    parts = at.split("/")
    if parts[1:2] == ["components"] and parts[3:] and parts[3] in _escaped(document, parts[2]):
        yield "/".join(parts[:4])


def _escaped(document: Json, kind: str) -> set[str]:
    return {pointer(name)[1:] for name in document.get("components", {}).get(kind, ())}
