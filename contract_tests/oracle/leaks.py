"""Finds the API key in a text, however it is spelled, and takes it out.

`ventia_mock` keeps keys out of its responses with code of its own. This is written a second time on purpose: the code
that looks for a leak must not have the error that lets it through.
"""

from __future__ import annotations

import base64
import html.entities
import re
from collections.abc import Iterator
from functools import lru_cache

_TELLING = 8  # characters of a key that do not stand in a text by chance
_BLOT = "***"


def shows(text: str, keys: frozenset[str]) -> bool:
    """Whether a text holds one of the keys or most of one: plain, in another case, escaped or encoded."""
    return bool(keys) and _traces(keys).search(text) is not None


def without(text: str, key: str) -> str:
    """A text in which each spelling of the key is replaced by `***`."""
    return _spellings(key).sub(_BLOT, text)


def concealed(text: str, key: str) -> str:
    """A text without the key; nothing of the text if most of the key would still show."""
    rest = without(text, key)
    return "(not shown, since the API key is in it)" if shows(rest, frozenset([key])) else rest


@lru_cache
def _spellings(key: str) -> re.Pattern[str]:
    return re.compile("".join(map(_spelling, key)), re.IGNORECASE)


@lru_cache
def _traces(keys: frozenset[str]) -> re.Pattern[str]:
    parts = {part for key in keys for most in [max(_TELLING, len(key) * 3 // 4)] for part in (key[:most], key[-most:])}
    patterns = ["".join(map(_undivided, part)) for part in parts]
    patterns += [pattern for key in keys if len(key) >= _TELLING for pattern in _encoded(key)]
    return re.compile("|".join(sorted(patterns)), re.IGNORECASE)


def _undivided(character: str) -> str:
    """A pattern of one character, where a dash may be another character between the parts of a key, or none."""
    return f"(?:{_spelling(character)}|[ _.:]?)" if character == "-" else _spelling(character)


def _encoded(key: str) -> Iterator[str]:
    """Patterns of the key as bytes in hexadecimal, as a list of bytes, and in Base32 and Base64."""
    data = key.encode("utf-8", "surrogatepass")
    yield r"[\s:,]{0,2}(?:0x|\\x)?".join(f"{byte:02x}" for byte in data)
    yield r",\s*".join(map(str, data))
    yield from _base32(data)
    yield from _base64(data)
    yield from _base64(base64.b64encode(data).rstrip(b"="))


def _spelling(character: str) -> str:
    """A pattern of one character: plain, or as JSON, a URL, HTML or several of them in turn spell it."""
    code = ord(character)
    spellings = [
        r"\\{0,8}" + re.escape(character),
        "".join(rf"%(?:25){{0,4}}{byte:02x}" for byte in character.encode("utf-8", "surrogatepass")),
        "".join(rf"\\{{1,8}}u{unit}" for unit in _utf16(character)),
        "".join(rf"\\{{1,8}}x{byte:02x}" for byte in character.encode("utf-8", "surrogatepass")),
        rf"\\{{1,8}}u\{{0{{0,4}}{code:x}\}}",
        rf"\\{{1,8}}0?{code:03o}",
        rf"&(?:amp;){{0,4}}#0{{0,4}}{code};?",
        rf"&(?:amp;){{0,4}}#x0{{0,4}}{code:x};?",
    ]
    if name := html.entities.codepoint2name.get(code):
        spellings.append(f"&(?:amp;){{0,4}}{name};")
    if character in " +":
        spellings.append("[ +]")  # a form spells a space as a plus sign
    return f"(?:{'|'.join(spellings)})"


def _utf16(character: str) -> list[str]:
    """The units of a character in UTF-16, in hexadecimal."""
    units = character.encode("utf-16-be", "surrogatepass").hex()
    return [units[at : at + 4] for at in range(0, len(units), 4)]


def _base32(data: bytes) -> list[str]:
    """Patterns of bytes in Base32, alone or inside a longer text."""
    # Five bytes are eight characters; those at both ends that depend on the neighbours too are left out.
    encoded = ((before, base64.b32encode(bytes(before) + data).decode()) for before in range(5))
    return [text[-(-before * 8 // 5) : (before + len(data)) * 8 // 5] for before, text in encoded]


def _base64(data: bytes) -> list[str]:
    """Patterns of bytes in Base64 or Base64url, alone or inside a longer text such as a token."""
    patterns = []
    for before in range(3):  # three bytes are four characters, so the bytes before the data shift it in three ways
        encoded = base64.b64encode(bytes(before) + data).decode()
        # The characters at both ends that depend on the neighbours too are left out.
        own = encoded[(before * 4 + 2) // 3 : (before + len(data)) * 4 // 3]
        patterns.append(own.replace("+", "[+-]").replace("/", "[/_]"))
    return patterns
