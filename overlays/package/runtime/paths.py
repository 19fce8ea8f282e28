"""Values as segments of a path."""

from __future__ import annotations

from urllib.parse import quote


def segment(name: str, value: object) -> str:
    """A value, percent-encoded to be one whole segment of a path.

    Raises:
        ValueError: the value would make another path: it is empty, `.` or `..`.
    """
    text = str(value)
    if text in ("", ".", ".."):
        raise ValueError(f"{name}: {text!r} cannot be part of a path; give an identifier")
    return quote(text, safe="")
