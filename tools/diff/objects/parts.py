"""Parts of documents, and the same part of two documents as a pair."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, NamedTuple

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


@dataclass(frozen=True)
class Pair:
    """The same part of the two documents.

    Attributes:
        name: the key of the part.
    """

    base: Part
    now: Part
    name: str = ""

    @property
    def is_added(self) -> bool:
        """Whether only the new document has it."""
        return self.base.value is MISSING

    @property
    def is_removed(self) -> bool:
        """Whether only the base has it."""
        return self.now.value is MISSING

    @property
    def is_single(self) -> bool:
        """Whether only one of the documents has it."""
        return self.is_added or self.is_removed

    @property
    def verb(self) -> str:
        """Added, removed or changed."""
        return "added" if self.is_added else "removed" if self.is_removed else "changed"

    @property
    def is_new_or_gone(self) -> str:
        """`is new` or `is gone`, for a message."""
        return "is new" if self.is_added else "is gone"

    @property
    def part(self) -> Part:
        """The part in the new document, or in the base if it was removed."""
        return self.base if self.is_removed else self.now


def part_at(document: Json, at: str) -> Part:
    """The part at a JSON pointer."""
    return _followed(document, at, part(document, at))


def _followed(document: Json, at: str, value: Json) -> Part:
    if isinstance(value, dict) and "$ref" in value:
        with suppress(LookupError, ValueError, RecursionError):
            referred = resolve(document, at)
            return Part(at, referred.value, referred.at)
    return Part(at, value, at)


_NAMES: Mapping[str, Callable[[Json], str]] = {"security": text, "servers": lambda server: str(server.get("url"))}
"""The names of items of lists."""


def parts_of(document: Json, owner: Part, kind: str) -> dict[str, Part]:
    """The parts of an object or a list of some kind, by name."""
    if isinstance(owner.value, list):
        items: Any = [(_NAMES.get(kind, str)(item), index, item) for index, item in enumerate(owner.value)]
    else:
        value = owner.value if isinstance(owner.value, dict) else {}
        items = [(_name(key, kind), key, inner) for key, inner in value.items()]
    return {name: _followed(document, owner.inner + pointer(key), value) for name, key, value in items}


def _name(key: str, kind: str) -> str:
    """A key; of a media type in small letters, without the charset that JSON has anyway."""
    return key.lower().replace(" ", "").removesuffix(";charset=utf-8") if kind == "content" else key


def parameters(document: Json, *owners: Part) -> dict[str, Part]:
    """The parameters of a path and of its operation by place and name; the operation's win."""
    listed = [part_at(document, f"{owner.inner}/parameters") for owner in owners]
    found = [each for owner in listed for each in parts_of(document, owner, "parameters").values()]
    return {f"{each.value.get('in')} {each.value.get('name')}": each for each in found if isinstance(each.value, dict)}
