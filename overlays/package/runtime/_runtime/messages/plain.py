"""Values of Python as JSON."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, time
from enum import Enum
from typing import Any, cast


def plain(value: object) -> Any:
    """A value as JSON: of a model its fields, of an enum its value, of a time or an identifier its text."""
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, date | time):
        return value.isoformat()
    if hasattr(value, "to_dict"):
        return cast("Any", value).to_dict()
    if isinstance(value, Mapping):
        named = cast("Mapping[Any, object]", value)
        return {name: plain(each) for name, each in named.items()}
    if isinstance(value, list):
        return [plain(each) for each in cast("list[object]", value)]
    return str(value) if _is_written(value) else value


def _is_written(value: object) -> bool:
    """Whether a value is of a class that says how it is written, such as UUID."""
    is_json = value is None or isinstance(value, str | int | float)
    return not is_json and type(value).__str__ is not object.__str__ and not isinstance(value, bytes | bytearray | set)
