"""What each difference in a schema does to requests and answers: by its witnesses, or by a rule where none can be."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cached_property

import jsonschema_rs

from tools.diff.changes import ADDS, CHANGES, NARROWS, NOTES, WIDENS, Change, Effect, Effects, Witness
from tools.diff.objects.walk import Site, Walk
from tools.diff.schemas import readings, scalars
from tools.diff.schemas.breaches import Judge
from tools.diff.schemas.differences import Difference, text
from tools.diff.schemas.readings import MISSING, Unjudgeable
from tools.diff.words import kebab, sentence
from ventia_document.keywords import KEYWORDS, Role
from ventia_document.source import Json, parts
from ventia_document.structure import every_node, is_within, kind, nodes, reached, references
from ventia_document.validation import Schema

_NOTED = {name for name, keyword in KEYWORDS.items() if keyword.role is Role.PROSE} | {
    *("$defs", "example", "x-identifies", "x-rule"),
}
_CONSTRAINING = ("contentEncoding", "contentMediaType", "contentSchema")
_UNJUDGED = frozenset(
    ("$anchor", "$dynamicAnchor", "$dynamicRef", "$id", "$schema", "$vocabulary", "discriminator", "xml")
)


@dataclass
class _Verdict:
    effects: Effects = field(default_factory=Effects)
    directions: set[str] = field(default_factory=set)
    drawn: int = 0
    witnesses: dict[str, Witness] = field(default_factory=dict)
    is_undecided: bool = False

    def add(self, direction: str, effects: Effects) -> None:
        self.directions.add(direction)
        self.effects = Effects(*map(max, self.effects, effects.within(direction)))

    def leave_undecided(self, direction: str, effects: Effects) -> None:
        self.is_undecided = True
        self.add(direction, effects)

    def show(self, witness: Witness) -> None:
        known = self.witnesses.get(witness.direction)
        if known is None or len(text(witness.value)) < len(text(known.value)):
            self.witnesses[witness.direction] = witness


class Verdicts:
    """The changes of the schemas of two documents.

    Args:
        walk: a finished walk, which has found where requests and answers have schemas.
    """

    def __init__(self, walk: Walk, found: list[Difference]) -> None:
        self._walk = walk
        self._found = found
        self._verdicts: dict[Difference, _Verdict] = {each: _Verdict() for each in found}
        self._others: list[Change] = []

    def changes(self) -> list[Change]:
        """A change for each difference, and one for each schema that another one has replaced."""
        for site in dict.fromkeys(self._walk.sites):
            concerned = [each for each in self._found if self._concerns(each, site)]
            if concerned or site.base != site.now:
                self._judge(site, concerned)
        return [*(self._change(each, verdict) for each, verdict in self._verdicts.items()), *self._others]

    def _judge(self, site: Site, concerned: list[Difference]) -> None:
        judged = [each for each in concerned if _by_rule(each) is None]
        for each in concerned:
            self._verdicts[each].add(site.direction, _by_rule(each) or NOTES)
        if not judged and site.base == site.now:
            return
        try:
            found = self._judges(site.direction).findings(site.base, site.now, judged)
        except Unjudgeable:
            for each in judged:
                self._verdicts[each].leave_undecided(site.direction, CHANGES)
            return
        for values, effects in ((found.lost, NARROWS), (found.gained, WIDENS)):
            for difference, value in values.items():
                self._add(site, difference, value, effects)
        for each in judged:
            self._verdicts[each].drawn += found.drawn
            if (unproven := _unproven(each)) and each not in {*found.lost, *found.gained}:
                self._verdicts[each].leave_undecided(site.direction, unproven)

    def _add(self, site: Site, difference: Difference | None, value: Json, effects: Effects) -> None:
        """Add what a value shows that only one of the documents accepts."""
        witness = self._witness(site, value) if Effect.BREAKING in effects.within(site.direction) else None
        if difference is None:
            self._others.append(self._replaced(site, effects, witness))
            return
        self._verdicts[difference].add(site.direction, effects)
        if witness:
            self._verdicts[difference].show(witness)

    def _witness(self, site: Site, value: Json) -> Witness:
        is_request = site.direction == "request"
        document, at = (self._walk.now, site.now) if is_request else (self._walk.base, site.base)
        try:
            broken = Schema(document.value, at).violations(value)
        except (ValueError, LookupError):
            broken = []
        why = broken[0].within("the value") if broken else "it has a field that is no longer described"
        return Witness(site.direction, site.of, (site.base, site.now), value, why)

    def _judges(self, direction: str) -> Judge:
        return self._request_judge if direction == "request" else self._response_judge

    @cached_property
    def _request_judge(self) -> Judge:
        ways = [readings.closed, readings.open_but_for_new_fields]
        ways += [readings.closed_without_read_only] if self._has("readOnly") else []
        return Judge(self._walk.base.value, self._walk.now.value, ways, self._patterns, [readings.plain])

    @cached_property
    def _response_judge(self) -> Judge:
        way = readings.without_write_only if self._has("writeOnly") else readings.plain
        return Judge(self._walk.base.value, self._walk.now.value, [way], self._patterns)

    def _has(self, mark: str) -> bool:
        return any(mark in node for side in (self._walk.base, self._walk.now) for _, node in every_node(side.value))

    @cached_property
    def _patterns(self) -> frozenset[str]:
        values = [value for each in self._found if each.key == "pattern" for value in (each.base, each.now)]
        return frozenset(value for value in values if isinstance(value, str))

    def _concerns(self, difference: Difference, site: Site) -> bool:
        return any(
            is_within(at, around)
            for places, around in zip(self._places[difference], (site.base, site.now), strict=True)
            for at in places
        )

    @cached_property
    def _places(self) -> dict[Difference, tuple[set[str], set[str]]]:
        """By difference, the JSON pointers of the part and of all that refers to it, in each document."""
        leading = [
            [(each.at, each.to) for each in references(side.value) if each.key == "$ref" and each.to]
            for side in (self._walk.base, self._walk.now)
        ]
        return {each: (_referring(each.at, leading[0]), _referring(each.at, leading[1])) for each in self._found}

    @cached_property
    def _reached(self) -> set[str]:
        return reached(self._walk.base.value) & reached(self._walk.now.value)

    def _change(self, difference: Difference, verdict: _Verdict) -> Change:
        if not verdict.directions:
            is_used = any(is_within(at, each) for each in self._reached for at in self._places[difference][1])
            verdict.effects, verdict.is_undecided = (
                (CHANGES, True) if is_used and not _is_noted(difference) else (NOTES, False)
            )
        at, source = difference.at, self._walk.base if difference.now is MISSING else self._walk.now
        direction = (
            "".join(verdict.directions)
            if len(verdict.directions) == 1
            else "api"
            if verdict.directions
            else "component"
        )
        return Change(
            f"{direction}-{_name(difference)}-{difference.verb}",
            verdict.effects,
            sentence(source.value, at, difference.base, difference.now),
            at,
            source.place(at),
            witnesses=tuple(verdict.witnesses[each] for each in sorted(verdict.witnesses)),
            proof=_proof(verdict),
        )

    def _replaced(self, site: Site, effects: Effects, witness: Witness | None) -> Change:
        message = f"the schema of {site.of} is another one"
        place = self._walk.now.place(site.now)
        witnesses = (witness,) if witness else ()
        within = effects.within(site.direction)
        return Change(f"{site.direction}-schema-changed", within, message, site.now, place, witnesses=witnesses)


def _referring(at: str, leading: list[tuple[str, str]]) -> set[str]:
    found, new = {at}, {at}
    while new:
        new = {holder for holder, to in leading if any(is_within(each, to) for each in new)} - found
        found |= new
    return found


def _name(difference: Difference) -> str:
    """The keyword of a difference, as names of changes have it; `property` and the like for a schema of its own."""
    *_, around, key = ["", *parts(difference.at)]
    if kind(difference.at) != "schema" or key in KEYWORDS:
        return kebab(key)
    singular = {
        "properties": "property",
        "patternProperties": "pattern-property",
        "dependentSchemas": "dependent-schema",
    }
    return singular.get(around, "schema")


def _proof(verdict: _Verdict) -> str:
    if verdict.is_undecided:
        return "undecided: no value can be drawn that shows it"
    if verdict.witnesses or not verdict.drawn:
        return ""
    if max(verdict.effects) is Effect.COSMETIC:
        return f"equivalent as far as {verdict.drawn} drawn values show"
    return f"no breach among {verdict.drawn} drawn values"


def _is_noted(difference: Difference) -> bool:
    return difference.key in _NOTED and kind(difference.at) != "schema"


def _by_rule(difference: Difference) -> Effects | None:
    """The effects of a keyword that no validator judges; None of one that it does."""
    key = difference.key
    if kind(difference.at) == "schema":
        lost = set(_defaults(difference.base)) - set(_defaults(difference.now))
        return CHANGES if lost else None
    if key in _NOTED or "$defs" in parts(difference.at):
        return NOTES
    if key == "deprecated":
        return ADDS
    if key == "default":  # who leaves the value out relies on the old one
        return ADDS if difference.base is MISSING else CHANGES
    if key in _CONSTRAINING:
        return _constraining(difference)
    if set(_defaults(difference.base)) - set(_defaults(difference.now)):
        return CHANGES
    return CHANGES if key in _UNJUDGED or (key not in KEYWORDS and not key.isdecimal()) else None


def _unproven(difference: Difference) -> Effects | None:
    """The effects of a keyword for which no value can be drawn that shows them: a new format, a strange pattern."""
    given = [value for value in (difference.base, difference.now) if isinstance(value, str)]
    is_strange = (difference.key == "pattern" and not all(map(scalars.samples, given))) or (
        difference.key == "format" and not all(map(_is_checked, given))
    )
    return _constraining(difference) if is_strange else None


def _is_checked(name: str) -> bool:
    """Whether the validator checks a format."""
    validator = jsonschema_rs.Draft202012Validator({"format": name}, validate_formats=True)
    return not all(map(validator.is_valid, scalars.FORMATTED))


def _constraining(difference: Difference) -> Effects:
    return NARROWS if difference.base is MISSING else WIDENS if difference.now is MISSING else CHANGES


def _defaults(value: Json) -> Iterator[str]:
    """The defaults in a schema, or in a list of them."""
    schemas: Iterable[Json] = value if isinstance(value, list) else [value]
    for schema in schemas:
        if isinstance(schema, dict):
            yield from (text(node["default"]) for _, node in nodes(schema) if "default" in node)
