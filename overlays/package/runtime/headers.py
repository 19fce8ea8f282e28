"""Headers that a caller adds."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

_OWN = frozenset(("connection", "content-encoding", "content-length", "content-type", "host", "transfer-encoding"))
_NAME = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
_VALUE = re.compile(r"(?:[!-~](?:[ \t!-~]*[!-~])?)?")


def fault(headers: Mapping[Any, Any]) -> tuple[str, str] | None:
    """The first header that cannot be sent, and the rule that it breaks; None if all can be sent."""
    for name, value in headers.items():
        if not isinstance(name, str) or not _NAME.fullmatch(name):
            return repr(name), "Must be the name of a header"
        if name.lower() in _OWN:
            return name, "Must be left to the client"
        if not isinstance(value, str) or not _VALUE.fullmatch(value):
            return name, "Must be a text of printable ASCII, with no space around it"
    return None
