"""Advice on how to correct a violation: the value that arrived, and a valid one from the document's examples."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import Any

from ..schemas import SCHEMAS
from .quoting import IS_NONE, arrived, quoted
from .violations import Violation, violations

Path = tuple[str | int, ...]


class Advice:
    """Advice on the violations of one value.

    Args:
        required: the fields that the value's class always has.
    """

    def __init__(self, schema: Any, value: Any, required: Collection[str] = ()) -> None:
        self._schema, self._value, self._required = schema, value, required

    def on(self, violation: Violation) -> str:
        """Advice on a violation: `it is "12345": pass one such as "656b0e1f8e5a2c001f3a9d12"`."""
        try:
            got = _part(self._value, violation.path)
        except LookupError:
            return f"add one such as {example}" if (example := self._example(violation.path)) else "add it"
        if got is None and self._is_optional(violation.path):
            return IS_NONE
        if violation.keyword == "falseSchema":
            return "leave it out"
        if violation.keyword == "additionalProperties":
            return f"leave out {', '.join(map(str, violation.limit))}"
        if violation.keyword in ("anyOf", "oneOf") and (choice := _choice(violation.limit, got)):
            return choice
        return arrived(got, self._example(violation.path))

    def _is_optional(self, path: Path) -> bool:
        """Whether a part is a field that need not be there."""
        if not path or isinstance(path[-1], int) or path in {(name,) for name in self._required}:
            return False
        around = _describing(self._schema, path[:-1])
        return not any(path[-1] in schema.get("required", ()) for schema in around)

    def _example(self, path: Path) -> str:
        """An example of the document that is valid at a path, as JSON; empty without one."""
        around = list(_describing(self._schema, path))
        examples = [example for schema in around for example in schema.get("examples", ())]
        values = [value for schema in around for value in schema.get("enum", ())]
        return next((quoted(each) for each in (*examples, *values) if self._would_do(path, each)), "")

    def _would_do(self, path: Path, instead: Any) -> bool:
        found = violations(self._schema, _replaced(self._value, path, instead))
        return all(violation.path[: len(path)] != path for violation in found)


def _describing(schema: Any, path: Path) -> Iterator[dict[str, Any]]:
    """The schemas that describe the part at a path, the nearest to the whole first."""
    if isinstance(schema, bool):
        return
    inner = [SCHEMAS[schema["$ref"]]] if "$ref" in schema else []
    inner += schema.get("allOf", [])
    if path and isinstance(path[0], int):
        yield from _describing(schema.get("items", True), path[1:])
    elif path:
        rest = schema.get("additionalProperties", True)
        yield from _describing(schema.get("properties", {}).get(path[0], rest), path[1:])
    else:
        yield schema
    for each in inner:
        yield from _describing(each, path)


def _choice(alternatives: list[Any], got: Any) -> str:
    """Which fields to add or leave out to meet one alternative; empty unless each requires fields."""
    required = [_required(each) for each in alternatives]
    if not isinstance(got, dict) or not all(required):
        return ""
    met = [names for names in required if got.keys() >= set(names)]
    if len(met) > 1:
        return f"leave out all but one of {', '.join(map(' with '.join, met))}"
    missing = [" and ".join(name for name in names if name not in got) for names in required]
    return f"add {', or '.join(missing)}" if not met else ""


def _required(schema: Any) -> list[str]:
    """The fields that an alternative requires."""
    return [name for each in _describing(schema, ()) for name in each.get("required", ())]


def _part(value: Any, path: Path) -> Any:
    for step in path:
        value = value[step]
    return value


def _replaced(value: Any, path: Path, instead: Any) -> Any:
    """A copy of a value, with another part at a path."""
    if not path:
        return instead
    copy = value.copy()
    copy[path[0]] = instead if len(path) == 1 else _replaced(value[path[0]], path[1:], instead)
    return copy
