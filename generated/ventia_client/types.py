"""The types that generated modules share; those of files are for bodies that hold one."""

from __future__ import annotations

import json
import re
from codecs import BOM_UTF8
from collections.abc import Mapping
from reprlib import recursive_repr
from typing import IO, Any, BinaryIO, ClassVar, Generic, Literal, NamedTuple, TypeVar

from attrs import Attribute, define


class Unset:
    """The type of UNSET."""

    def __bool__(self) -> Literal[False]:
        return False

    def __repr__(self) -> str:
        return "UNSET"

    def __reduce__(self) -> str:
        return "UNSET"  # so that a copy, or what comes out of a pickle, is the same object


UNSET: Unset = Unset()
"""The value of an optional field that is not given, and so not sent."""


class Model:
    """An object that the document has a schema for; its repr leaves out what is not set."""

    __slots__ = ()

    __attrs_attrs__: ClassVar[tuple[Attribute[Any], ...]]

    @recursive_repr()
    def __repr__(self) -> str:
        values = {each.name: getattr(self, each.name, UNSET) for each in self.__attrs_attrs__}
        shown = [f"{name}={value!r}" for name, value in values.items() if not _is_left_out(name, value)]
        return f"{type(self).__name__}({', '.join(shown)})"


def _is_left_out(name: str, value: object) -> bool:
    return value is UNSET or (name == "additional_properties" and not value)


FileContent = IO[bytes] | bytes | str
FileTypes = tuple[str | None, FileContent, str | None] | tuple[str | None, FileContent, str | None, Mapping[str, str]]
RequestFiles = list[tuple[str, FileTypes]]


class File(NamedTuple):
    """A file to upload: what is in it, its name, its MIME type."""

    payload: BinaryIO
    file_name: str | None = None
    mime_type: str | None = None

    def to_tuple(self) -> FileTypes:
        """The file as httpx takes it."""
        return self.file_name, self.payload, self.mime_type


def _number(text: str) -> float:
    """A number of JSON, where 1.0 is an integer too."""
    number = float(text)
    return int(number) if number.is_integer() and abs(number) < _MOST_EXACT else number


_MOST_EXACT = 2**53


T = TypeVar("T")


@define
class Response(Generic[T]):
    """An answer of the service.

    Attributes:
        status_code: the HTTP status.
        content: the body.
        headers: looked up without regard to case.
        parsed: the body as an object of the class that the document names for the status; None if it has none, or
            cannot be read.
        complete: whether all of the body arrived.
    """

    status_code: int
    content: bytes
    headers: Mapping[str, str]
    parsed: T | None = None
    complete: bool = True

    def json(self) -> Any:
        """The body as a JSON value.

        Raises:
            ValueError, RecursionError: it is no JSON in UTF-8, or did not arrive whole.
        """
        if not self.complete:
            raise ValueError("the answer broke off")
        return json.loads(self.content.removeprefix(BOM_UTF8).decode(), parse_float=_number)

    @property
    def text(self) -> str:
        """The body as text, in the charset that the content type names, or else in UTF-8."""
        charset = re.search(r"(?i)charset\s*=\s*\"?([^\s\";]+)", self.headers.get("content-type", ""))
        try:
            return self.content.decode(charset[1] if charset else "utf-8", errors="replace")
        except LookupError:  # a charset that Python does not know
            return self.content.decode(errors="replace")
