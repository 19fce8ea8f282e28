"""The keywords of JSON Schema 2020-12, and those that OpenAPI 3.1 adds: one table for everything that reads schemas."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum

from ventia_document.source import Json, pointer


class Holds(Enum):
    """The schemas in the value of a keyword."""

    NONE = "none"
    ONE = "one"
    LIST = "list"
    NAMED = "by name"


class Role(Enum):
    """What a keyword does for a value: it restricts it, says something to programs, or something to readers."""

    RULE = "rule"
    NOTE = "note"
    PROSE = "prose"


@dataclass(frozen=True)
class Keyword:
    """A keyword of schemas.

    Attributes:
        in_place: its schemas apply to the same value as the schema around them (JSON Schema: in-place applicators).
        of: the only type whose values it restricts; empty if any.
        words: its rule in words, `{}` for the keyword's value; empty if its schemas' rules are reported instead.
        is_checked: the client checks it.
        is_typed: a type of the generated client expresses it.
        instead: if lint and generate refuse it, words for something that would do.
    """

    name: str
    holds: Holds = Holds.NONE
    in_place: bool = False
    of: str = ""
    words: str = ""
    role: Role = Role.RULE
    is_checked: bool = False
    is_typed: bool = False
    instead: str = ""


_UNCHECKED = "the client cannot check it; say it with other keywords"


def _table() -> Iterator[Keyword]:
    one, listed, named = Holds.ONE, Holds.LIST, Holds.NAMED
    for name in ("$anchor", "$dynamicAnchor", "$dynamicRef", "$id", "$schema", "$vocabulary"):
        yield Keyword(name, instead="leave it out, and refer to components with $ref")
    yield Keyword("$ref", is_checked=True, is_typed=True)
    yield Keyword("$defs", named, instead="put its schemas into the components")
    yield Keyword("discriminator", role=Role.NOTE)
    yield Keyword("xml", role=Role.NOTE)

    yield Keyword("allOf", listed, in_place=True, is_checked=True)
    yield Keyword("anyOf", listed, in_place=True, is_checked=True)
    yield Keyword("oneOf", listed, in_place=True, is_checked=True)
    yield Keyword("not", one, in_place=True, is_checked=True)
    yield Keyword("if", one, in_place=True, is_checked=True)
    yield Keyword("then", one, in_place=True, is_checked=True)
    yield Keyword("else", one, in_place=True, is_checked=True)

    yield Keyword("type", words="Must be of type {}", is_checked=True, is_typed=True)
    yield Keyword("const", words="Must be {}", is_checked=True, is_typed=True)
    yield Keyword("enum", words="Must be one of {}", is_checked=True, is_typed=True)
    yield Keyword("format", words="Must be a valid {}", is_checked=True, is_typed=True)

    of = "string"
    yield Keyword("maxLength", of=of, words="Must have at most {} characters", is_checked=True)
    yield Keyword("minLength", of=of, words="Must have at least {} characters", is_checked=True)
    yield Keyword("pattern", of=of, words="Must match {}", is_checked=True)
    yield Keyword("contentEncoding", of=of, role=Role.NOTE)
    yield Keyword("contentMediaType", of=of, role=Role.NOTE)
    yield Keyword("contentSchema", one, of=of, role=Role.NOTE)

    of = "number"
    yield Keyword("exclusiveMaximum", of=of, words="Must be less than {}", is_checked=True)
    yield Keyword("exclusiveMinimum", of=of, words="Must be more than {}", is_checked=True)
    yield Keyword("maximum", of=of, words="Must be at most {}", is_checked=True)
    yield Keyword("minimum", of=of, words="Must be at least {}", is_checked=True)
    yield Keyword("multipleOf", of=of, words="Must be a multiple of {}", is_checked=True)

    of = "array"
    yield Keyword("items", one, of=of, is_checked=True, is_typed=True)
    yield Keyword("prefixItems", listed, of=of, is_checked=True)
    yield Keyword("contains", one, of=of, words="Must have the right number of certain items", is_checked=True)
    yield Keyword("maxContains", of=of, is_checked=True)
    yield Keyword("minContains", of=of, is_checked=True)
    yield Keyword("maxItems", of=of, words="Must have at most {} items", is_checked=True)
    yield Keyword("minItems", of=of, words="Must have at least {} items", is_checked=True)
    yield Keyword("uniqueItems", of=of, words="Must not have an item twice", is_checked=True)
    yield Keyword("unevaluatedItems", one, of=of, instead=_UNCHECKED)

    of, others = "object", "Must not have the fields {}"
    yield Keyword("properties", named, of=of, is_checked=True, is_typed=True)
    yield Keyword("patternProperties", named, of=of, is_checked=True)
    yield Keyword("additionalProperties", one, of=of, words=others, is_checked=True, is_typed=True)
    yield Keyword("unevaluatedProperties", one, of=of, words=others, instead=_UNCHECKED)
    yield Keyword("propertyNames", one, of=of, words="Must have no fields of other names", is_checked=True)
    yield Keyword("required", of=of, words="Must be given", is_checked=True, is_typed=True)
    yield Keyword("dependentRequired", of=of, is_checked=True)
    yield Keyword("dependentSchemas", named, in_place=True, of=of, is_checked=True)
    yield Keyword("maxProperties", of=of, words="Must have at most {} fields", is_checked=True)
    yield Keyword("minProperties", of=of, words="Must have at least {} fields", is_checked=True)

    for name in ("default", "deprecated", "readOnly", "writeOnly"):
        yield Keyword(name, role=Role.NOTE)
    for name in ("$comment", "description", "examples", "externalDocs", "title"):
        yield Keyword(name, role=Role.PROSE)


KEYWORDS = {keyword.name: keyword for keyword in _table()}
"""The keywords of schemas by name."""

TYPES = ("string", "number", "array", "object")
"""Types that have keywords of their own; those of numbers are for integers too."""


def type_of(value: Json) -> str:
    """The type of a value, in the words of JSON Schema; 1.0 is a number."""
    return _TYPE_OF.get(type(value), "null")


_TYPE_OF = {bool: "boolean", int: "integer", float: "number", str: "string", list: "array", dict: "object"}


def holding(holds: Holds) -> frozenset[str]:
    """The keywords whose values hold schemas in a certain way."""
    return frozenset(name for name, keyword in KEYWORDS.items() if keyword.holds is holds)


IN_PLACE = frozenset(name for name, keyword in KEYWORDS.items() if keyword.in_place)
"""Keywords whose schemas apply to the same value as the schema around them."""


def subschemas(schema: dict[str, Json]) -> Iterator[tuple[str, Json]]:
    """The schemas directly in a schema, each with its JSON pointer from there: `/allOf/0`, `/properties/text`."""
    for name, value in schema.items():
        holds = KEYWORDS[name].holds if name in KEYWORDS else Holds.NONE
        if holds is Holds.ONE:
            yield pointer(name), value
        elif holds is Holds.LIST:
            yield from ((pointer(name, index), inner) for index, inner in enumerate(value))
        elif holds is Holds.NAMED:
            yield from ((pointer(name, key), inner) for key, inner in value.items())
