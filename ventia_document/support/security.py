"""The requirements of API keys that no client with one key can fulfil."""

from __future__ import annotations

from collections.abc import Iterator

from ventia_document.operations import METHODS
from ventia_document.source import Finding, Json, pointer
from ventia_document.support.bodies import Object


def unsupported_security(document: Json, each: Object) -> Iterator[Finding]:
    """Requirements of several keys: in one alternative, or of an operation that has another than all others."""
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


def missing_key(document: Json) -> Iterator[Finding]:
    """The absence of any requirement of a key."""
    if not _schemes_of_the_key(document):
        yield Finding("/paths", "no operation requires an API key, and the client has one; require it under `security`")


def _schemes_of_the_key(document: Json) -> list[str]:
    """The security schemes for the one key: those of the document or, without any, those of the first operation."""
    operations = [item[method] for item in document.get("paths", {}).values() for method in METHODS if method in item]
    for part in (document, *operations):
        if names := [name for alternative in part.get("security", ()) for name in alternative]:
            return names
    return []
