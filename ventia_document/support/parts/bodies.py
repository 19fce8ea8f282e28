"""The bodies of requests and responses that client, stand-in and suite do not follow."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import suppress
from typing import NamedTuple

from ventia_document.operations import content, operations, resolve, schemas_from
from ventia_document.source import Finding, Json, pointer
from ventia_document.wire.media import FORM, is_json, is_text, plain_type
from ventia_document.wire.shapes import (
    OBJECT,
    SCALAR,
    fields,
    has_null,
    item_schemas,
    other_fields,
    required_names,
    shapes,
)


class Object(NamedTuple):
    """An object of a document, its JSON pointer, and its kind in the table of objects."""

    kind: str
    at: str
    value: dict[str, Json]


def unsupported_bodies(document: Json, each: Object) -> Iterator[Finding]:
    """Further media types of a body, texts that are no strings, and content where HTTP has none."""
    if each.kind == "operation":
        yield from _content_of_nothing(document, each)
    if each.kind not in ("request-body", "response"):
        return
    names = list(each.value.get("content", {}))
    for name in names[1:]:
        message = f"{name!r} is a second media type of one body; keep one, such as {names[0]!r}"
        yield Finding(each.at + pointer("content", name), message)
    for name in [name for name in names if plain_type(name) == FORM]:
        yield from _unsupported_fields(document, each.at + pointer("content", name))
    for name in names:
        if is_json(name) and each.value["content"][name].get("schema", {}) in _SAYS_NOTHING:
            at = each.at + pointer("content", name, *(["schema"] if "schema" in each.value["content"][name] else []))
            yield Finding(at, f"says nothing of the values of {name!r}; give it a schema with a type")
    for name in filter(is_text, names):
        at = each.at + pointer("content", name, "schema")
        if "schema" not in each.value["content"][name] or not _is_string(document, at):
            yield Finding(each.at + pointer("content", name), f"{name!r} needs a schema with type: string")


def _content_of_nothing(document: Json, operation: Object) -> Iterator[Finding]:
    for status in operation.value.get("responses", {}):
        at = operation.at + pointer("responses", status)
        with suppress(LookupError, ValueError):  # a broken reference, which has a finding of its own
            if re.fullmatch(r"1\d\d|1XX|204|205|304", status) and resolve(document, at).value.get("content"):
                yield Finding(at, f"a response of {status} has no content in HTTP; leave its content out")


def _unsupported_fields(document: Json, at: str) -> Iterator[Finding]:
    """Fields of a form that hold more than scalars, or lists of them."""
    try:
        named = list(fields(document, at + "/schema").items())
        named += [("any other", place) for place in other_fields(document, at + "/schema")]
        deep = [name for name, place in named if _is_deep(document, place)]
        empty = [name for name, place in named if has_null(document, place)]
    except (LookupError, ValueError):  # a broken reference, which has a finding of its own
        return
    for name in deep:
        yield Finding(
            at, f"a form holds texts, numbers and lists of them, and {name!r} is deeper; send application/json"
        )
    for name in empty:
        yield Finding(at, f"a form has no null, and {name!r} may be null; leave the type out, or send application/json")


def _is_deep(document: Json, at: str) -> bool:
    inner = [shapes(document, item) for item in item_schemas(document, at)]
    return OBJECT in shapes(document, at) or any(each != {SCALAR} for each in inner)


_SAYS_NOTHING: list[Json] = [{}, True, False]


def _is_string(document: Json, at: str) -> bool:
    try:
        schema = resolve(document, at).value
    except (LookupError, ValueError):  # a broken reference, which has a finding of its own
        return True
    return isinstance(schema, dict) and schema.get("type") == "string"


def one_sided_fields(document: Json) -> Iterator[Finding]:
    """Required fields of requests that are `readOnly`, and required fields of answers that are `writeOnly`."""
    found: dict[str, Finding] = {}
    for operation in operations(document):
        sent = [*operation.parameters, *operation.media_types]
        answered = [part for response in operation.responses.values() for part in content(document, response)]
        for keyword, of, parts, does in (
            ("readOnly", "answers", sent, "sends"),
            ("writeOnly", "requests", answered, "answers with"),
        ):
            places = [part.at + "/schema" for part in parts if "schema" in part.value]
            for at in _required_and_marked(document, places, keyword):
                message = f"{keyword!r} is for fields of {of}, and {operation} {does} this one"
                found.setdefault(at, Finding(at, f"{message}, which is required; require it in a schema of its own"))
    yield from found.values()


def _required_and_marked(document: Json, places: list[str], keyword: str) -> Iterator[str]:
    """The JSON pointers of a keyword that is true of a required field, in schemas and all that they refer to."""
    for part in schemas_from(document, places):
        described, required = fields(document, part.at, ("allOf",)), set(required_names(document, part.at))
        for name in described.keys() & required:
            field = resolve(document, described[name])
            if isinstance(field.value, dict) and _is_marked(field.value, keyword):
                yield field.at + pointer(keyword)


def _is_marked(schema: dict[str, Json], keyword: str) -> bool:
    return schema.get(keyword) is True and not {"readOnly", "writeOnly"} <= schema.keys()
