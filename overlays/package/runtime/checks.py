"""Holds bodies to the rules of the document before they are sent, and answers to its types."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from typing import Any, ClassVar

from ._schemas import SCHEMAS
from .faults import Fault, faults
from .mends import Mends
from .outcomes import InvalidMessage

BODY = "body"
"""The field of a fault in the whole of a body."""


def require(at: str, value: Any, required: Collection[str] = ()) -> None:
    """Refuse a value that breaks a rule of a schema; one of a wrong type breaks no other rule.

    Args:
        at: the schema's JSON pointer in the document.
        required: the fields that the value's class always has.

    Raises:
        InvalidMessage: with every rule that the value breaks, those of the value as a whole last.
    """
    schema = SCHEMAS[at]
    try:
        found = faults(schema, value) or faults({"required": required}, value)
    except RecursionError:
        raise InvalidMessage([(BODY, "Must be nested less deeply")]) from None
    mistyped = {fault.path for fault in found if fault.keyword == "type"}
    told = [fault for fault in found if fault.keyword == "type" or fault.path not in mistyped]
    if told:
        raise _invalid(told, Mends(schema, value, required))


def _invalid(found: list[Fault], mends: Mends) -> InvalidMessage:
    told: dict[tuple[str, str], str] = {}
    for fault in sorted(found, key=lambda fault: not fault.path):
        told.setdefault((fault.field or BODY, fault.rule), mends.mend(fault))
    return InvalidMessage([(field, rule, mend) for (field, rule), mend in told.items()])


def is_shaped(at: str, value: Any) -> bool:
    """Whether a value has the fields and types of a schema, whatever the form of its texts."""
    return all(fault.keyword in ("format", "pattern") for fault in faults(SCHEMAS[at], value))


class Checked:
    """A request body: it keeps the rules of the document, or is not made.

    A class says with `at`, the JSON pointer of its schema, which rules they are, and with `required`, which fields of
    that it always has.
    """

    __slots__ = ("_kept",)

    _at: ClassVar[str]
    _required: ClassVar[Collection[str]]
    _kept: str

    def __init_subclass__(cls, at: str | None = None, required: Collection[str] = ()) -> None:
        if at is not None:  # attrs makes each class a second time, without it
            cls._at, cls._required = at, required

    def __attrs_post_init__(self) -> None:
        self.check()

    @classmethod
    def checked(cls, value: Mapping[str, Any]) -> Mapping[str, Any]:
        """The value itself; raises InvalidMessage if it breaks a rule, or lacks what is required for this class."""
        plain = dict(value) if isinstance(value, Mapping) else value  # pyright: ignore[reportUnnecessaryIsInstance] - callers may err
        require(cls._at, plain, cls._required)
        return value

    def check(self) -> None:
        """Raise InvalidMessage if a rule is broken, as may be since a field was changed."""
        value = self.to_dict()
        text = _text(value)
        if not text or text != getattr(self, "_kept", ""):
            require(self._at, value, self._required)
            self._kept = text

    def to_dict(self) -> dict[str, Any]:
        """The JSON object that is sent."""
        raise NotImplementedError


def _text(value: Any) -> str:
    """A value as JSON; empty if it is none, which is for the client to say when it sends."""
    try:
        return json.dumps(value)
    except (RecursionError, TypeError, ValueError):
        return ""
