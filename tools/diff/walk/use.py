"""What a part of a document is used for, and so whom a change of it concerns."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import Enum

from tools.diff.changes import CHANGES, NARROWS, WIDENS, Effects


class Direction(Enum):
    """Who sends a part of the document; the values begin the names of changes."""

    REQUEST = "request"
    RESPONSE = "response"
    BOTH = "api"
    UNUSED = "component"


class Sense(Enum):
    """What a narrower part does to the whole: it narrows too, the opposite under a `not`, and either under an `if`."""

    SAME = "same"
    OPPOSITE = "opposite"
    EITHER = "either"


@dataclass(frozen=True)
class Use:
    """What a part of the document is used for.

    Attributes:
        scope: body, property, parameter or header, as in oasdiff's names.
        is_required: it is a required property.
        is_restriction: it only restricts a value that is described around it.
        documented: the properties of the whole value, in the base and now; None at the root of a value.
    """

    direction: Direction = Direction.BOTH
    scope: str = ""
    sense: Sense = Sense.SAME
    is_required: bool = False
    is_restriction: bool = False
    documented: tuple[frozenset[str], frozenset[str]] | None = None

    def named(self, what: str) -> str:
        """The name of a change: `request-property-became-required`."""
        return "-".join(filter(None, (self.direction.value, self.scope, what)))

    def effects(self, effects: Effects) -> Effects:
        """The effects that a change of a part has for this use of it."""
        sensed = _IN_SENSE[self.sense].get(effects, effects)
        requests, responses, names = sensed
        if self.direction is Direction.UNUSED:
            return Effects(names=names)
        if self.direction is Direction.REQUEST:
            return Effects(requests=requests, names=names)
        return Effects(responses=responses, names=names) if self.direction is Direction.RESPONSE else sensed

    def within(self, scope: str, *, is_required: bool = False) -> Use:
        """The use of a value inside this one."""
        return replace(self, scope=scope, is_required=is_required, is_restriction=False, documented=None)

    def restricting(self, sense: Sense = Sense.SAME) -> Use:
        """The use of a schema that restricts the same value."""
        return replace(self, is_restriction=True, sense=_SENSES.get((self.sense, sense), Sense.EITHER))


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

REQUEST = Use(Direction.REQUEST)
RESPONSE = Use(Direction.RESPONSE)
UNUSED = Use(Direction.UNUSED)
