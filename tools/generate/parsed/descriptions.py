"""The document's descriptions as the generator's docstrings need them."""

from __future__ import annotations

import re

from ventia_document.source import Json
from ventia_document.validation import WORDS


def with_docstrings(value: Json) -> Json:
    """The document with each paragraph of a description in one line, and the form of texts added."""
    if isinstance(value, list):
        return [with_docstrings(item) for item in value]
    if not isinstance(value, dict):
        return value
    result = {key: with_docstrings(item) for key, item in value.items()}
    if isinstance(text := value.get("description"), str):
        paragraphs = re.sub(r"(?<=\S)\n(?=\w)", " ", text).strip()
        result["description"] = f"{paragraphs} {_form(value)}".strip()
    return result


def _form(schema: Json) -> str:
    """The form of a text, in a sentence; empty if any text is valid."""
    of_format = WORDS["format"].format(schema["format"]) if "format" in schema else ""
    rule = schema.get("x-rule", of_format)
    like = schema.get("examples")
    return f"{rule}, such as `{like[0]}`." if rule and isinstance(like, list) else ""
