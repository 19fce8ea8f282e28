"""The parts of a document as they mean, references followed, and the same part of two documents side by side."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Final

from ventia_document.source import Json, Source, lookup, pointer
from ventia_document.structure import target

MISSING: Final = object()


@dataclass(frozen=True)
class Node:
    """A part of a document, or where one is missing (its value is MISSING)."""

    source: Source
    at: str
    value: Json

    @property
    def is_there(self) -> bool:
        """Whether the document has it."""
        return self.value is not MISSING

    @cached_property
    def members(self) -> dict[str, Node]:
        """What stands in it by key or index, as written."""
        items: Iterable[tuple[str | int, Json]] = self.value.items() if isinstance(self.value, dict) else ()
        items = enumerate(self.value) if isinstance(self.value, list) else items
        return {str(key): Node(self.source, self.at + pointer(key), value) for key, value in items}

    @cached_property
    def chain(self) -> list[Node]:
        """The node, and each that the reference in the one before leads to; a circle is left where it closes."""
        nodes = [self]
        while (following := nodes[-1]._target) and following not in nodes:
            nodes.append(following)
        return nodes

    @cached_property
    def parts(self) -> dict[str, Node]:
        """What it says by key: what stands beside a reference, and what that leads to."""
        return {key: part for own in reversed(self._said) for key, part in own.items()}

    @cached_property
    def masked(self) -> set[str]:
        """What is said beside a reference and also by what it leads to."""
        keys = [key for own in self._said for key in own]
        return {key for key in keys if keys.count(key) > 1}

    @property
    def is_object(self) -> bool:
        """Whether it is an object in the end."""
        return isinstance(self.chain[-1].value, dict)

    def part(self, key: str) -> Node:
        """What it says at a key, or that it says nothing there."""
        return self.parts.get(key) or Node(self.source, self.at + pointer(key), MISSING)

    def member(self, key: str) -> Node:
        """What stands in it at a key, or that nothing does."""
        return self.members.get(key) or Node(self.source, self.at + pointer(key), MISSING)

    @cached_property
    def _target(self) -> Node | None:
        reference = self.value.get("$ref") if isinstance(self.value, dict) else None
        try:
            at = target(reference) if isinstance(reference, str) else ""
            return Node(self.source, at, lookup(self.source.value, at)) if at else None
        except (LookupError, ValueError):
            return None

    @cached_property
    def _said(self) -> list[dict[str, Node]]:
        """What each of the chain says, but for the references that are followed."""
        *followed, last = self.chain
        return [{key: part for key, part in node.members.items() if key != "$ref"} for node in followed] + [
            last.members
        ]

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Node) and (self.source is other.source and self.at == other.at)

    def __hash__(self) -> int:
        return hash(self.at)


@dataclass(frozen=True)
class Pair:
    """The same part of the two documents."""

    base: Node
    now: Node

    @property
    def is_added(self) -> bool:
        """Whether only the new document has it."""
        return not self.base.is_there

    @property
    def is_removed(self) -> bool:
        """Whether only the base has it."""
        return not self.now.is_there

    @property
    def is_there_twice(self) -> bool:
        """Whether both documents have it."""
        return self.base.is_there and self.now.is_there

    @property
    def node(self) -> Node:
        """The part in the new document, or in the base if it was removed."""
        return self.base if self.is_removed else self.now

    @property
    def differs(self) -> bool:
        """Whether it is written with other values; neither the order of keys nor a reference's other end counts."""
        old, new = self.base.value, self.now.value
        return old is not new and (old != new or text(old) != text(new))

    def part(self, key: str) -> Pair:
        """What both say at a key."""
        return Pair(self.base.part(key), self.now.part(key))

    def parts(self) -> Iterator[tuple[str, Pair]]:
        """Everything that either says, by key."""
        return ((key, self.part(key)) for key in dict.fromkeys([*self.now.parts, *self.base.parts]))

    def members(self) -> Iterator[tuple[str, Pair]]:
        """Everything that stands in either, by key or index as written."""
        keys = dict.fromkeys([*self.now.members, *self.base.members])
        return ((key, Pair(self.base.member(key), self.now.member(key))) for key in keys)


def differences(pair: Pair) -> Iterator[Pair]:
    """The smallest parts that differ as they are written."""
    if pair.differs:
        inside = list(pair.members())
        for _, each in inside:
            yield from differences(each)
        if not inside:
            yield pair


def text(value: Json) -> str:
    """A value as JSON text that is the same for the same value: 1.0 is 1, but true is not, as it is to Python."""
    return "" if value is MISSING else json.dumps(_with_whole_numbers(value), sort_keys=True, ensure_ascii=False)


def _with_whole_numbers(value: Json) -> Json:
    if isinstance(value, dict):
        return {key: _with_whole_numbers(part) for key, part in value.items()}
    if isinstance(value, list):
        return [_with_whole_numbers(part) for part in value]
    return int(value) if isinstance(value, float) and value.is_integer() else value
