"""Answers: of every media type, and for statuses, ranges and `default`."""

from tests.acceptance.document.rows import Followed, Refused, answers, operation

_FOUND = "schemas: {Found: {type: object, required: [it], properties: {it: {type: integer}}}%s}"
_ITEMS = "{type: array, items: {$ref: '#/components/schemas/Found'}}"
_COMPONENT = (
    "responses: {ListOfFound: {description: All., content: {application/json: "
    "{schema: {$ref: '#/components/schemas/Founds'}, example: [{it: 5}]}}}}\n"
)
_PROBLEM = "{$ref: '#/components/schemas/Problem'}"

_HEADERS = (
    "{X-Left: {required: true, schema: {type: integer, minimum: 0}, example: 7},"
    " X-Sizes: {required: true, schema: {type: array, items: {type: integer}}, example: [1, 2]},"
    " X-Made: {required: true, schema: {type: boolean}}}"
)

_JSON = "{description: It., content: {application/json: {schema: {type: %s}}}}"
_TEXT = "{description: It., content: {text/plain: {schema: {type: string}}}}"
_MEDIUM, _MEDIA = "whatsapp_business", "[whatsapp_business]"


def _simple(
    name: str,
    schema: str,
    example: str,
    value: object,
    *wrong: bytes,
    media_type: str = "application/json",
    status: str = "200",
) -> Followed:
    """An answer of one value."""
    number = int(status.replace("XX", "00"))
    return Followed(
        name,
        answers(schema, f"'{example}'" if isinstance(value, str) else example, status, f"'{media_type}'"),
        status=number,
        returned=value,
        wrong=(*((number, media_type, each) for each in wrong), (number, "text/csv", b"a")),
    )


FOLLOWED = [
    Followed(
        "an answer with headers",
        f"responses: {{'204': {{description: Done., headers: {_HEADERS}}}}}",
        received={"x-left": "7", "x-sizes": "1,2", "x-made": "true"},
    ),
    Followed(
        "an answer that is an array of objects",
        answers(_ITEMS, "[{it: 5}, {it: 6}]"),
        components=_FOUND % "",
        status=200,
        returned=[{"it": 5}, {"it": 6}],
        wrong=(b'[{"it": "5"}]', b'{"it": 5}', b"[[]]", (200, "text/html", b'[{"it":5}')),
    ),
    Followed(
        "an answer that is a named array in a response component",
        "responses: {'200': {$ref: '#/components/responses/ListOfFound'}}",
        components=_COMPONENT + _FOUND % f", Founds: {_ITEMS}",
        status=200,
        returned=[{"it": 5}],
        wrong=(b'[{"it": "5"}]', b"{}", b"null"),
    ),
    Followed("an answer that is a number", answers("{type: integer}", "7"), status=200, returned=7, wrong=(b'"7"',)),
    Followed("an answer that is a truth", answers("{type: boolean}", "true"), status=200, returned=True, wrong=(b"1",)),
    Followed(
        "an answer that is an enum",
        answers("{$ref: '#/components/schemas/Medium'}", "whatsapp_business"),
        status=200,
        returned="whatsapp_business",
        wrong=(b'"sms"', b"whatsapp_business"),
    ),
    Followed(
        "an answer in plain text",
        answers("{type: string}", "Grüße", media_type="text/plain"),
        status=200,
        returned="Grüße",
        wrong=((200, "text/html", b"hi"), (200, "application/json", b'"hi"')),
    ),
    Followed(
        "an answer in plain text with a rule",
        answers("{type: string, maxLength: 3}", "hi!", media_type="text/csv"),
        status=200,
        returned="hi!",
        wrong=((200, "text/csv", b"hi!!"), (200, "text/plain", b"hi!")),
    ),
    Followed(
        "an answer of bytes",
        answers("{type: string, format: binary}", media_type="application/octet-stream"),
        status=200,
        returned=b"string",
        wrong=((200, "application/json", b"{}"),),
    ),
    Followed(
        "an answer that is a picture",
        "responses: {'200': {description: It., content: {image/png: {}}}}",
        status=200,
        returned=b"bytes",
        wrong=((200, "text/html", b"sorry"), (200, "image/jpeg", b"x")),
    ),
    Followed(
        "an answer of a type of JSON",
        answers("{type: array, items: {type: string}}", "[a]", media_type="application/vnd.ventia.v1+json"),
        status=200,
        returned=["a"],
        wrong=((200, "application/vnd.ventia.v1+json", b"[1]"), (200, "application/vnd.ventia.v1+json", b'"a"')),
    ),
    Followed("an answer without content", "responses: {'204': {description: Gone.}}", method="delete"),
    Followed(
        "an answer of a range of successes",
        answers("{type: integer}", "7", status="2XX"),
        status=200,
        returned=7,
        wrong=(b'"7"', (404, "application/json", b"7")),
    ),
    Followed(
        "an answer of default alone",
        answers("{type: integer}", "7", status="default"),
        status=200,
        returned=7,
        wrong=(b'"7"',),
    ),
    Followed(
        "an answer beside default",
        f"responses: {{'200': {{description: It., content: {{application/json: {{schema: {{type: integer}}}}}}}}, "
        f"default: {{description: No., content: {{application/json: {{schema: {_PROBLEM}}}}}}}}}",
        status=200,
        returned=0,
        wrong=(b'"7"', (201, "application/json", b"7")),
    ),
    Followed(
        "an answer of two successes",
        "responses: {'200': {description: It., content: {application/json: {schema: {type: integer}}}}, "
        "'202': {description: Later., content: {application/json: {schema: {type: string}}}}}",
        status=200,
        returned=0,
        wrong=(b'"7"', (202, "application/json", b"7"), (203, "application/json", b"7")),
    ),
    _simple("an answer that is null", "{type: 'null'}", "null", None, b"0", b"{}"),
    _simple("an answer that is a fraction", "{type: number}", "1.5", 1.5, b'"1.5"', b"true"),
    _simple(
        "an answer of lists of lists",
        "{type: array, items: {type: array, items: {type: integer}}}",
        "[[1]]",
        [[1]],
        b"[1]",
    ),
    _simple(
        "an answer of names",
        "{type: array, items: {$ref: '#/components/schemas/Medium'}}",
        _MEDIA,
        [_MEDIUM],
        b'["sms"]',
    ),
    _simple(
        "an answer that is a number or texts",
        "{oneOf: [{type: integer}, {type: array, items: {type: string}}]}",
        *("[a]", ["a"], b"[1]", b'"a"'),
    ),
    _simple(
        "an answer with a charset", "{type: integer}", "1", 1, b'"a"', media_type="application/json; charset=utf-8"
    ),
    _simple("an answer of a type in capitals", "{type: integer}", "1", 1, b'"a"', media_type="Application/JSON"),
    _simple("an answer of a problem", "{type: integer}", "1", 1, b'"a"', media_type="application/problem+json"),
    _simple("an answer of 201", "{type: integer}", "1", 1, b'"a"', status="201"),
    _simple("an answer in HTML", "{type: string}", "<b>", "<b>", media_type="text/html"),
    _simple("an answer in text of an enum", "{type: string, enum: [a, b]}", "a", "a", b"c", media_type="text/plain"),
    _simple(
        "an answer of a range in text",
        "{type: string, maxLength: 2}",
        "a",
        "a",
        b"abc",
        media_type="text/plain",
        status="2XX",
    ),
    Followed(
        "an answer of one status and a range",
        f"responses: {{'200': {_JSON % 'integer'}, '2XX': {_JSON % 'string'}}}",
        status=200,
        returned=0,
        wrong=(b'"7"', (201, "application/json", b"7")),
    ),
    Followed(
        "an answer of content or none",
        f"responses: {{'200': {_JSON % 'integer'}, '204': {{description: None.}}}}",
        status=200,
        returned=0,
        wrong=(b'"7"', b""),
    ),
    Followed(
        "an answer of two kinds",
        f"responses: {{'200': {_JSON % 'integer'}, '201': {_TEXT}}}",
        status=200,
        returned=0,
        wrong=(b'"7"', (201, "application/json", b"7")),
    ),
    Followed("an answer of 200 without content", "responses: {'200': {description: Done.}}", status=200),
    Followed(
        "an answer of 202 without content", "responses: {'202': {description: Later.}}", method="post", status=202
    ),
    Followed(
        "an answer beside ranges without content",
        f"responses: {{'200': {_JSON % 'integer'}, '3XX': {{description: Moved.}}, '5XX': {{description: Broken.}}}}",
        status=200,
        returned=0,
        wrong=(b'"7"',),
    ),
]

REFUSED = [
    Refused(
        "a header with content",
        operation(
            "responses: {'204': {description: Done., headers:\n  {X-Left:\n   "
            "{content: {text/plain: {schema: {type: string}}}}}}}"
        ),
        at="{content: {text/plain",
        words="give it a schema",
    ),
    Refused(
        "a header with no value to send",
        operation(
            "responses: {'204': {description: Done., headers:\n  {X-Left:\n   "
            "{schema: {type: string, pattern: '^a+$'}}}}}"
        ),
        at="pattern: '^a+$'",
        words="no value to send",
    ),
    *(
        Refused(
            f"headers {', '.join(names)}",
            operation(
                "responses: {'204': {description: Done., headers: {\n"
                + "".join(f"  {each}: {{schema: {{type: integer}}}},\n" for each in names)
                + "  }}}"
            ),
            at=names[-1],
            words=words,
        )
        for names, words in {
            ("X-It", "x-it"): "'x-it' is the header 'X-It', in capitals or not",
            ("X It",): "'X It' is no name of a header",
        }.items()
    ),
    *(
        Refused(
            f"an answer of {status} with content",
            operation(
                f"responses:\n  '200': {{description: It.}}\n  {status!r}: "
                "{description: It., content: {application/json: {schema: {type: integer}}}}"
            ),
            at=f"{status!r}: ",
            words=f"a response of {status} has no content in HTTP",
        )
        for status in ("103", "204", "205", "304")
    ),
    Refused(
        "a header of the connection",
        operation(
            "responses: {'204': {description: Done., headers: {\n   Content-Length: {schema: {type: integer}}}}}"
        ),
        at="Content-Length",
        words="belongs to the connection",
    ),
    Refused(
        "an answer that is a stream of events",
        operation("responses: {'200': {description: It., content: {\n  text/event-stream: {schema: {type: string}}}}}"),
        "text/event-stream",
        "'text/event-stream' is not followed",
    ),
    Refused(
        "an answer of any type",
        operation("responses: {'200': {description: It., content: {\n  '*/*': {schema: {type: string}}}}}"),
        "*/*",
        "'*/*' is not followed",
    ),
    Refused(
        "an answer in XML",
        operation("responses: {'200': {description: It., content: {\n  application/xml: {schema: {type: string}}}}}"),
        "application/xml",
        "answer with application/json",
    ),
    Refused(
        "an answer of two types",
        operation(
            "responses: {'200': {description: It., content: {application/json: {schema: {type: string}},\n"
            "  text/plain: {schema: {type: string}}}}}"
        ),
        "text/plain",
        "a second media type",
    ),
    Refused(
        "an answer in text that is a number",
        operation("responses: {'200': {description: It., content: {\n  text/plain: {schema: {type: integer}}}}}"),
        "text/plain",
        "needs a schema with type: string",
    ),
]
