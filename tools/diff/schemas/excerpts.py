"""The parts of a document that one of its schemas needs, so that judging it takes no longer in a large document."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from tools.diff.schemas.differences import MISSING
from ventia_document.source import Json, lookup, parts
from ventia_document.structure import component, is_within, nodes, references, target


class References:
    """The components that each component of a document refers to."""

    def __init__(self, document: Json) -> None:
        self._document = document
        self._leading: defaultdict[str, set[str]] = defaultdict(set)
        for each in references(document):
            if each.key == "$ref" and each.to:
                self._leading[component(each.at)].add(component(each.to))

    def needed(self, at: str) -> set[str]:
        """JSON pointers of the components that a schema refers to, directly or through others."""
        written = [node.get("$ref") for _, node in nodes(part(self._document, at))]
        new = {component(target(each)) for each in written if isinstance(each, str) and each.startswith("#")}
        found: set[str] = set()
        while new:
            found |= new
            new = set().union(*(self._leading.get(each, ()) for each in new)) - found
        return found


def excerpt(document: Json, pointers: Iterable[str], other: Json) -> Json:
    """A document that has some parts of another one only, at their own places.

    Args:
        other: a document that parts are taken from which the first one does not have.
    """
    made: dict[str, Json] = {}
    taken: list[str] = []
    for at in sorted(pointers, key=len):
        value = part(document, at)
        value = part(other, at) if value is MISSING else value
        if value is not MISSING and not any(is_within(at, around) for around in taken):
            taken.append(at)
            around, (*keys, last) = made, parts(at)
            for key in keys:
                around = around.setdefault(key, {})
            around[last] = value
    return made


def part(document: Json, at: str) -> Json:
    """The part at a JSON pointer; MISSING if there is none."""
    try:
        return lookup(document, at)
    except LookupError:
        return MISSING
