"""A company: its API keys, and the things that belong to it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field, replace
from typing import Any

from ventia_document.operations import SENDERS
from ventia_document.source import Json
from ventia_mock.world import formats
from ventia_mock.world.things import KINDS, Thing, normalized

COPY = "copy-"
"""Begins the identifiers of companies that are copies."""


@dataclass
class Company:
    """A company: its API keys, and its things by kind and normalized identifier."""

    id: str
    name: str = ""
    api_keys: tuple[str, ...] = field(default=(), repr=False)
    things: dict[str, dict[str, Any]] = field(default_factory=lambda: {kind: {} for kind in KINDS})

    def lacks(self) -> Iterator[str]:
        """What it has none of, but needs so that any message of it is accepted."""
        if not self.api_keys:
            yield "api_keys"
        if not self.things["contacts"]:
            yield "contacts"
        senders = [f"{kind}s" for kind in SENDERS]
        if not any(self.things[kind] for kind in senders):
            yield " or ".join([", ".join(senders[:-1]), senders[-1]])

    def find(self, kind: str, identifier: str) -> Any:
        """The `contact`, `channel` or other thing with an identifier; None if the company has none."""
        return self.things[f"{kind}s"].get(normalized(identifier))

    def named(self, kind: str, name: str) -> str:
        """The identifier of the thing with a name, or whose name alone begins with these words.

        Args:
            kind: `contacts`, `channels` or `users`.

        Raises:
            ValueError: there is none, or more than one; the message lists the names.
        """
        things = self.things[kind].values()
        whole = [thing.id for thing in things if thing.name == name]
        begun = [thing.id for thing in things if f"{thing.name} ".startswith(f"{name} ")]
        found = whole or begun
        if len(found) != 1 or not name:
            names = ", ".join(thing.name for thing in things if thing.name)
            raise ValueError(f"{kind}: Must be the name, or its first words, of one of {names}; got {name!r}")
        return str(found[0])

    def change(self, kind: str, identifier: str, changes: Mapping[str, Json]) -> Thing:
        """Change a thing, or add it where there is none with that identifier.

        Args:
            kind: `contacts`, `channels` or another key of KINDS.

        Raises:
            ValueError: there is no such kind, or the changed thing would break a rule of it; the message says which.
        """
        if kind not in KINDS:
            raise ValueError(f"kind: Must be one of {', '.join(KINDS)}; got {kind!r}")
        if changes.get("id", identifier) != identifier:
            raise ValueError(f"/id: Must stay {identifier!r}; got {changes['id']!r}")
        before = self.things[kind].get(normalized(identifier))
        fields = (asdict(before) if before else {}) | dict(changes) | {"id": identifier}
        formats.check(kind, fields)
        if kind == "integrations" and not self.find("user", fields["user"]):
            raise ValueError(f"/user: Must be one of the company's users; got {fields['user']!r}")
        thing: Thing = KINDS[kind](**fields)
        # A new dictionary, since copies of the company share the old one.
        self.things[kind] = {**self.things[kind], normalized(identifier): thing}
        return thing

    def to_json(self) -> Json:
        """The company and its things as JSON, without its keys."""
        things = {kind: [asdict(thing) for thing in of_kind.values()] for kind, of_kind in self.things.items()}
        return {"id": self.id, "name": self.name, **things}

    def copy(self, identifier: str, key: str) -> Company:
        """A company with the same things, but with an identifier and an API key of its own."""
        return replace(self, id=identifier, api_keys=(key,), things=dict(self.things))
