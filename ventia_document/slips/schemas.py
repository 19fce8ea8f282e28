"""Keywords, types and required fields that are none, and what was meant."""

from __future__ import annotations

import json
from collections.abc import Collection

from ventia_document.keywords import KEYWORDS
from ventia_document.slips.nearest import nearest
from ventia_document.source import Json

_OF_3_0 = {
    "definitions": "write $defs, or a component",
    "dependencies": "write dependentRequired or dependentSchemas",
    "example": "write examples, with a list",
    "id": "write $id",
    "nullable": 'write "null" among the schema\'s types',
}
"""Keywords of older drafts and of OpenAPI 3.0, and what to write instead."""


def no_keyword(key: str) -> str:
    """The message about a key of a schema that is no keyword: JSON Schema ignores it."""
    near = nearest(key, KEYWORDS)
    mend = _OF_3_0.get(key) or (f"write {near}" if near else "leave it out, or begin it with x-")
    return f"{json.dumps(key, ensure_ascii=False)} is no keyword, and has no effect; {mend}"


ALL_TYPES = ("array", "boolean", "integer", "null", "number", "object", "string")
_OF_OTHER_LANGUAGES = {
    **dict.fromkeys(("int", "long"), "integer"),
    **dict.fromkeys(("decimal", "double", "float"), "number"),
    **dict.fromkeys(("str", "text"), "string"),
    **dict.fromkeys(("dict", "map"), "object"),
    **dict.fromkeys(("list", "tuple"), "array"),
    **dict.fromkeys(("nil", "none"), "null"),
    "bool": "boolean",
}
_WRITTEN = {"null": '"null"'}  # YAML's null is no text


def no_type(written: Json) -> str:
    """The message about the value of `type` that names no type; empty if each name is one."""
    wrong = [each for each in (written if isinstance(written, list) else [written]) if each not in ALL_TYPES]
    if not wrong:
        return ""
    name = str(wrong[0])
    near = _OF_OTHER_LANGUAGES.get(name.lower()) or nearest(name, ALL_TYPES)
    mend = f"write {_WRITTEN.get(near, near)}" if near else f"use one of {', '.join(ALL_TYPES)}"
    return f"{json.dumps(wrong[0], ensure_ascii=False)} is no type; {mend}"


def no_property(name: str, names: Collection[str]) -> str:
    """The message about a required field that is no property.

    Args:
        names: the properties.
    """
    near = nearest(name, names)
    mend = f"write {json.dumps(near)}, or describe it" if near else "describe it among the properties"
    return f"{json.dumps(name)} is required, but no property has the name; {mend}"
