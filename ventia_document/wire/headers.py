"""The headers of responses, written and read in the style `simple`."""

from __future__ import annotations

import json

from ventia_document.operations import Part, resolve
from ventia_document.parameters import Parameter
from ventia_document.source import Json, pointer

UNDESCRIBED = frozenset(("content-type",))
"""Headers whose descriptions have no meaning, by OpenAPI's own words."""


HEADER_NAME = r"[\w!#$%&'*+.^`|~-]+"
"""The pattern of names of headers and cookies (RFC 9110), in ASCII."""


def is_of_the_connection(name: str) -> bool:
    """Whether a header is about the connection, so that no document can say its value."""
    return name.lower() in _OF_THE_CONNECTION


_OF_THE_CONNECTION = frozenset(
    ("connection", "content-length", "expect", "host", "keep-alive", "te", "trailer", "transfer-encoding", "upgrade")
)


def described_headers(document: Json, response: Part) -> dict[str, Part]:
    """The headers that a response documents, by name."""
    headers = response.value.get("headers", {})
    return {
        name: resolve(document, response.at + pointer("headers", name))
        for name in headers
        if name.lower() not in UNDESCRIBED
    }


def header_reader(document: Json, name: str, header: Part) -> Parameter:
    """The reader of a header, which has a value as a parameter in a header has."""
    return Parameter(document, Part(name, header.at, {**header.value, "name": name, "in": "header"}))


def header_text(header: Part, value: Json) -> str:
    """A value as a header has it."""
    if isinstance(value, list):
        return ",".join(map(_scalar, value))
    if isinstance(value, dict):
        mark = "=" if header.value.get("explode", False) else ","
        return ",".join(f"{name}{mark}{_scalar(each)}" for name, each in value.items())
    return _scalar(value)


def _scalar(value: Json) -> str:
    return value if isinstance(value, str) else json.dumps(value)
