"""Validates values with a document's schemas; violations are in the document's words."""

from __future__ import annotations

import json
from contextlib import suppress
from dataclasses import dataclass, field
from itertools import islice
from urllib.parse import quote, unquote

import jsonschema_rs

from ventia_document.keywords import KEYWORDS
from ventia_document.source import Json, lookup, pointer
from ventia_document.support.patterns import UnreadablePattern, translated


@dataclass(frozen=True)
class SchemaViolation:
    """A rule of a schema that a value breaks: `channelId: Must be a valid ObjectId`.

    Attributes:
        path: keys and indices of the part that breaks it; of a required part, those where it is missing.
        rule: the nearest `x-rule` around the keyword that failed, or else the keyword in words.
        keyword: JSON pointer of that keyword in the document.
        branches: the violations of each alternative of an `anyOf` or `oneOf`.
    """

    path: tuple[str | int, ...]
    rule: str
    keyword: str
    branches: tuple[tuple[SchemaViolation, ...], ...] = field(default=(), compare=False)

    @property
    def field(self) -> str:
        """The path joined by dots; empty for the whole value."""
        return ".".join(map(str, self.path))

    @property
    def at(self) -> str:
        """The path as a JSON pointer."""
        return pointer(*self.path)

    def within(self, name: str) -> str:
        """The violation as a sentence; `name` stands for the field if the value as a whole breaks the rule."""
        return f"{self.field or name}: {self.rule}"


class Schema:
    """A schema of a document, compiled.

    Raises:
        ValueError: the schema does not compile.
    """

    def __init__(self, document: Json, at: str) -> None:
        self._document = document
        self._validator = jsonschema_rs.Draft202012Validator(
            {"$ref": _BASE + quote(at)}, registry=_registry(document), validate_formats=True, offline=True
        )

    def accepts(self, value: Json) -> bool:
        """Whether a value is valid."""
        return self._validator.is_valid(value)

    def judged(self, value: Json) -> list[tuple[str, bool]]:
        """The keywords and subschemas that were evaluated for a value: JSON pointer, and whether the value is valid."""
        details = self._validator.evaluate(value).list()["details"]
        return [(unquote(detail["schemaLocation"].removeprefix(_BASE)), detail["valid"]) for detail in details]

    def violations(self, value: Json) -> list[SchemaViolation]:
        """Each broken rule, once; of a part with a wrong type, only the type."""
        if self._validator.is_valid(value):
            return []
        errors = list(self._validator.iter_errors(value))
        mistyped = {tuple(error.instance_path) for error in errors if error.kind.name == "type"}
        reported = [each for each in errors if each.kind.name == "type" or tuple(each.instance_path) not in mistyped]
        return list(dict.fromkeys(self._violation(error) for error in reported))

    def quick_violations(self, value: Json) -> list[SchemaViolation]:
        """The violations of a value; of one with more than MOST_PARTS parts only the first, since all may take long."""
        if self._validator.is_valid(value):
            return []
        if not _has_many_parts(value):
            return self.violations(value)
        try:
            self._validator.validate(value)
        except jsonschema_rs.ValidationError as error:
            return [self._violation(error)]
        return []

    def _violation(self, error: jsonschema_rs.ValidationError) -> SchemaViolation:
        missing = (error.kind.value,) if error.kind.name == "required" else ()
        path, keyword = (*error.instance_path, *missing), pointer(*error.schema_path)
        branches = tuple(tuple(map(self._violation, errors)) for errors in getattr(error.kind, "context", ()))
        return SchemaViolation(path, self._rule(keyword) or self._words(error, keyword), keyword, branches)

    def _words(self, error: jsonschema_rs.ValidationError, keyword: str) -> str:
        # The validator's pattern may be another, and its types are in an order of their own.
        is_read = error.kind.name in ("pattern", "type")
        return _words(error, lookup(self._document, keyword) if is_read else error.kind.value)

    def _rule(self, keyword: str) -> str | None:
        while keyword:
            keyword = keyword.rpartition("/")[0]
            around = lookup(self._document, keyword)
            if isinstance(around, dict) and "x-rule" in around:
                return str(around["x-rule"])
        return None


MOST_PARTS = 500
"""The number of fields and items of a value, at any depth, up to which `quick_violations` finds every violation."""


def _has_many_parts(value: Json) -> bool:
    count, inner = 0, [value]
    while inner and count <= MOST_PARTS:
        part = inner.pop()
        parts = part.values() if isinstance(part, dict) else part if isinstance(part, list) else ()
        count += len(parts)
        inner += islice(parts, MOST_PARTS)
    return count > MOST_PARTS


_BASE = "urn:ventia:document#"

_registries: list[tuple[Json, jsonschema_rs.Registry]] = []
"""The latest documents, which nobody changes, and the registry in which the schemas of each are compiled."""

_MOST_REGISTRIES = 8


def _registry(document: Json) -> jsonschema_rs.Registry:
    for known, registry in reversed(_registries):
        if known is document:
            return registry
    root = {key: value for key, value in _for_validator(document).items() if not key.startswith("$")}
    registry = jsonschema_rs.Registry([(_BASE.rstrip("#"), root)])
    _registries.append((document, registry))
    del _registries[:-_MOST_REGISTRIES]
    return registry


def _for_validator(value: Json) -> Json:
    """A document with each pattern as the validator reads it rightly."""
    if isinstance(value, list):
        return [_for_validator(item) for item in value]
    if not isinstance(value, dict):
        return value
    copy = {key: part if key in _DATA else _for_validator(part) for key, part in value.items()}
    if isinstance(pattern := value.get("pattern"), str):
        with suppress(UnreadablePattern):  # which is refused, where documents are checked
            copy["pattern"] = translated(pattern).validator
    return copy


_DATA = ("const", "enum", "default", "example", "examples")

_BY_KEYWORD = {keyword.name: keyword.words for keyword in KEYWORDS.values() if keyword.words}
WORDS = dict(sorted({**_BY_KEYWORD, "falseSchema": "Must not be given"}.items()))
"""Rules in words by keyword, `{}` for the keyword's value; `falseSchema` is the schema `false`."""


def _words(error: jsonschema_rs.ValidationError, value: Json) -> str:
    keyword = error.kind.name
    # Of `additionalProperties: false` the validator does not say which fields they are.
    if keyword == "falseSchema" and error.schema_path[-1] == "additionalProperties":
        return "Must not have other fields"
    limit = ", ".join(map(_plain, value)) if isinstance(value, list) else _plain(value)
    return WORDS.get(keyword, f"Must keep {keyword!r}").format(limit)


def _plain(value: Json) -> str:
    return value if isinstance(value, str) else json.dumps(value, default=str)
