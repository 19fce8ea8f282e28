"""The API key, which shows itself to nobody who does not ask."""

from __future__ import annotations

import logging
import os
import re
import threading
import unicodedata
import weakref
from hashlib import sha256
from typing import NoReturn
from urllib.parse import quote

from .import_lock import LOADING

LEAST = 8
"""Characters below which a key is not looked for in texts, where it would be found by chance."""

KEY_PLACE = "ventia_key_place"
"""The extension of a request that says where its key is, if that is not where most requests have it."""

_ESCAPES = re.compile(r"[%\\&+]")
"""Characters that begin an escape: a text without them spells every character plainly."""


def violation(value: str) -> str | None:
    """The rule that a key breaks, without the key; None if it is one."""
    if not value:
        return "an API key must not be empty"
    if value != value.strip() or any(unicodedata.category(each) == "Cc" for each in value):
        return "an API key must have no blanks around it, and no control characters, such as the newline of a file"
    try:
        value.encode()
    except UnicodeEncodeError:
        return "an API key must hold both halves of every surrogate pair"
    return None


class Key:
    """An API key: it has no readable `repr`, no attributes to list, and is not pickled."""

    __slots__ = ("__weakref__", "_quoted", "_spelled", "_value")

    def __init__(self, value: str) -> None:
        self._value = value
        self._quoted = quote(value, safe="")
        self._spelled: re.Pattern[str] | None = None
        with _knowing:
            _known.add(self)

    def __repr__(self) -> str:
        return "Key(***)"

    def __reduce__(self) -> NoReturn:
        raise TypeError("an API key is not pickled or copied; make a Client where it is used")

    def reveal(self) -> str:
        """The key itself."""
        return self._value

    def reveal_quoted(self) -> str:
        """The key itself, percent-encoded for a query."""
        return self._quoted

    def digest(self, *scope: str) -> str:
        """A name for the key within a scope, from which it cannot be computed: hexadecimal digits."""
        return sha256("\0".join([*scope, self._value]).encode()).hexdigest()

    def hidden_in(self, text: str) -> str:
        """The text with `***` for the key, however it is spelled there: plain, percent-encoded, as in JSON or HTML."""
        if len(self._value) < LEAST:
            return text
        if not _ESCAPES.search(text):
            return text.replace(self._value, "***")
        if self._spelled is None:  # since most texts spell nothing in another way
            with LOADING:  # of what spells it
                self._spelled = re.compile("".join(map(_spellings, self._value)))
        return self._spelled.sub("***", text)

    def hidden_in_bytes(self, content: bytes) -> bytes:
        """The same for what may be a text."""
        return self.hidden_in(content.decode(errors="surrogateescape")).encode(errors="surrogateescape")


_known: weakref.WeakSet[Key] = weakref.WeakSet()
_knowing = threading.RLock()  # a log may be written by the garbage collector, while one is


def _know_anew() -> None:
    """Make the lock anew in a forked process, where nobody may be left to release it."""
    global _knowing
    _knowing = threading.RLock()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_know_anew)


class _Redaction(logging.Filter):
    """Hides every key of the process in a log record."""

    def filter(self, record: logging.LogRecord) -> bool:
        text = shown = record.getMessage()
        with _knowing:
            keys = list(_known)
        for key in keys:
            shown = key.hidden_in(shown)
        if shown != text:
            record.msg, record.args = shown, ()
        return True


_redaction = _Redaction()


def hide_in_log(name: str) -> None:
    """Hide every key in what a logger logs, from now on."""
    logging.getLogger(name).addFilter(_redaction)  # which adds it once


def _spellings(character: str) -> str:
    """A pattern of all ways to write a character: plainly, percent-encoded, in JSON, in HTML.

    An atomic group: once it has matched, no other way is tried, or a long text could take forever.
    """
    import html  # here, since its table of entities takes long to import

    units = character.encode("utf-16-be").hex()
    in_digits = (
        "".join(f"%{byte:02x}" for byte in character.encode()),
        "".join(f"\\u{units[at : at + 4]}" for at in range(0, len(units), 4)),
    )
    exact = {character, html.escape(character), "+" if character == " " else character}
    if not character.isalnum():
        exact.add(f"\\{character}")
    loose = "|".join(map(re.escape, in_digits))
    return f"(?>(?i:{loose})|{'|'.join(re.escape(way) for way in sorted(exact, key=len, reverse=True))})"
