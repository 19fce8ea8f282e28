"""The headers of responses that the stand-in cannot send."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ventia_document.operations import Part
from ventia_document.parameters import Wire
from ventia_document.samples import samples
from ventia_document.source import Finding, Json, pointer
from ventia_document.support.bodies import Object
from ventia_document.wire.headers import header_reader, header_text

_CARRIABLE = re.compile(r"[!-~](?:[ -~]*[!-~])?|")
_OF_THE_CONNECTION = frozenset(("connection", "content-length", "transfer-encoding"))


def unsupported_headers(document: Json, each: Object) -> Iterator[Finding]:
    """A header without a value to send, and one that only the connection can know."""
    if each.kind == "response":
        for name in each.value.get("headers", {}):
            if name.lower() in _OF_THE_CONNECTION:
                yield Finding(each.at + pointer("headers", name), f"{name!r} belongs to the connection; leave it out")
    if each.kind == "header" and "schema" in each.value and not _is_sendable(document, Part("it", each.at, each.value)):
        yield Finding(each.at, "the header has no value to send; give it a valid `example` in printable ASCII")


def _is_sendable(document: Json, header: Part) -> bool:
    try:
        values = list(samples(document, header).values())
        texts = [header_text(header, value) for value in values]
        reader = header_reader(document, "it", header)
        readings = [reader.read(Wire(header=[("it", text)])) for text in texts]
    except (LookupError, ValueError):  # a broken reference, which has a finding of its own
        return True
    return bool(texts) and all(map(_CARRIABLE.fullmatch, texts)) and not any(each.violations for each in readings)
