"""What a platform knows: companies, and who and what belongs to each."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any, TypeAlias

from ventia_document.source import DocumentError, Json, Source, pointer, read
from ventia_mock.operations.authentication import SAMPLE_KEY
from ventia_mock.world import formats

WORLD = Path(__file__).with_name("world.yaml")
"""The world that is served when no other is given."""


@dataclass(frozen=True)
class Contact:
    """Who can be sent to.

    Attributes:
        answers: name of the documented answer that every valid message to the contact gets; '' for the platform's own.
    """

    id: str
    name: str = ""
    answers: str = ""


@dataclass(frozen=True)
class Channel:
    """A shared channel of a company.

    Attributes:
        type: unofficial_wpp, whatsapp_business, fb or ig.
        queues: whether it takes messages to send them later.
        answers: name of the documented answer that every valid message through it gets; '' for the platform's own.
    """

    id: str
    type: str
    name: str = ""
    queues: bool = False
    answers: str = ""


@dataclass(frozen=True)
class User:
    """A person of a company, with a personal WhatsApp session: online, offline or none."""

    id: str
    name: str = ""
    session: str = "none"


@dataclass(frozen=True)
class Integration:
    """A user's personal WhatsApp Business integration."""

    id: str
    user: str
    active: bool = True


@dataclass(frozen=True)
class Template:
    """A WhatsApp Business template."""

    id: str
    text: str = ""
    approved: bool = True


@dataclass(frozen=True)
class Message:
    """A message from before, which one can reply to."""

    id: str
    text: str = ""


Thing: TypeAlias = Contact | Channel | User | Integration | Template | Message

KINDS: Mapping[str, type[Thing]] = {
    "contacts": Contact,
    "channels": Channel,
    "users": User,
    "integrations": Integration,
    "templates": Template,
    "messages": Message,
}


def same(identifier: str) -> str:
    """An identifier as it is compared: an ObjectId is the same in capitals."""
    return identifier.lower() if _OBJECT_ID.fullmatch(identifier) else identifier


_OBJECT_ID = re.compile(r"[0-9a-fA-F]{24}", re.ASCII)

COPY = "copy-"
"""What the identifiers of companies begin with that are copies."""


@dataclass
class Company:
    """A company's account: its API keys, and what belongs to it, by kind and identifier."""

    id: str
    name: str = ""
    api_keys: tuple[str, ...] = field(default=(), repr=False)
    things: dict[str, dict[str, Any]] = field(default_factory=lambda: {kind: {} for kind in KINDS})

    def find(self, kind: str, identifier: str) -> Any:
        """The `contact`, `channel` or thing of another kind with an identifier; None where the company has none."""
        return self.things[f"{kind}s"].get(same(identifier))

    def change(self, kind: str, identifier: str, changes: Mapping[str, Json]) -> Thing:
        """Change a thing, or add it where there is none with that identifier.

        Args:
            kind: `contacts`, `channels` or another key of KINDS.

        Raises:
            ValueError: there is no such kind, or the thing would not have its form; the text says what is wrong.
        """
        if kind not in KINDS:
            raise ValueError(f"kind: Must be one of {', '.join(KINDS)}; got {kind!r}")
        if changes.get("id", identifier) != identifier:
            raise ValueError(f"/id: Must stay {identifier!r}; got {changes['id']!r}")
        known = self.things[kind].get(same(identifier))
        fields = (asdict(known) if known else {}) | dict(changes) | {"id": identifier}
        formats.check(kind, fields)
        if kind == "integrations" and not self.find("user", fields["user"]):
            raise ValueError(f"/user: Must be one of the company's users; got {fields['user']!r}")
        thing: Thing = KINDS[kind](**fields)
        self.things[kind] = {**self.things[kind], same(identifier): thing}
        return thing

    def shown(self) -> Json:
        """As JSON, without its keys."""
        things = {kind: [asdict(thing) for thing in known.values()] for kind, known in self.things.items()}
        return {"id": self.id, "name": self.name, **things}

    def copy(self, identifier: str, key: str) -> Company:
        """A company of the same world with an identifier and an API key of its own."""
        return replace(self, id=identifier, api_keys=(key,), things=dict(self.things))


@dataclass(frozen=True)
class World:
    """All companies, and the file that they were read from."""

    source: Source
    companies: list[Company]

    def answers(self) -> Iterator[tuple[str, str]]:
        """The names of documented answers that something in the file is to get: JSON pointer, name."""
        for index, company in enumerate(self.source.value["companies"]):
            for kind in ("contacts", "channels"):
                for position, thing in enumerate(company.get(kind, [])):
                    if "answers" in thing:
                        yield pointer("companies", index, kind, position, "answers"), thing["answers"]


def read_world(path: Path = WORLD, key: str | None = None) -> World:
    """Read a world file (`formats.yaml`, World).

    Args:
        key: the API key of the first company, instead of those in the file or, where it has none, of SAMPLE_KEY.

    Raises:
        DocumentError: it cannot be read or is not valid; the text lists every fault with its place.
    """
    source = read(path)
    faults = formats.broken("World", source.value) or list(_unclear(source.value, key))
    if faults:
        raise DocumentError("\n".join(f"{source.place(at)}: {at or 'the world'}: {rule}" for at, rule in faults))
    companies = [_company(given) for given in source.value["companies"]]
    first = companies[0]
    first.api_keys = (key,) if key else first.api_keys or (SAMPLE_KEY,)
    return World(source, companies)


def _company(given: Json) -> Company:
    things = {kind: {same(each["id"]): made(**each) for each in given.get(kind, [])} for kind, made in KINDS.items()}
    return Company(given["id"], given.get("name", ""), tuple(given.get("api_keys", ())), things)


def _unclear(world: Json, key: str | None) -> Iterator[tuple[str, str]]:
    """Identifiers and keys that stand twice, and users that are not there."""
    companies = world["companies"]
    for index, company in enumerate(companies):
        if company["id"].startswith(COPY):
            yield pointer("companies", index, "id"), f"Must not begin with {COPY!r}, as those of copies do"
    yield from _twice([(pointer("companies", index, "id"), each["id"]) for index, each in enumerate(companies)])
    first, *others = companies
    keys = [("/companies/0", each) for each in ([key] if key else first.get("api_keys", [SAMPLE_KEY]))]
    keys += [
        (pointer("companies", index, "api_keys", position), each)
        for index, company in enumerate(others, 1)
        for position, each in enumerate(company.get("api_keys", []))
    ]
    yield from ((at, "Must not be the key of a company twice") for at, _ in _twice(keys))
    for index, company in enumerate(companies):
        for kind in KINDS:
            at = pointer("companies", index, kind)
            yield from _twice([(at + pointer(i, "id"), each["id"]) for i, each in enumerate(company.get(kind, []))])
        users = {user["id"] for user in company.get("users", [])}
        for position, each in enumerate(company.get("integrations", [])):
            if each["user"] not in users:
                at = pointer("companies", index, "integrations", position, "user")
                yield at, f"Must be one of the company's users; got {each['user']!r}"


def _twice(identifiers: list[tuple[str, str]]) -> Iterator[tuple[str, str]]:
    seen = set()
    for at, identifier in identifiers:
        if same(identifier) in seen:
            yield at, f"Must not stand twice; got {identifier!r} again"
        seen.add(same(identifier))
