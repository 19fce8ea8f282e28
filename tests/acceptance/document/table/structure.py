"""Parts of a document that are refused: what nobody calls here, and what is written elsewhere than it applies."""

from __future__ import annotations

from collections.abc import Callable

from tests.acceptance.document.rows import DONE, Followed, Refused, field_of_message, operation, replaced

_POST = "{post: {responses: {'200': {description: Ok.}}}}"
_SERVERS = "servers: [{url: 'https://example.com', description: Other.}]"
_COMPONENTS = "\ncomponents:\n"

FOLLOWED: list[Followed] = []


def _path(path: str, name: str = "other") -> str:
    return f"  {path}:\n    get: {{operationId: {name}, summary: It, description: It., {DONE}}}\n"


_PATHS = {
    "/it?x=1": "'?' must not be in a path",
    "/it x": "' ' must not be in a path; write it with letters and digits of ASCII",
    "/it/%20": "'%' must not be in a path; write it with letters",
    "/it/../x": "'/it/../x' has a segment that is empty, . or ..",
    "/it//x": "'/it//x' has a segment that is empty, . or ..",
    "/contact/{other}/message": "matches the same requests as '/contact/{idcontact}/message'",
}


def _server(written: str) -> Callable[[str], str]:
    return replaced("  - url: https://api.getventia.com/api/v1.0\n    description: Production\n", written)


_EXTENSIONS = {
    ("x-sends: true", "x-sends: 'no'"): "'x-sends' must be true or false, and is 'no'",
    ("x-sends: true", "x-send: true"): "'x-send' has no effect; write x-sends",
    (
        "x-sends: true",
        "x-rule: It must.",
    ): "'x-rule' has no effect here; it is for",
    ("x-rule: Must be given with userId", "x-rule: [a]"): "'x-rule' must be a rule in words, and is ['a']",
    ("x-rule: Must be given with userId", "x-rules: It."): "'x-rules' has no effect; write x-rule",
}
_REFERENCES = ("Message/properties/text", "Message/allOf/0", "Object%49d")

REFUSED = [
    *(
        Refused(f"the path {path}", replaced(_COMPONENTS, "\n" + _path(path) + _COMPONENTS[1:]), "get: {", words)
        for path, words in _PATHS.items()
    ),
    Refused(
        "two variables in a segment",
        operation(
            "parameters:\n"
            "  - {name: a, in: path, required: true, description: A., schema: {type: integer}}\n"
            "  - {name: b, in: path, required: true, description: B., schema: {type: integer}}\n" + DONE,
            "/{a}-{b}",
        ),
        *("tryIt", "{a} and {b} stand in one segment, where a value may run on into the next"),
    ),
    Refused("a path that nobody describes", operation(DONE, "/{x}"), "tryIt", "no parameter describes {x} of the path"),
    *(Refused(f"{new} for {old}", replaced(old, new), new, words) for (old, new), words in _EXTENSIONS.items()),
    *(
        Refused(
            f"a reference to {each}",
            field_of_message(f"{{$ref: '#/components/schemas/{each}'}}"),
            each,
            "name a component, such as '#/components/schemas/Name'",
        )
        for each in _REFERENCES
    ),
    Refused(
        "a server with a default that is no value",
        _server("  - url: https://{it}.example.com\n    variables: {it: {enum: [a], default: b}}\n"),
        "default: b",
        "'b' is none of ['a']",
    ),
    Refused(
        "a server with a password", _server("  - url: https://me:secret@example.com\n"), "secret", "for a password"
    ),
    Refused(
        "webhooks",
        replaced(_COMPONENTS, f"\nwebhooks: {{sent: {_POST}}}\n{_COMPONENTS[1:]}"),
        "webhooks",
        "under paths",
    ),
    Refused(
        "callbacks", operation(f"callbacks: {{done: {{'{{$url}}': {_POST}}}}}\n{DONE}"), "callbacks", "under paths"
    ),
    Refused(
        "callbacks among the components",
        replaced(_COMPONENTS, f"{_COMPONENTS}  callbacks: {{}}\n"),
        "callbacks",
        "under",
    ),
    Refused(
        "path items among the components",
        replaced(_COMPONENTS, f"{_COMPONENTS}  pathItems: {{}}\n"),
        "pathItems",
        "write",
    ),
    Refused(
        "a path that is a reference",
        replaced(
            _COMPONENTS, f"\n  /it: {{$ref: '#/components/pathItems/It'}}{_COMPONENTS}  pathItems: {{It: {_POST}}}\n"
        ),
        *("/it:", "write the path out"),
    ),
    Refused("servers of an operation", operation(f"{_SERVERS}\n{DONE}"), "servers", "at the root of the document"),
    Refused(
        "another dialect",
        replaced(_COMPONENTS, f"\njsonSchemaDialect: 'urn:it'{_COMPONENTS}"),
        "Dialect",
        "leave it out",
    ),
    *(
        Refused(f"the method {method}", operation(DONE, method=method), "tryIt", f"{method!r} is not followed")
        for method in ("options", "head", "trace")
    ),
]
