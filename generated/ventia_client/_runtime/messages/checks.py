"""Holds bodies to the rules of the document before they are sent, and answers to its types."""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING, Any

from ..loading import LOADING
from ..outcomes import InvalidMessage
from ..schemas import SCHEMAS
from .faults import Fault, faults

if TYPE_CHECKING:
    from .mends import Mends

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
        with LOADING:
            from .mends import Mends  # here, since most messages keep the rules

        raise _invalid(told, Mends(schema, value, required))


def _invalid(found: list[Fault], mends: Mends) -> InvalidMessage:
    told: dict[tuple[str, str], str] = {}
    for fault in sorted(found, key=lambda fault: not fault.path):
        told.setdefault((fault.field or BODY, fault.rule), mends.mend(fault))
    return InvalidMessage([(field, rule, mend) for (field, rule), mend in told.items()])


def is_shaped(at: str, value: Any) -> bool:
    """Whether a value has the fields and types of a schema, whatever the form of its texts."""
    return all(fault.keyword in ("format", "pattern") for fault in faults(SCHEMAS[at], value))
