"""Checks of schemas that are valid JSON Schema, but have no effect, or admit no value."""

from __future__ import annotations

import re
from collections.abc import Iterator

from tools.lint.compositions import Compositions, compositions, property_names, schemas
from tools.overlay.document import quote
from ventia_document.check import example_values, invalid_value
from ventia_document.keywords import KEYWORDS
from ventia_document.slips.nearest import nearest
from ventia_document.slips.schemas import no_keyword, no_property
from ventia_document.source import Finding, Json, pointer
from ventia_document.structure import every_node, kind


def misspelt_keywords(document: Json) -> Iterator[Finding]:
    """Each key of a schema is a keyword: JSON Schema ignores others, so that a misspelt one has no effect."""
    for at, schema in schemas(document):
        for key in schema:
            if key not in KEYWORDS and not key.startswith("x-"):
                yield Finding(at + pointer(key), no_keyword(key))


def keywords_of_another_type(document: Json) -> Iterator[Finding]:
    """No keyword is for another type than the schema's, since it would have no effect."""
    for at, schema in schemas(document):
        types = schema["type"] if isinstance(schema.get("type"), list) else [schema.get("type")]
        own = {"number" if each == "integer" else each for each in types}
        for key in schema if "type" in schema else ():
            holder = KEYWORDS[key].of if key in KEYWORDS else ""
            if holder and holder not in own:
                message = f"{key} is for the type {holder} only, and this is {quote(schema['type'])}; leave one out"
                yield Finding(at + pointer(key), message)


def enums_without_choice(document: Json) -> Iterator[Finding]:
    """Each enum has values."""
    for at, schema in schemas(document):
        if schema.get("enum") == []:
            yield Finding(at + "/enum", "[] admits no value; name those that it may be")


def constants_that_violate_their_schema(document: Json) -> Iterator[Finding]:
    """Each value of an enum, and each const, is valid by the keywords beside it."""
    for at, schema in schemas(document):
        stated = {pointer("enum", index): value for index, value in enumerate(schema.get("enum", ()))}
        stated |= {"/const": schema["const"]} if "const" in schema else {}
        for part, value in stated.items():
            for violation in invalid_value(document, at, at + part, value):
                rule = violation.message.removeprefix("the value: ")
                yield Finding(at + part, f"{quote(value)} can never be the value: {rule}; mend one of the two")


def defaults_that_violate_their_schema(document: Json) -> Iterator[Finding]:
    """Each default is valid by the keywords beside it, also where these are no type and no reference."""
    for at, schema in schemas(document):
        if "default" in schema:
            yield from invalid_value(document, at, at + "/default", schema["default"])


_NEVER_SENT = "is in no request and no response, since it is readOnly too; keep one of the two"


def fields_that_are_never_sent(document: Json) -> Iterator[Finding]:
    """No field is both readOnly and writeOnly, since neither side could send it."""
    for at, schema in schemas(document):
        if schema.get("readOnly") is True and schema.get("writeOnly") is True:
            yield Finding(at + "/writeOnly", _NEVER_SENT)


def example_beside_examples(document: Json) -> Iterator[Finding]:
    """A parameter, a header or a media type has `example` or `examples`, not both."""
    for at, node in every_node(document):
        if "example" in node and "examples" in node and kind(at) in ("header", "media type", "parameter"):
            yield Finding(at + "/example", "stands beside examples, which exclude it; make it one of them")


def required_names_without_a_property(document: Json) -> Iterator[Finding]:
    """Each required name is a property of the schema, or of one that applies to the same value."""
    [composed] = compositions(document)
    for at, schema in schemas(document):
        for part, name in _required(schema):
            known = property_names(composed.around(at))
            if known is not None and name not in known:
                yield Finding(at + part, no_property(name, known))


def _required(schema: dict[str, Json]) -> Iterator[tuple[str, str]]:
    yield from ((pointer("required", index), name) for index, name in enumerate(schema.get("required", ())))
    for name, others in schema.get("dependentRequired", {}).items():
        yield pointer("dependentRequired", name), name
        yield from ((pointer("dependentRequired", name, index), other) for index, other in enumerate(others))


def _nearest(name: str, known: set[str]) -> str:
    near = nearest(name, known)
    return f"write {quote(near)}, or describe it" if near else "describe it among the properties"


def undescribed_fields_of_examples(document: Json) -> Iterator[Finding]:
    """Each field of an example is a property: other fields may be valid, but here they are likely misspelt."""
    [composed] = compositions(document)
    for at, node in every_node(document):
        schema = at + "/schema" if "schema" in node else at
        for example, value in example_values(document, at, node):
            yield from _undescribed(composed, [schema], example, value)


def _undescribed(compositions: Compositions, schemas: list[str], at: str, value: Json) -> Iterator[Finding]:
    """The fields in a value, at any depth, that none of the schemas at these JSON pointers names."""
    composed = {key: schema for each in schemas for key, schema in compositions.of(each).items()}
    known = property_names(composed) or set()
    for name, part in value.items() if isinstance(value, dict) else ():
        if known and name not in known:
            message = f"no schema names the field {quote(name)}; {_nearest(name, known)}"
            yield Finding(at + pointer(name), message)
        inner = [key + each for key, schema in composed.items() for each in _of_field(schema, name)]
        yield from _undescribed(compositions, inner, at + pointer(name), part) if inner else ()
    for index, item in enumerate(value) if isinstance(value, list) else ():
        inner = [key + each for key, schema in composed.items() for each in _of_item(schema, index)]
        yield from _undescribed(compositions, inner, at + pointer(index), item) if inner else ()


def _of_field(schema: dict[str, Json], name: str) -> Iterator[str]:
    """JSON pointers, from a schema on, of the schemas that it has for a field."""
    matching = [pattern for pattern in schema.get("patternProperties", ()) if _matches(pattern, name)]
    yield from (pointer("patternProperties", pattern) for pattern in matching)
    if name in schema.get("properties", ()):
        yield pointer("properties", name)
    elif not matching and "additionalProperties" in schema:
        yield "/additionalProperties"


def _matches(pattern: str, name: str) -> bool:
    try:
        return re.search(pattern, name) is not None
    except re.error:  # another check's finding
        return False


def _of_item(schema: dict[str, Json], index: int) -> Iterator[str]:
    """JSON pointers, from a schema on, of the schema that it has for an item."""
    if index < len(schema.get("prefixItems", ())):
        yield pointer("prefixItems", index)
    elif "items" in schema:
        yield "/items"
