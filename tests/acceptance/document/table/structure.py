"""Parts of a document that are refused: what nobody calls here, and what is written elsewhere than it applies."""

from __future__ import annotations

from tests.acceptance.document.rows import DONE, Followed, Refused, operation, replaced

_POST = "{post: {responses: {'200': {description: Ok.}}}}"
_SERVERS = "servers: [{url: 'https://example.com', description: Other.}]"
_COMPONENTS = "\ncomponents:\n"

FOLLOWED: list[Followed] = []

REFUSED = [
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
