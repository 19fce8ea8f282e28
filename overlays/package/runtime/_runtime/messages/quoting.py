"""Values as they are quoted in the texts of errors."""

from __future__ import annotations

import json
from typing import Any

_LONGEST = 120

IS_NONE = "it is None: leave it out, or pass UNSET"
"""The text of an error about what is optional and may not be null."""


def quoted(value: Any) -> str:
    """A value as JSON, cut short; what is no JSON by its type."""
    if value is None:
        return "None"
    try:
        text = json.dumps(value[: _LONGEST + 1] if isinstance(value, str) else value, ensure_ascii=False)
    except (RecursionError, TypeError, ValueError):
        return f"of the type {type(value).__name__}"
    text = text.encode(errors="backslashreplace").decode()  # half a surrogate pair could not be printed or logged
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}..."


def arrived(value: Any, instead: str = "") -> str:
    """The text of an error about a value that arrived.

    Args:
        instead: a valid value, as JSON.
    """
    return f"it is {quoted(value)}" + (f": pass one such as {instead}" if instead else "")
