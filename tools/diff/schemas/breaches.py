"""Finds what one version of a schema accepts and the other does not, and which differences make it so."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import suppress

from tools.diff.schemas.differences import Difference, put
from tools.diff.schemas.readings import Reading
from ventia_document.distinguishing.judging import Accepts, Unjudgeable, accepting
from ventia_document.source import Json


class Comparison:
    """Finds values that only one of two documents accepts: those that are lost, or those that are gained.

    Args:
        documents: the base and the new document.
        at: the JSON pointer of the schema in each.
        readings: the ways to read the documents; a value that is lost or gained in any of them is.
    """

    def __init__(
        self, documents: tuple[Json, Json], at: tuple[str, str], readings: Sequence[Reading], *, is_gain: bool
    ) -> None:
        self._documents, self._at, self._readings, self._is_gain = documents, at, readings, is_gain
        read = [reading(*documents) for reading in readings]
        self._judges = [tuple(map(accepting, sides, at)) for sides in read]

    def _shows(self, value: Json) -> list[int]:
        """The readings in which the value is lost or gained."""
        was = not self._is_gain
        return [index for index, (old, new) in enumerate(self._judges) if old(value) is was and new(value) is not was]

    def witnesses(self, values: list[Json], differences: Sequence[Difference]) -> Iterator[tuple[Difference, Json]]:
        """The least value for each difference that makes values differ."""
        differing = [value for value in values if self._shows(value)]
        is_explained = False
        for in_base in (False, True) if len(differences) > 1 else ():
            explained: list[Accepts] = []
            for difference in differences if differing else ():
                check = self._because_of(difference, in_base=in_base)
                for witness in filter(check, differing):
                    explained.append(check)
                    yield difference, _shrunk(witness, check)
                    break
            is_explained |= bool(explained)
            differing = [value for value in differing if not any(check(value) for check in explained)]
        if differing and not is_explained:
            least = _shrunk(differing[0], lambda value: bool(self._shows(value)))
            yield from ((each, least) for each in differences)

    def _because_of(self, difference: Difference, *, in_base: bool) -> Accepts:
        """Says whether a value differs because of a difference.

        In the new document, it no longer does when the difference is undone; in the base, it does with this one alone;
        both in the same reading.
        """
        base, now = self._documents
        with suppress(Unjudgeable, LookupError, TypeError, AttributeError):
            document = put(base, difference.at, difference.now) if in_base else put(now, difference.at, difference.base)
            at = self._at[0 if in_base else 1]
            judges = [accepting(reading(base, document)[1], at) for reading in self._readings]
            wanted = self._is_gain is in_base
            return lambda value: any(judges[index](value) is wanted for index in self._shows(value))
        return lambda _: False


def _shrunk(value: Json, shows: Accepts) -> Json:
    """The least value that shows the same, by removing and simplifying parts of it."""
    while (smaller := next(filter(shows, _smaller(value)), None)) is not None:
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
