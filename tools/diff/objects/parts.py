"""Parts of documents, and the same part of two documents as a pair."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import suppress
from typing import NamedTuple

from tools.diff.schemas.differences import MISSING, text
from tools.diff.schemas.excerpts import part
from ventia_document.operations import resolve
from ventia_document.source import Json, pointer


class Part(NamedTuple):
    """A part of a document, references followed.

    Attributes:
        at: its JSON pointer.
        value: MISSING if the document has none.
        inner: the JSON pointer that its own parts are below: that of what its reference leads to.
    """

    at: str
    value: Json = MISSING
    inner: str = ""


class Pair(NamedTuple):
    """The same part of the two documents; its name is its key, or what distinguishes it in a list."""

    base: Part
    now: Part
    name: str = ""

    @property
    def verb(self) -> str:
        """Added, removed or changed."""
        return "added" if self.base.value is MISSING else "removed" if self.now.value is MISSING else "changed"

    @property
    def part(self) -> Part:
        """The part in the new document, or in the base if it was removed."""
        return self.base if self.now.value is MISSING else self.now


def part_at(document: Json, at: str) -> Part:
    """The part at a JSON pointer."""
    value = part(document, at)
    if isinstance(value, dict) and "$ref" in value:
        with suppress(LookupError, ValueError, RecursionError):
            referred = resolve(document, at)
            return Part(at, referred.value, referred.at)
    return Part(at, value, at)


def parts_of(document: Json, owner: Part, kind: str) -> dict[str, Part]:
    """The parts of an object of some kind, by name."""
    names = owner.value if isinstance(owner.value, dict) else ()
    around = "/components/securitySchemes" if kind == "security requirement" else owner.inner
    return {_name(name, kind): part_at(document, around + pointer(name)) for name in names}


def _name(key: str, kind: str) -> str:
    """A key; of a media type in small letters, without the charset that JSON has anyway."""
    return key.lower().replace(" ", "").removesuffix(";charset=utf-8") if kind == "content" else key


_NAMES: Mapping[str, Callable[[Json], str]] = {
    "parameters": lambda parameter: f"{parameter.get('in')} {parameter.get('name')}",
    "security": text,
    "servers": lambda server: str(server.get("url")),
    "tags": str,
}


def listed(document: Json, owner: Part, key: str) -> dict[str, Part]:
    """The items of a list of an operation by name: of the path's parameters and its own, else the nearest list."""
    around = [owner.inner, owner.inner.rpartition("/")[0], ""][: 1 if key == "tags" else 3]
    lists = [at for each in around if isinstance(part(document, at := f"{each}/{key}"), list)]
    lists = lists[::-1] if key == "parameters" else lists[:1]
    items = [part_at(document, f"{at}/{index}") for at in lists for index in range(len(part(document, at)))]
    return {_NAMES[key](item.value): item for item in items}
