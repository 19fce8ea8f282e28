"""Reads a world file: companies, and the things that belong to each."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from ventia_document.source import DocumentError, Json, Source, pointer, read
from ventia_mock.world import formats
from ventia_mock.world.company import COPY, Company
from ventia_mock.world.things import KINDS, normalized

WORLD = Path(__file__).with_name("world.yaml")
"""The world that is served by default."""

SAMPLE_KEY = "AAAAAAA-BBBBBBB-CCCCCCC-DDDDDDD"
"""The first company's API key by default, in the form that the platform's public pages show. It is no secret."""


@dataclass(frozen=True)
class World:
    """All companies, and the file that they were read from."""

    source: Source
    companies: list[Company]

    def response_names(self) -> Iterator[tuple[str, str]]:
        """The names of documented responses in the file (`answers`), each after its JSON pointer."""
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
        DocumentError: the file cannot be read or is not valid; the message lists every violation with its place.
    """
    source = read(path)
    violations = formats.broken("World", source.value) or list(_ambiguous(source.value, key))
    if violations:
        raise DocumentError("\n".join(f"{source.place(at)}: {at or 'the world'}: {rule}" for at, rule in violations))
    companies = [_company(company) for company in source.value["companies"]]
    first = companies[0]
    first.api_keys = (key,) if key else first.api_keys or (SAMPLE_KEY,)
    return World(source, companies)


def _company(company: Json) -> Company:
    things = {
        kind: {normalized(each["id"]): make(**each) for each in company.get(kind, [])} for kind, make in KINDS.items()
    }
    return Company(company["id"], company.get("name", ""), tuple(company.get("api_keys", ())), things)


def _ambiguous(world: Json, key: str | None) -> Iterator[tuple[str, str]]:
    """Identifiers and keys that stand twice, and users who do not exist: JSON pointer and rule of each."""
    companies = world["companies"]
    for index, company in enumerate(companies):
        if company["id"].startswith(COPY):
            yield pointer("companies", index, "id"), f"Must not begin with {COPY!r}, as those of copies do"
    yield from _repeated([(pointer("companies", index, "id"), each["id"]) for index, each in enumerate(companies)])
    yield from ((at, "Must not be the key of a company twice") for at, _ in _repeated(_keys(companies, key)))
    for index, company in enumerate(companies):
        yield from _ambiguous_things(pointer("companies", index), company)


def _keys(companies: list[Json], key: str | None) -> list[tuple[str, str]]:
    """The API keys of all companies, each after its JSON pointer."""
    first, *others = companies
    keys = [("/companies/0", each) for each in ([key] if key else first.get("api_keys", [SAMPLE_KEY]))]
    return keys + [
        (pointer("companies", index, "api_keys", position), each)
        for index, company in enumerate(others, 1)
        for position, each in enumerate(company.get("api_keys", []))
    ]


def _ambiguous_things(at: str, company: Json) -> Iterator[tuple[str, str]]:
    for kind in KINDS:
        identifiers = [
            (at + pointer(kind, index, "id"), each["id"]) for index, each in enumerate(company.get(kind, []))
        ]
        yield from _repeated(identifiers)
    users = {normalized(user["id"]) for user in company.get("users", [])}
    for index, each in enumerate(company.get("integrations", [])):
        if normalized(each["user"]) not in users:
            place = at + pointer("integrations", index, "user")
            yield place, f"Must be one of the company's users; got {each['user']!r}"


def _repeated(identifiers: list[tuple[str, str]]) -> Iterator[tuple[str, str]]:
    seen = set()
    for at, identifier in identifiers:
        if normalized(identifier) in seen:
            yield at, f"Must not stand twice; got {identifier!r} again"
        seen.add(normalized(identifier))
