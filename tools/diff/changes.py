"""A change between two documents or packages, and what it does to those who use them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import IntEnum
from typing import NamedTuple

from tools.diff.oasdiff_names import OASDIFF


class Effect(IntEnum):
    """What a change does to who relies on what was there before."""

    NONE = 0
    COSMETIC = 1
    ADDITIVE = 2
    BREAKING = 3

    def __str__(self) -> str:
        return self.name.lower()


class Effects(NamedTuple):
    """What a change does to requests, to responses, and to the names in code that is generated."""

    requests: Effect = Effect.NONE
    responses: Effect = Effect.NONE
    names: Effect = Effect.NONE


NARROWS = Effects(Effect.BREAKING, Effect.ADDITIVE)
"""Fewer values are allowed: what was sent may be refused, what is answered was so before."""

WIDENS = Effects(Effect.ADDITIVE, Effect.BREAKING)
"""More values are allowed."""

CHANGES = Effects(Effect.BREAKING, Effect.BREAKING)
"""Other values are allowed, or nobody can tell."""

ADDS = Effects(Effect.ADDITIVE, Effect.ADDITIVE)
NOTES = Effects(Effect.COSMETIC, Effect.COSMETIC)
RENAMES = Effects(names=Effect.BREAKING)
NAMES = Effects(names=Effect.ADDITIVE)


@dataclass(frozen=True)
class Change:
    """One change.

    Attributes:
        id: oasdiff's name for it where that has one, else griffe's or our own (`named_by`).
        says: the change in words.
        at: the JSON pointer, or the dotted path of a Python object.
        place: file, line and column; of the base if it was removed.
        finder: what found it and named it, if it was not found in a document.
        also: its other names, where what changed is used in more than one way.
    """

    id: str
    effects: Effects
    says: str
    at: str
    place: str
    also: tuple[str, ...] = ()
    finder: str = ""

    @property
    def effect(self) -> Effect:
        """The worst that it does."""
        return max(self.effects)

    @property
    def named_by(self) -> str:
        """Whose name its `id` is."""
        return self.finder or ("oasdiff" if self.id in OASDIFF else "ventia")

    def merged(self, other: Change) -> Change:
        """The same change seen from another use of what changed: classed for both, named for the worse."""
        if not (self.effect and other.effect):  # which is what nothing uses
            return self if self.effect >= other.effect else other
        first, second = (other, self) if other.effect > self.effect else (self, other)
        effects = Effects(*map(max, self.effects, other.effects))
        names = [name for name in (*first.also, second.id, *second.also) if name != first.id]
        return replace(first, effects=effects, also=tuple(dict.fromkeys(names)))
