"""Holds what people give to the stand-in, a world file or the body of a control route, to `formats.yaml`."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from ventia_document.schemas import Broken, Schema
from ventia_document.source import Json, lookup, pointer, read

_FORMATS = Path(__file__).with_name("formats.yaml")


def broken(name: str, value: Json) -> list[tuple[str, str]]:
    """What is wrong with a value of a format: JSON pointer into the value, and the rule with what arrived."""
    return [(fault.at, _told(fault, value)) for fault in _schema(name).broken(value)]


def check(name: str, value: Json) -> None:
    """Refuse a value that has not a format.

    Raises:
        ValueError: with every rule that it breaks.
    """
    if faults := broken(name, value):
        raise ValueError("; ".join(f"{at or 'body'}: {rule}" for at, rule in faults))


@cache
def _schema(name: str) -> Schema:
    return Schema(read(_FORMATS).value, pointer(name))


def _told(fault: Broken, value: Json) -> str:
    try:
        got = lookup(value, fault.at)
    except LookupError:  # what must be given, and is not
        return fault.rule
    return fault.rule if isinstance(got, dict | list) or "api_keys" in fault.path else f"{fault.rule}; got {got!r:.80}"
