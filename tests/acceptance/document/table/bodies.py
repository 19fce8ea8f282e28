"""Bodies of requests that are no JSON object."""

from datetime import date
from typing import Any

from tests.acceptance.document.rows import DONE, Followed, Refused, body, operation

_FORM = "application/x-www-form-urlencoded"
_ME = "schemas: {Me: {type: object, required: [name], properties: {name: {type: string}}}}"
_GRANT = (
    "schemas: {Token: {type: object, required: [kind], properties: {kind: {type: string, enum: [new, old]}, "
    "scope: {type: array, items: {type: string}}, count: {type: integer}, active: {type: boolean}}}}"
)

_SIZES = "schemas: {Sizes: {type: array, items: {type: integer}}}"
_REFERENCE = "requestBody: {$ref: '#/components/requestBodies/Size'}"
_COMPONENT = "requestBodies: {Size: {required: true, content: {application/json: {schema: {type: integer}}}}}"


def _simple(
    name: str,
    schema: str,
    value: Any,
    wire: bytes,
    *refused: bytes,
    media_type: str = "application/json",
    written: str = "",
    components: str = "{}",
) -> Followed:
    """A body of one value."""
    return Followed(
        name,
        f"{written}, {DONE}" if written else body(schema, f"'{media_type}'"),
        components=components,
        method="post",
        arguments=lambda _: {"body": value},
        headers={"content-type": media_type},
        body=wire,
        refused=refused,
    )


FOLLOWED = [
    Followed(
        "a body that is an array",
        body("{type: array, maxItems: 2, items: {$ref: '#/components/schemas/Me'}}"),
        components=_ME,
        method="post",
        arguments=lambda package: {"body": [package.models.Me(name="a")]},
        body=b'[{"name":"a"}]',
        refused=(b"{}", b"[{}]", b'[{"name":1}]'),
        invalid=(
            lambda package: {"body": [package.models.Me(name=1)]},
            lambda package: {"body": [package.models.Me(name="a")] * 3},
            lambda _: {"body": ["a"]},
            lambda _: {"body": "a"},
        ),
    ),
    Followed(
        "a body that is a number",
        body("{type: integer, minimum: 1}"),
        method="put",
        arguments=lambda _: {"body": 7},
        body=b"7",
        refused=(b"0", b'"7"'),
        invalid=(lambda _: {"body": 0}, lambda _: {"body": "7"}),
    ),
    Followed(
        "a body that is a name of a list",
        body("{$ref: '#/components/schemas/Medium'}"),
        method="post",
        arguments=lambda _: {"body": "whatsapp_business"},
        body=b'"whatsapp_business"',
        refused=(b'"sms"',),
        invalid=(lambda _: {"body": "sms"},),
    ),
    Followed(
        "a body that is a form",
        body("{$ref: '#/components/schemas/Token'}", _FORM),
        components=_GRANT,
        method="post",
        arguments=lambda package: {
            "body": package.models.Token(kind="new", scope=["a b", "c&d"], count=2, active=True)
        },
        headers={"content-type": _FORM},
        body=b"kind=new&scope=a+b&scope=c%26d&count=2&active=true",
        refused=(b"kind=other", b"scope=a", b'{"kind": "new"}', b"kind=new&count=x", b"kind=new&active=True"),
        invalid=(lambda package: {"body": package.models.Token(kind="other")},),
    ),
    Followed(
        "a form of any fields",
        body("{type: object, additionalProperties: {type: array, items: {type: integer}}}", _FORM),
        method="post",
        arguments=lambda package: {"body": package.models.RowAFormOfAnyFieldsBody.from_dict({"a": [1], "b": [2, 3]})},
        body=b"a=1&b=2&b=3",
        refused=(b"a=x", b"a=1&b=2.5"),
    ),
    _simple(
        "a list of lists sent", "{type: array, items: {type: array, items: {type: integer}}}", [[1]], b"[[1]]", b"[1]"
    ),
    _simple("a text", "{type: string, minLength: 1}", "a", b'"a"', b"1", b'""'),
    _simple("a body that is a truth", "{type: boolean}", False, b"false", b"0", b'"false"'),  # noqa: FBT003 - the body
    _simple("a body that is a date", "{type: string, format: date}", date(2020, 1, 2), b'"2020-01-02"', b'"1"'),
    _simple(
        "a body that is null or an object",
        "{anyOf: [{type: 'null'}, {type: object, required: [a], properties: {a: {type: integer}}}]}",
        *(None, b"null", b"1", b"{}"),
    ),
    _simple("a named list", "{$ref: '#/components/schemas/Sizes'}", [1], b"[1]", b"{}", components=_SIZES),
    _simple("a body of a component", "", 1, b"1", b'"a"', b"", written=_REFERENCE, components=_COMPONENT),
    *(
        _simple(f"a body of {media_type}", "{type: integer}", 1, b"1", b'"a"', media_type=media_type)
        for media_type in ("application/merge-patch+json", "application/json; charset=utf-8", "Application/JSON")
    ),
    *(
        Followed(
            f"a body that is left out of a {method}",
            f"requestBody: {{content: {{application/json: {{schema: {{type: integer}}}}}}}}, {DONE}",
            method=method,
            refused=(b'"a"',),
        )
        for method in ("post", "patch", "delete")
    ),
]


def _sent(media_type: str, schema: str = "{type: string}") -> str:
    return f"requestBody:\n  content:\n    {media_type}: {{schema: {schema}}}\n{DONE}"


REFUSED = [
    *(
        Refused(
            f"a body of {each}",
            operation(f"requestBody:\n  content:\n    application/json: {each}\n{DONE}", method="post"),
            *("application/json", "says nothing of the values of 'application/json'"),
        )
        for each in ("{}", "{schema: {}}", "{schema: true}", "{schema: false}")
    ),
    Refused(
        "a body in parts", operation(_sent("multipart/form-data"), method="post"), "multipart", "send application/"
    ),
    Refused("a body of text", operation(_sent("text/plain"), method="post"), "text/plain", "is not followed"),
    Refused("a body of bytes", operation(_sent("image/png"), method="post"), "image/png", "is not followed"),
    Refused(
        "a form with an object",
        operation(_sent(_FORM, "{type: object, properties: {a: {type: object, properties: {}}}}"), method="post"),
        _FORM,
        "'a' is deeper",
    ),
    Refused(
        "a form of objects",
        operation(_sent(_FORM, "{type: object, additionalProperties: {type: object}}"), method="post"),
        *(_FORM, "'any other' is deeper"),
    ),
    Refused(
        "a form with null",
        operation(_sent(_FORM, "{type: object, properties: {a: {type: [string, 'null']}}}"), method="post"),
        *(_FORM, "'a' may be null"),
    ),
]
