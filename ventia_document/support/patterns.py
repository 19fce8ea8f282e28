"""Patterns of ECMA-262 (with its flag `u`, as JSON Schema means them), translated for Python and for the validator.

What the three do not read alike, or Python has no words for, is refused.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from typing import NoReturn

_DIGIT, _WORD = "0-9", "A-Za-z0-9_"
_SPACE = r"\t\n\x0b\x0c\r \xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000\ufeff"
_CLASSES = {"d": _DIGIT, "w": _WORD, "s": _SPACE}
_CONTROLS = {"t": "\t", "n": "\n", "v": "\v", "f": "\f", "r": "\r"}
_NOT_A_LINE = r"[^\n\r\u2028\u2029]"
_BOUNDARY = f"(?:(?<![{_WORD}])(?=[{_WORD}])|(?<=[{_WORD}])(?![{_WORD}]))"
_SYNTAX = "^$\\.*+?()[]{}|/"
_GROUPS = ("(?:", "(?=", "(?!", "(?<=", "(?<!")
_QUANTIFIER = re.compile(r"(?:[*+?]|\{\d+(?:,\d*)?\})\??", re.ASCII)


class UnreadablePattern(ValueError):
    """A pattern that is refused; the message says which part of it, and what would do."""


@dataclass(frozen=True)
class Pattern:
    """A pattern for each engine.

    Attributes:
        python: for Python's `re`, without flags.
        validator: for jsonschema-rs.
    """

    python: str
    validator: str


@cache
def translated(pattern: str) -> Pattern:
    """A pattern for each engine.

    Raises:
        UnreadablePattern: it is none of ECMA-262, or is not read alike by all.
    """
    reader = _Reader(pattern)
    python = reader.alternatives()
    if reader.at < len(pattern):
        reader.refuse("closes no group; write \\)")
    try:
        re.compile(python)
    except re.error as error:
        raise UnreadablePattern(f"{pattern!r}: Python cannot read it: {error}") from None
    return Pattern(python, "".join(reader.validator))


class _Reader:
    """Reads a pattern from its beginning, and writes it for both engines."""

    def __init__(self, pattern: str) -> None:
        self.pattern = pattern
        self.at = 0
        self.validator: list[str] = []

    def refuse(self, why: str) -> NoReturn:
        raise UnreadablePattern(f"{self.pattern!r}: {self.pattern[self.at : self.at + 3]!r} {why}")

    def alternatives(self) -> str:
        """Everything up to the end of the group."""
        written = ""
        while self.at < len(self.pattern) and self.pattern[self.at] != ")":
            written += self._take(1) if self.pattern[self.at] == "|" else self._term()
        return written

    def _take(self, count: int, instead: str | None = None) -> str:
        """The next characters, which the validator gets too, or others instead."""
        taken = self.pattern[self.at : self.at + count]
        self.at += count
        self.validator.append(taken if instead is None else instead)
        return taken

    def _term(self) -> str:
        begun = self.at
        written = self._atom()
        quantifier = _QUANTIFIER.match(self.pattern, self.at)
        if quantifier is None:
            return written
        if re.match(r"[\^$]|\\b|\(\?<?[=!]", self.pattern[begun:]):
            self.refuse("repeats a place, and no text; leave it out")
        return f"(?:{written}){self._take(len(quantifier[0]))}"

    def _atom(self) -> str:
        character = self.pattern[self.at]
        if character == "(":
            return self._group()
        if character == "[":
            return self._class()
        if character == "\\":
            return self._escape()
        if character in "*+?{":
            self.refuse("repeats nothing; write a backslash before it to mean it literally")
        if character in "]}":
            self.refuse("closes nothing; write a backslash before it to mean it literally")
        if character == ".":
            self._take(1, _NOT_A_LINE)
            return _NOT_A_LINE
        self._take(1)
        return {"^": "^", "$": r"\Z"}.get(character, re.escape(character))

    def _group(self) -> str:
        begun = self.at
        opening = next((each for each in _GROUPS if self.pattern.startswith(each, begun)), "")
        named = re.compile(r"\(\?<[A-Za-z_]\w*>", re.ASCII).match(self.pattern, begun)
        if named:
            self._take(len(named[0]), "(")
        elif opening:
            self._take(len(opening))
        elif self.pattern.startswith("(?", begun):
            self.refuse("is no group of ECMA-262; write (?: or (")
        else:
            self._take(1)
        inside = self.alternatives()
        if self.at >= len(self.pattern):
            self.at = begun
            self.refuse("is never closed; close the group")
        self._take(1)
        return f"{opening or '('}{inside})"

    def _escape(self) -> str:
        letter = self.pattern[self.at + 1 : self.at + 2]
        if letter in _CLASSES:
            self._take(2)
            return f"[{_CLASSES[letter]}]"
        if letter.lower() in _CLASSES and letter:
            self._take(2)
            return f"[^{_CLASSES[letter.lower()]}]"
        if letter == "b":
            self._take(2, _BOUNDARY)  # that of the validator is Unicode's
            return _BOUNDARY
        return re.escape(self._character_escape(_SYNTAX))

    def _character_escape(self, syntax: str) -> str:
        """The character that an escape stands for."""
        rest = self.pattern[self.at + 1 :]
        if rest[:1] in _CONTROLS and rest:
            self._take(2)
            return _CONTROLS[rest[0]]
        if found := re.match(r"c([A-Za-z])", rest):
            self._take(3, f"\\x{ord(found[1]) % 32:02x}")
            return chr(ord(found[1]) % 32)
        if found := re.match(r"x([0-9A-Fa-f]{2})|u([0-9A-Fa-f]{4})|u\{([0-9A-Fa-f]{1,6})\}", rest):
            number = int(found[1] or found[2] or found[3], 16)
            if number > 0x10FFFF or 0xD800 <= number < 0xE000:
                self.refuse("is no character; write its code point as \\u{...}")
            self._take(1 + found.end(), f"\\u{{{number:x}}}")
            return chr(number)
        if rest[:1] not in syntax or not rest:
            self.refuse("is no escape that all engines know; write the character, or a class such as [a-z]")
        self._take(2, rest[0] if rest[0] in "-/" else None)
        return rest[0]

    def _class(self) -> str:
        begun = self.at
        is_negated = self._take(2 if self.pattern.startswith("[^", begun) else 1) == "[^"
        items: list[str] = []
        complements: list[str] = []
        while self.pattern[self.at : self.at + 1] not in ("]", ""):
            if found := re.match(r"\\([dwsDWS])", self.pattern[self.at :]):
                self._take(2)
                known = _CLASSES[found[1].lower()]
                (items if found[1].islower() else complements).append(known)
                self._refuse_range_from_class()
            else:
                items.append(self._range())
        if self.at >= len(self.pattern) or not (items or complements):
            self.at = begun
            self.refuse("is a class that is empty or never closed; name its characters")
        self._take(1)
        return _written_class(items, complements, is_negated=is_negated)

    def _refuse_range_from_class(self) -> None:
        if re.match(r"-[^\]]", self.pattern[self.at :]):
            self.refuse("begins no range; put the hyphen at the end of the class")

    def _range(self) -> str:
        first = self._class_character()
        if not re.match(r"-[^\]]", self.pattern[self.at :]):
            return re.escape(first)
        if re.match(r"-\\[dwsDWS]", self.pattern[self.at :]):
            self.refuse("ends no range; put the hyphen at the end of the class")
        self._take(1)
        last = self._class_character()
        if last < first:
            self.refuse("ends a range that begins after it; swap the two")
        return f"{re.escape(first)}-{re.escape(last)}"

    def _class_character(self) -> str:
        character = self.pattern[self.at]
        if character == "\\":
            return self._character_escape(_SYNTAX + "-")
        self._take(1, f"\\{character}" if character in "[&~-" else None)
        return character


def _written_class(items: list[str], complements: list[str], *, is_negated: bool) -> str:
    if not complements:
        return f"[{'^' if is_negated else ''}{''.join(items)}]"
    branches = [f"[{''.join(items)}]"] * bool(items) + [f"[^{each}]" for each in complements]
    either = f"(?:{'|'.join(branches)})"
    return f"(?:(?!{either})(?s:.))" if is_negated else either
