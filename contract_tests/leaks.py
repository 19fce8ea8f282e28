"""How an API key shows in what a server says: whole or most of it, plain, escaped or encoded."""

from __future__ import annotations

import base64
import html
from functools import lru_cache
from urllib.parse import unquote

from ventia_mock.journal.redaction import keys_in as held
from ventia_mock.journal.redaction import redact

_TELLING = 8  # characters of a key that do not stand in a text by chance


def shows(text: str, keys: frozenset[str]) -> bool:
    """Whether a text shows one of the keys, or most of one, in whatever form."""
    forms = {text, html.unescape(text), unquote(unquote(text))}
    return any(held(form.lower(), _traces(keys)) for form in forms)


def concealed(text: str, key: str) -> str:
    """A text without the key; nothing of it where the key would still show."""
    told = redact(text, [key])
    return "(not shown, since the API key is in it)" if shows(told, frozenset([key])) else told


@lru_cache
def _traces(keys: frozenset[str]) -> frozenset[str]:
    """What gives the keys away, in small letters: most of one, or one in Base64."""
    parts = {part for key in keys for most in [max(_TELLING, len(key) * 3 // 4)] for part in (key[:most], key[-most:])}
    coded = {base64.b64encode(key.encode()).decode().rstrip("=") for key in keys}
    return frozenset(text.lower() for text in parts | coded)
