"""Finds what one version of a schema accepts and the other does not, and which differences make it so."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import TypeAlias

from tools.diff.schemas.differences import Difference, put
from tools.diff.schemas.readings import Reading
from ventia_document.distinguishing.judging import Accepts, Unjudgeable, accepting
from ventia_document.distinguishing.values import drawn
from ventia_document.source import Json

Found: TypeAlias = dict[Difference | None, Json]


@dataclass
class Findings:
    """Witnesses by difference: the least value that only one of the documents accepts because of it.

    Attributes:
        lost: values that only the base accepts.
        gained: values that only the new document accepts.
        drawn: how many values were judged.
    """

    lost: Found = field(default_factory=dict)
    gained: Found = field(default_factory=dict)
    drawn: int = 0


@dataclass(frozen=True)
class Versions:
    """The two versions of a schema.

    Attributes:
        documents: the base and the new document.
        at: its JSON pointer in each.
        readings: the ways to read the documents; a value that is lost or gained in any of them is.
        only_gains: more ways, by which a value may be gained, but not lost.
    """

    documents: tuple[Json, Json]
    at: tuple[str, str]
    readings: Sequence[Reading]
    only_gains: Sequence[Reading] = ()

    def findings(self, differences: Sequence[Difference], patterns: frozenset[str]) -> Findings:
        """The witnesses, by those of the differences that make them so; by None, if there are no differences.

        Raises:
            Unjudgeable: one of the versions cannot be judged.
        """
        values = drawn(self.documents, self.at, patterns)
        found = Findings(drawn=len(values))
        for side, is_gain in ((found.lost, False), (found.gained, True)):
            comparison = _Comparison(self, [*self.readings, *(self.only_gains if is_gain else ())], is_gain=is_gain)
            for difference, value, shows in comparison.blamed(values, differences):
                side[difference] = _shrunk(value, shows)
        return found


class _Comparison:
    """Finds the values that are lost, or those that are gained."""

    def __init__(self, versions: Versions, readings: Sequence[Reading], *, is_gain: bool) -> None:
        self._versions, self._readings, self._is_gain = versions, readings, is_gain
        read = [reading(*versions.documents) for reading in readings]
        at = versions.at
        self._judges = [(accepting(base, at[0]), accepting(now, at[1])) for base, now in read]

    def _shows(self, value: Json) -> list[int]:
        """The readings in which the value is lost or gained."""
        was = not self._is_gain
        return [index for index, (old, new) in enumerate(self._judges) if old(value) is was and new(value) is not was]

    def blamed(
        self, values: list[Json], differences: Sequence[Difference]
    ) -> Iterator[tuple[Difference | None, Json, Accepts]]:
        """The least value for each difference that makes values differ, and a function that says whether it does."""
        differing = [value for value in values if self._shows(value)]
        is_blamed = False
        for in_base in (False, True) if len(differences) > 1 else ():
            explained: list[Callable[[Json], bool]] = []
            for difference in differences if differing else ():
                check = self._because_of(difference, in_base=in_base)
                witness = next((value for value in differing if check(value)), _NONE)
                if witness is not _NONE:
                    is_blamed = True
                    explained.append(check)
                    yield difference, witness, check
            differing = [value for value in differing if not any(check(value) for check in explained)]
        if differing and not is_blamed:
            yield from ((each, differing[0], lambda value: bool(self._shows(value))) for each in differences or (None,))

    def _because_of(self, difference: Difference, *, in_base: bool) -> Accepts:
        """Says whether a value differs because of a difference.

        In the new document, it no longer does when the difference is undone; in the base, it does with this one alone;
        both in the same reading.
        """
        base, now = self._versions.documents
        try:
            document = put(base, difference.at, difference.now) if in_base else put(now, difference.at, difference.base)
            read = [reading(base, document)[1] for reading in self._readings]
            judges = [accepting(each, self._versions.at[0 if in_base else 1]) for each in read]
        except (Unjudgeable, LookupError, TypeError, AttributeError):
            return lambda _: False
        wanted = self._is_gain is in_base
        return lambda value: any(judges[index](value) is wanted for index in self._shows(value))


_NONE = object()


def _shrunk(value: Json, shows: Accepts) -> Json:
    """The least value that shows the same, by removing and simplifying parts of it."""
    while (smaller := next(filter(shows, _smaller(value)), _NONE)) is not _NONE:
        value = smaller
    return value


def _smaller(value: Json) -> Iterator[Json]:
    if isinstance(value, dict):
        for key in value:
            yield {name: part for name, part in value.items() if name != key}
        for key, part in value.items():
            yield from ({**value, key: each} for each in _smaller(part))
    elif isinstance(value, list):
        for index, part in enumerate(value):
            yield [*value[:index], *value[index + 1 :]]
            yield from ([*value[:index], each, *value[index + 1 :]] for each in _smaller(part))
    elif isinstance(value, str):
        shorter = ("", "a", "a" * len(value), value[: len(value) // 2], value[:-1])
        yield from (each for each in shorter if (len(each), -each.count("a")) < (len(value), -value.count("a")))
    elif isinstance(value, int | float) and not isinstance(value, bool):
        yield from (each for each in (0, 1, int(value), int(value) // 2) if abs(each) < abs(value))
