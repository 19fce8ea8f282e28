"""Finds the changes of what is no schema, and the schemas that both documents have at the same places."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from tools.diff.changes import CHANGES, NARROWS, NOTES, RENAMES, UNKNOWN, WIDENS, Change, Effects
from tools.diff.objects import rules
from tools.diff.objects.parts import Pair, Part, parameters, part_at, parts_of
from tools.diff.schemas.differences import MISSING, same
from tools.diff.schemas.verdicts import Site
from tools.diff.words import quote, sentence, subject
from ventia_document.operations import METHODS
from ventia_document.source import Source, pointer
from ventia_document.structure import references


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
        if not all(isinstance(side.value, dict) or side.value is MISSING for side in (owner.pair.base, owner.pair.now)):
            self._unclassified(owner.pair, owner.prefix)
        known = rules.OBJECTS[owner.kind]
        for each in self._parts(owner.pair, owner.kind):
            rule = known.get(each.name) or known.get("*")
            if rule is None or (owner.kind in ("paths", "responses") and each.name.startswith("x-")):
                self._unclassified(each, owner.prefix)
            else:
                self._compare(rule, each, owner)

    def _compare(self, rule: str, each: Pair, owner: _Owner) -> None:
        if rule in rules.VALUES:
            sides = ((each.base, owner.pair.base), (each.now, owner.pair.now))
            old, new = (
                rules.default(each.name, around.value) if part.value is MISSING else part.value
                for part, around in sides
            )
            if not same(old, new):
                self._add(rules.VALUES[rule](each, owner.prefix), each, owner.prefix)
        elif rule == "schema" and not each.is_single:
            self.sites.append(Site(owner.prefix.partition("-")[0], owner.of, each.base.at, each.now.at))
        elif special := {
            "components": self._components,
            "security": self._security,
            "servers": self._servers,
            "tags": self._tags,
        }.get(rule):
            special(each, owner)
        elif rule != "elsewhere":
            self._object(rule, each, owner)

    def _object(self, kind: str, pair: Pair, owner: _Owner) -> None:
        """Compare an object that at least one of the documents has."""
        inner = _Owner(kind, pair, rules.PREFIXES.get(kind, owner.prefix), self._of(kind, pair, owner))
        if kind == "path" and pair.is_added and (methods := [each for each in METHODS if each in pair.now.value]):
            for each in self._parts(pair, kind):
                if each.name in methods:
                    self._object("operation", each, inner)
        elif pair.is_single and kind not in rules.MAPS:
            message = f"{inner.of} {pair.is_new_or_gone}"
            self._add(rules.presence(kind, pair, inner.prefix), pair, inner.prefix, message)
            if pair.is_added and (before := self._covering(kind, pair, owner)):
                self._inside(inner._replace(pair=Pair(before, pair.now, pair.name)))
        else:
            self._inside(inner)
            if kind == "operation":
                self._parameters(inner, owner.pair)

    def _of(self, kind: str, pair: Pair, owner: _Owner) -> str:
        """The name of an object in messages; of one that has values, what these are."""
        place, _, name = pair.name.partition(" ")
        return {
            "content": owner.of,
            "media type": f"{owner.of} ({pair.name})",
            "parameter": f"{place} parameter {quote(name)} of {owner.of}",
            "request body": f"the body of {owner.of}",
            "response": f"an answer: {self._subject(pair)}",
            "schema": f"the schema of {owner.of}",
            "server": f"server {pair.name}",
        }.get(kind, self._subject(pair))

    def _covering(self, kind: str, pair: Pair, owner: _Owner) -> Part | None:
        """What the base had for a new status or media type: a range of them, or the default."""
        ranges = {
            "media type": (f"{pair.name.partition('/')[0]}/*", "*/*"),
            "response": (f"{pair.name[0]}XX", "default"),
        }.get(kind, ())
        listed = parts_of(self._base.value, owner.pair.base, owner.kind)
        return next((listed[each] for each in ranges if each in listed), None)

    def _parameters(self, operation: _Owner, path: Pair) -> None:
        old = parameters(self._base.value, path.base, operation.pair.base)
        new = parameters(self._now.value, path.now, operation.pair.now)
        # A component that has another name or place now is still the same parameter.
        renamed = {each.inner: key for key, each in old.items() if key not in new}
        new = {renamed.get(each.inner, key) if key not in old else key: each for key, each in new.items()}
        for each in self._matched(operation.pair, old, new):
            self._object("parameter", each, operation)

    def _servers(self, pair: Pair, owner: _Owner) -> None:
        """The servers by URL; clients use the first."""
        pair = self._inherited(pair, owner)
        each_by_url = {each.name: each for each in self._parts(pair, "servers")}
        firsts = [next(iter(parts_of(source.value, side, "servers")), "") for source, side in self._sides(pair)]
        if firsts[0] != firsts[1] and all(firsts):
            message = f"the first server, which clients use, was {quote(firsts[0])}, is {quote(firsts[1])}"
            first = Pair(each_by_url[firsts[0]].base, each_by_url[firsts[1]].now)
            self._add(("api-server-changed", CHANGES), first, "api", message)
        for url, each in each_by_url.items():
            if not each.is_single or url not in firsts or not all(firsts):
                self._object("server", each, owner)

    def _security(self, pair: Pair, owner: _Owner) -> None:
        """The security requirements: one more alternative widens, the first one shuts out callers without a key."""
        pair = self._inherited(pair, owner)
        what = "security" if owner.pair.part.at else "global-security"
        for each in self._parts(pair, "security"):
            schemes = " with ".join(each.part.value) or "no key at all"
            holder = self._subject(owner.pair)
            if each.is_removed:
                message = f"{schemes} no longer opens {holder}"
                self._add((f"api-{what}-removed", CHANGES), each, "request", message)
            elif each.is_added:
                effects = NARROWS if pair.base.value in (MISSING, []) else WIDENS
                self._add((f"api-{what}-added", effects), each, "request", f"{schemes} opens {holder} now")

    def _inherited(self, pair: Pair, owner: _Owner) -> Pair:
        """The value of a key of an operation, or else of its path, or else of the document."""
        found = []
        for source, side in self._sides(owner.pair):
            above = (side.inner, side.inner.rpartition("/")[0], "")
            parts = [part_at(source.value, f"{at}/{pair.name}") for at in above]
            found.append(next((each for each in parts if each.value is not MISSING), parts[0]))
        return Pair(found[0], found[1], pair.name)

    def _tags(self, pair: Pair, owner: _Owner) -> None:
        """The tags of an operation; a package of the client is named after the first."""
        firsts = [side.value[:1] if isinstance(side.value, list) else [] for side in (pair.base, pair.now)]
        holder, both = self._subject(owner.pair), set()
        for each in self._parts(pair, "tags"):
            if each.is_single:
                effects = RENAMES if [each.name] in firsts else NOTES
                message = f"tag {quote(each.name)} of {holder} {each.is_new_or_gone}"
                self._add((f"api-tag-{each.verb}", effects), each, "api", message)
            else:
                both.add(each.name)
        if firsts[0] != firsts[1] and both.issuperset(firsts[0] + firsts[1]) and all(firsts):
            message = f"the first tag of {holder} was {quote(firsts[0][0])}, is {quote(firsts[1][0])}"
            self._add(("api-first-tag-changed", RENAMES), pair, "api", message)

    def _components(self, pair: Pair, owner: _Owner) -> None:
        """The names of components, which generated code has, and what no operation holds."""
        used = {each.to for source in (self._base, self._now) for each in references(source.value)}
        for group in self._parts(pair, "components"):
            if group.name not in rules.COMPONENTS:
                self._unclassified(group, owner.prefix)
                continue
            for each in self._parts(group, group.name):
                if each.is_single:
                    named = (f"{rules.COMPONENTS[group.name]}-{each.verb}", rules.component_effects(group.name, each))
                    message = f"component {each.name} {each.is_new_or_gone} ({group.name})"
                    self._add(named, each, "api", message)
                elif group.name == "securitySchemes" and each.part.at in used:
                    self._object("security scheme", each, owner)

    def _parts(self, pair: Pair, kind: str) -> Iterator[Pair]:
        old, new = (parts_of(source.value, side, kind) for source, side in self._sides(pair))
        return self._matched(pair, old, new)

    def _matched(self, pair: Pair, old: dict[str, Part], new: dict[str, Part]) -> Iterator[Pair]:
        """The parts that either document has, the new document's first."""
        for name in dict.fromkeys((*new, *old)):
            found = Pair(
                old.get(name) or Part(pair.base.inner + pointer(name)),
                new.get(name) or Part(pair.now.inner + pointer(name)),
                name,
            )
            self.seen |= {found.base.at, found.now.at}
            yield found

    def _sides(self, pair: Pair) -> tuple[tuple[Source, Part], tuple[Source, Part]]:
        return (self._base, pair.base), (self._now, pair.now)

    def _unclassified(self, pair: Pair, prefix: str) -> None:
        if not same(pair.base.value, pair.now.value):
            self._add(rules.UNCLASSIFIED, pair, prefix)

    def _add(self, named: rules.Named, pair: Pair, prefix: str, message: str = "") -> None:
        """Add a change; one of a part that is used in several ways has the effects of them all."""
        name, at, effects = named[0], pair.part.at, named[1].within(prefix.partition("-")[0])
        if known := self.changes.get((name, at)):
            effects = Effects(*map(max, known.effects, effects))
        source = self._base if pair.is_removed else self._now
        said = message or sentence(source.value, at, pair.base.value, pair.now.value)
        said += UNKNOWN * (named == rules.UNCLASSIFIED)
        self.changes[name, at] = Change(name, effects, said, at, source.place(at))

    def _subject(self, pair: Pair) -> str:
        return subject((self._base if pair.is_removed else self._now).value, pair.part.at)
