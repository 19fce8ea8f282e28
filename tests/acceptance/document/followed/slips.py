"""Slips: rows of the table as a server that is wrong in just one thing reads them."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Iterator

from tests.acceptance.document.rows import Followed
from tests.acceptance.document.table import EVERY

Replaced = tuple[tuple[str, str], ...]
"""Texts of an operation or its components, each with another in its place."""

_NAME, _TEXT = "{$ref: '#/components/schemas/Medium'}", "{type: string}"

_PARAMETERS: dict[str, Replaced] = {
    "a number with limits": (("maximum: 9", "maximum: 99"),),
    "a text with a form": ((", pattern: ^a+$", ""),),
    "a list with limits": (("maxItems: 2, ", ""),),
    "one instead of a list": (("maxLength: 2", "maxLength: 9"),),
    "a required list that is not empty": (("required: true, ", ""),),
    "a list in a header": (("{type: integer}", _TEXT),),
    "a cookie": (("minimum: 1", "minimum: -9"),),
    "a number of a path": (("minimum: 1", "minimum: -9"),),
    "one name in two places": (("{type: integer}", _TEXT),),
    "a constant parameter": (("{const: a}", _TEXT),),
    "object path matrix": (("explode: false", "explode: true"),),
    "object path label exploded": (("explode: true", "explode: false"),),
    "object path simple": (("explode: false", "explode: true"),),
    "array path label": (("label", "matrix"),),
    "object query pipeDelimited": (("pipeDelimited", "spaceDelimited"),),
    "object query deepObject exploded": (("style: deepObject", "style: form"),),
    "object query form": (("explode: false", "explode: true"),),
}

_BODIES: dict[str, Replaced] = {
    "a body that is an array": (("maxItems: 2", "maxItems: 9"),),
    "a body that is a number": (("minimum: 1", "minimum: -9"),),
    "a body that is a name of a list": ((_NAME, _TEXT),),
    "a body that is a form": (("enum: [new, old]", "maxLength: 9"),),
    "a body of application/merge-patch+json": (("application/merge-patch+json", "application/json"),),
    "a body of a component": (("required: true", "required: false"),),
    "a form of any fields": (("{type: integer}", _TEXT),),
}

_VALUES: dict[str, Replaced] = {
    "a number in steps": ((", multipleOf: 0.01", ""),),
    "a time without a zone": (("format: date-time", "maxLength: 99"),),
    "an address": (("format: email", "maxLength: 99"),),
    "a text of a length": (("maxLength: 2", "maxLength: 3"),),
    "a constant one": (("{const: 1}", "{type: integer}"),),
    "a constant null": (("{const: null}", "{}"),),
    "an enum of fractions": ((", enum: [0.5, 2]", ""),),
    "an enum of several types": (("[1, a, true]", "[1, a, true, null]"),),
    "a number or null": (("minimum: 1", "minimum: 0"),),
    "a whole number as 1.0": (("{type: integer, ", "{type: number, "),),
    "one of two fields": ((", oneOf: [{required: [a]}, {required: [b]}]", ""),),
    "fields that need others without a type": ((", dependentRequired: {a: [b]}", ""),),
    "no text": (("{not: {type: string}}", "true"),),
    "a list of the same": (("items: {$ref: '#/components/schemas/AListOfTheSame'}", "items: true"),),
    "a map of the same": (
        ("additionalProperties: {$ref: '#/components/schemas/AMapOfTheSame'}", "additionalProperties: true"),
    ),
}

_INTEGER, _ANOTHER = "{type: integer}, example: 7", "{type: string}, example: '7'"

_ANSWERS: dict[str, Replaced] = {
    "an answer that is a number": ((_INTEGER, _ANOTHER),),
    "an answer of default alone": ((_INTEGER, _ANOTHER),),
    "an answer in plain text": (("text/plain", "text/html"),),
    "an answer in plain text with a rule": (("hi!", "hi!!"), ("maxLength: 3", "maxLength: 9")),
    "an answer of bytes": (("application/octet-stream", "image/png"),),
    "an answer of 201": (("'201'", "'202'"),),
    "an answer without content": (("'204': {description: Gone.}", "'200': {description: Gone.}"),),
    "an answer that is null": (("{type: 'null'}, example: null", "{type: integer}, example: 0"),),
    "an answer with headers": (("{type: integer, minimum: 0}, example: 7", "{type: integer}, example: -7"),),
    "an integer that is one": (("const: 3", "const: 4"), ("it: 3", "it: 4")),
    "a field that may be null": (("[string, 'null']", "[integer, string]"), ("{it: null}", "{it: 5}")),
    "a tuple": (("{type: integer}, {type: string}", "{type: string}, {type: integer}"), ("[1, a]", "[a, 1]")),
    "an enum of integers with null": (("[1, null]", "[3]"), ("1.0", "3")),
    "a base and lists of the same": (("{x: 2}", "{y: 2}"), ("required: [x]", "required: []")),
}

_KEYS: dict[str, Replaced] = {
    "an operation without a key": (("security: []", "security: [{ApiKey: []}]"),),
    "an operation with its own words for the key": (("security: [{ApiKey: []}]", "security: []"),),
}

KINDS = (_PARAMETERS, _BODIES, _VALUES, _ANSWERS, _KEYS)
OF_REQUESTS = {**_PARAMETERS, **_BODIES, **_VALUES}
"""The slips that have a server read requests in another way."""

SLIPS = {**OF_REQUESTS, **_ANSWERS, **_KEYS}
"""The slip of each row, by the row's name."""

ROWS = [row for row in EVERY if row.name in SLIPS]


def slipped(rows: Iterable[Followed]) -> Iterator[Followed]:
    """Rows as wrong servers read them."""
    for row in rows:
        made = row
        for old, new in SLIPS[row.name]:
            assert old in made.operation + made.components, (row.name, old)
            made = dataclasses.replace(
                made, operation=made.operation.replace(old, new), components=made.components.replace(old, new)
            )
        yield made
