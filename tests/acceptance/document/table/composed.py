"""Composed, nullable and recursive schemas, in requests and answers."""

from __future__ import annotations

from collections.abc import Callable

from tests.acceptance.document.fields import ITSELF, read, read_field, sent, sent_field
from tests.acceptance.document.rows import Refused, field_of_message, operation, schema

_AB = "properties: {a: {type: string}, b: {type: string}}"
_DATED = "{type: object, properties: {it: {anyOf: [{format: date-time, type: string}, {format: date, type: string}]}}}"
_NOTED = "Noted%s: {type: object, required: [x], properties: {x: {type: integer}, y: {type: integer}}}"

_RULES = [
    sent_field(
        "all of two lengths", "{allOf: [{minLength: 2}, {maxLength: 3}]}", "ab", '"ab"', ('"a"',), ("a", "abcd")
    ),
    sent_field(
        "all of a type and an enum", "{allOf: [{type: string}, {enum: [a, b]}]}", "a", '"a"', ('"c"', "1"), ("c", 1)
    ),
    sent_field(
        "all of a name and a rule",
        "{allOf: [{$ref: '#/components/schemas/Medium'}, {maxLength: 16}]}",
        *("unofficial_wpp", '"unofficial_wpp"', ('"whatsapp_business"',), ("whatsapp_business",)),
    ),
    sent_field(
        "all of two types", "{allOf: [{type: number}, {type: integer, minimum: 3}]}", 3, "3", ("3.5", "2"), (2,)
    ),
    sent_field("any of two rules", "{anyOf: [{minLength: 3}, {const: a}]}", "a", '"a"', ('"b"',), ("b",)),
    sent_field(
        "one of two patterns", "{type: string, oneOf: [{pattern: ^a}, {pattern: b$}]}", "a", '"a"', ('"ab"',), ("ab",)
    ),
    sent_field("no text", "{not: {type: string}}", 1, "1", ('"a"',), ("a",)),
    sent_field(
        "a rule with a condition",
        "{if: {type: integer}, then: {minimum: 10}, else: {type: string}}",
        *(20, "20", ("1", "[]"), (1, [])),
    ),
    sent_field("a field of any type", "true", {"a": [1]}, '{"a":[1]}'),
    sent(
        "a field that is never there",
        *("{type: object, properties: {a: {type: string}, it: false}}", lambda model: model(a="x"), '{"a":"x"}'),
        *(('{"it":1}',), (lambda model: model.from_dict({"it": 1}),)),
    ),
    sent(
        "a date with or without a time",
        _DATED,
        *(lambda model: model.from_dict({"it": "2030-01-31"}), '{"it":"2030-01-31"}', ('{"it":"2030"}',)),
    ),
    sent(
        "a map that is not empty",
        "{type: object, minProperties: 1, propertyNames: {pattern: ^a}, additionalProperties: {type: number}}",
        *(lambda model: model.from_dict({"a": 1}), '{"a":1}', ("{}", '{"b":1}'), (lambda model: model.from_dict({}),)),
    ),
    sent(
        "one of two fields",
        f"{{type: object, {_AB}, oneOf: [{{required: [a]}}, {{required: [b]}}]}}",
        *(lambda model: model(a="x"), '{"a":"x"}', ("{}", '{"a":"","b":""}'), (lambda model: model(),)),
    ),
    sent(
        "one of two fields with a value",
        f"{{type: object, {_AB}, anyOf: [{{required: [a], properties: {{a: {{const: x}}}}}}, {{required: [b]}}]}}",
        *(lambda model: model(a="x"), '{"a":"x"}', ("{}", '{"a":"y"}'), (lambda model: model(a="y"),)),
    ),
    sent(
        "all of an object and a choice",
        "{allOf: [{$ref: '#/components/schemas/NotedA'}, {anyOf: [{required: [y]}, {properties: {x: {const: 1}}}]}]}",
        *(lambda model: model(x=1), '{"x":1}', ('{"x":2}', "{}"), (lambda model: model(x=2),)),
        more=_NOTED % "A",
    ),
    sent(
        "a condition of an object",
        f"{{type: object, {_AB}, if: {{required: [a]}}, then: {{required: [b]}}}}",
        *(lambda model: model(b="x"), '{"b":"x"}', ('{"a":"x"}',), (lambda model: model(a="x"),)),
    ),
    sent(
        "fields that need others without a type",
        f"{{{_AB}, dependentRequired: {{a: [b]}}}}",
        *(lambda model: model(b="x"), '{"b":"x"}', ('{"a":"x"}',), (lambda model: model(a="x"),)),
    ),
    sent(
        "fields of patterns",
        "{type: object, patternProperties: {^x-: {type: integer}}, additionalProperties: false}",
        *(lambda model: model.from_dict({"x-a": 1}), '{"x-a":1}', ('{"x-a":"b"}', '{"y":1}')),
        (lambda model: model.from_dict({"x-a": "b"}), lambda model: model.from_dict({"y": 1})),
    ),
    sent(
        "an object of no fields",
        "{type: object, additionalProperties: false}",
        *(lambda model: model(), "{}", ('{"a":1}',), (lambda model: model.from_dict({"a": 1}),)),
    ),
    sent_field(
        "a tuple that is closed",
        "{type: array, prefixItems: [{type: integer}, {type: string}], items: false}",
        *([1, "a"], '[1,"a"]', ('[1,"a",2]', '["a"]'), ([1, "a", 2], ["a"])),
    ),
    sent_field("a list of anything", "{type: array, contains: {const: 1}}", [1, "a"], '[1,"a"]', ("[2]",), ([2],)),
    read_field("all of two lengths read", "{allOf: [{minLength: 2}, {maxLength: 3}]}", "ab", "ab", '"a"', '"abcd"'),
    read_field("any of two rules read", "{anyOf: [{minLength: 3}, {const: a}]}", "a", "a", '"b"'),
    read_field("no text read", "{not: {type: string}}", "1", 1, '"a"'),
    read_field(
        "a condition read", "{if: {type: integer}, then: {minimum: 10}, else: {type: string}}", "20", 20, "1", "[]"
    ),
    read_field("a field of any type read", "true", "[1]", [1]),
    read(
        "fields of patterns read",
        "{type: object, patternProperties: {^x-: {type: integer}}, additionalProperties: false}",
        *("{x-a: 1}", {"x-a": 1}, '{"x-a": "b"}', '{"y": 1}'),
    ),
    read("a field that is never read", "{type: object, properties: {it: false}}", "{}", {}, '{"it": 1}'),
    read(
        "all of an object and a rule read",
        "{allOf: [{$ref: '#/components/schemas/NotedB'}, {required: [y]}]}",
        *("{x: 1, y: 2}", {"x": 1, "y": 2}, '{"x": 1}', '{"x": "1", "y": 2}'),
        more=_NOTED % "B",
    ),
]

_OBJECT_OR_NULL = "{type: [object, 'null'], properties: {a: {type: integer}}}"
_NAME_OR_NULL = "{oneOf: [{$ref: '#/components/schemas/Medium'}, {type: 'null'}]}"

_NULLABLE = [
    sent_field("a number or null", "{type: [integer, 'null'], minimum: 1}", None, "null", ("0", '"a"'), (0, "a")),
    sent_field("null or a number sent", "{anyOf: [{type: 'null'}, {type: integer, minimum: 1}]}", 1, "1", ("0",), (0,)),
    sent_field("a name or null", _NAME_OR_NULL, None, "null", ("0", '"sms"'), (0, "sms")),
    sent_field("a date or null", "{type: [string, 'null'], format: date}", None, "null", ("0", '"b"'), (0, "b")),
    read_field("an object or null", _OBJECT_OR_NULL, "null", None, "1", '{"a":"b"}'),
    read_field("an object that may be null", _OBJECT_OR_NULL, "{a: 1}", {"a": 1}, "1", '{"a":"b"}'),
    read_field("a list or null", "{type: [array, 'null'], items: {type: integer}}", "null", None, "1", '["b"]'),
    read_field("a list of nulls", "{type: array, items: {type: [integer, 'null']}}", "[1, null]", [1, None], '["b"]'),
    read_field("a name or null read", _NAME_OR_NULL, "null", None, "0", '"sms"'),
    read_field("a time or null", "{type: [string, 'null'], format: date-time}", "null", None, "1"),
    read(
        "a map of objects or null",
        "{type: object, additionalProperties: {anyOf: [{$ref: '#/components/schemas/NotedC'}, {type: 'null'}]}}",
        *("{a: null, b: {x: 1}}", {"a": None, "b": {"x": 1}}, '{"b": {}}', '{"a": 1}'),
        more=_NOTED % "C",
    ),
    read(
        "an answer that may be null",
        "{anyOf: [{$ref: '#/components/schemas/NotedD'}, {type: 'null'}]}",
        *("null", None, "{}", "1"),
        more=_NOTED % "D",
    ),
]

_BACK_LIST = f"{{properties: {{back: {{type: array, items: {ITSELF}}}}}}}"

_RECURSIVE = [
    sent(
        "a list of the same",
        f"{{type: object, required: [it], properties: {{it: {{type: array, items: {ITSELF}}}}}}}",
        *(lambda model: model(it=[model(it=[])]), '{"it":[{"it":[]}]}', ('{"it":[1]}', '{"it":[{}]}')),
    ),
    sent(
        "a map of the same",
        f"{{type: object, additionalProperties: {ITSELF}}}",
        *(lambda model: model.from_dict({"a": {"b": {}}}), '{"a":{"b":{}}}', ('{"a":{"b":1}}',)),
    ),
    sent(
        "the same or a text",
        f"{{type: object, properties: {{it: {{anyOf: [{{type: string}}, {ITSELF}]}}}}}}",
        *(
            lambda model: model(it=model(it="a")),
            '{"it":{"it":"a"}}',
            ('{"it":{"it":1}}',),
            (lambda model: model(it=1),),
        ),
    ),
    sent(
        "all of the same",
        f"{{type: object, properties: {{it: {{allOf: [{ITSELF}]}}}}}}",
        *(lambda model: model(it=model()), '{"it":{}}', ('{"it":{"it":1}}',)),
    ),
    sent(
        "two that hold each other",
        "{type: object, properties: {it: {$ref: '#/components/schemas/BackA'}}}",
        *(lambda model: model.from_dict({"it": {"back": [{}]}}), '{"it":{"back":[{}]}}', ('{"it":{"back":[1]}}',)),
        more=f"BackA: {_BACK_LIST}",
    ),
    read(
        "a map of the same read",
        f"{{type: object, additionalProperties: {ITSELF}}}",
        *("{a: {b: {}}}", {"a": {"b": {}}}, '{"a": {"b": 1}}'),
    ),
    read(
        "the same or null without an example",
        f"{{type: object, required: [it], properties: {{it: {{anyOf: [{ITSELF}, {{type: 'null'}}]}}}}}}",
        *("", {"it": None}, "{}", '{"it": {}}'),
    ),
    read(
        "a list of the same without an example",
        f"{{type: object, required: [it], properties: {{it: {{type: array, items: {ITSELF}}}}}}}",
        *("", {"it": []}, "{}", '{"it": [{}]}'),
    ),
    read(
        "two that hold each other without an example",
        "{type: object, properties: {it: {$ref: '#/components/schemas/BackB'}}}",
        *("", {"it": {}}, '{"it": 1}', '{"it": {"back": []}}'),
        more=f"BackB: {{type: object, properties: {{back: {ITSELF}}}}}",
    ),
    read(
        "a base and lists of the same",
        f"{{allOf: [{{$ref: '#/components/schemas/NotedE'}}, {_BACK_LIST}]}}",
        *("{x: 1, back: [{x: 2}]}", {"x": 1, "back": [{"x": 2}]}, '{"x": 1, "back": [{}]}', "{}"),
        more=_NOTED % "E",
    ),
]

FOLLOWED = [*_RULES, *_NULLABLE, *_RECURSIVE]

_ID = "type: object\nrequired: [id]\nproperties:\n  id: {type: string, description: It., readOnly: true}"

_READ = "id: {type: string, description: It., readOnly: true}"
_REQUIRED_ELSEWHERE = {
    "beside it": f"type: object\nproperties:\n  {_READ}\nallOf: [{{required: [id]}}]",
    "around it": f"type: object\nrequired: [id]\nallOf:\n  - properties:\n      {_READ}",
    "in two parts": f"type: object\nallOf:\n  - properties:\n      {_READ}\n  - allOf: [{{required: [id]}}]",
}

_KINDS = (
    "Yes: {description: It., type: object, properties: {kind: {description: It., const: yes}}}",
    "No: {description: It., type: object, properties: {kind: {description: It., type: string}}}",
)


def _discriminated(discriminator: str) -> Callable[[str], str]:
    """A schema of two kinds, with a discriminator in its last line."""
    kinds = "oneOf: [{$ref: '#/components/schemas/Yes'}, {$ref: '#/components/schemas/No'}]"
    made = schema("Noted", f"{kinds}\ndiscriminator: {discriminator}")
    lines = "".join(f"    {kind}\n" for kind in _KINDS)
    return lambda text: made(text).replace("\n  schemas:\n", f"\n  schemas:\n{lines}", 1)


_DISCRIMINATORS = {
    "{propertyName: it}": "'it' is no field of Yes and No; describe it there, or name a field",
    "{propertyName: kind, mapping: {yes: Message}}": "'Message' is no variant of this schema; name one of Yes, No",
    "{propertyName: kind, mapping: {yes: '#/components/schemas/yes'}}": "is no variant of this schema; write Yes",
    "{propertyName: kind, mapping: {no: Yes}}": "'no' is never the kind of Yes",
    "{propertyName: kind}": "the kind of No may be 'Yes', which names another variant; say with const or enum",
    "{propertyName: kind, mapping: [Yes]}": "is an object with a propertyName",
    "{mapping: {yes: Yes}}": "is an object with a propertyName",
}

_NO_VALUE = {
    "allOf: [{type: string}, {type: integer}]": "no value fits: allOf/0 is for string, and allOf/1 for integer",
    "type: object, oneOf: [{type: string}, {type: integer}]": "type is for object, and oneOf for integer or string",
    "type: integer, allOf: [{enum: [a, b]}]": "type is for integer, and allOf/0 for string",
    "type: [integer, 'null'], allOf: [{const: 1.5}]": "and allOf/0 for number",
    "allOf: [{minimum: 5}, {maximum: 4}]": "no value is within minimum 5 and maximum 4",
    "allOf: [{enum: [a, b]}, {enum: [c]}]": "no value fits: all values of enum",
    "$ref: '#/components/schemas/Medium', maxLength: 3": "no value fits: all values of enum",
}

REFUSED = [
    *(
        Refused(f"the discriminator {written}", _discriminated(written), "discriminator: ", words)
        for written, words in _DISCRIMINATORS.items()
    ),
    *(
        Refused(
            f"a field of {written}",
            field_of_message(f"{{description: It., {written}}}"),
            *("it: ", words),
        )
        for written, words in _NO_VALUE.items()
    ),
    *(
        Refused(
            f"a field of answers that a part {where} requires in a request",
            schema("Noted", written),
            "readOnly: true",
            "POST /it sends this one, which is required",
        )
        for where, written in _REQUIRED_ELSEWHERE.items()
    ),
    Refused(
        "a required field of answers in a request",
        schema("Noted", _ID),
        "readOnly: true",
        "POST /it sends this one, which is required",
    ),
    Refused(
        "a required field of requests in an answer",
        lambda text: operation(
            "responses: {'200': {description: It., content: {application/json: {schema:\n"
            "  {type: object, required: [a], properties: {a: {type: string, description: It., writeOnly: true}}}}}}}"
        )(text),
        *("writeOnly: true", "GET /it answers with this one"),
    ),
]
