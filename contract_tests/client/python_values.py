"""Makes of JSON the values of Python that the client's functions take."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from types import NoneType, UnionType
from typing import Any, Literal, Union, get_args, get_origin
from uuid import UUID

from ventia_client.errors import InvalidMessage
from ventia_client.types import Unset
from ventia_document.source import Json

_READERS: dict[Any, Callable[[str], Any]] = {
    date: date.fromisoformat,
    datetime: datetime.fromisoformat,
    UUID: UUID,
}


def typed(hint: Any, value: Json) -> Any:
    """A JSON value as a value of a type.

    Raises:
        InvalidMessage, TypeError, ValueError: it is none of that type.
    """
    if get_origin(hint) in (Union, UnionType):
        return _first(value, [each for each in get_args(hint) if each is not Unset])
    if get_origin(hint) is list and isinstance(value, list):
        return [typed(get_args(hint)[0], each) for each in value]
    if hasattr(hint, "from_dict") and isinstance(value, dict):
        return hint.from_dict(value)
    if hint in _READERS and isinstance(value, str):
        return _READERS[hint](value)
    if not _is_of(hint, value):
        raise TypeError(f"{value!r} is no {hint}")
    return value


def _first(value: Json, hints: list[Any]) -> Any:
    """The value as the first type that it can be of; a date could be of one with a time too."""
    for hint in sorted(hints, key=lambda hint: hint is not date):
        try:
            return typed(hint, value)
        except (AttributeError, InvalidMessage, LookupError, TypeError, ValueError):
            continue
    raise TypeError(f"{value!r} is none of {hints}")


_PLAIN: dict[Any, tuple[type, ...]] = {
    None: (NoneType,),
    NoneType: (NoneType,),
    bool: (bool,),
    float: (float, int),
    int: (float, int),
    str: (str,),
}


def _is_of(hint: Any, value: Json) -> bool:
    if get_origin(hint) is Literal:
        return any(type(each) is type(value) and each == value for each in get_args(hint))
    is_truth = isinstance(value, bool)
    return hint is Any or (isinstance(value, _PLAIN.get(hint, ())) and is_truth in (False, hint is bool))
