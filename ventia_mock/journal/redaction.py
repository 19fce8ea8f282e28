"""Keeps API keys out of every text that the stand-in shows or keeps."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from urllib.parse import unquote

from ventia_mock.remembering import remembered

BLOT = "***"
"""Stands in place of a key."""


def redact(text: str, keys: Iterable[str]) -> str:
    """A text without the keys, in any mixture of plain, percent-encoded and JSON-escaped characters."""
    for key in keys_in(text, keys):
        text = text.replace(key, BLOT)
        if keys_in(text, [key]):
            text = _without(_without(text, key, percent=False), key, percent=True)
    return text


def keys_in(text: str, keys: Iterable[str]) -> list[str]:
    """Keys found in the text, in any encoding; may give false positives."""
    forms = [text, unquote(text)] if "%" in text else [text]
    if "\\u" in text:
        forms += [_unescaped(form) for form in forms]
    plain = "\n".join(map(_plain, forms))
    return [key for key in keys if key and _plain_key(key) in plain]


def _plain(text: str) -> str:
    """A text without JSON's backslashes, and with a space for the plus that may encode one in a URL."""
    return text.replace("\\", "").replace("+", " ")


_plain_key = remembered(_plain)


def _unescaped(text: str) -> str:
    text = re.sub(_ESCAPED, lambda match: chr(int(match[1], 16)), text)
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def _without(text: str, key: str, *, percent: bool) -> str:
    """A text without a key; `percent` says whether percent-encoding is decoded to find it."""
    units = list(_units(text, percent=percent))
    decoded, sought = "".join(unit for unit, _, _ in units), "".join(unit for unit, _, _ in _units(key, percent=False))
    kept, end, position = [], 0, decoded.find(sought) if sought else -1
    while position >= 0:
        last = position + len(sought) - 1
        kept += [text[end : units[position][1]], BLOT]
        end, position = units[last][2], decoded.find(sought, last + 1)
    return "".join([*kept, text[end:]])


def _units(text: str, *, percent: bool) -> Iterator[tuple[str, int, int]]:
    """The decoded text in units of UTF-16, each with the start and the end of what encodes it in the text."""
    for match in _UNIT.finditer(text):
        start, end = match.span()
        if match[1]:
            characters = [(chr(int(match[1], 16)), end - start)]
        elif match["encoded"] and percent:
            decoded = bytes.fromhex(match["encoded"].replace("%", "")).decode(errors="surrogateescape")
            characters = [(character, 3 * len(character.encode(errors="surrogateescape"))) for character in decoded]
        else:
            characters = [(character, 1) for character in match[0]]
        for character, length in characters:
            units = memoryview(_plain(character).encode("utf-16-le", "surrogatepass")).cast("H")
            yield from ((chr(unit), start, start + length) for unit in units)
            start += length


_ESCAPED = r"\\{1,8}u([0-9a-fA-F]{4})"  # JSON in a JSON text doubles the backslashes
_UNIT = re.compile(rf"{_ESCAPED}|(?P<encoded>(?:%[0-9a-fA-F]{{2}})+)|[^\\%]+|.", re.DOTALL)
