"""Advice on how to correct a violation: the value that arrived, and a valid one from the document's examples."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from difflib import get_close_matches
from typing import Any, cast

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
        return "; ".join([self._mend(violation), *self._unnamed(violation)])

    def _mend(self, violation: Violation) -> str:
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

    def _unnamed(self, violation: Violation) -> Iterator[str]:
        """The fields that the document does not name, of an object that lacks one; they may be misspelt."""
        path = violation.path[:-1] if violation.keyword == "required" else violation.path
        got = _part(self._value, path)
        fields = _fields(got) if violation.keyword in _OF_FIELDS else []
        named = _names(self._schema, path) if fields else set[str]()
        for name in [name for name in fields if named and name not in named][:_MOST_UNNAMED]:
            near = _nearest(str(name), named.difference(fields))
            yield f"the document names no field {quoted(name)}" + (f": write {quoted(near)}" if near else "")

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


_OF_FIELDS = frozenset(("required", "anyOf", "oneOf", "minProperties"))
"""Keywords that an object breaks for want of fields."""

_MOST_UNNAMED = 3


def _nearest(name: str, names: Collection[str]) -> str:
    """The name that is nearest to another, in capitals or not; empty if none is near."""
    folded = {each.lower(): each for each in sorted(names)}
    return next((folded[each] for each in get_close_matches(name.lower(), folded, n=1, cutoff=0.75)), "")


def _names(schema: Any, path: Path) -> set[str]:
    """The fields of the object at a path; none if it may have others by a rule."""
    found = list(_describing(schema, path, alternatives=True))
    if any(each.get("patternProperties") or each.get("additionalProperties") for each in found):
        return set()
    return {name for each in found for name in each.get("properties", ())}


def _describing(schema: Any, path: Path, *, alternatives: bool = False) -> Iterator[dict[str, Any]]:
    """The schemas that describe the part at a path, the nearest to the whole first.

    Args:
        alternatives: those too that describe it in some cases.
    """
    if isinstance(schema, bool):
        return
    inner = [SCHEMAS[schema["$ref"]]] if "$ref" in schema else []
    inner += schema.get("allOf", [])
    if alternatives:
        inner += [*schema.get("anyOf", ()), *schema.get("oneOf", ()), *schema.get("dependentSchemas", {}).values()]
        inner += [schema[key] for key in ("then", "else") if key in schema]
    if path and isinstance(path[0], int):
        yield from _describing(schema.get("items", True), path[1:], alternatives=alternatives)
    elif path:
        rest = schema.get("additionalProperties", True)
        yield from _describing(schema.get("properties", {}).get(path[0], rest), path[1:], alternatives=alternatives)
    else:
        yield schema
    for each in inner:
        yield from _describing(each, path, alternatives=alternatives)


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


def _fields(value: Any) -> list[Any]:
    return list(cast("Mapping[Any, Any]", value)) if isinstance(value, dict) else []


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
