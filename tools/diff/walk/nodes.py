"""The parts of a document with references followed, and the same part of two documents as a pair."""

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
    """A part of a document, or the place of a missing one, whose value is MISSING."""

    source: Source
    at: str
    value: Json

    @property
    def is_there(self) -> bool:
        """Whether the document has it."""
        return self.value is not MISSING

    @cached_property
    def members(self) -> dict[str, Node]:
        """Its members by key or index, references not followed."""
        items: Iterable[tuple[str | int, Json]] = self.value.items() if isinstance(self.value, dict) else ()
        items = enumerate(self.value) if isinstance(self.value, list) else items
        return {str(key): Node(self.source, self.at + pointer(key), value) for key, value in items}

    @cached_property
    def chain(self) -> list[Node]:
        """The node, the one that its reference leads to, and so on; a circle ends where it closes."""
        nodes = [self]
        while (following := nodes[-1]._target) and following not in nodes:
            nodes.append(following)
        return nodes

    @cached_property
    def parts(self) -> dict[str, Node]:
        """Its parts by key: those beside a reference, and those of what that leads to."""
        return {key: part for own in reversed(self._own_parts) for key, part in own.items()}

    @cached_property
    def masked(self) -> set[str]:
        """Keys that are beside a reference and also in what that leads to."""
        keys = [key for own in self._own_parts for key in own]
        return {key for key in keys if keys.count(key) > 1}

    @property
    def is_object(self) -> bool:
        """Whether it is an object, references followed."""
        return isinstance(self.chain[-1].value, dict)

    def part(self, key: str) -> Node:
        """Its part at a key, which may be missing."""
        return self.parts.get(key) or Node(self.source, self.at + pointer(key), MISSING)

    def member(self, key: str) -> Node:
        """Its member at a key, references not followed, which may be missing."""
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
    def _own_parts(self) -> list[dict[str, Node]]:
        """The members of each node of the chain, without the references that are followed."""
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
    def is_in_both(self) -> bool:
        """Whether both documents have it."""
        return self.base.is_there and self.now.is_there

    @property
    def node(self) -> Node:
        """The part in the new document, or in the base if it was removed."""
        return self.base if self.is_removed else self.now

    @property
    def differs(self) -> bool:
        """Whether the values differ; neither the order of keys counts nor a change where a reference leads."""
        old, new = self.base.value, self.now.value
        return old is not new and (old != new or text(old) != text(new))

    def part(self, key: str) -> Pair:
        """The parts of both at a key."""
        return Pair(self.base.part(key), self.now.part(key))

    def parts(self) -> Iterator[tuple[str, Pair]]:
        """The parts that either has, by key."""
        return ((key, self.part(key)) for key in dict.fromkeys([*self.now.parts, *self.base.parts]))

    def members(self) -> Iterator[tuple[str, Pair]]:
        """The members that either has, by key or index, references not followed."""
        keys = dict.fromkeys([*self.now.members, *self.base.members])
        return ((key, Pair(self.base.member(key), self.now.member(key))) for key in keys)


def differences(pair: Pair) -> Iterator[Pair]:
    """The smallest parts that differ, references not followed."""
    if pair.differs:
        inside = list(pair.members())
        for _, each in inside:
            yield from differences(each)
        if not inside:
            yield pair


def text(value: Json) -> str:
    """A value as JSON text, equal for equal values: 1.0 equals 1, but true does not, as it would in Python."""
    return "" if value is MISSING else json.dumps(_with_whole_numbers(value), sort_keys=True, ensure_ascii=False)


def _with_whole_numbers(value: Json) -> Json:
    if isinstance(value, dict):
        return {key: _with_whole_numbers(part) for key, part in value.items()}
    if isinstance(value, list):
        return [_with_whole_numbers(part) for part in value]
    return int(value) if isinstance(value, float) and value.is_integer() else value
