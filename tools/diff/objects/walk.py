"""Finds the changes of what is no schema, and the schemas that both documents have at the same places."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from tools.diff.changes import UNKNOWN, Change, Effects
from tools.diff.objects import rules
from tools.diff.objects.parts import Pair, Part, listed, part_at, parts_of
from tools.diff.schemas.differences import MISSING, same
from tools.diff.schemas.verdicts import Site
from tools.diff.words import quote, sentence, subject
from ventia_document.operations import METHODS
from ventia_document.source import Source, pointer


class _Owner(NamedTuple):
    """An object with the parts that are compared.

    Attributes:
        prefix: the beginning of the names of their changes.
        of: what their values are, such as `the body of POST /pets`.
    """

    kind: str
    pair: Pair
    prefix: str
    of: str


class Walk:
    """A walk through two documents.

    Attributes:
        changes: by name and place.
        sites: the schemas of requests and answers that both documents have.
        seen: JSON pointers of what was compared.
    """

    def __init__(self, base: Source, now: Source) -> None:
        self._base, self._now = base, now
        self.changes: dict[tuple[str, str], Change] = {}
        self.sites: list[Site] = []
        self.seen: set[str] = set()
        self._inside(_Owner("document", Pair(part_at(base.value, ""), part_at(now.value, "")), "api", ""))

    def _inside(self, owner: _Owner) -> None:
        """Compare the parts of an object that both documents have."""
        if not all(isinstance(side.value, dict) or side.value is MISSING for side in owner.pair[:2]):
            self._unclassified(owner.pair, owner.prefix)
        for each in self._parts(owner.pair, owner.kind):
            rule = rules.rule(owner.kind, each.name)
            if rule is None:
                self._unclassified(each, owner.prefix)
            elif rule in rules.VALUES:
                self._value(rule, each, owner)
            elif rule == "schema" and each.verb == "changed":
                self.sites.append(Site(owner.prefix.partition("-")[0], owner.of, each.base.at, each.now.at))
            elif rule in rules.LISTS:
                self._list(each.name, owner)
            elif rule != "elsewhere":
                self._object(rule, each, owner)

    def _value(self, rule: str, pair: Pair, owner: _Owner) -> None:
        old, new = (
            rules.default(pair.name, around.value) if part.value is MISSING else part.value
            for part, around in zip(pair[:2], owner.pair[:2], strict=True)
        )
        if not same(old, new):
            self._add(rules.VALUES[rule](pair, owner.prefix), pair, owner.prefix)

    def _object(self, kind: str, pair: Pair, owner: _Owner) -> None:
        """Compare an object that at least one of the documents has."""
        inner = _Owner(
            kind, pair, rules.PREFIXES.get(kind, owner.prefix), self._of(kind.removeprefix("first "), pair, owner)
        )
        if pair.verb != "changed" and kind not in rules.MAPS:
            message = f"{inner.of} is {'new' if pair.verb == 'added' else 'gone'}"
            self._add(rules.presence(kind, pair, inner.prefix), pair, inner.prefix, message)
            if pair.verb == "added" and (before := self._covering(kind, pair, owner)):
                self._inside(inner._replace(pair=pair._replace(base=before)))
            for each in self._parts(pair, kind) if kind == "path" and pair.verb == "added" else ():
                if each.name in METHODS:
                    self._object("operation", each, inner)
        elif kind not in ("component", "tag"):
            self._inside(inner)
            if kind == "operation":
                self._list("parameters", inner)

    def _of(self, kind: str, pair: Pair, owner: _Owner) -> str:
        """The name of an object in messages; of one that has values, what these are."""
        place, _, name = pair.name.partition(" ")
        around, itself = (subject(self._source(each).value, each.part.at) for each in (owner.pair, pair))
        return {
            "component": f"component {pair.name}",
            "content": owner.of,
            "media type": f"{owner.of} ({pair.name})",
            "parameter": f"{place} parameter {quote(name)} of {owner.of}",
            "request body": f"the body of {owner.of}",
            "response": f"an answer: {itself}",
            "schema": f"the schema of {owner.of}",
            "security requirement": f"the security requirement {pair.name} of {around}",
            "server": f"server {pair.name}",
            "tag": f"tag {quote(pair.name)} of {around}",
        }.get(kind, itself)

    def _covering(self, kind: str, pair: Pair, owner: _Owner) -> Part | None:
        """What the base had for a new status or media type: a range of them, or the default."""
        ranges = {
            "media type": (f"{pair.name.partition('/')[0]}/*", "*/*"),
            "response": (f"{pair.name[0]}XX", "default"),
        }.get(kind, ())
        before = parts_of(self._base.value, owner.pair.base, owner.kind)
        return next((before[each] for each in ranges if each in before), None)

    def _list(self, key: str, owner: _Owner) -> None:
        """Compare the items of two lists by their names."""
        old, new = (listed(source.value, side, key) for source, side in self._sides(owner.pair))
        if key == "parameters":
            # A component that has another name or place now is still the same parameter.
            renamed = {each.inner: name for name, each in old.items() if name not in new}
            new = {renamed.get(each.inner, name) if name not in old else name: each for name, each in new.items()}
        first = [next(iter(each), "") for each in (old, new)]
        is_moved = key in rules.FIRST and first[0] != first[1] and all(first)
        if is_moved:
            message = f"the first of the {key}, which clients use, was {quote(first[0])}, is {quote(first[1])}"
            self._add(rules.FIRST[key], Pair(old[first[0]], new[first[1]]), "api", message)
        kind = rules.LISTS[key] if old or key != "security" else "first security requirement"
        for each in self._matched(owner.pair, old, new):
            if not (is_moved and each.name in first and each.verb != "changed" and key == "servers"):
                self._object(kind, each, owner)

    def _parts(self, pair: Pair, kind: str) -> Iterator[Pair]:
        old, new = (parts_of(source.value, side, kind) for source, side in self._sides(pair))
        return self._matched(pair, old, new)

    def _matched(self, pair: Pair, old: dict[str, Part], new: dict[str, Part]) -> Iterator[Pair]:
        """The parts that either document has, the new document's first."""
        for name in dict.fromkeys((*new, *old)):
            base, now = (
                own.get(name) or Part(side.inner + pointer(name))
                for own, side in zip((old, new), pair[:2], strict=True)
            )
            self.seen |= {base.at, now.at}
            yield Pair(base, now, name)

    def _sides(self, pair: Pair) -> tuple[tuple[Source, Part], tuple[Source, Part]]:
        return (self._base, pair.base), (self._now, pair.now)

    def _source(self, pair: Pair) -> Source:
        return self._base if pair.verb == "removed" else self._now

    def _unclassified(self, pair: Pair, prefix: str) -> None:
        if not same(pair.base.value, pair.now.value):
            self._add(rules.UNCLASSIFIED, pair, prefix)

    def _add(self, named: rules.Named, pair: Pair, prefix: str, message: str = "") -> None:
        """Add a change; one of a part that is used in several ways has the effects of them all."""
        name, at, effects = named[0], pair.part.at, named[1].within(prefix.partition("-")[0])
        if known := self.changes.get((name, at)):
            effects = Effects(*map(max, known.effects, effects))
        source = self._source(pair)
        said = message or sentence(source.value, at, pair.base.value, pair.now.value)
        said += UNKNOWN * (named == rules.UNCLASSIFIED)
        self.changes[name, at] = Change(name, effects, said, at, source.place(at))
