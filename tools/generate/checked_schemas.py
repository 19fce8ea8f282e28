"""The schemas that the client checks, with the keywords that it can check."""

from __future__ import annotations

from collections.abc import Iterable

from tools.generate.errors import GenerationError
from ventia_document.keywords import KEYWORDS, Holds, Keyword, Role
from ventia_document.operations import resolve
from ventia_document.slips.schemas import no_keyword
from ventia_document.source import Json, Source, lookup, pointer
from ventia_document.structure import target
from ventia_document.support.patterns import translated

CHECKED = frozenset(name for name, keyword in KEYWORDS.items() if keyword.is_checked) | {"x-rule"}
"""The keywords that the client checks, and the one that holds a rule in words."""


def checked_schemas(source: Source, places: Iterable[str]) -> dict[str, Json]:
    """The schemas at JSON pointers, and all that they refer to, by their JSON pointers.

    Raises:
        GenerationError: a schema has a keyword that the client cannot check.
    """
    reader = _Reader(source)
    for at in sorted(places):
        reader.add(at)
    if reader.refused:
        lines = [f"{source.place(at)}: {at}: {message}" for at, message in reader.refused.items()]
        raise GenerationError("\n".join(lines), reader.refused)
    return reader.schemas


def python_patterns(schemas: Json) -> dict[str, str]:
    """The patterns in checked schemas, each with the one that Python reads in the same way."""
    if isinstance(schemas, list):
        return {key: value for each in schemas for key, value in python_patterns(each).items()}
    if not isinstance(schemas, dict):
        return {}
    named = schemas.get("patternProperties", {})
    written = [schemas.get("pattern"), *(named if isinstance(named, dict) else ())]
    found = {pattern: translated(pattern).python for pattern in written if isinstance(pattern, str)}
    return found | python_patterns(list(schemas.values()))


class _Reader:
    def __init__(self, source: Source) -> None:
        self._source = source
        self.schemas: dict[str, Json] = {}
        self.refused: dict[str, str] = {}

    def add(self, at: str) -> None:
        if at not in self.schemas:
            self.schemas[at] = None  # before the schemas that it refers to, one of which may be itself
            self.schemas[at] = self._checked(lookup(self._source.value, at), at)

    def _checked(self, schema: Json, at: str) -> Json:
        """A schema with the keywords that are checked, and one example to show in an error."""
        if isinstance(schema, bool):
            return schema
        kept: dict[str, Json] = {}
        for name, value in schema.items():
            if name in ("example", "examples"):
                kept["examples"] = value[:1] if name == "examples" else [value]
            elif name in CHECKED:
                kept[name] = self._value(KEYWORDS.get(name, Keyword(name)), value, at + pointer(name))
            elif not (name.startswith("x-") or (name in KEYWORDS and KEYWORDS[name].role is not Role.RULE)):
                self.refused[at + pointer(name)] = no_keyword(name)
        return kept

    def _value(self, keyword: Keyword, value: Json, at: str) -> Json:
        if keyword.name == "$ref":
            to = resolve(self._source.value, target(value)).at
            self.add(to)
            return to
        if keyword.holds is Holds.ONE:
            return self._checked(value, at)
        if keyword.holds is Holds.LIST:
            return [self._checked(each, at + pointer(index)) for index, each in enumerate(value)]
        if keyword.holds is Holds.NAMED:
            return {name: self._checked(each, at + pointer(name)) for name, each in value.items()}
        return value
