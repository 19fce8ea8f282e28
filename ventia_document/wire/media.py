"""The media types of bodies: which are JSON, text, forms or any bytes."""

from __future__ import annotations

import json

from ventia_document.source import Json

JSON, TEXT, BINARY = "application/json", "text/plain", "application/octet-stream"
"""The types that stand for all of their kinds."""

FORM = "application/x-www-form-urlencoded"

_BINARY = ("application/octet-stream", "application/pdf", "application/zip")
_BINARY_KINDS = ("audio", "font", "image", "video")
_NO_TEXT = ("text/event-stream", "text/xml")


def plain_type(media_type: str) -> str:
    """A media type without its parameters, in lower case."""
    return media_type.partition(";")[0].strip().lower()


def general_type(media_type: str) -> str:
    """The type that stands for all of its kind: JSON, TEXT or BINARY, or the type itself without parameters."""
    kinds = {JSON: is_json, TEXT: is_text, BINARY: is_binary}
    return next((name for name, belongs in kinds.items() if belongs(media_type)), plain_type(media_type))


def is_json(media_type: str) -> bool:
    """Whether bodies of a media type are JSON."""
    plain = plain_type(media_type)
    return plain == "application/json" or plain.endswith("+json")


def is_text(media_type: str) -> bool:
    """Whether bodies of a media type are one text."""
    plain = plain_type(media_type)
    return plain.startswith("text/") and plain not in _NO_TEXT and "*" not in plain


def is_binary(media_type: str) -> bool:
    """Whether bodies of a media type are any bytes, whatever the schema says."""
    plain = plain_type(media_type)
    return plain in _BINARY or (plain.partition("/")[0] in _BINARY_KINDS and not plain.endswith(("+json", "/*")))


def encoded(media_type: str, value: Json) -> bytes:
    """A value as a body of a media type; JSON if it is none of the others here."""
    if isinstance(value, str) and (is_text(media_type) or is_binary(media_type)):
        return value.encode()
    return _encode(value).encode()


_encode = json.JSONEncoder(ensure_ascii=False).encode  # json.dumps would make an encoder for each body
