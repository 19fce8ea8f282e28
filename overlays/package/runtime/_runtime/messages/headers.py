"""Headers: those that a caller adds, and those that are parameters of an operation."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from ..outcomes import InvalidMessage
from .quoting import arrived

_OWN = frozenset(("connection", "content-encoding", "content-length", "content-type", "host", "transfer-encoding"))
_NAME = r"[!#$%&'*+.^_`|~0-9A-Za-z-]+"  # compiled when it is used first
_VALUE = r"(?:[!-~](?:[ \t!-~]*[!-~])?)?"
_RULE = "Must be a text of printable ASCII, with no space around it"


def violation(headers: Mapping[Any, Any]) -> tuple[str, str] | None:
    """The first header that cannot be sent, and the rule that it breaks; None if all can be sent."""
    for name, value in headers.items():
        if not isinstance(name, str) or not re.fullmatch(_NAME, name):
            return repr(name), "Must be the name of a header"
        if name.lower() in _OWN:
            return name, "Must be left to the client"
        if not isinstance(value, str) or not re.fullmatch(_VALUE, value):
            return name, _RULE
    return None


def require_sendable(parameters: Mapping[str, Any]) -> None:
    """Refuse parameters that no header can hold, by their names.

    Raises:
        InvalidMessage: a text would end the header, or is not printable ASCII.
        TypeError: a value is no text.
    """
    for name, value in parameters.items():
        if not isinstance(value, str):
            raise TypeError(f"{name} must be a text, not {type(value).__name__}")
        if not re.fullmatch(_VALUE, value):
            raise InvalidMessage([(name, _RULE, arrived(value))])
