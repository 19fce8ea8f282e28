"""The smallest parts in which two documents differ; in schemas, these are keywords."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass

from tools.diff.schemas.readings import MISSING, put
from ventia_document.keywords import KEYWORDS, Holds
from ventia_document.source import Json, parts, pointer
from ventia_document.structure import kind


@dataclass(frozen=True, eq=False)
class Difference:
    """A part that two documents have differently, or only one of them, whose value in the other is MISSING."""

    at: str
    base: Json
    now: Json

    @property
    def key(self) -> str:
        """The key or index of the part."""
        return parts(self.at)[-1] if self.at else ""

    @property
    def verb(self) -> str:
        """Added, removed or changed."""
        return "added" if self.base is MISSING else "removed" if self.now is MISSING else "changed"

    @property
    def schema(self) -> str:
        """The JSON pointer of the schema that the difference is in; empty if it is in none."""
        around = self.at
        while around and kind(around) != "schema":
            around = around.rpartition("/")[0]
        return around

    def reverted(self, document: Json) -> Json:
        """The new document with this part as it was."""
        return put(document, self.at, self.base)

    def applied(self, document: Json) -> Json:
        """The base with this part as it is."""
        return put(document, self.at, self.now)


def differences(base: Json, now: Json, at: str = "") -> Iterator[Difference]:
    """Every difference of two documents, references not followed; the order of keys is none."""
    if same(base, now):
        return
    if isinstance(base, dict) and isinstance(now, dict) and not _is_whole(at, base, now):
        for key in dict.fromkeys((*now, *base)):
            yield from differences(base.get(key, MISSING), now.get(key, MISSING), at + pointer(key))
    elif isinstance(base, list) and isinstance(now, list) and len(base) == len(now) and not _is_data(at):
        for index, (old, new) in enumerate(zip(base, now, strict=True)):
            yield from differences(old, new, at + pointer(index))
    else:
        yield Difference(at, base, now)


def _is_whole(at: str, base: dict[str, Json], now: dict[str, Json]) -> bool:
    """Whether two objects differ as wholes: data of a schema, and a reference in place of what it leads to."""
    return ("$ref" in base) != ("$ref" in now) or _is_data(at)


def _is_data(at: str) -> bool:
    """Whether a part is the value of a keyword that holds no schemas."""
    around, _, key = at.rpartition("/")
    keyword = KEYWORDS.get(key)
    return kind(around) == "schema" and (keyword is None or keyword.holds is Holds.NONE)


def same(one: Json, other: Json) -> bool:
    """Whether two values are equal as JSON: 1.0 equals 1, but true does not, as it would in Python."""
    return one is other or (MISSING not in (one, other) and text(one) == text(other))


def text(value: Json) -> str:
    """A value as JSON text, equal for equal values."""
    return json.dumps(_with_whole_numbers(value), sort_keys=True, ensure_ascii=False)


def _with_whole_numbers(value: Json) -> Json:
    if isinstance(value, dict):
        return {key: _with_whole_numbers(part) for key, part in value.items()}
    if isinstance(value, list):
        return [_with_whole_numbers(part) for part in value]
    return int(value) if isinstance(value, float) and value.is_integer() else value
