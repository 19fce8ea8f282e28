"""Reads the evidence for a document: how sure each fact in it is, and where the document holds it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

STATED = "stated"


@dataclass(frozen=True)
class Fact:
    """A row of the table of facts.

    Attributes:
        line: its line in the file.
        name: by which the contract suite looks it up; '' if it is looked up by its place.
        sentence: the fact in words.
        at: JSON pointers of where the document holds it, and where it is corrected.
        how_sure: `stated`, `inferred` or `assumed`, and by which source: `stated: page`.
    """

    line: int
    name: str
    sentence: str
    at: tuple[str, ...]
    how_sure: str

    @property
    def is_stated(self) -> bool:
        """Whether the source says or shows it."""
        return self.standing == STATED

    @property
    def standing(self) -> str:
        """`stated`, `inferred` or `assumed`."""
        return self.how_sure.partition(":")[0]


class Evidence:
    """The facts of a document, by name and by place."""

    def __init__(self, facts: list[Fact]) -> None:
        self.facts = facts
        self._named = {fact.name: fact for fact in facts if fact.name}
        self._placed: dict[str, Fact] = {}
        for fact in sorted((fact for fact in facts if not fact.name), key=lambda fact: fact.is_stated):
            self._placed |= dict.fromkeys(fact.at, fact)  # what is stated of a place is looked up before what is not

    def named(self, name: str) -> Fact | None:
        """The fact of a name; None if it is stated, or no row has the name."""
        return _unless_stated(self._named.get(name))

    def at(self, pointer: str) -> Fact | None:
        """The fact without a name at a place of the document or nearest around it; None if it is stated, or none is."""
        while pointer and pointer not in self._placed:
            pointer = pointer.rpartition("/")[0]
        return _unless_stated(self._placed.get(pointer))


def read_evidence(path: Path) -> Evidence:
    """The evidence in a file; none if there is no such file."""
    return Evidence(list(_facts(path.read_text(encoding="utf-8")))) if path.is_file() else Evidence([])


def _facts(text: str) -> Iterator[Fact]:
    table = [(number, line) for number, line in enumerate(text.splitlines(), 1) if line.startswith("|")]
    for number, line in table[2:]:
        name, sentence, where, how_sure = (cell.strip() for cell in [*line.split("|")[1:5], *[""] * 4][:4])
        yield Fact(number, name, sentence, tuple(re.findall(r"`([^`]*)`", where)), how_sure)


def _unless_stated(fact: Fact | None) -> Fact | None:
    return None if fact is None or fact.is_stated else fact
