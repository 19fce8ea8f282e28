"""Finds what one version of a schema accepts and the other does not, and which differences make it so."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial

from tools.diff.schemas.differences import Difference
from tools.diff.schemas.readings import Accepts, Reading, Unjudgeable, Validators
from tools.diff.schemas.shrinking import shrunk
from tools.diff.schemas.values import Drawing
from ventia_document.source import Json


@dataclass
class Findings:
    """Witnesses by difference: the least value that only one of the documents accepts because of it.

    Attributes:
        lost: values that only the base accepts.
        gained: values that only the new document accepts.
        drawn: how many values were judged.
    """

    lost: dict[Difference | None, Json] = field(default_factory=dict)
    gained: dict[Difference | None, Json] = field(default_factory=dict)
    drawn: int = 0


class Judge:
    """Judges the schemas of two documents.

    Args:
        readings: the ways to read them; a value that is lost or gained in any of them is.
        only_gains: more ways, by which a value may be gained, but not lost.
    """

    def __init__(
        self,
        base: Json,
        now: Json,
        readings: Sequence[Reading],
        patterns: frozenset[str],
        only_gains: Sequence[Reading] = (),
    ) -> None:
        self._base, self._now, self._losing = base, now, len(readings)
        self._readings = readings = [*readings, *only_gains]
        self._drawing = Drawing((Validators(base), Validators(now)), patterns)
        self._read = [tuple(map(Validators, read(base, now))) for read in readings]
        self._without: dict[tuple[Difference, bool], list[Validators]] = {}

    def findings(self, base: str, now: str, differences: Sequence[Difference]) -> Findings:
        """The witnesses for the schemas at two JSON pointers, by those of the differences that concern them.

        Raises:
            Unjudgeable: one of them cannot be judged.
        """
        old = [validators.accepts(base) for validators, _ in self._read]
        new = [validators.accepts(now) for _, validators in self._read]
        values = self._drawing.values(base, now)
        found = Findings(drawn=len(values))
        few = self._losing
        for side, one, other, is_gain in ((found.lost, old[:few], new[:few], False), (found.gained, new, old, True)):
            is_only = partial(_is_only_in, one, other)
            blamed = self._blamed(list(filter(is_only, values)), base, now, differences, is_gain=is_gain)
            for difference, value, holds in blamed:
                side[difference] = shrunk(value, is_only, holds)
        return found

    def _blamed(
        self, values: list[Json], base: str, now: str, differences: Sequence[Difference], *, is_gain: bool
    ) -> Iterator[tuple[Difference | None, Json, Accepts]]:
        """The least value for each difference that makes values differ, and a function that says whether it does."""
        if len(differences) < 2:
            yield from ((next(iter(differences), None), value, _always) for value in values[:1])
            return
        necessary = [(each, self._undone(each, base, now, is_gain=is_gain, in_base=False)) for each in differences]
        sufficient = [(each, self._undone(each, base, now, is_gain=is_gain, in_base=True)) for each in differences]
        unexplained = values
        blamed = False
        for checks in (necessary, sufficient):
            explained: list[Callable[[Json], bool]] = []
            for difference, check in checks:
                witness = next((value for value in unexplained if check(value)), _NONE)
                if witness is not _NONE:
                    blamed = True
                    explained.append(check)
                    yield difference, witness, check
            unexplained = [value for value in unexplained if not any(check(value) for check in explained)]
        if values and not blamed:
            yield from ((difference, values[0], _always) for difference in differences)

    def _undone(self, difference: Difference, base: str, now: str, *, is_gain: bool, in_base: bool) -> Accepts:
        """Says of a value that differs whether it does so because of a difference.

        In the new document, it no longer does when the difference is undone; in the base, it does with this one alone;
        both in the same reading.
        """
        try:
            validators = self._validators(difference, in_base=in_base)
            at = base if in_base else now
            judges = [each.accepts(at) for each in validators]
        except (Unjudgeable, LookupError, TypeError, AttributeError):
            return _never
        wanted = is_gain is in_base
        differing = [(old.accepts(base), new.accepts(now)) for old, new in self._read]
        return lambda value: any(
            old(value) is not is_gain and new(value) is is_gain and accepts(value) is wanted
            for accepts, (old, new) in zip(judges, differing, strict=True)
        )

    def _validators(self, difference: Difference, *, in_base: bool) -> list[Validators]:
        key = (difference, in_base)
        if key not in self._without:
            if in_base:
                document = difference.applied(_with_components(self._base, self._now))
            else:
                document = difference.reverted(_with_components(self._now, self._base))
            self._without[key] = [Validators(read(self._base, document)[1]) for read in self._readings]
        return self._without[key]


_NONE = object()


def _always(_: Json) -> bool:
    return True


def _never(_: Json) -> bool:
    return False


def _is_only_in(one: list[Accepts], other: list[Accepts], value: Json) -> bool:
    return any(accepts(value) and not refuses(value) for accepts, refuses in zip(one, other, strict=True))


def _with_components(document: Json, other: Json) -> Json:
    """A document with the components that only another one has, so that what is taken from that one finds them."""
    kinds = {**other.get("components", {}), **document.get("components", {})}
    return {
        **document,
        "components": {
            kind: {**other.get("components", {}).get(kind, {}), **document.get("components", {}).get(kind, {})}
            for kind in kinds
        },
    }
