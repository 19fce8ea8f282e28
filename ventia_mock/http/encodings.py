"""Decodes the `Content-Encoding` of a body."""

from __future__ import annotations

import zlib
from collections.abc import Sequence

_WINDOW = {"gzip": 31, "x-gzip": 31, "deflate": 15}
"""The window bits by which zlib reads each encoding."""


def decoded(body: bytes, encodings: Sequence[str], most: int) -> bytes:
    """A body without its encodings.

    Args:
        encodings: in the order in which they were applied.
        most: the largest number of bytes of the result.

    Raises:
        ValueError: an encoding is unknown, or the body is not encoded so, or has more bytes.
    """
    for encoding in reversed(encodings):
        if encoding != "identity":
            body = _inflated(body, encoding, most)
    return body


def _inflated(body: bytes, encoding: str, most: int) -> bytes:
    if encoding not in _WINDOW:
        raise ValueError(f"Must be encoded as {', '.join(_WINDOW)} or not at all; got {encoding!r}")
    inflating = zlib.decompressobj(_WINDOW[encoding])
    try:
        inflated = inflating.decompress(body, most + 1)
    except zlib.error as error:
        raise ValueError(f"Must be {encoding}, as its Content-Encoding says: {error}") from None
    if len(inflated) > most or not inflating.eof:
        raise ValueError(f"Must be a whole {encoding} of at most {most} bytes")
    return inflated
