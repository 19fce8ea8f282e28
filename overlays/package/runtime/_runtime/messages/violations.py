"""Finds the rules of the document's schemas that a value breaks, without a library.

Every keyword that those schemas use is checked, and a document with another one makes no client. Formats are left to
the service, but for those of FORMATS.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from functools import cache
from math import isfinite
from typing import Any, NamedTuple, TypeGuard

from ..import_lock import LOADING
from ..schemas import PATTERNS, SCHEMAS, WORDS
from .formats import FORMATS


class Violation(NamedTuple):
    """A rule that a value breaks, and where.

    Attributes:
        path: keys and indices from the value to the part that breaks it, which is not there if it is missing.
        rule: the nearest `x-rule` around the keyword, or else the keyword in words.
        keyword: the keyword.
        limit: what stands beside the keyword in the schema.
    """

    path: tuple[str | int, ...]
    rule: str
    keyword: str
    limit: Any

    @property
    def field(self) -> str:
        """The path joined by dots; empty for the whole value."""
        return ".".join(map(str, self.path))


def violations(schema: Any, value: Any) -> list[Violation]:
    """Every rule of a schema that a value breaks."""
    return _violations(schema, _Part(value))


class _Part(NamedTuple):
    """A part of a value, where it is, and the rule in words that is being checked there."""

    value: Any
    path: tuple[str | int, ...] = ()
    rule: str | None = None

    def at(self, key: str | int) -> _Part:
        return _Part(self.value[key], (*self.path, key), self.rule)

    def has(self, key: str) -> bool:
        return _is_object(self.value) and key in self.value

    def breaks(self, keyword: str, limit: Any, key: str | None = None) -> Violation:
        words = self.rule or WORDS.get(keyword, f"Must keep {keyword!r}").format(_plain(limit))
        return Violation(self.path if key is None else (*self.path, key), words, keyword, limit)


def _violations(schema: Any, part: _Part) -> list[Violation]:
    if isinstance(schema, bool):
        return [] if schema else [part.breaks("falseSchema", None)]
    if "x-rule" in schema:
        part = _Part(part.value, part.path, schema["x-rule"])
    found: list[Violation] = []
    for keyword, limit in schema.items():
        if holds := _ASSERTIONS.get(keyword):
            if not holds(limit, part.value):
                found.append(part.breaks(keyword, limit))
        elif finds := _APPLICATORS.get(keyword):
            found += finds(limit, part, schema)
    return found


def _keeps(schema: Any, value: Any) -> bool:
    return not _violations(schema, _Part(value))


def _plain(limit: Any) -> str:
    if _is_array(limit):
        return ", ".join(map(_plain, limit))
    return limit if isinstance(limit, str) else json.dumps(limit)


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _is_object(value: Any) -> TypeGuard[dict[str, Any]]:
    return isinstance(value, dict)


def _is_array(value: Any) -> TypeGuard[list[Any]]:
    return isinstance(value, list)


_TYPES: dict[str, Callable[[Any], bool]] = {
    "array": _is_array,
    "boolean": lambda value: isinstance(value, bool),
    "integer": lambda value: _is_number(value) and value % 1 == 0,
    "null": lambda value: value is None,
    "number": _is_number,
    "object": _is_object,
    "string": lambda value: isinstance(value, str),
}


def _is_type(names: str | list[str], value: Any) -> bool:
    return any(_TYPES[name](value) for name in ([names] if isinstance(names, str) else names))


def _same(one: Any, other: Any) -> bool:
    """Whether two JSON values are equal, where true is not 1."""
    if isinstance(one, bool) or isinstance(other, bool):
        return one is other
    if _is_object(one) and _is_object(other):
        return one.keys() == other.keys() and all(_same(one[key], other[key]) for key in one)
    if _is_array(one) and _is_array(other):
        return len(one) == len(other) and all(map(_same, one, other))
    return bool(one == other)


def _is_multiple(value: float, step: float) -> bool:
    """Whether a number is a multiple by its decimal digits: 19.99 is one of 0.01, if not in floating point."""
    if isinstance(value, int) and isinstance(step, int):
        return value % step == 0
    with LOADING:
        from fractions import Fraction  # here, since few schemas need it
    return isfinite(value) and Fraction(repr(value)) % Fraction(repr(step)) == 0


def _is_unique(items: list[Any]) -> bool:
    return not any(_same(item, other) for index, item in enumerate(items) for other in items[:index])


@cache
def _pattern(pattern: str) -> re.Pattern[str]:
    return re.compile(PATTERNS[pattern])


def _of(kind: str, holds: Callable[[Any, Any], bool]) -> Callable[[Any, Any], bool]:
    """An assertion about values of one type; others keep it."""
    return lambda limit, value: not _TYPES[kind](value) or holds(limit, value)


_ASSERTIONS: dict[str, Callable[[Any, Any], bool]] = {
    "type": _is_type,
    "const": _same,
    "enum": lambda values, value: any(_same(each, value) for each in values),
    "pattern": _of("string", lambda pattern, value: _pattern(pattern).search(value) is not None),
    "format": _of("string", lambda name, value: name not in FORMATS or FORMATS[name](value)),
    "minLength": _of("string", lambda limit, value: len(value) >= limit),
    "maxLength": _of("string", lambda limit, value: len(value) <= limit),
    "minimum": _of("number", lambda limit, value: value >= limit),
    "maximum": _of("number", lambda limit, value: value <= limit),
    "exclusiveMinimum": _of("number", lambda limit, value: value > limit),
    "exclusiveMaximum": _of("number", lambda limit, value: value < limit),
    "multipleOf": _of("number", lambda limit, value: _is_multiple(value, limit)),
    "minItems": _of("array", lambda limit, value: len(value) >= limit),
    "maxItems": _of("array", lambda limit, value: len(value) <= limit),
    "uniqueItems": _of("array", lambda wanted, value: not wanted or _is_unique(value)),
    "minProperties": _of("object", lambda limit, value: len(value) >= limit),
    "maxProperties": _of("object", lambda limit, value: len(value) <= limit),
    "propertyNames": _of("object", lambda schema, value: all(_keeps(schema, name) for name in value)),
    "anyOf": lambda schemas, value: any(_keeps(schema, value) for schema in schemas),
    "oneOf": lambda schemas, value: sum(_keeps(schema, value) for schema in schemas) == 1,
    "not": lambda schema, value: not _keeps(schema, value),
}
"""Keywords that hold for a part as a whole, or do not."""


def _ref(at: str, part: _Part, _: Any) -> list[Violation]:
    return _violations(SCHEMAS[at], _Part(part.value, part.path))


def _all_of(schemas: Any, part: _Part, _: Any) -> list[Violation]:
    return [violation for schema in schemas for violation in _violations(schema, part)]


def _if(condition: Any, part: _Part, schema: Any) -> list[Violation]:
    return _violations(schema.get("then" if _keeps(condition, part.value) else "else", True), part)


def _required(names: Any, part: _Part, _: Any) -> list[Violation]:
    if not _is_object(part.value):
        return []
    return [part.breaks("required", name, name) for name in names if name not in part.value]


def _properties(schemas: Any, part: _Part, _: Any) -> list[Violation]:
    if not _is_object(part.value):
        return []
    given = [name for name in part.value if name in schemas]
    return [violation for name in given for violation in _violations(schemas[name], part.at(name))]


def _pattern_properties(schemas: Any, part: _Part, _: Any) -> list[Violation]:
    names = list(part.value) if _is_object(part.value) else []
    matching = [(name, schemas[pattern]) for name in names for pattern in schemas if _pattern(pattern).search(name)]
    return [violation for name, schema in matching for violation in _violations(schema, part.at(name))]


def _additional_properties(rest: Any, part: _Part, schema: Any) -> list[Violation]:
    named = part.value.keys() - schema.get("properties", {}).keys() if _is_object(part.value) else ()
    patterns = [_pattern(pattern) for pattern in schema.get("patternProperties", ())]
    others = sorted(name for name in named if not any(pattern.search(name) for pattern in patterns))
    if rest is False:
        return [part.breaks("additionalProperties", others)] if others else []
    return [violation for name in others for violation in _violations(rest, part.at(name))]


def _items(item: Any, part: _Part, schema: Any) -> list[Violation]:
    first = len(schema.get("prefixItems", ()))
    indices = range(first, len(part.value)) if _is_array(part.value) else ()
    return [violation for index in indices for violation in _violations(item, part.at(index))]


def _prefix_items(schemas: Any, part: _Part, _: Any) -> list[Violation]:
    found = zip(range(len(part.value)), schemas, strict=False) if _is_array(part.value) else ()
    return [violation for index, schema in found for violation in _violations(schema, part.at(index))]


def _contains(item: Any, part: _Part, schema: Any) -> list[Violation]:
    if not _is_array(part.value):
        return []
    count = sum(_keeps(item, each) for each in part.value)
    is_kept = schema.get("minContains", 1) <= count <= schema.get("maxContains", count)
    return [] if is_kept else [part.breaks("contains", None)]


def _dependent_required(needed: Any, part: _Part, schema: Any) -> list[Violation]:
    given = [names for name, names in needed.items() if part.has(name)]
    return [violation for names in given for violation in _required(names, part, schema)]


def _dependent_schemas(schemas: Any, part: _Part, _: Any) -> list[Violation]:
    given = [schema for name, schema in schemas.items() if part.has(name)]
    return [violation for schema in given for violation in _violations(schema, part)]


_APPLICATORS: dict[str, Callable[[Any, _Part, Any], list[Violation]]] = {
    "$ref": _ref,
    "allOf": _all_of,
    "if": _if,
    "required": _required,
    "properties": _properties,
    "additionalProperties": _additional_properties,
    "patternProperties": _pattern_properties,
    "items": _items,
    "prefixItems": _prefix_items,
    "contains": _contains,
    "dependentRequired": _dependent_required,
    "dependentSchemas": _dependent_schemas,
}
"""Keywords that find the violations of a part, or of its parts."""
