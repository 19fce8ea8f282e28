"""Holds bodies to the rules of the document before they are sent, and answers to its types."""

from __future__ import annotations

from collections.abc import Callable, Collection
from functools import cache
from typing import TYPE_CHECKING, Any

from ..import_lock import LOADING
from ..outcomes import InvalidMessage
from ..schemas import SCHEMAS

if TYPE_CHECKING:
    from .advice import Advice
    from .violations import Violation

BODY = "body"
"""The field of a violation in the whole of a body."""


def require(at: str, value: Any, required: Collection[str] = (), name: str = "") -> None:
    """Refuse a value that breaks a rule of a schema; one of a wrong type breaks no other rule.

    Args:
        at: the schema's JSON pointer in the document.
        required: the fields that the value's class always has.
        name: of the parameter that has the value; empty for a body.

    Raises:
        InvalidMessage: with every rule that the value breaks, those of the value as a whole last.
    """
    schema, violations = SCHEMAS[at], _finder()
    try:
        found = violations(schema, value) or violations({"required": required}, value)
    except RecursionError:
        raise InvalidMessage([(name or BODY, "Must be nested less deeply")]) from None
    mistyped = {violation.path for violation in found if violation.keyword == "type"}
    shown = [violation for violation in found if violation.keyword == "type" or violation.path not in mistyped]
    if shown:
        with LOADING:
            from .advice import Advice  # here, since most messages keep the rules

        raise _invalid(shown, Advice(schema, value, required), name)


def _invalid(found: list[Violation], advice: Advice, name: str) -> InvalidMessage:
    advised: dict[tuple[str, str], str] = {}
    for violation in sorted(found, key=lambda violation: not violation.path):
        field = ".".join(filter(None, [name, violation.field])) or BODY
        advised.setdefault((field, violation.rule), advice.on(violation))
    return InvalidMessage([(field, rule, hint) for (field, rule), hint in advised.items()])


def is_shaped(at: str, value: Any) -> bool:
    """Whether a value has the fields and types of a schema, whatever the form of its texts."""
    return all(violation.keyword in ("format", "pattern") for violation in _finder()(SCHEMAS[at], value))


@cache
def _finder() -> Callable[[Any, Any], list[Violation]]:
    with LOADING:
        from .violations import violations  # here, since a program that starts checks nothing yet

    return violations
