"""Rules of single fields of a message: type, enum, format, pattern, limits."""

from __future__ import annotations

import json
from collections.abc import Iterator

from contract_tests.rules.drawing import Drawing, Probe, Row
from contract_tests.rules.values import hostile_texts
from contract_tests.rules.values.near_misses import candidates, words
from contract_tests.target.messages import Message
from ventia_document.source import Json, dump, pointer
from ventia_document.validation import WORDS, Schema


def rows(drawing: Drawing) -> Iterator[Row]:
    """A row for each keyword of each field, in the order of the document."""
    prose = dump(drawing.knowledge.schema.value)
    for name in drawing.messages.properties:
        yield from _rows_of(drawing, name, prose)


def _rows_of(drawing: Drawing, name: str, prose: str) -> Iterator[Row]:
    part = drawing.messages.properties[name]
    made = {
        f"{part.at}{pointer(key)}": Row(
            f"{name}: {key}", _sentence(name, part.value, key), (f"{part.at}{pointer(key)}",)
        )
        for key in part.value
        if key in WORDS
    }
    schema = Schema(drawing.messages.document, f"{drawing.messages.at}/properties{pointer(name)}")
    around, right = _around(drawing, name), drawing.messages.value(name)
    why_not = "" if around else f"the target file names nothing that a message with {name} can be sent through"
    why_not = why_not if schema.accepts(right) else f"the document has no example of {name} that it accepts"
    for row in made.values():
        row.why_not = why_not
    if made and not why_not:
        _fill(drawing, name, prose, made, schema)
    yield from made.values()


def _fill(drawing: Drawing, name: str, prose: str, made: dict[str, Row], schema: Schema) -> None:
    """Put requests into the rows of a field's keywords."""
    part, around, right = drawing.messages.properties[name], _around(drawing, name), drawing.messages.value(name)
    first, last = next(iter(made.values())), list(made.values())[-1]
    first.kept += _kept(drawing, name, right, around)
    for value in [*candidates(part.value, right), *(words(prose) if "enum" in part.value else ())]:
        keywords = {violation.keyword for violation in schema.violations(value)}
        if len(keywords) == 1 and keywords <= made.keys():
            row = made[keywords.pop()]
            row.broken += _broken(drawing, name, value, _some(drawing, around, first=not row.broken))
        elif schema.accepts(value) and _is_free(drawing, name):
            last.kept += _kept(drawing, name, value, around, 1)
    for value in part.value.get("enum", []):
        last.kept += _kept(drawing, name, value, around)
    if not _is_free(drawing, name):
        last.kept += _in_capitals(drawing, name, around)
    elif part.value.keys() & WORDS.keys() == {"type"}:
        last.kept += _any_text(drawing, name, around)


def _sentence(name: str, schema: Json, key: str) -> str:
    rule = schema.get("x-rule") if key != "type" else None
    limit = schema[key]
    return f"{name}: {rule or WORDS[key].format(', '.join(map(str, limit)) if isinstance(limit, list) else limit)}"


def _around(drawing: Drawing, name: str) -> list[Message]:
    """Messages that have the field, or are accepted with it."""
    value = drawing.messages.value(name)
    return [
        message
        for message in drawing.messages.sendable
        if name in message.body or drawing.messages.schema.accepts({**message.body, name: value})
    ]


def _is_free(drawing: Drawing, name: str) -> bool:
    """Whether a field identifies nothing on the platform, so that it may have any value."""
    return name not in drawing.knowledge.fields.values()


def _some(drawing: Drawing, around: list[Message], *, first: bool) -> list[Message]:
    """The messages to put a wrong value into: every one for the first value, three for each other one."""
    each = _one_of_each_sender(drawing, around)
    if first:
        return [*around, *(_crowded(drawing, message) for message in each)]
    return [*each[:2], *(_crowded(drawing, message) for message in each[-1:])]


def _crowded(drawing: Drawing, message: Message) -> Message:
    """A message with every field that the document accepts beside its own."""
    body = dict(message.body)
    for name in [*drawing.messages.properties] * 2:  # some fields are accepted only with one that comes after them
        if name not in body and drawing.messages.schema.accepts(more := {**body, name: drawing.messages.value(name)}):
            body = more
    return Message(message.sender, "every other field", body, message.expected)


def _broken(drawing: Drawing, name: str, value: Json, around: list[Message]) -> list[Probe]:
    made = []
    for message in around[:1] if drawing.thin else around:
        request = drawing.messages.request({**message.body, name: value})
        violations = drawing.verdict(request).violations
        if len(violations) == 1 and violations[0].field.partition(".")[0] == name:
            made.append(drawing.broken(f"{name} {_short(value)}; {message.name}", request))
    return made


def _one_of_each_sender(drawing: Drawing, around: list[Message]) -> list[Message]:
    drawn = drawing.chance.sample(around, len(around))
    return list({message.sender: message for message in drawn}.values())


def _kept(drawing: Drawing, name: str, value: Json, around: list[Message], most: int = 99) -> list[Probe]:
    """The value in a message of each sender, if the target file names what it identifies."""
    if not drawing.messages.is_known(name):
        return []
    fitting = [each for each in around if drawing.messages.schema.accepts({**each.body, name: value})]
    chosen = _one_of_each_sender(drawing, fitting)[: 1 if drawing.thin else most]
    return [drawing.kept(f"{name} {_short(value)}; {each.name}", {**each.body, name: value}) for each in chosen]


def _any_text(drawing: Drawing, name: str, around: list[Message]) -> list[Probe]:
    if drawing.thin:
        return _kept(drawing, name, drawing.chance.choice(hostile_texts.HOSTILE), around, 1)
    values = [*hostile_texts.PLAIN, *hostile_texts.HOSTILE, *map(hostile_texts.long, hostile_texts.LENGTHS)]
    return [probe for value in values for probe in _kept(drawing, name, value, around, 1)]


def _in_capitals(drawing: Drawing, name: str, around: list[Message]) -> list[Probe]:
    """Identifiers in capitals, if the document's pattern accepts them: they identify the same thing."""
    part = drawing.messages.properties[name]
    lower_case = [
        each
        for each in around
        if "pattern" in part.value and str(each.body.get(name, "")).upper() != each.body.get(name, "")
    ]
    return [
        drawing.kept(f"{name} in capitals; {each.name}", {**each.body, name: str(each.body[name]).upper()})
        for each in lower_case[:3]
    ]


def _short(value: Json) -> str:
    text = json.dumps(value, ensure_ascii=False)
    return text if len(text) <= 40 else f"{text[:30]}... ({len(text)} characters)"
