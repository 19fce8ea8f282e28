"""Walks two documents side by side and collects the changes.

What an object may say is a table of rules by key, and each key that either document has is put to its rule; a key
without a rule is told as an unclassified change, and so is what the walk has never come to. That is how nothing is
silent.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from enum import Enum
from functools import cached_property
from typing import TypeAlias

from tools.diff.changes import CHANGES, NARROWS, NOTES, WIDENS, Change, Effects
from tools.diff.walk import nodes, words
from tools.diff.walk.nodes import MISSING, Node, Pair
from ventia_document.source import Json, Source
from ventia_document.structure import reached, references


class Direction(Enum):
    """Who sends what is described; the values begin the names of changes."""

    REQUEST = "request"
    RESPONSE = "response"
    BOTH = "api"
    UNUSED = "component"


class Sense(Enum):
    """What a narrower part makes of the whole: the same, the opposite under a `not`, and either under an `if`."""

    SAME = "same"
    OPPOSITE = "opposite"
    EITHER = "either"


@dataclass(frozen=True)
class Use:
    """What a part of the document is used for.

    Attributes:
        scope: body, property, parameter or header, as in oasdiff's names.
        is_required: whether it is a property that must be given.
        is_rule: whether it only restricts what is described around it.
        documented: the properties that the whole value has, in the base and now; None where a value begins.
    """

    direction: Direction = Direction.BOTH
    scope: str = ""
    sense: Sense = Sense.SAME
    is_required: bool = False
    is_rule: bool = False
    documented: tuple[frozenset[str], frozenset[str]] | None = None

    def named(self, what: str) -> str:
        """The name of a change: `request-property-became-required`."""
        return "-".join(filter(None, (self.direction.value, self.scope, what)))

    def effects(self, effects: Effects) -> Effects:
        """What is left of the effects of a change, seen from here."""
        sensed = _IN_SENSE[self.sense].get(effects, effects)
        requests, responses, names = sensed
        if self.direction is Direction.UNUSED:
            return Effects(names=names)
        if self.direction is Direction.REQUEST:
            return Effects(requests=requests, names=names)
        return Effects(responses=responses, names=names) if self.direction is Direction.RESPONSE else sensed

    def within(self, scope: str, *, is_required: bool = False) -> Use:
        """The use of a value inside this one."""
        return replace(self, scope=scope, is_required=is_required, is_rule=False, documented=None)

    def rule(self, sense: Sense = Sense.SAME) -> Use:
        """The use of a schema that restricts the same value."""
        return replace(self, is_rule=True, sense=_SENSES.get((self.sense, sense), Sense.EITHER))


_IN_SENSE: dict[Sense, dict[Effects, Effects]] = {
    Sense.SAME: {},
    Sense.OPPOSITE: {NARROWS: WIDENS, WIDENS: NARROWS},
    Sense.EITHER: {NARROWS: CHANGES, WIDENS: CHANGES},
}
_SENSES = {
    (Sense.SAME, Sense.SAME): Sense.SAME,
    (Sense.SAME, Sense.OPPOSITE): Sense.OPPOSITE,
    (Sense.OPPOSITE, Sense.SAME): Sense.OPPOSITE,
    (Sense.OPPOSITE, Sense.OPPOSITE): Sense.SAME,
}


class Comparison:
    """The changes between two documents, as they are found.

    Attributes:
        whole: the two documents.
        changes: by what they are and where.
        told: how often one was found.
    """

    def __init__(self, base: Source, now: Source) -> None:
        self.whole = Pair(Node(base, "", base.value), Node(now, "", now.value))
        self.changes: dict[tuple[str, str], Change] = {}
        self._differences = list(nodes.differences(self.whole))
        self._touched = self._all_touched()
        self.walked: set[tuple[Node, Node, Use]] = set()
        self._heard: set[Node] = set()
        self._used: set[str] = set()
        self.told = 0

    def walk(self, pair: Pair, rules: Mapping[str, Rule], use: Use) -> None:
        """Put every key of an object to its rule."""
        if self.is_same(pair):
            return
        if not (pair.base.is_object and pair.now.is_object):
            self.unknown(pair, use)
            return
        for node in (*pair.base.chain[:-1], *pair.now.chain[:-1]):
            self._heard.add(node.member("$ref"))
        if use.direction is not Direction.UNUSED:
            self._used |= {node.at for node in (*pair.base.chain, *pair.now.chain)}
        before = self.told
        for key, part in pair.parts():
            told = self.told
            rule = rules.get(key, unclassified)
            rule(self, pair, key, use)
            if rule is not elsewhere:
                self.rewritten(part, use, told)
        reference = Pair(pair.base.member("$ref"), pair.now.member("$ref"))
        if before != self.told and reference.is_there_twice and reference.differs:
            self.tell("reference-changed", NOTES, reference, words.said(reference), use)

    def rewritten(self, part: Pair, use: Use, told: int) -> None:
        """Tell of a part that is written otherwise, if nothing more was told of it than so many changes before."""
        if told == self.told and _outline(part.base.value) != _outline(part.now.value):
            self.tell("rewritten", NOTES, part, f"{words.said(part)}, which means the same", use)

    def tell(self, what: str, effects: Effects, pair: Pair, says: str, use: Use, *, name: str = "") -> None:
        """Note a change of a part of the document.

        Args:
            what: how its name ends.
            name: the whole name, where it is not made of the use and `what`.
        """
        self.told += 1
        node = pair.node
        change = Change(name or use.named(what), use.effects(effects), says, node.at, node.source.place(node.at))
        known = self.changes.setdefault((what, node.at), change)
        self.changes[what, node.at] = known.merged(change)
        self.hear(pair)

    def hear(self, pair: Pair) -> None:
        """Note that a rule has looked at all of a part."""
        self._heard.update((pair.base, pair.now))

    def unknown(self, pair: Pair, use: Use) -> None:
        """Tell of a part for which there is no rule, if it differs."""
        self.hear(pair)
        if pair.differs:
            says = f"{words.said(pair)}; no rule knows what this does, so it counts as breaking"
            self.tell("unclassified-change", CHANGES, pair, says, use, name="unclassified-change")

    def unknown_rest(self) -> None:
        """Tell of every difference that no rule has looked at."""
        for pair in self._differences:
            if not all(self._is_heard(node) for node in (pair.base, pair.now) if node.is_there):
                self.unknown(pair, Use())

    def settled(self) -> list[Change]:
        """Every change, that of a component for its uses, be they known or not."""
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
        """Whether a part stands where it stood, and neither it nor what it refers to has changed."""
        return pair.base.at == pair.now.at and pair.now.at not in self._touched

    def _all_touched(self) -> set[str]:
        """Where something changed, all around that, and all that refers to any of these."""
        touched = {above for pair in self._differences for above in _above(pair.node.at)}
        documents = (self.whole.base, self.whole.now) if touched else ()
        leading = [reference for each in documents for reference in references(each.value)]
        while found := {each.at for each in leading if each.at not in touched and each.to in touched}:
            touched |= {above for at in found for above in _above(at)}
        return touched

    def _is_heard(self, node: Node) -> bool:
        return any(Node(node.source, above, None) in self._heard for above in _above(node.at))


Rule: TypeAlias = Callable[[Comparison, Pair, str, Use], None]
"""What looks at a key of an object, and tells what changed there."""


def unclassified(comparison: Comparison, owner: Pair, key: str, use: Use) -> None:
    """No rule knows the key."""
    comparison.unknown(owner.part(key), use)


def elsewhere(comparison: Comparison, owner: Pair, key: str, use: Use) -> None:  # noqa: ARG001 - it is a rule
    """What is looked at by another rule."""
    comparison.hear(owner.part(key))


def noted(comparison: Comparison, owner: Pair, key: str, use: Use) -> None:
    """Prose and the like: what it says binds nobody."""
    _told_if_changed(comparison, owner.part(key), words.kebab(key), NOTES, use)


def altered(comparison: Comparison, owner: Pair, key: str, use: Use) -> None:
    """Whatever becomes of it, it is another contract."""
    _told_if_changed(comparison, owner.part(key), words.kebab(key), CHANGES, use)


def constrained(comparison: Comparison, owner: Pair, key: str, use: Use) -> None:
    """A constraint, of which nobody can tell what another one allows."""
    part = owner.part(key)
    _told_if_changed(comparison, part, words.kebab(key), constraining(part), use)


def constraining(part: Pair) -> Effects:
    """A constraint narrows where it is added and widens where it is removed; which a change does, nobody can tell."""
    return NARROWS if part.is_added else WIDENS if part.is_removed else CHANGES


def _told_if_changed(comparison: Comparison, part: Pair, what: str, effects: Effects, use: Use) -> None:
    comparison.hear(part)
    if part.differs:
        comparison.tell(f"{what}-{words.verb(part)}", effects, part, words.said(part), use)


def matched(pair: Pair, *keys: Callable[[Node], str]) -> Iterator[Pair]:
    """The items of two lists, paired by the first key that fits, in the end by their order; what is left stands alone.

    Args:
        keys: what an item is known by; empty if not by this.
    """
    old, new = (list(node.members.values()) for node in (pair.base, pair.now))
    for known_by in keys:
        for item in list(new):
            name = known_by(item)
            twin = next((each for each in old if name and known_by(each) == name), None)
            if twin:
                old.remove(twin)
                new.remove(item)
                yield Pair(twin, item)
    for twin, item in zip(old, new, strict=False):
        yield Pair(twin, item)
    yield from (Pair(Node(pair.base.source, item.at, MISSING), item) for item in new[len(old) :])
    yield from (Pair(item, Node(pair.now.source, item.at, MISSING)) for item in old[len(new) :])


def _outline(value: Json) -> Json:
    """A value without what stands in objects, which are looked at one by one."""
    if isinstance(value, dict):
        return {}
    return [_outline(item) for item in value] if isinstance(value, list) else nodes.text(value)


def _above(at: str) -> Iterator[str]:
    """A pointer, and those of all that holds what it leads to."""
    parts = at.split("/")
    return ("/".join(parts[: end + 1]) for end in range(len(parts)))
