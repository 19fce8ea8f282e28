"""The smallest parts in which two documents differ; in schemas, these are keywords."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from dataclasses import dataclass

import jsonschema_rs

from ventia_document.keywords import KEYWORDS, Holds
from ventia_document.source import Json, parts, pointer
from ventia_document.structure import kind

MISSING = object()
"""The value of a part that a document does not have."""


@dataclass(frozen=True, eq=False)
class Difference:
    """A part that two documents have differently, or only one of them."""

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
    def is_in_schema(self) -> bool:
        """Whether the part is a schema or in one."""
        return any(kind(at) == "schema" for at in around(self.at))


def around(at: str) -> Iterator[str]:
    """The JSON pointers of a part and of all that is around it."""
    return itertools.accumulate(at.split("/"), "{}/{}".format)


def differences(base: Json, now: Json, at: str = "") -> Iterator[Difference]:
    """Every difference of two documents, references not followed; the order of keys is none."""
    if base is now:
        return
    if isinstance(base, dict) and isinstance(now, dict) and ("$ref" in base) == ("$ref" in now) and not _is_data(at):
        for key in dict.fromkeys((*now, *base)):
            yield from differences(base.get(key, MISSING), now.get(key, MISSING), at + pointer(key))
    elif isinstance(base, list) and isinstance(now, list) and len(base) == len(now) and not _is_data(at):
        for index, (old, new) in enumerate(zip(base, now, strict=True)):
            yield from differences(old, new, at + pointer(index))
    elif not same(base, now):
        yield Difference(at, base, now)


def _is_data(at: str) -> bool:
    """Whether a part is the value of a keyword that holds no schemas."""
    around, _, key = at.rpartition("/")
    return kind(around) == "schema" and (key not in KEYWORDS or KEYWORDS[key].holds is Holds.NONE)


text = jsonschema_rs.canonical.json.to_string
"""A value as JSON text, equal for equal values: 1.0 equals 1, but true does not, as it would in Python."""


def same(one: Json, other: Json) -> bool:
    """True for values that are the same JSON, such as 1 and 1.0."""
    return one is other or (MISSING not in (one, other) and text(one) == text(other))


def put(holder: Json, at: str, value: Json) -> Json:
    """A copy of a document with a value at a JSON pointer, or without one if the value is MISSING."""
    if not at:
        return value
    first, *inner = parts(at)
    changed, key = holder.copy(), int(first) if isinstance(holder, list) else first
    if inner:
        changed[key] = put(holder[key], pointer(*inner), value)
    elif value is MISSING:
        del changed[key]
    else:
        changed[key] = value
    return changed
