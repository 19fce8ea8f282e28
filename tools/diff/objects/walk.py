"""The same part of two documents as a pair, and the changes that are found on a walk through them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import NamedTuple, TypeAlias

from tools.diff.changes import CHANGES, NOTES, Change, Effects
from tools.diff.schemas.differences import MISSING, same
from tools.diff.schemas.verdicts import Site
from tools.diff.words import kebab, sentence, subject
from ventia_document.operations import resolve
from ventia_document.source import Json, Source, lookup, pointer


class Part(NamedTuple):
    """A part of a document, references followed, or the place of a missing one, whose value is MISSING.

    Attributes:
        at: its JSON pointer.
        referred: that of what its reference leads to; empty if it is none.
    """

    at: str
    value: Json
    referred: str = ""

    @property
    def inner(self) -> str:
        """The JSON pointer that its own parts are below."""
        return self.referred or self.at


@dataclass(frozen=True)
class Pair:
    """The same part of the two documents.

    Attributes:
        name: the key of the part.
    """

    base: Part
    now: Part
    name: str = ""

    @property
    def is_added(self) -> bool:
        """Whether only the new document has it."""
        return self.base.value is MISSING

    @property
    def is_removed(self) -> bool:
        """Whether only the base has it."""
        return self.now.value is MISSING

    @property
    def verb(self) -> str:
        """Added, removed or changed."""
        return "added" if self.is_added else "removed" if self.is_removed else "changed"

    @property
    def is_new_or_gone(self) -> str:
        """`is new` or `is gone`, for a message."""
        return "is new" if self.is_added else "is gone"

    @property
    def differs(self) -> bool:
        """Whether the values differ; a change where a reference leads does not count."""
        return not same(self.base.value, self.now.value)

    @property
    def at(self) -> str:
        """The JSON pointer in the new document, or in the base if it was removed."""
        return self.base.at if self.is_removed else self.now.at


class Walk:
    """A walk through two documents.

    Attributes:
        changes: by name and place.
        sites: the schemas of requests and answers that both documents have.
        seen: JSON pointers of what was compared.
    """

    def __init__(self, base: Source, now: Source) -> None:
        self.base, self.now = base, now
        self.changes: dict[tuple[str, str], Change] = {}
        self.sites: list[Site] = []
        self.seen: set[str] = set()

    def part(self, pair: Pair, key: str) -> Pair:
        """The parts of both at a key."""
        self.seen |= {side.inner + pointer(key) for side in (pair.base, pair.now)}
        return Pair(_part(self.base.value, pair.base, key), _part(self.now.value, pair.now, key), key)

    def parts(self, pair: Pair) -> Iterator[Pair]:
        """The parts that either has, the new document's first."""
        keys = [key for side in (pair.now, pair.base) if isinstance(side.value, dict) for key in side.value]
        return (self.part(pair, key) for key in dict.fromkeys(keys))

    def each(self, pair: Pair, rules: Mapping[str, Rule], direction: str = "api", scope: str = "") -> None:
        """Compare every key of an object by its rule; a key without one is an unclassified change."""
        if not (isinstance(pair.base.value, dict) and isinstance(pair.now.value, dict)):
            self.unclassified(pair, direction)
            return
        for part in self.parts(pair):
            rule = rules.get(part.name)
            if rule is None:
                self.unclassified(part, direction)
            else:
                rule(Context(self, part, pair, direction, scope))

    def unclassified(self, pair: Pair, direction: str = "api") -> None:
        """Add a part that has no rule, if it differs."""
        if pair.differs:
            message = f"{self.sentence(pair)}; the effect of this is unknown, so it counts as breaking"
            self.add("unclassified-change", CHANGES.within(direction), pair, message)

    def add(self, name: str, effects: Effects, pair: Pair, message: str) -> None:
        """Add a change; one of a part that is used in several ways has the effects of them all."""
        known = self.changes.get((name, pair.at))
        if known:
            effects = Effects(*map(max, known.effects, effects))
        place = (self.base if pair.is_removed else self.now).place(pair.at)
        self.changes[name, pair.at] = Change(name, effects, message, pair.at, place)

    def sentence(self, pair: Pair) -> str:
        """The change of a part as a sentence."""
        return sentence(self._document(pair), pair.at, pair.base.value, pair.now.value)

    def subject(self, pair: Pair) -> str:
        """The name of a part, for a message."""
        return subject(self._document(pair), pair.at)

    def _document(self, pair: Pair) -> Json:
        return (self.base if pair.is_removed else self.now).value


class Context(NamedTuple):
    """A part to compare, with the object that it is a part of.

    Attributes:
        direction: `request`, `response`, or `api` for both.
        scope: the middle of the change's name: `body`, `parameter`, `header`.
    """

    walk: Walk
    part: Pair
    owner: Pair
    direction: str
    scope: str

    def add(self, what: str, effects: Effects, message: str = "") -> None:
        """Add a change of the part; its name ends with `what`."""
        name = "-".join(filter(None, (self.direction, self.scope, what)))
        self.walk.add(name, effects.within(self.direction), self.part, message or self.walk.sentence(self.part))


Rule: TypeAlias = Callable[[Context], None]


def noted(context: Context) -> None:
    """Prose and the like, which binds nobody."""
    if context.part.differs:
        context.add(f"{kebab(context.part.name)}-{context.part.verb}", NOTES)


def altered(context: Context) -> None:
    """Any change is a breaking one."""
    if context.part.differs:
        context.add(f"{kebab(context.part.name)}-{context.part.verb}", CHANGES)


def defaulting(default: Callable[[Json], Json]) -> Rule:
    """A key that has a default: any other value is a breaking change."""

    def compare(context: Context) -> None:
        old, new = (
            default(owner.value) if part.value is MISSING else part.value
            for owner, part in ((context.owner.base, context.part.base), (context.owner.now, context.part.now))
        )
        if not same(old, new):
            altered(context)

    return compare


def switched(on: tuple[str, Effects], off: tuple[str, Effects]) -> Rule:
    """A key that is true or absent."""

    def compare(context: Context) -> None:
        old, new = (side.value is True for side in (context.part.base, context.part.now))
        if old != new:
            context.add(*(on if new else off))

    return compare


def compared_elsewhere(_: Context) -> None:
    """The key is compared with another one."""


def _part(document: Json, owner: Part, key: str) -> Part:
    at = owner.inner + pointer(key)
    items = owner.value if isinstance(owner.value, dict) else {}
    items = dict(enumerate(owner.value)) if isinstance(owner.value, list) else items
    found = items.get(int(key) if isinstance(owner.value, list) else key, MISSING)
    if not (isinstance(found, dict) and "$ref" in found):
        return Part(at, found)
    try:
        part = resolve(document, at)
    except (LookupError, ValueError, RecursionError):
        return Part(at, found)
    return Part(at, part.value, part.at)


def whole(document: Json, at: str) -> Part:
    """The part at a JSON pointer, references not followed."""
    try:
        return Part(at, lookup(document, at))
    except LookupError:
        return Part(at, MISSING)
