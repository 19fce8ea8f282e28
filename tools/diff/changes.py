"""A change between two documents or packages, and what it does to those who use them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import IntEnum
from typing import NamedTuple

from tools.diff.oasdiff_names import OASDIFF


class Effect(IntEnum):
    """What a change does to users of the base."""

    NONE = 0
    COSMETIC = 1
    ADDITIVE = 2
    BREAKING = 3

    def __str__(self) -> str:
        return self.name.lower()


class Effects(NamedTuple):
    """The effects of a change on requests, on responses, and on the names in generated code."""

    requests: Effect = Effect.NONE
    responses: Effect = Effect.NONE
    names: Effect = Effect.NONE


NARROWS = Effects(Effect.BREAKING, Effect.ADDITIVE)
"""Fewer values are allowed: old requests may be refused; responses are a part of the old ones."""

WIDENS = Effects(Effect.ADDITIVE, Effect.BREAKING)
"""More values are allowed."""

CHANGES = Effects(Effect.BREAKING, Effect.BREAKING)
"""Other values are allowed, or the effect is unknown."""

ADDS = Effects(Effect.ADDITIVE, Effect.ADDITIVE)
NOTES = Effects(Effect.COSMETIC, Effect.COSMETIC)
RENAMES = Effects(names=Effect.BREAKING)
NAMES = Effects(names=Effect.ADDITIVE)


@dataclass(frozen=True)
class Change:
    """One change.

    Attributes:
        id: oasdiff's name for it where that has one, else griffe's or our own (`named_by`).
        message: the change in a sentence.
        at: the JSON pointer, or the dotted path of a Python object.
        place: file, line and column; in the base, if it was removed.
        finder: the tool that found and named it, if it is not in the document.
        also: its other names, if the part is used in several ways.
    """

    id: str
    effects: Effects
    message: str
    at: str
    place: str
    also: tuple[str, ...] = ()
    finder: str = ""

    @property
    def effect(self) -> Effect:
        """The worst of its effects."""
        return max(self.effects)

    @property
    def named_by(self) -> str:
        """The tool whose name its `id` is."""
        return self.finder or ("oasdiff" if self.id in OASDIFF else "ventia")

    def merged(self, other: Change) -> Change:
        """The same change of another use of the part: with the effects of both, and the name of the worse."""
        if not (self.effect and other.effect):  # a change without effects is one that nothing uses
            return self if self.effect >= other.effect else other
        first, second = (other, self) if other.effect > self.effect else (self, other)
        effects = Effects(*map(max, self.effects, other.effects))
        names = [name for name in (*first.also, second.id, *second.also) if name != first.id]
        return replace(first, effects=effects, also=tuple(dict.fromkeys(names)))
