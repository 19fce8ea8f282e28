"""Finds the API key in a text, however it is spelled, and takes it out.

`ventia_mock` keeps keys out of its responses with code of its own. This is written a second time on purpose: the code
that looks for a leak must not have the error that lets it through.
"""

from __future__ import annotations

import base64
import html.entities
import re
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
    patterns = ["".join(map(_spelling, part)) for part in parts]
    patterns += [key.encode("utf-8", "surrogatepass").hex() for key in keys if len(key) >= _TELLING]
    patterns += [pattern for key in keys if len(key) >= _TELLING for pattern in _base64(key)]
    return re.compile("|".join(sorted(patterns)), re.IGNORECASE)


def _spelling(character: str) -> str:
    """A pattern of one character: plain, or as JSON, a URL, HTML or several of them in turn spell it."""
    code = ord(character)
    spellings = [
        r"\\{0,8}" + re.escape(character),
        "".join(rf"%(?:25){{0,4}}{byte:02x}" for byte in character.encode("utf-8", "surrogatepass")),
        "".join(rf"\\{{1,8}}u{unit}" for unit in _utf16(character)),
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


def _base64(key: str) -> list[str]:
    """Patterns of the key in Base64 or Base64url, alone or inside a longer text such as a token."""
    data = key.encode("utf-8", "surrogatepass")
    patterns = []
    for before in range(3):  # three bytes are four characters, so the bytes before the key shift it in three ways
        encoded = base64.b64encode(bytes(before) + data).decode()
        # The characters at both ends that depend on the neighbours too are left out.
        own = encoded[(before * 4 + 2) // 3 : (before + len(data)) * 4 // 3]
        patterns.append(own.replace("+", "[+-]").replace("/", "[/_]"))
    return patterns
