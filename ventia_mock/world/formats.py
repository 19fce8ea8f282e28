"""Validates JSON that people write for the stand-in - a world file, the body of a control route - by `formats.yaml`."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path

from ventia_document.source import Json, lookup, pointer, read
from ventia_document.validation import Schema, SchemaViolation

_FORMATS = Path(__file__).with_name("formats.yaml")


def broken(name: str, value: Json) -> list[tuple[str, str]]:
    """The rules of a format that a value breaks: JSON pointer into the value, and the rule with what arrived."""
    return _sentences(_schema(name).violations(value), value)


def check(name: str, value: Json) -> None:
    """Refuse a value that breaks a rule of a format.

    Raises:
        ValueError: with every rule that it breaks, or of a large value with the first.
    """
    if violations := _sentences(_schema(name).quick_violations(value), value):
        raise ValueError("; ".join(f"{at or 'body'}: {rule}" for at, rule in violations))


def _sentences(violations: list[SchemaViolation], value: Json) -> list[tuple[str, str]]:
    return [(violation.at, _sentence(violation, value)) for violation in violations]


@cache
def _schema(name: str) -> Schema:
    return Schema(read(_FORMATS).value, pointer(name))


def _sentence(violation: SchemaViolation, value: Json) -> str:
    try:
        got = lookup(value, violation.at)
    except LookupError:  # of a field that is missing
        return violation.rule
    if isinstance(got, dict | list) or "api_keys" in violation.path:
        return violation.rule
    shown = json.dumps(got) if got is None or isinstance(got, bool) else repr(got)
    return f"{violation.rule}; got {shown:.80}"
