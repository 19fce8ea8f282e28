"""The document as the generator needs it: descriptions that make docstrings, and nothing that it cannot do."""

from __future__ import annotations

import copy
import re
from collections.abc import Sequence

from tools.generate.parsed.widened import widen
from ventia_document.operations import operations
from ventia_document.source import Json
from ventia_document.structure import nodes
from ventia_document.validation import WORDS
from ventia_document.wire.media import general_type, is_binary

_FILE = {"schema": {"type": "string", "format": "binary"}}


def with_docstrings(value: Json) -> Json:
    """The document with each paragraph of a description in one line, and the form of texts added."""
    if isinstance(value, list):
        return [with_docstrings(item) for item in value]
    if not isinstance(value, dict):
        return value
    result = {key: with_docstrings(item) for key, item in value.items()}
    if isinstance(text := value.get("description"), str):
        like = value.get("examples")
        result["description"] = docstring(text, value, like if isinstance(like, list) else ())
    return result


def docstring(description: str, schema: Json, examples: Sequence[Json]) -> str:
    """A description with each paragraph in one line, and the form of the values of a schema."""
    paragraphs = re.sub(r"(?<=\S)\n(?=\w)", " ", description).strip()
    of_format = WORDS["format"].format(schema["format"]) if "format" in schema else ""
    rule = schema.get("x-rule", of_format)
    return f"{paragraphs} {rule}, such as `{examples[0]}`." if rule and examples else paragraphs


def simplified(document: Json) -> Json:
    """A document whose binary bodies are files, whose operations need no key, and whose parameters have no styles.

    Its schemas are such that the generator can type them. Parameters of headers and cookies become ones of the query,
    since the generator has fewer types for the others.
    """
    made = copy.deepcopy(document)
    made.pop("security", None)
    for operation in operations(made):
        operation.value.pop("security", None)
        for part in operation.parameters:
            part.value["in"] = "path" if part.value["in"] == "path" else "query"
            for key in ("style", "explode"):
                part.value.pop(key, None)
    for _, node in nodes(made):
        if isinstance(content := node.get("content"), dict):
            node["content"] = {name: _FILE if is_binary(name) else value for name, value in content.items()}
    widen(made)
    return made


def media_type_overrides(document: Json) -> dict[str, str]:
    """The generator's name for each media type."""
    named = (name for _, node in nodes(document) if isinstance(node.get("content"), dict) for name in node["content"])
    return {name: general_type(name) for name in named}
