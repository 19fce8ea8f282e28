"""The check of what the client takes from the document as it is: version, server and rate limit."""

from __future__ import annotations

import re
from collections.abc import Iterator

from tools.provenance import VERSION
from ventia_document.operations import server_url
from ventia_document.source import Finding, Json
from ventia_document.support.parts.extensions import misspelt_keys
from ventia_document.validation import Schema

_SCHEMA = {
    "required": ["servers", "x-rate-limit"],
    "properties": {
        "info": {
            "properties": {"version": {"pattern": f"^{VERSION}$", "x-rule": "Must be three numbers, such as 0.2.0"}}
        },
        "servers": {"minItems": 1},
        "x-rate-limit": {
            "type": "object",
            "required": ["requests", "seconds"],
            "properties": {
                "requests": {"type": "integer", "minimum": 1},
                "seconds": {"type": "number", "exclusiveMinimum": 0},
            },
        },
    },
}


def unusable_service(document: Json) -> Iterator[Finding]:
    """A version, first server or rate limit that a client cannot use (templates/_runtime/document.py.jinja)."""
    limit = "x-rate-limit"
    misspelt = misspelt_keys(limit, document.get(limit)).values()
    for violation in Schema({"service": _SCHEMA}, "/service").violations(document):
        if violation.path not in [(limit, name) for name in misspelt]:  # reported where it is misspelt
            yield Finding(violation.at, violation.rule)
    url = server_url(document)
    if url and not re.fullmatch(r"https?://[^/?#{}]+(/[^/?#{}]+)*", url):
        rule = "Must be an http(s) URL without query and slash at its end, and with a default for each variable"
        yield Finding("/servers/0/url", f"{rule}; it is {url!r}")
