"""Walks two documents side by side and collects the changes.

A table holds a comparer for each key of a kind of object. A changed key without a comparer is an unclassified change,
and so is a difference that the walk never reaches: no change goes unreported.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from functools import cached_property
from typing import TypeAlias

from tools.diff.changes import CHANGES, NARROWS, NOTES, WIDENS, Change, Effects
from tools.diff.walk import nodes, words
from tools.diff.walk.nodes import MISSING, Node, Pair
from tools.diff.walk.use import Direction, Use
from ventia_document.source import Json, Source
from ventia_document.structure import reached, references


class Comparison:
    """The changes between two documents, collected while they are walked.

    Attributes:
        whole: the two documents.
        changes: by the end of their name and their place.
        count: how many were added, those merged into another included.
    """

    def __init__(self, base: Source, now: Source) -> None:
        self.whole = Pair(Node(base, "", base.value), Node(now, "", now.value))
        self.changes: dict[tuple[str, str], Change] = {}
        self._differences = list(nodes.differences(self.whole))
        self._touched = self._all_touched()
        self.walked: set[tuple[Node, Node, Use]] = set()
        self._compared: set[Node] = set()
        self._used: set[str] = set()
        self.count = 0

    def walk(self, pair: Pair, comparers: Mapping[str, Comparer], use: Use) -> None:
        """Compare every key of an object by its comparer."""
        if self.is_same(pair):
            return
        if not (pair.base.is_object and pair.now.is_object):
            self.add_unclassified(pair, use)
            return
        for node in (*pair.base.chain[:-1], *pair.now.chain[:-1]):
            self._compared.add(node.member("$ref"))
        if use.direction is not Direction.UNUSED:
            self._used |= {node.at for node in (*pair.base.chain, *pair.now.chain)}
        before = self.count
        for key, part in pair.parts():
            count = self.count
            comparer = comparers.get(key, unclassified)
            comparer(self, pair, key, use)
            if comparer is not compared_elsewhere:
                self.add_rewritten(part, use, count)
        reference = Pair(pair.base.member("$ref"), pair.now.member("$ref"))
        if before != self.count and reference.is_in_both and reference.differs:
            self.add("reference-changed", NOTES, reference, words.sentence(reference), use)

    def add_rewritten(self, part: Pair, use: Use, count: int) -> None:
        """Add a part that is written differently, unless changes of it were added since there were `count`."""
        if count == self.count and _outline(part.base.value) != _outline(part.now.value):
            self.add("rewritten", NOTES, part, f"{words.sentence(part)}, which means the same", use)

    def add(self, what: str, effects: Effects, pair: Pair, message: str, use: Use, *, name: str = "") -> None:
        """Add a change of a part of the document.

        Args:
            what: the end of its name.
            name: the whole name, where it is not made of the use and `what`.
        """
        self.count += 1
        node = pair.node
        change = Change(name or use.named(what), use.effects(effects), message, node.at, node.source.place(node.at))
        known = self.changes.setdefault((what, node.at), change)
        self.changes[what, node.at] = known.merged(change)
        self.mark_compared(pair)

    def mark_compared(self, pair: Pair) -> None:
        """Note that a comparer has compared all of a part."""
        self._compared.update((pair.base, pair.now))

    def add_unclassified(self, pair: Pair, use: Use) -> None:
        """Add a part that has no comparer, if it differs."""
        self.mark_compared(pair)
        if pair.differs:
            message = f"{words.sentence(pair)}; the effect of this is unknown, so it counts as breaking"
            self.add("unclassified-change", CHANGES, pair, message, use, name="unclassified-change")

    def add_uncompared(self) -> None:
        """Add every difference that no comparer has compared."""
        for pair in self._differences:
            if not all(self._is_compared(node) for node in (pair.base, pair.now) if node.is_there):
                self.add_unclassified(pair, Use())

    def result(self) -> list[Change]:
        """Every change; one in a component with uses that were not walked counts as breaking."""
        unknown = self._used_in_unknown_ways
        return [
            change if change.effect else replace(change, effects=CHANGES if unknown & {*_above(change.at)} else NOTES)
            for change in self.changes.values()
        ]

    @cached_property
    def _used_in_unknown_ways(self) -> set[str]:
        if all(change.effect for change in self.changes.values()):
            return set()
        in_both = reached(self.whole.base.value) & reached(self.whole.now.value)
        return in_both - {above for at in self._used for above in _above(at)}

    def is_same(self, pair: Pair) -> bool:
        """Whether a part is where it was, and neither it nor what it refers to has changed."""
        return pair.base.at == pair.now.at and pair.now.at not in self._touched

    def _all_touched(self) -> set[str]:
        """JSON pointers of all differences, of what holds them, and of what refers to any of these."""
        touched = {above for pair in self._differences for above in _above(pair.node.at)}
        documents = (self.whole.base, self.whole.now) if touched else ()
        leading = [reference for each in documents for reference in references(each.value)]
        while found := {each.at for each in leading if each.at not in touched and each.to in touched}:
            touched |= {above for at in found for above in _above(at)}
        return touched

    def _is_compared(self, node: Node) -> bool:
        return any(Node(node.source, above, None) in self._compared for above in _above(node.at))


Comparer: TypeAlias = Callable[[Comparison, Pair, str, Use], None]
"""Compares a key of an object in both documents, and adds the changes."""


def unclassified(comparison: Comparison, owner: Pair, key: str, use: Use) -> None:
    """The key has no comparer: any change counts as breaking."""
    comparison.add_unclassified(owner.part(key), use)


def compared_elsewhere(comparison: Comparison, owner: Pair, key: str, use: Use) -> None:  # noqa: ARG001 - it is a comparer
    """The key is compared by another comparer."""
    comparison.mark_compared(owner.part(key))


def noted(comparison: Comparison, owner: Pair, key: str, use: Use) -> None:
    """The key holds prose and the like, which binds nobody."""
    _add_if_changed(comparison, owner.part(key), words.kebab(key), NOTES, use)


def altered(comparison: Comparison, owner: Pair, key: str, use: Use) -> None:
    """Any change of the key is a breaking one."""
    _add_if_changed(comparison, owner.part(key), words.kebab(key), CHANGES, use)


def constrained(comparison: Comparison, owner: Pair, key: str, use: Use) -> None:
    """The key holds a constraint: added it narrows, removed it widens, changed it may do either."""
    part = owner.part(key)
    _add_if_changed(comparison, part, words.kebab(key), constraining(part), use)


def constraining(part: Pair) -> Effects:
    """The effects of a constraint that was added, removed or changed."""
    return NARROWS if part.is_added else WIDENS if part.is_removed else CHANGES


def _add_if_changed(comparison: Comparison, part: Pair, what: str, effects: Effects, use: Use) -> None:
    comparison.mark_compared(part)
    if part.differs:
        comparison.add(f"{what}-{words.verb(part)}", effects, part, words.sentence(part), use)


def matched(pair: Pair, *keys: Callable[[Node], str]) -> Iterator[Pair]:
    """The items of two lists in pairs: by the first key that both have, then by their order; the rest without a pair.

    Args:
        keys: make the name of an item; empty if it has none of that kind.
    """
    old, new = (list(node.members.values()) for node in (pair.base, pair.now))
    for name_of in keys:
        for item in list(new):
            name = name_of(item)
            twin = next((each for each in old if name and name_of(each) == name), None)
            if twin:
                old.remove(twin)
                new.remove(item)
                yield Pair(twin, item)
    for twin, item in zip(old, new, strict=False):
        yield Pair(twin, item)
    yield from (Pair(Node(pair.base.source, item.at, MISSING), item) for item in new[len(old) :])
    yield from (Pair(item, Node(pair.now.source, item.at, MISSING)) for item in old[len(new) :])


def _outline(value: Json) -> Json:
    """A value without the contents of objects, which are compared one by one."""
    if isinstance(value, dict):
        return {}
    return [_outline(item) for item in value] if isinstance(value, list) else nodes.text(value)


def _above(at: str) -> Iterator[str]:
    """A JSON pointer, and those of all that holds its part."""
    parts = at.split("/")
    return ("/".join(parts[: end + 1]) for end in range(len(parts)))
