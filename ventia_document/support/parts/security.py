"""The requirements of API keys that no client with one key can fulfil."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ventia_document.operations import METHODS
from ventia_document.source import Finding, Json, pointer
from ventia_document.support.parts.bodies import Object
from ventia_document.wire.headers import HEADER_NAME, is_of_the_connection


def unsupported_security(document: Json, each: Object) -> Iterator[Finding]:
    """Requirements of several keys: in one alternative, or of an operation that has another than all others."""
    if each.kind == "security-scheme":
        yield from _unsupported_name(each)
    if each.kind not in ("document", "operation"):
        return
    known = _schemes_of_the_key(document)
    for index, alternative in enumerate(each.value.get("security", ())):
        at = each.at + pointer("security", index)
        if len(alternative) > 1:
            several = " and ".join(alternative)
            yield Finding(at, f"{several} are several keys, and the client has one; require one alone")
        elif others := [name for name in alternative if name not in known]:
            message = f"{others[0]!r} is another key than {known[0]!r}, and the client has one; require {known[0]!r}"
            yield Finding(at, f"{message}, or list both at the root of the document if one key is in both places")


def _unsupported_name(scheme: Object) -> Iterator[Finding]:
    """The name of a header that no request can have for the key."""
    name = scheme.value.get("name", "")
    if scheme.value.get("in") != "header":
        return
    if not re.fullmatch(HEADER_NAME, name, re.ASCII):
        yield Finding(scheme.at + "/name", f"{name!r} is no name of a header; write it with letters, digits and -")
    elif is_of_the_connection(name) or name.lower() in ("accept", "content-type", "cookie"):
        yield Finding(scheme.at + "/name", f"{name!r} is a header of another meaning; use another, such as 'X-API-Key'")


def missing_key(document: Json) -> Iterator[Finding]:
    """The absence of any requirement of a key."""
    if not _schemes_of_the_key(document):
        yield Finding("/paths", "no operation requires an API key, and the client has one; require it under `security`")


def _schemes_of_the_key(document: Json) -> list[str]:
    """The security schemes for the one key: those of the document or, without any, those of the first operation."""
    schemes = document.get("components", {}).get("securitySchemes", {})
    operations = [item[method] for item in document.get("paths", {}).values() for method in METHODS if method in item]
    required = [
        [name for alternative in part.get("security", ()) for name in alternative] for part in (document, *operations)
    ]
    keys = [[name for name in names if schemes.get(name, {}).get("type") in ("apiKey", "http")] for names in required]
    return next(filter(None, [*keys, *required]), [])
