"""A change between two documents or packages, and what it does to those who use them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import IntEnum
from typing import NamedTuple

from ventia_document.source import Json


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

    def within(self, direction: str) -> Effects:
        """The effects on those whom a part of the document concerns: `request`, `response`, or both."""
        return Effects(
            Effect.NONE if direction == "response" else self.requests,
            Effect.NONE if direction == "request" else self.responses,
            self.names,
        )


NARROWS = Effects(Effect.BREAKING, Effect.ADDITIVE)
"""Fewer values are allowed: old requests may be refused; responses are a part of the old ones."""

WIDENS = Effects(Effect.ADDITIVE, Effect.BREAKING)
"""More values are allowed."""

CHANGES = Effects(Effect.BREAKING, Effect.BREAKING)
"""Other values are allowed, or the effect is unknown."""

UNKNOWN = "; the effect of this is unknown, so it counts as breaking"

ADDS = Effects(Effect.ADDITIVE, Effect.ADDITIVE)
NOTES = Effects(Effect.COSMETIC, Effect.COSMETIC)
RENAMES = Effects(names=Effect.BREAKING)
NAMES = Effects(names=Effect.ADDITIVE)


@dataclass(frozen=True)
class Witness:
    """A value that shows a breach.

    Attributes:
        direction: `request` or `response`.
        of: what the value is, such as `the body of POST /pets`.
        at: JSON pointers of its schema, in the base and in the new document.
        says: the rule that the value breaks in the document that does not accept it.
    """

    direction: str
    of: str
    at: tuple[str, str]
    value: Json
    says: str


@dataclass(frozen=True)
class Change:
    """One change.

    Attributes:
        id: its name: oasdiff's for what is no schema, griffe's for what is none of the document's, else our own.
        message: the change in a sentence.
        at: the JSON pointer, or the dotted path of a Python object.
        place: file, line and column; in the base, if it was removed.
        finder: the tool that found and named it, if it is not in the document.
        witnesses: for each direction that it breaks, the least value that shows it.
        proof: what shows the effect where no witness does.
        accepted: why a maintainer accepts it as not breaking; empty if none does.
    """

    id: str
    effects: Effects
    message: str
    at: str
    place: str
    finder: str = ""
    witnesses: tuple[Witness, ...] = ()
    proof: str = ""
    accepted: str = ""

    @property
    def effect(self) -> Effect:
        """The worst of its effects; of an accepted change, at most additive."""
        return min(max(self.effects), Effect.ADDITIVE) if self.accepted else max(self.effects)

    @property
    def named_by(self) -> str:
        """The tool whose name its `id` is."""
        return self.finder or ("oasdiff" if _OASDIFF.fullmatch(self.id) else "ventia")


_OASDIFF = re.compile(
    r"""
    api-(global-)?security-(added|removed) | api-(operation-id|tag)-(added|removed) | api-schema-removed
    | api-(path-)?removed-with(out)?-deprecation | api-security-component-type-changed
    | endpoint-(added|deprecated|reactivated) | new-(optional-request|required-request|request-path)-parameter
    | request-body-(added-optional|added-required|became-optional|became-required|removed)
    | request-parameter-(became-optional|became-required|deprecated|reactivated|removed)
    | (request-body|response)-media-type-(added|removed) | (request|response)-body-media-type-schema-(added|removed)
    | response-header-(added|became-optional) | (optional|required)-response-header-removed
    | response-(non-)?success-status-(added|removed)
    """,
    re.VERBOSE,
)
"""The names that oasdiff has."""
