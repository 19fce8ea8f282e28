"""Validates values with a document's schemas; violations are in the document's words."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from functools import cached_property
from urllib.parse import quote

import jsonschema_rs

from ventia_document.keywords import KEYWORDS
from ventia_document.source import Json, lookup, pointer


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
        self._document, self._at = document, at
        root = {key: value for key, value in document.items() if not key.startswith("$")}
        self._validator = jsonschema_rs.Draft202012Validator(
            {**root, "$ref": "#" + quote(at)}, validate_formats=True, offline=True
        )

    def accepts(self, value: Json) -> bool:
        """Whether a value is valid."""
        return self._validator.is_valid(value)

    def judged(self, value: Json) -> list[tuple[str, bool]]:
        """The keywords and subschemas that were evaluated for a value: JSON pointer, and whether the value is valid."""
        details = self._evaluator.evaluate(value).list()["details"]
        return [(detail["schemaLocation"].removeprefix(_DEFINED), detail["valid"]) for detail in details]

    @cached_property
    def _evaluator(self) -> jsonschema_rs.Draft202012Validator:
        # Below `$defs`, since each evaluation repeats unknown keywords, such as `paths`, as annotations.
        moved = {"$ref": f"#{_DEFINED}{quote(self._at)}", "$defs": {"document": _moved(self._document)}}
        return jsonschema_rs.Draft202012Validator(moved, validate_formats=True, offline=True)

    def violations(self, value: Json) -> list[SchemaViolation]:
        """Each broken rule, once; of a part with a wrong type, only the type."""
        if self._validator.is_valid(value):
            return []
        errors = list(self._validator.iter_errors(value))
        mistyped = {tuple(error.instance_path) for error in errors if error.kind.name == "type"}
        reported = [each for each in errors if each.kind.name == "type" or tuple(each.instance_path) not in mistyped]
        return list(dict.fromkeys(self._violation(error) for error in reported))

    def _violation(self, error: jsonschema_rs.ValidationError) -> SchemaViolation:
        missing = (error.kind.value,) if error.kind.name == "required" else ()
        path, keyword = (*error.instance_path, *missing), pointer(*error.schema_path)
        branches = tuple(tuple(map(self._violation, errors)) for errors in getattr(error.kind, "context", ()))
        return SchemaViolation(path, self._rule(keyword) or _words(error), keyword, branches)

    def _rule(self, keyword: str) -> str | None:
        while keyword:
            keyword = keyword.rpartition("/")[0]
            around = lookup(self._document, keyword)
            if isinstance(around, dict) and "x-rule" in around:
                return str(around["x-rule"])
        return None


_DEFINED = "/$defs/document"


def _moved(value: Json) -> Json:
    """A document whose references lead to where it is moved."""
    if isinstance(value, dict):
        return {
            key: part.replace("#", f"#{_DEFINED}", 1) if key == "$ref" and isinstance(part, str) else _moved(part)
            for key, part in value.items()
        }
    return [_moved(part) for part in value] if isinstance(value, list) else value


_BY_KEYWORD = {keyword.name: keyword.words for keyword in KEYWORDS.values() if keyword.words}
WORDS = dict(sorted({**_BY_KEYWORD, "falseSchema": "Must not be given"}.items()))
"""Rules in words by keyword, `{}` for the keyword's value; `falseSchema` is the schema `false`."""


def _words(error: jsonschema_rs.ValidationError) -> str:
    keyword, value = error.kind.name, error.kind.value
    # Of `additionalProperties: false` the validator does not say which fields they are.
    if keyword == "falseSchema" and error.schema_path[-1] == "additionalProperties":
        return "Must not have other fields"
    limit = ", ".join(map(_plain, value)) if isinstance(value, list) else _plain(value)
    return WORDS.get(keyword, f"Must keep {keyword!r}").format(limit)


def _plain(value: Json) -> str:
    return value if isinstance(value, str) else json.dumps(value, default=str)
