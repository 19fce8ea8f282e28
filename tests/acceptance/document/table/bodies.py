"""Bodies of requests that are no JSON object."""

from tests.acceptance.document.rows import DONE, Followed, Refused, body, operation

_FORM = "application/x-www-form-urlencoded"
_ME = "schemas: {Me: {type: object, required: [name], properties: {name: {type: string}}}}"
_GRANT = (
    "schemas: {Token: {type: object, required: [kind], properties: {kind: {type: string, enum: [new, old]}, "
    "scope: {type: array, items: {type: string}}, count: {type: integer}, active: {type: boolean}}}}"
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
]


def _sent(media_type: str, schema: str = "{type: string}") -> str:
    return f"requestBody:\n  content:\n    {media_type}: {{schema: {schema}}}\n{DONE}"


REFUSED = [
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
]
