"""A message as the platform's rules see it, and the refusal by one of them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from ventia_mock.world.company import Company


@dataclass
class Sending:
    """A message that keeps every rule of the document, and the company that sends it.

    Attributes:
        identifiers: the identifiers in it, by kind of thing (`x-identifies` in the document).
        things: what they identify, by kind; None for what the company does not have.
        medium: the kind of the user's integration that it goes through; None without a user.
        was_sent: whether an identifier is that of a message that the company sent before.
    """

    company: Company
    identifiers: Mapping[str, str]
    medium: str | None
    was_sent: Callable[[str], bool]

    def __post_init__(self) -> None:
        find = self.company.find
        self.things = {kind: find(kind, identifier) for kind, identifier in self.identifiers.items()}

    def thing(self, kind: str) -> Any:
        """The thing of a kind that it identifies; None if it identifies none, or none of the company's."""
        return self.things.get(kind)

    def is_unknown(self, kind: str) -> bool:
        """Whether it identifies a thing of a kind that the company does not have."""
        return kind in self.things and self.things[kind] is None


@dataclass(frozen=True)
class Refusal:
    """The refusal of a message by a rule of the platform.

    Attributes:
        response: the name of the documented response.
        kind: the kind of the offending thing, and so of the field that identifies it.
        rule: the rule in words.
    """

    response: str
    kind: str
    rule: str
