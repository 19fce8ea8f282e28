"""Rules of the contact in the path."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from urllib.parse import quote

from contract_tests.rules.drawing import Drawing, Probe, Row, messages_of_each_sender
from contract_tests.rules.values.near_misses import CONTACTS, OBJECT_IDS, texts
from contract_tests.wire.request import Request
from ventia_document.source import Json
from ventia_document.validation import Schema

GUARDED = "the guard lets through requests to the named contact only"
"""Why a run behind the guard does not test a request to anybody or anything else."""


def rows(drawing: Drawing) -> Iterator[Row]:
    """The row of the form of the contact's identifier."""
    operation = drawing.knowledge.operation
    [part] = [part for part in operation.parameters if part.value["in"] == "path"]
    sentence = f"{part.value['name']}: {part.value['schema'].get('x-rule', 'Must have its form')} (inferred)"
    row = Row(f"{part.value['name']}: form", sentence, (f"{part.at}/schema",))
    if drawing.knowledge.target.safety:
        row.why_not = GUARDED
    else:
        schema, contact = Schema(operation.document, f"{part.at}/schema"), drawing.knowledge.target.contact
        wrong = [
            text
            for text in dict.fromkeys([*texts(contact), *_addresses(contact), *OBJECT_IDS, *CONTACTS])
            if not schema.accepts(text) and _is_a_segment(text)
        ]
        row.broken = [*_addressed(drawing, wrong), *_with_a_matrix(drawing)]
        row.kept = [*_in_capitals(drawing, schema), *_percent_encoded(drawing)]
    return iter([row])


def _addresses(contact: str) -> list[str]:
    """The contact as chat networks and file names write it."""
    return [f"{contact}@c.us", f"{contact}@s.whatsapp.net", f"{contact}:1", f"whatsapp:{contact}", f"{contact}.json"]


def _addressed(drawing: Drawing, wrong: list[str]) -> Iterator[Probe]:
    for message in messages_of_each_sender(drawing)[:3]:
        for text in wrong:
            yield drawing.broken(f"{text!r}; {message.name}", _to(drawing, text, message.body))


def _with_a_matrix(drawing: Drawing) -> Iterator[Probe]:
    """A message to the contact and a matrix parameter, which belongs to the text of the segment."""
    contact = drawing.knowledge.target.contact
    for message in messages_of_each_sender(drawing)[:1]:
        request = _to(drawing, contact, message.body)
        other = replace(request, path=request.path.replace(contact, f"{contact};v=1"))
        if drawing.verdict(other).is_refused:
            yield drawing.broken(f"a semicolon, as it stands; {message.name}", other)


def _in_capitals(drawing: Drawing, schema: Schema) -> Iterator[Probe]:
    capitals = drawing.knowledge.target.contact.upper()
    for message in messages_of_each_sender(drawing) if schema.accepts(capitals) else []:
        yield drawing.kept_raw(f"in capitals; {message.name}", _to(drawing, capitals, message.body))


def _percent_encoded(drawing: Drawing) -> Iterator[Probe]:
    """A message with a percent-encoded character in the path."""
    contact = drawing.knowledge.target.contact
    for message in messages_of_each_sender(drawing)[:1]:
        request = _to(drawing, contact, message.body)
        encoded = request.path.replace(contact, f"%{ord(contact[0]):02X}{contact[1:]}")
        yield drawing.kept_raw(f"percent-encoded; {message.name}", replace(request, path=encoded))


def _to(drawing: Drawing, contact: str, body: Json) -> Request:
    [name] = drawing.knowledge.operation.path_names
    path = drawing.knowledge.operation.path.format_map({name: quote(contact, safe="")})
    return replace(drawing.messages.request(body), path=path)


def _is_a_segment(text: str) -> bool:
    """Whether a text can be a segment of a path; `..` cannot."""
    return text.strip(".") != ""
