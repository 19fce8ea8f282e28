"""Rules between the fields of a message: every combination of the fields that they name."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from contract_tests.rules.drawing import Drawing, Probe, Row, messages_of_each_sender
from contract_tests.target.messages import description
from ventia_document.source import Json, pointer

_FEW = 50


@dataclass(frozen=True)
class Combination:
    """A message with a combination of fields.

    Attributes:
        broken: JSON pointers of the rules that it breaks.
        is_known: whether the target file names everything that it identifies.
    """

    body: Mapping[str, Json] = field(hash=False)
    broken: frozenset[str]
    is_known: bool


def rows(drawing: Drawing) -> Iterator[Row]:
    """A row for each rule, one for messages that break several, and one for messages that break none."""
    every, rules = list(combinations(drawing)), drawing.knowledge.schema.value.get("allOf", [])
    for index, rule in enumerate(rules):
        at = f"{drawing.messages.at}/allOf{pointer(index)}"
        row = Row(str(rule.get("title", at)), str(rule.get("x-rule", at)), (at,))
        alone = [each for each in every if each.broken == {at}]
        row.broken = _probes(drawing, alone) + _probes(
            drawing, [more for each in alone for more in _with_others(drawing, each, len(alone))]
        )
        row.broken += _probes(drawing, [equal for each in alone for equal in _with_equal_senders(drawing, each)][:_FEW])
        row.kept = _probes(drawing, [each for each in every if _is_about(rule, each)])
        yield row
    several = Row(
        "several rules at once",
        "A request that breaks several rules is refused as one that breaks one",
        (f"{drawing.messages.at}/allOf",),
    )
    several.broken = _probes(drawing, [each for each in every if len(each.broken) > 1])
    yield several
    rest = Row(
        "every other combination",
        "Combinations that no rule names are accepted (assumed)",
        (f"{drawing.messages.at}/properties",),
    )
    rest.kept = _probes(drawing, [each for each in every if not each.broken]) + list(_with_pairs(drawing))
    yield rest


def combinations(drawing: Drawing) -> Iterator[Combination]:
    """Every combination of the fields that the rules name, with every value that a rule distinguishes."""
    rules = drawing.knowledge.schema.value.get("allOf", [])
    names = [name for name in drawing.messages.properties if name in _strings(rules)]
    choices = [[None, *_distinguished(drawing, name)] for name in names]
    needed = {name: drawing.messages.value(name) for name in drawing.knowledge.schema.value.get("required", [])}
    for chosen in itertools.product(*choices):
        body = needed | {name: value for name, value in zip(names, chosen, strict=True) if value is not None}
        is_known = _is_known(drawing, body := _with_senders(drawing, body))
        broken = frozenset(_rule(drawing, violation.keyword) for violation in drawing.messages.schema.violations(body))
        yield Combination(body, broken, is_known)


def _distinguished(drawing: Drawing, name: str) -> list[Json]:
    """The values of a field that a rule may distinguish: those of an enum, or one."""
    return list(drawing.messages.properties[name].value.get("enum", [drawing.messages.value(name)]))


def _with_senders(drawing: Drawing, body: dict[str, Json]) -> dict[str, Json]:
    """The body with the identifiers of senders that can send such a message."""
    for sender in (each for each in reversed(drawing.knowledge.senders) if drawing.knowledge.sends(each)):
        if sender.fields.keys() <= body.keys() and all(
            body[name] == value for name, value in sender.fields.items() if name == drawing.knowledge.medium
        ):
            body |= sender.fields
    return body


def _is_known(drawing: Drawing, body: Mapping[str, Json]) -> bool:
    is_sender_known = any(sender.is_named_in(body) for sender in drawing.knowledge.senders)
    return is_sender_known and drawing.knowledge.names_template_of(body)


def _probes(drawing: Drawing, combinations: list[Combination]) -> list[Probe]:
    """The probes of combinations, those with the fewest fields first."""
    made = []
    for each in sorted(combinations, key=lambda each: len(each.body)):
        request, name = drawing.messages.request(each.body), description(each.body)
        if each.broken:
            made.append(drawing.broken(name, request))
        elif each.is_known:
            made.append(drawing.kept(name, each.body))
    return made


def _others(drawing: Drawing) -> list[str]:
    """The fields that no rule between fields names."""
    named = _strings(drawing.knowledge.schema.value.get("allOf", []))
    return [name for name in drawing.messages.properties if name not in named]


def _with_others(drawing: Drawing, each: Combination, of: int) -> Iterator[Combination]:
    """A combination, one of so many, with each or a random one of the other fields, and with all of them."""
    others = _others(drawing)
    alone = others if of <= _FEW else [drawing.chance.choice(others)]
    for names in [*((name,) for name in alone), others]:
        body = {**each.body, **{name: drawing.messages.value(name) for name in names}}
        yield Combination(body, each.broken, each.is_known)


def _with_equal_senders(drawing: Drawing, each: Combination) -> Iterator[Combination]:
    """A combination with several senders, all of them with the identifier of the first."""
    names = [name for name in drawing.knowledge.sender_fields if name in each.body]
    body = {**each.body, **{name: each.body[first] for first in names[:1] for name in names}}
    broken = frozenset(_rule(drawing, violation.keyword) for violation in drawing.messages.schema.violations(body))
    if len(names) > 1 and broken == each.broken:
        yield Combination(body, broken, each.is_known)


def _with_pairs(drawing: Drawing) -> Iterator[Probe]:
    """Messages of each sender with two of the other fields, and with all of them."""
    fields = [name for name in _others(drawing) if drawing.messages.is_known(name)]
    for names in [*itertools.combinations(fields, 2), tuple(fields)]:
        for message in messages_of_each_sender(drawing):
            body = {**message.body, **{name: drawing.messages.value(name) for name in names}}
            yield drawing.kept(f"{', '.join(names)}; {message.name}", body)


def _is_about(rule: Json, each: Combination) -> bool:
    """Whether a message breaks no rule, and has a field to which the rule applies."""
    triggers = {name for key in ("dependentRequired", "dependentSchemas") for name in rule.get(key, {})}
    return not each.broken and bool(not triggers or triggers & each.body.keys())


def _rule(drawing: Drawing, keyword: str) -> str:
    start = f"{drawing.messages.at}/allOf/"
    return start + keyword.removeprefix(start).partition("/")[0] if keyword.startswith(start) else keyword


def _strings(value: Json) -> set[str]:
    """Every text in a JSON value, keys included."""
    if isinstance(value, dict):
        return set(value) | set[str]().union(*map(_strings, value.values()))
    if isinstance(value, list):
        return set[str]().union(*map(_strings, value))
    return {value} if isinstance(value, str) else set()
