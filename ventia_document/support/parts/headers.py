"""The headers of responses that the stand-in cannot send."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ventia_document.operations import Part
from ventia_document.parameters import Wire
from ventia_document.samples import samples
from ventia_document.source import Finding, Json, pointer
from ventia_document.support.parts.bodies import Object
from ventia_document.wire.headers import HEADER_NAME, header_reader, header_text, is_of_the_connection

_CARRIABLE = re.compile(r"[!-~](?:[ -~]*[!-~])?|")


def unsupported_headers(document: Json, each: Object) -> Iterator[Finding]:
    """A header without a value to send, and one of a name that is no header's or another's."""
    if each.kind == "response":
        yield from _unsupported_names(each)
    if each.kind == "header" and "schema" in each.value and not _is_sendable(document, Part("it", each.at, each.value)):
        yield Finding(each.at, "the header has no value to send; give it a valid `example` in printable ASCII")


def _unsupported_names(response: Object) -> Iterator[Finding]:
    seen: dict[str, str] = {}
    for name in response.value.get("headers", {}):
        at = response.at + pointer("headers", name)
        if is_of_the_connection(name):
            yield Finding(at, f"{name!r} belongs to the connection; leave it out")
        if not re.fullmatch(HEADER_NAME, name, re.ASCII):
            yield Finding(at, f"{name!r} is no name of a header; write it with letters, digits and -")
        if (first := seen.setdefault(name.lower(), name)) != name:
            yield Finding(at, f"{name!r} is the header {first!r}, in capitals or not; keep one")


def _is_sendable(document: Json, header: Part) -> bool:
    try:
        values = list(samples(document, header).values())
        texts = [header_text(header, value) for value in values]
        reader = header_reader(document, "it", header)
        readings = [reader.read(Wire(header=[("it", text)])) for text in texts]
    except (LookupError, ValueError):  # a broken reference, which has a finding of its own
        return True
    return bool(texts) and all(map(_CARRIABLE.fullmatch, texts)) and not any(each.violations for each in readings)
