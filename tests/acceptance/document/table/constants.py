"""Constants, enums of all kinds, defaults, and whole numbers however they are written."""

from __future__ import annotations

import dataclasses
import json
from typing import Any

from tests.acceptance.document.fields import read, read_field, sent, sent_field
from tests.acceptance.document.rows import DONE, Followed, Refused, field_of_message

_ODD = "a\"b\\'c\n{x} = 1"
_ODDLY = json.dumps(_ODD)
"""A text of characters that have a meaning in Python."""


_OPTIONAL = "{type: object, properties: {it: {const: %s}}}"


def _parameter(
    name: str,
    schema: str,
    value: Any,
    wire: str,
    place: str = "query",
    refused: tuple[str, ...] = (),
    invalid: tuple[Any, ...] = (),
) -> Followed:
    """A parameter; no value leaves it out."""
    start = {"query": "?it=", "path": "/"}.get(place)
    required = ", required: true" if place == "path" else ""
    headers = {"header": {"it": wire}, "cookie": {"cookie": f"it={wire}"}}
    return Followed(
        name,
        f"parameters: [{{name: it, in: {place}{required}, schema: {schema}}}], {DONE}",
        variables="/{it}" if place == "path" else "",
        arguments=lambda _: {} if value is None else {"it": value},
        sent=start + wire if start else "",
        headers=dict[str, str | None](headers.get(place, {})),
        refused=tuple(f"{start}{each}" for each in refused) if start else (),
        invalid=tuple(lambda _, each=each: {"it": each} for each in invalid),  # type: ignore[misc]  # mypy knows no default of a lambda
    )


_CONSTANTS = [
    sent_field("a constant one", "{const: 1}", 1, "1", ("2", "true", '"1"'), (2, True, "1")),
    sent_field("a constant truth", "{type: boolean, const: true}", *(True, "true", ("false", "1"), (False, 1))),
    sent(
        "an optional constant truth",
        _OPTIONAL % "true",
        lambda model: model(it=True),
        '{"it":true}',
        refused=('{"it":false}', '{"it":1}'),
        invalid=(lambda model: model(it=False),),
    ),
    read("an optional constant one read", _OPTIONAL % "1", "{}", {}, '{"it":2}'),
    sent_field("a constant false", "{const: false}", *(False, "false", ("true", "0", "null"), (True, 0))),
    sent_field("a constant null", "{const: null}", None, "null", ("0", '""'), (0, "")),
    sent_field("a constant fraction", "{const: 1.5}", 1.5, "1.5", ("2", '"1.5"'), (2,)),
    sent_field("a constant 1.0", "{type: integer, const: 1.0}", 1, "1", ("2",), (2,)),
    sent_field("a constant list", "{const: [1]}", [1], "[1]", ("[2]", "1"), ([2],)),
    sent_field("a constant object", "{const: {a: 1}}", {"a": 1}, '{"a":1}', ('{"a":2}', "[]"), ({"a": 2},)),
    sent_field("an odd constant", f"{{const: {_ODDLY}}}", _ODD, _ODDLY, ('"a"',), ("a",)),
    read_field("a constant one read", "{const: 1}", "1", 1, "2", "true", '"1"'),
    read_field("a constant one read as 1.0", "{const: 1}", "1.0", 1, "1.5"),
    read_field("a constant false read", "{const: false}", "false", *(False, "true", "0", "null")),
    read_field("a constant null read", "{const: null}", "null", None, "0", "false"),
    read_field("a constant fraction read", "{const: 1.5}", "1.5", 1.5, "2", '"1.5"'),
    read_field("a constant list read", "{const: [1, {a: null}]}", "[1, {a: null}]", [1, {"a": None}], "[1]", "[2]"),
    read_field("an odd constant read", f"{{const: {_ODDLY}}}", _ODDLY, _ODD, '"a"'),
    _parameter("a constant parameter", "{const: a}", "a", "a", refused=("b",), invalid=("b",)),
    _parameter("a constant text of digits", "{const: '1'}", "1", "1", refused=("2",), invalid=("2", 1)),
]

_ENUMS = [
    sent_field("an enum of integers sent", "{type: integer, enum: [2, 3]}", 2, "2", ("4", "2.5", '"2"'), (4, "2")),
    sent_field("an enum of fractions", "{type: number, enum: [0.5, 2]}", 0.5, "0.5", ("1", '"0.5"'), (1,)),
    sent_field("an enum of one truth", "{type: boolean, enum: [true]}", *(True, "true", ("false", "1"), (False, 1))),
    sent_field("an enum of several types", "{enum: [1, a, true]}", "a", '"a"', ("2", '"b"', "false"), (2, "b", False)),
    sent_field("an enum with null", "{type: [string, 'null'], enum: [a, null]}", None, "null", ('"b"', "0"), ("b", 0)),
    sent_field("an enum of null", "{enum: [null]}", None, "null", ("1", '"a"'), (1,)),
    sent_field("an enum of odd texts", f"{{enum: [{_ODDLY}, '']}}", _ODD, _ODDLY, ('"a"',), ("a",)),
    read_field("an enum of fractions read", "{type: number, enum: [0.5, 2]}", "0.5", 0.5, "1", '"0.5"'),
    read_field("an enum of several types read", "{enum: [1, a, null]}", "null", None, "2", '"b"', "true"),
    read_field("an enum of truths read", "{enum: [true]}", "true", *(True, "false", "1")),
    read_field("an enum of integers with null", "{enum: [1, null]}", "1.0", 1, "2", '"a"'),
    read_field("an enum of odd texts read", f"{{enum: [{_ODDLY}, b]}}", _ODDLY, _ODD, '"a"'),
    *(
        _parameter(
            *(f"an enum of integers in the {place}", "{type: integer, enum: [1, 2]}", 2, "2", place),
            *(("3", "a"), (3, "a")),
        )
        for place in ("query", "path", "header", "cookie")
    ),
    _parameter("a parameter of several types", "{enum: [1, a]}", 1, "1", refused=("2", "b"), invalid=(2, "1")),
]

_WHOLE = [
    sent_field("a whole number as 1.0", "{type: integer, minimum: 1}", 1.0, "1.0", ("0.0", "1.5"), (0.0, 1.5, True)),
    read_field("a whole number read as 1.0", "{type: integer}", "3.0", 3, "1.5", '"3"', "true"),
    read_field(
        "whole numbers in a list", "{type: array, items: {type: [integer, 'null']}}", "[1.0, null]", [1, None], "[1.5]"
    ),
    *(
        _parameter(
            f"a whole number as 1.0 in the {place}",
            "{type: integer, minimum: 1}",
            1.0,
            "1",
            place,
            ("0", "1.5"),
            (0, 1.5),
        )
        for place in ("query", "path", "header", "cookie")
    ),
]

_OPTIONAL = "{type: object, properties: {it: %s}}"


def _default(name: str, schema: str, wire: str) -> Followed:
    """A field that is left out: the client sends a default that is a scalar, and leaves others to the server."""
    return sent(name, _OPTIONAL % schema, lambda model: model(), wire)


_BUSINESS = '{"it":"whatsapp_business"}'

_DEFAULTS = [
    _default("a default number", "{type: integer, default: 5}", '{"it":5}'),
    _default("a default whole number as 5.0", "{type: integer, default: 5.0}", '{"it":5}'),
    _default("a default false", "{type: boolean, default: false}", '{"it":false}'),
    _default("a default of an enum", "{type: string, enum: [a, b], default: b}", '{"it":"b"}'),
    _default("a default of several types", "{enum: [1, a], default: a}", '{"it":"a"}'),
    _default("a default constant", "{const: 'a = b', default: 'a = b'}", '{"it":"a = b"}'),
    _default("a default date", "{type: string, format: date, default: '2020-01-02'}", '{"it":"2020-01-02"}'),
    _default("an odd default", f"{{type: string, default: {_ODDLY}}}", f'{{"it":{_ODDLY}}}'),
    _default("an odd default of several types", f"{{type: [string, 'null'], default: {_ODDLY}}}", f'{{"it":{_ODDLY}}}'),
    _default(
        "a default beside a reference", "{$ref: '#/components/schemas/Medium', default: whatsapp_business}", _BUSINESS
    ),
    _default("a default of any type", "{default: 5}", '{"it":5}'),
    _default("a default null", "{type: [string, 'null'], default: null}", "{}"),
    _default("a default list", "{type: array, items: {type: string}, default: [a]}", "{}"),
    _default("a default object", "{type: object, additionalProperties: {type: integer}, default: {a: 1}}", "{}"),
    sent(
        "a default of a required field",
        "{type: object, required: [it], properties: {it: {type: integer, default: 5}}}",
        *(lambda model: model(), '{"it":5}', ("{}",)),
    ),
    sent(
        "a default of a required field beside a reference",
        "{required: [it], properties: {it: {$ref: '#/components/schemas/Medium', default: unofficial_wpp}}}",
        *(lambda model: model(), '{"it":"unofficial_wpp"}', ("{}",)),
    ),
    _parameter(
        "a default of a parameter beside a reference",
        "{$ref: '#/components/schemas/Medium', default: whatsapp_business}",
        *(None, "whatsapp_business"),
    ),
    sent(
        "a default of texts beside a reference",
        "{type: object, properties: {it: {$ref: '#/components/schemas/Word', default: a}}}",
        *(lambda model: model(), '{"it":"a"}'),
        more="Word: {type: string, maxLength: 2}",
    ),
    _parameter("a default of a parameter", "{type: string, default: 'a \"b'}", None, "a%20%22b"),
    _parameter("a default of a header", "{type: integer, default: 5}", None, "5", "header"),
    _parameter("a default of a cookie", "{type: string, enum: [a, b], default: b}", None, "b", "cookie"),
    dataclasses.replace(
        _parameter("a default list of a parameter", "{type: array, items: {type: string}, default: [a]}", None, ""),
        sent="",
    ),
]

FOLLOWED = [*_CONSTANTS, *_ENUMS, *_WHOLE, *_DEFAULTS]

REFUSED = [
    Refused(
        f"a default that is {each}",
        field_of_message(f"{{type: integer, enum: [1, 2], description: It., default: {each}}}"),
        *("default: ", words),
    )
    for each, words in {"no member": "Must be", "3": "Must be one of 1, 2", "1.5": "Must be"}.items()
]
