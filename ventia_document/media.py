"""The media types of bodies: which are JSON, text, forms or any bytes."""

from __future__ import annotations

FORM, MULTIPART = "application/x-www-form-urlencoded", "multipart/form-data"

_BINARY = ("application/octet-stream", "application/pdf", "application/zip")
_BINARY_KINDS = ("audio", "font", "image", "video")
_NO_TEXT = ("text/event-stream", "text/xml")


def plain_type(media_type: str) -> str:
    """A media type without its parameters, in lower case."""
    return media_type.partition(";")[0].strip().lower()


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
