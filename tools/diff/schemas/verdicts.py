"""What each difference in a schema does to requests and answers: by its witnesses, or by a rule where none can be."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import NamedTuple

import jsonschema_rs

from tools.diff.changes import ADDS, CHANGES, NARROWS, NOTES, WIDENS, Change, Effect, Effects, Witness
from tools.diff.schemas import readings
from tools.diff.schemas.breaches import Comparison
from tools.diff.schemas.differences import MISSING, Difference, around, text
from tools.diff.schemas.excerpts import References, excerpt, part
from tools.diff.words import kebab, sentence
from ventia_document.distinguishing import scalars
from ventia_document.distinguishing.judging import Unjudgeable
from ventia_document.distinguishing.values import drawn
from ventia_document.keywords import KEYWORDS, Role
from ventia_document.source import Json, Source, parts
from ventia_document.structure import component, kind, nodes, reached
from ventia_document.validation import Schema

_JUDGED = {
    *(name for name, each in KEYWORDS.items() if each.role is Role.RULE and (each.words or each.of or each.in_place)),
    *("$ref", "readOnly", "writeOnly"),
}
"""The keywords that validators judge."""
_BY_VERB = {"added": NARROWS, "removed": WIDENS, "changed": CHANGES}
_RULES: dict[str, dict[str, Effects]] = {
    **{name: dict.fromkeys(_BY_VERB, NOTES) for name, each in KEYWORDS.items() if each.role is Role.PROSE},
    **dict.fromkeys(("$defs", "example", "x-identifies", "x-rule"), dict.fromkeys(_BY_VERB, NOTES)),
    **dict.fromkeys(("contentEncoding", "contentMediaType", "contentSchema"), _BY_VERB),
    "deprecated": dict.fromkeys(_BY_VERB, ADDS),
    "default": {"added": ADDS},  # who leaves the value out relies on the old one
}
"""The effects of keywords that no validator judges, by what became of them; of others, and otherwise, CHANGES."""


_SENDING = [readings.closed, readings.open_but_for_new_fields]
_WAYS: dict[str, tuple[Sequence[readings.Reading], Sequence[readings.Reading]]] = {
    "request": (_SENDING, [*_SENDING, readings.plain]),
    "response": ([readings.without_write_only],) * 2,
}
"""The readings of requests and answers in which a value may be lost, and those in which it may be gained."""


class Site(NamedTuple):
    """A schema of requests or answers, by JSON pointer in each document."""

    direction: str
    of: str
    base: str
    now: str


@dataclass
class _Verdict:
    effects: Effects = field(default_factory=Effects)
    directions: set[str] = field(default_factory=set)
    drawn: int = 0
    witnesses: dict[str, Witness] = field(default_factory=dict)
    is_undecided: bool = False

    def add(
        self, direction: str, effects: Effects, witness: Witness | None = None, *, is_undecided: bool = False
    ) -> None:
        self.directions.add(direction)
        self.effects = Effects(*map(max, self.effects, effects.within(direction)))
        self.is_undecided |= is_undecided
        known = self.witnesses.get(direction)
        if witness and (known is None or len(text(witness.value)) < len(text(known.value))):
            self.witnesses[direction] = witness


class Verdicts:
    """The changes of the schemas of two documents.

    Args:
        found: their differences in schemas.
    """

    def __init__(self, base: Source, now: Source, found: list[Difference]) -> None:
        self._sources, self._documents = (base, now), (base.value, now.value)
        self._references = [References(document) for document in self._documents]
        self._found = found
        self._verdicts = {each: _Verdict() for each in found}
        texts = (value for each in found if each.key == "pattern" for value in (each.base, each.now))
        self._patterns = frozenset(value for value in texts if isinstance(value, str))

    def changes(self, sites: Iterable[Site]) -> list[Change]:
        """A change for each difference, and one for each schema that another one has replaced."""
        seen = set()
        for site in dict.fromkeys(sites):
            at = (site.base, site.now)
            needed = {*at}.union(*(each.needed(here) for each, here in zip(self._references, at, strict=True)))
            concerned = [each for each in self._found if not needed.isdisjoint(around(each.at))]
            if concerned or site.base != site.now:
                # Where the same schemas are used once more, the verdict is the same.
                key = (site.direction, *map(id, concerned), *map(text, map(part, self._documents, at)))
                if key not in seen:
                    seen.add(key)
                    try:
                        self._judge(site, needed, concerned)
                    except Unjudgeable:
                        for each in concerned:
                            self._verdicts[each].add(site.direction, CHANGES, is_undecided=True)
        return [self._change(each, verdict) for each, verdict in self._verdicts.items()]

    def _judge(self, site: Site, needed: set[str], concerned: list[Difference]) -> None:
        judged = [each for each in concerned if _by_rule(each) is None]
        for each in concerned:
            self._verdicts[each].add(site.direction, _by_rule(each) or NOTES)
        base, now = self._documents
        at = (site.base, site.now)
        is_other = not judged and site.base != site.now
        judged = [Difference(site.now, *map(part, self._documents, at))] if is_other else judged
        if not judged:
            return
        documents = excerpt(base, needed, now), excerpt(now, needed, base)
        values, shown = drawn(documents, at, self._patterns), set[Difference]()
        for effects, ways in zip((NARROWS, WIDENS), _WAYS[site.direction], strict=True):
            is_breach = Effect.BREAKING in effects.within(site.direction)
            comparison = Comparison(documents, at, ways, is_gain=effects is WIDENS)
            for difference, value in comparison.witnesses(values, judged):
                shown.add(difference)
                witness = _witness(site, documents, value) if is_breach else None
                self._verdicts.setdefault(difference, _Verdict()).add(site.direction, effects, witness)
        for each in self._verdicts.keys() & {*judged}:
            self._verdicts[each].drawn += len(values)
            if _is_strange(each) and each not in shown:
                self._verdicts[each].add(site.direction, _BY_VERB[each.verb], is_undecided=True)

    @cached_property
    def _used(self) -> set[str]:
        """The parts that references lead to from outside the components of both documents, and all that these need."""
        found = reached(self._documents[0]) & reached(self._documents[1])
        return found.union(*(self._references[1].needed(at) for at in found))

    def _change(self, difference: Difference, verdict: _Verdict) -> Change:
        at, source = difference.at, self._sources[0 if difference.now is MISSING else 1]
        direction = "component"
        if verdict.directions:
            direction = "api" if len(verdict.directions) > 1 else next(iter(verdict.directions))
        elif _by_rule(difference) != NOTES and any(each in self._used for each in (at, component(at))):
            verdict.add("api", CHANGES, is_undecided=True)
        else:
            verdict.effects = NOTES
        return Change(
            f"{direction}-{_name(difference)}-{difference.verb}",
            verdict.effects,
            sentence(source.value, at, difference.base, difference.now),
            at,
            source.place(at),
            witnesses=tuple(verdict.witnesses[each] for each in sorted(verdict.witnesses)),
            proof=_proof(verdict),
        )


def _witness(site: Site, documents: tuple[Json, Json], value: Json) -> Witness:
    refusing, at = (documents[1], site.now) if site.direction == "request" else (documents[0], site.base)
    broken = Schema(refusing, at).violations(value)
    why = broken[0].within("the value") if broken else "it has a field that is no longer described"
    return Witness(site.direction, site.of, (site.base, site.now), value, why)


_SINGULAR = {"patternProperties": "pattern-property", "dependentSchemas": "dependent-schema", "properties": "property"}


def _name(difference: Difference) -> str:
    """The keyword of a difference, as names of changes have it; `property` and the like for a schema of its own."""
    *_, around, key = ["", *parts(difference.at)]
    is_keyword = kind(difference.at) != "schema" or key in KEYWORDS
    return kebab(key) if is_keyword else _SINGULAR.get(around, "schema")


def _proof(verdict: _Verdict) -> str:
    if verdict.is_undecided:
        return "undecided: no value can be drawn that shows it"
    if verdict.witnesses or not verdict.drawn:
        return ""
    if max(verdict.effects) is Effect.COSMETIC:
        return f"equivalent as far as {verdict.drawn} drawn values show"
    return f"no breach among {verdict.drawn} drawn values"


def _by_rule(difference: Difference) -> Effects | None:
    """The effects of a keyword that no validator judges; None of one that it does, and of a schema."""
    if "$defs" in parts(difference.at):
        return NOTES
    is_schema = kind(difference.at) == "schema" or difference.key.isdecimal()
    if is_schema or difference.key in _JUDGED:
        return CHANGES if {*_defaults(difference.base)} - {*_defaults(difference.now)} else None
    return _RULES.get(difference.key, {}).get(difference.verb, CHANGES)


def _is_strange(difference: Difference) -> bool:
    """Whether no value can be drawn that shows what a keyword does: a new format, a strange pattern."""
    written = [value for value in (difference.base, difference.now) if isinstance(value, str)]
    if difference.key == "pattern":
        return not all(map(scalars.samples, written))
    return difference.key == "format" and not all(map(_is_checked, written))


def _is_checked(name: str) -> bool:
    """Whether the validator checks a format."""
    validator = jsonschema_rs.Draft202012Validator({"format": name}, validate_formats=True)
    return not all(map(validator.is_valid, scalars.FORMATTED))


def _defaults(value: Json) -> Iterator[str]:
    """The defaults in a schema, or in a list of them."""
    for schema in value if isinstance(value, list) else [value]:
        if isinstance(schema, dict):
            yield from (text(node["default"]) for _, node in nodes(schema) if "default" in node)
