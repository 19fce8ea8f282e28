"""What the platform's rules are asked about: a valid message, and what of the world it names."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from ventia_mock.world.file import Company


@dataclass
class Sending:
    """A message that keeps every rule of the document.

    Attributes:
        named: the identifiers that it gives, by the kind of thing (`x-identifies` in the document).
        medium: which of a user's integrations it goes through; None without a user.
        was_sent: whether an identifier is that of a message which the company sent before.
    """

    company: Company
    named: Mapping[str, str]
    medium: str | None
    was_sent: Callable[[str], bool]
    _found: dict[str, Any] = field(init=False)

    def __post_init__(self) -> None:
        self._found = {kind: self.company.find(kind, identifier) for kind, identifier in self.named.items()}

    def found(self, kind: str) -> Any:
        """The thing of a kind that it names; None where it names none, or none of the company's."""
        return self._found.get(kind)

    def names_unknown(self, kind: str) -> bool:
        """Whether it names a thing of a kind that the company has not."""
        return kind in self._found and self._found[kind] is None


INVALID = "invalidRequestBody"
"""The name of the documented answer to a message that breaks a rule which has no answer of its own."""


@dataclass(frozen=True)
class Refusal:
    """Why a message is not sent.

    Attributes:
        answer: the name of the documented answer that it gets.
        kind: of the thing that offends, and so of the field that names it.
        rule: in words.
    """

    answer: str
    kind: str
    rule: str
