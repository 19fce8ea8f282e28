"""References that only some readers of documents follow."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ventia_document.source import Finding, Json, lookup
from ventia_document.structure import kind, references

_NAMED = {"schema": "schemas", "parameter": "parameters", "response": "responses"}
"""Kinds of parts that the client's generator finds among the components alone, and where it does."""


def unsupported_references(document: Json) -> Iterator[Finding]:
    """References into a component, or into a path."""
    for each in references(document):
        place = _NAMED.get(kind(each.at)) if each.key == "$ref" else None
        is_component = re.fullmatch(rf"#/components/{place}/[\w.-]+", each.written, re.ASCII)
        if place and each.to is not None and not is_component and _leads_somewhere(document, each.to):
            message = f"$ref: {each.written!r} is not followed by client, stand-in and suite"
            yield Finding(each.at, f"{message}; name a component, such as '#/components/{place}/Name'")


def _leads_somewhere(document: Json, at: str) -> bool:
    try:
        lookup(document, at)
    except LookupError:
        return False
    return True
