"""Rules for schemas that JSON Schema lets pass: what it would not heed, or what no value could keep."""

from __future__ import annotations

import difflib
import json
import re
import warnings
from collections.abc import Iterator

from tools.lint.compositions import BY_TYPE, KEYWORDS, Compositions, names, schemas
from tools.overlay.document import quote
from ventia_document.check import Fault, invalid, values
from ventia_document.kinds import kind
from ventia_document.operations import nodes, target
from ventia_document.source import Json, lookup, pointer

_OF_3_0 = {
    "definitions": "write $defs, or a component",
    "dependencies": "write dependentRequired or dependentSchemas",
    "example": "write examples, with a list",
    "id": "write $id",
    "nullable": 'write "null" among the schema\'s types',
}
"""Keywords of older drafts and of OpenAPI 3.0, and what has come in their place."""


def misspelt_keywords(document: Json) -> Iterator[Fault]:
    """JSON Schema passes over what it does not know, so a rule with a slip in its name is none."""
    for at, schema in schemas(document):
        for key in schema:
            if key not in KEYWORDS and not key.startswith("x-"):
                yield Fault(at + pointer(key), f"{quote(key)} is no keyword, so nothing heeds it; {_mend(key)}")


def _mend(key: str) -> str:
    near = difflib.get_close_matches(key, KEYWORDS, n=1)
    return _OF_3_0.get(key) or (f"write {near[0]}" if near else "leave it out, or begin it with x-")


def keywords_of_another_type(document: Json) -> Iterator[Fault]:
    """A keyword that holds for other types than the schema's holds for nothing."""
    for at, schema in schemas(document):
        types = schema["type"] if isinstance(schema.get("type"), list) else [schema.get("type")]
        own = {"number" if each == "integer" else each for each in types}
        for holder, keywords in BY_TYPE.items() if "type" in schema else ():
            for key in [key for key in schema if key in keywords and holder not in own]:
                rule = f"{key} holds for the type {holder} only, and this is {quote(schema['type'])}; leave one out"
                yield Fault(at + pointer(key), rule)


def patterns_that_python_cannot_read(document: Json) -> Iterator[Fault]:
    """The client is in Python; that they can be read in JavaScript's way is a matter of structure."""
    for at, schema in schemas(document):
        for where, pattern in _patterns(schema):
            if error := _unreadable(pattern):
                rule = f"Python cannot read the pattern {quote(pattern)}: {error}; use what JavaScript and Python share"
                yield Fault(at + where, rule)


def _patterns(schema: dict[str, Json]) -> Iterator[tuple[str, str]]:
    if "pattern" in schema:
        yield "/pattern", schema["pattern"]
    yield from ((pointer("patternProperties", pattern), pattern) for pattern in schema.get("patternProperties", ()))


def _unreadable(pattern: str) -> str | None:
    try:
        with warnings.catch_warnings(action="ignore"):
            re.compile(pattern)
    except re.error as error:
        return str(error)
    return None


def enums_without_choice(document: Json) -> Iterator[Fault]:
    """An enum has values, and each once."""
    for at, schema in schemas(document):
        written = [json.dumps(each, sort_keys=True) for each in schema.get("enum", ())]  # Python takes true for 1
        if "enum" in schema and not written:
            yield Fault(at + "/enum", "[] admits no value; name those that it may be")
        for index, value in enumerate(schema.get("enum", ())):
            if written[index] in written[:index]:
                yield Fault(at + pointer("enum", index), f"{quote(value)} stands twice in the enum; keep one")


def constants_that_break_their_schema(document: Json) -> Iterator[Fault]:
    """A value of an enum, or a const, keeps what stands beside it."""
    for at, schema in schemas(document):
        stated = {pointer("enum", index): value for index, value in enumerate(schema.get("enum", ()))}
        stated |= {"/const": schema["const"]} if "const" in schema else {}
        for part, value in stated.items():
            for fault in invalid(document, at, at + part, value):
                rule = fault.rule.removeprefix("the value: ")
                yield Fault(at + part, f"{quote(value)} can never be the value: {rule}; mend one of the two")


def defaults_that_break_their_schema(document: Json) -> Iterator[Fault]:
    """A default keeps what stands beside it, be that no type and no reference."""
    for at, schema in schemas(document):
        if "default" in schema:
            yield from invalid(document, at, at + "/default", schema["default"])


_BOUNDS = (
    *(("minimum", "maximum"), ("exclusiveMinimum", "maximum"), ("minimum", "exclusiveMaximum")),
    *(("exclusiveMinimum", "exclusiveMaximum"), ("minLength", "maxLength"), ("minItems", "maxItems")),
    *(("minProperties", "maxProperties"), ("minContains", "maxContains")),
)


def discriminators_astray(document: Json) -> Iterator[Fault]:
    """What a discriminator maps to is a schema."""
    named = document.get("components", {}).get("schemas", {})
    for at, schema in schemas(document):
        for value, to in schema.get("discriminator", {}).get("mapping", {}).items():
            if to not in named and not (to.startswith("#") and _leads(document, target(to))):
                rule = f"{quote(to)} leads to no schema; name one of the components: {', '.join(named)}"
                yield Fault(at + pointer("discriminator", "mapping", value), rule)


def _leads(document: Json, at: str) -> bool:
    try:
        lookup(document, at)
    except LookupError:
        return False
    return kind(at) == "schema"


def fields_of_requests_and_of_answers_alone(document: Json) -> Iterator[Fault]:
    """What is never sent and never answered is not there."""
    for at, schema in schemas(document):
        if schema.get("readOnly") is True and schema.get("writeOnly") is True:
            yield Fault(at + "/writeOnly", "what is readOnly too is neither sent nor answered; keep one of the two")


def example_beside_examples(document: Json) -> Iterator[Fault]:
    """A parameter, a header or a media type has one or the other."""
    for at, node in nodes(document):
        if "example" in node and "examples" in node and kind(at) in ("header", "media type", "parameter"):
            yield Fault(at + "/example", "stands beside examples, which exclude it; make it one of them")


def bounds_that_cross(document: Json) -> Iterator[Fault]:
    """What is the least is not above what is the most."""
    for at, schema in schemas(document):
        for low, high in _BOUNDS:
            if low in schema and high in schema:
                least, most = schema[low], schema[high]
                if least > most or (least == most and "exclusive" in low + high):
                    yield Fault(at + pointer(low), f"no value is within {low} {least} and {high} {most}; mend one")


def required_names_without_a_property(document: Json) -> Iterator[Fault]:
    """What must be there is described: in the schema, or in one that holds for the same value."""
    compositions = Compositions(document)
    for at, schema in schemas(document):
        for part, name in _required(schema):
            known = names(compositions.around(at))
            if known is not None and name not in known:
                rule = f"{quote(name)} is required, but no property has the name; {_nearest(name, known)}"
                yield Fault(at + part, rule)


def _required(schema: dict[str, Json]) -> Iterator[tuple[str, str]]:
    yield from ((pointer("required", index), name) for index, name in enumerate(schema.get("required", ())))
    for given, needed in schema.get("dependentRequired", {}).items():
        yield pointer("dependentRequired", given), given
        yield from ((pointer("dependentRequired", given, index), name) for index, name in enumerate(needed))


def _nearest(name: str, known: set[str]) -> str:
    near = difflib.get_close_matches(name, sorted(known), n=1)
    return f"write {quote(near[0])}, or describe it" if near else "describe it among the properties"


def fields_of_examples_that_no_schema_names(document: Json) -> Iterator[Fault]:
    """A schema may admit other fields than its own, but in an example they are slips."""
    compositions = Compositions(document)
    for at, node in nodes(document):
        known = names(compositions.of(at + "/schema" if "schema" in node else at)) or set()
        for example, value in values(document, at, node) if known else ():
            for name in value if isinstance(value, dict) else ():
                if name not in known:
                    rule = f"no schema names the field {quote(name)}; {_nearest(name, known)}"
                    yield Fault(example + pointer(name), rule)
