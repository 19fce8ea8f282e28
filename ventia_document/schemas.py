"""Validates values with the schemas of a document, and says in the document's words what they break."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from functools import cached_property
from urllib.parse import quote

import jsonschema_rs

from ventia_document.source import Json, lookup, pointer


@dataclass(frozen=True)
class Broken:
    """One rule that a value breaks: `channelId: Must be a valid ObjectId`."""

    path: tuple[str | int, ...]
    """Keys and indices that lead to the offending part, which is not there if it must be given."""
    rule: str
    """The nearest `x-rule` around the keyword that failed, or else the keyword in words."""
    keyword: str
    """JSON pointer of that keyword in the document."""
    branches: tuple[tuple[Broken, ...], ...] = field(default=(), compare=False)
    """What each alternative of an `anyOf` or `oneOf` says of the value."""

    @property
    def field(self) -> str:
        """The path joined by dots; empty for the whole value."""
        return ".".join(map(str, self.path))

    @property
    def at(self) -> str:
        """The path as a JSON pointer."""
        return pointer(*self.path)

    def within(self, name: str) -> str:
        """The sentence, with `name` for the value where the value as a whole offends."""
        return f"{self.field or name}: {self.rule}"


class Schema:
    """A schema of a document, ready to validate.

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
        """Whether the value keeps every rule."""
        return self._validator.is_valid(value)

    def judged(self, value: Json) -> list[tuple[str, bool]]:
        """Every part of the schema that judged the value: its JSON pointer, and whether the value keeps it."""
        details = self._teller.evaluate(value).list()["details"]
        return [(detail["schemaLocation"].removeprefix(_DEFINED), detail["valid"]) for detail in details]

    @cached_property
    def _teller(self) -> jsonschema_rs.Draft202012Validator:
        """The same, with the document where it is no annotation, or it would be repeated with each evaluation."""
        moved = {"$ref": f"#{_DEFINED}{quote(self._at)}", "$defs": {"document": _moved(self._document)}}
        return jsonschema_rs.Draft202012Validator(moved, validate_formats=True, offline=True)

    def broken(self, value: Json) -> list[Broken]:
        """Every rule that the value breaks, each once; a value of a wrong type breaks no other rule."""
        if self._validator.is_valid(value):
            return []
        errors = list(self._validator.iter_errors(value))
        mistyped = {tuple(error.instance_path) for error in errors if error.kind.name == "type"}
        told = [e for e in errors if e.kind.name == "type" or tuple(e.instance_path) not in mistyped]
        return list(dict.fromkeys(self._broken(error) for error in told))

    def _broken(self, error: jsonschema_rs.ValidationError) -> Broken:
        missing = (error.kind.value,) if error.kind.name == "required" else ()
        keyword = pointer(*error.schema_path)
        branches = tuple(tuple(map(self._broken, errors)) for errors in getattr(error.kind, "context", ()))
        return Broken((*error.instance_path, *missing), self._rule(keyword) or _words(error), keyword, branches)

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


WORDS = {
    "additionalProperties": "Must not have the fields {}",
    "const": "Must be {}",
    "enum": "Must be one of {}",
    "exclusiveMaximum": "Must be less than {}",
    "exclusiveMinimum": "Must be more than {}",
    "falseSchema": "Must not be given",
    "format": "Must be a valid {}",
    "maxItems": "Must have at most {} items",
    "maxLength": "Must have at most {} characters",
    "maximum": "Must be at most {}",
    "minItems": "Must have at least {} items",
    "minLength": "Must have at least {} characters",
    "minimum": "Must be at least {}",
    "multipleOf": "Must be a multiple of {}",
    "pattern": "Must match {}",
    "required": "Must be given",
    "type": "Must be of type {}",
    "unevaluatedProperties": "Must not have the fields {}",
    "uniqueItems": "Must not have an item twice",
}
"""Keywords in words, with `{}` for what stands beside each in the schema."""


def _words(error: jsonschema_rs.ValidationError) -> str:
    keyword, value = error.kind.name, error.kind.value
    if keyword == "falseSchema" and error.schema_path[-1] == "additionalProperties":  # which then tells no names
        return "Must not have other fields"
    limit = ", ".join(map(_plain, value)) if isinstance(value, list) else _plain(value)
    return WORDS.get(keyword, f"Must keep {keyword!r}").format(limit)


def _plain(value: Json) -> str:
    return value if isinstance(value, str) else json.dumps(value, default=str)
