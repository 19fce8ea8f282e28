"""Values as segments of a path."""

from __future__ import annotations

from urllib.parse import quote

from .outcomes import InvalidMessage


def segment(name: str, value: object) -> str:
    """A value, percent-encoded to be one whole segment of a path.

    Raises:
        InvalidMessage: the value would make another path.
    """
    text = str(value)
    if text in ("", ".", "..") or value is None or isinstance(value, bytes | bytearray | list | dict):
        raise InvalidMessage([(name, "Must be an identifier, and not empty, . or ..")])
    try:
        return quote(text, safe="")
    except UnicodeEncodeError:
        rule = "Must hold both halves of every surrogate pair"
    raise InvalidMessage([(name, rule)])
