"""The parts of a document that the stand-in cannot answer by, or the suite cannot make requests of."""

from __future__ import annotations

from collections.abc import Iterator

from ventia_document.operations import Operation, content, examples, operations, resolve
from ventia_document.platform import FIELDS, IDENTIFIES, KINDS, RESPONSES, fields, medium, properties
from ventia_document.samples import sample, samples
from ventia_document.source import Finding, Json, pointer
from ventia_document.validation import Schema
from ventia_document.wire.media import is_binary


def unserved(document: Json) -> Iterator[Finding]:
    """Parts that the stand-in cannot serve; every reference must lead somewhere."""
    found = operations(document)
    if not found:
        yield Finding("/paths", "no operation to serve; describe one")
    for operation in found:
        yield from _unanswered(operation)
        yield from _unknown_kinds(operation)
        if operation.sends:
            yield from _missing_answers(operation)


def untested(document: Json) -> Iterator[Finding]:
    """Parts of a message that the suite can make none of; every reference must lead somewhere."""
    sending = next((each for each in operations(document) if each.sends), None)
    if sending:
        yield from _no_message(sending)


def _unanswered(operation: Operation) -> Iterator[Finding]:
    if not operation.successes:
        yield Finding(operation.at + "/responses", "no response of 2xx; say what a success is answered with")
    for response in operation.responses.values():
        for media_type in content(operation.document, response):
            if not (is_binary(media_type.name) or samples(operation.document, media_type)):
                message = "no example to answer with, and its schema makes none; give one under `examples`"
                yield Finding(media_type.at, message)


def _unknown_kinds(operation: Operation) -> Iterator[Finding]:
    for at, kind in _identified(operation):
        if kind not in KINDS:
            yield Finding(at + pointer(IDENTIFIES), f"{kind!r} is no kind of thing; use one of {', '.join(KINDS)}")


def _identified(operation: Operation) -> Iterator[tuple[str, Json]]:
    """JSON pointers of the schemas of parameters and fields that identify a thing, and the kind of thing."""
    for part in (part for part in operation.parameters if "schema" in part.value):
        schema = resolve(operation.document, part.at + "/schema")
        if isinstance(schema.value, dict) and IDENTIFIES in schema.value:
            yield schema.at, schema.value[IDENTIFIES]
    for body in operation.media_types:
        for name, field in properties(operation.document, body).items():
            if isinstance(field, dict) and IDENTIFIES in field:
                schema = resolve(operation.document, body.at + "/schema")
                yield schema.at + pointer("properties", name), field[IDENTIFIES]


def _missing_answers(operation: Operation) -> Iterator[Finding]:
    document = operation.document
    known = {
        name
        for response in operation.responses.values()
        for media_type in content(document, response)
        for name in examples(document, media_type)
    }
    for name in RESPONSES:
        if name not in known:
            message = f"no example named {name!r}, with which a rule answers; give one, or say `x-sends: false`"
            yield Finding(operation.at + "/responses", message)


def _no_message(operation: Operation) -> Iterator[Finding]:
    document, at = operation.document, operation.at
    if len(operation.media_types) != 1 or not properties(document, operation.media_types[0]):
        yield Finding(at, "sends a message without a JSON object; describe its fields, or say `x-sends: false`")
        return
    if operation.body and not operation.body.value.get("required"):
        message = "a message without a body says nothing; say required: true, or `x-sends: false`"
        yield Finding(operation.body.at, message)
    if len(operation.path_names) != 1:
        message = f"{operation.path} has not one variable, for the contact; write one, or say `x-sends: false`"
        yield Finding(pointer("paths", operation.path), message)
    if [len(schemes) for schemes in operation.security] != [1]:
        message = "sends a message; require one API key in one place, under `security`, or say `x-sends: false`"
        owner = at if "security" in operation.value else ""
        yield Finding(f"{owner}/security" if owner or "security" in document else at, message)
    [body] = operation.media_types
    schema = resolve(document, body.at + "/schema")
    for kind in FIELDS:
        if kind not in fields(document, body):
            yield Finding(schema.at + "/properties", f"no field has {IDENTIFIES}: {kind}; say which one identifies it")
    if (user := fields(document, body).get("user")) and not medium(document, body):
        message = f"no field that {user} requires lists the media of a user; name it in dependentRequired"
        yield Finding(schema.at, message)
    for name in properties(document, body):
        field = f"{schema.at}/properties{pointer(name)}"
        if not Schema(document, field).accepts(sample(document, field)):
            yield Finding(field, f"no example of {name}, and its schema makes none; give one under `examples`")
