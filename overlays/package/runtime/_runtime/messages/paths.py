"""Values as segments of a path."""

from __future__ import annotations

from urllib.parse import quote

from ..outcomes import InvalidMessage
from .quoting import arrived, quoted


def segment(name: str, value: object, example: object = None) -> str:
    """A value, percent-encoded to be one whole segment of a path.

    Args:
        example: a valid value, for the text of an error.

    Raises:
        InvalidMessage: the value would make another path.
        TypeError: it is nothing that has a text of its own, such as a list.
    """
    instead = "" if example is None else quoted(example)
    if not _has_text(value):
        such_as = instead and f" such as {instead}"
        raise TypeError(f"{name} must be a text or a number{such_as}, not {type(value).__name__}")
    text = str(value)
    if text in ("", ".", ".."):
        raise InvalidMessage([(name, "Must be an identifier, and not empty, . or ..", arrived(text, instead))])
    try:
        return quote(text, safe="")
    except UnicodeEncodeError:
        rule = "Must hold both halves of every surrogate pair"
    raise InvalidMessage([(name, rule, arrived(text, instead))])


def _has_text(value: object) -> bool:
    """Whether a value is a text, a number, or of a class that says how it is written, such as UUID."""
    if isinstance(value, str | int | float):
        return True
    return type(value).__str__ is not object.__str__ and not isinstance(value, bytes | bytearray)
