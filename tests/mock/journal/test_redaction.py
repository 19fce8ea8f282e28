"""How API keys are kept out of what the stand-in shows."""

from __future__ import annotations

import json
import time
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ventia_mock.journal.redaction import BLOT, keys_in, redact

CHARACTERS = st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="\\*+ %<>")
SPELLING = set("0123456789abcdefABCDEFu")
"""What an escape is spelt with: of `0000` written `%30000`, the key may be the last four or the first."""
FORMS = [
    lambda character: character,
    lambda character: quote(character, safe=""),
    lambda character: "".join(f"%{byte:02x}" for byte in character.encode()),
    lambda character: json.dumps(character)[1:-1],
    lambda character: json.dumps(json.dumps(character)[1:-1])[1:-1],
    lambda character: json.dumps(character, ensure_ascii=False)[1:-1],
    lambda character: "".join(f"\\u{unit:04X}" for unit in memoryview(character.encode("utf-16-le")).cast("H")),
]


@given(
    key=st.text(CHARACTERS, min_size=4, max_size=12),
    data=st.data(),
    before=st.text(st.sampled_from("<>"), max_size=3),
    after=st.text(st.sampled_from("<>"), max_size=3),
)
def test_key_is_blotted_out_however_each_of_its_characters_is_written(
    key: str, data: st.DataObject, before: str, after: str
) -> None:
    written = "".join(data.draw(st.sampled_from(FORMS))(character) for character in key)
    clean = redact(before + written + after, [key])
    assert BLOT in clean
    assert not keys_in(clean, [key])
    plain = clean.replace("\\", "")  # what escaped the key's first character, a quotation mark, stays
    assert f"{before}{BLOT}{after}" == plain or set(key) & SPELLING


@given(text=st.text(max_size=40), key=st.text(min_size=4, max_size=6))
def test_text_without_the_key_stays_as_it_is(text: str, key: str) -> None:
    if redact(text, [key]) != text:
        assert BLOT in redact(text, [key])


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("\\" * 25 + "x" * 35, "\\" * 26),
        ("\\" * 200_000, "\\" * 8),
        ("\\u" * 100_000, "\\u" * 8),
        ("%" * 200_000, "%%%%%%%%"),
        ("%4" * 100_000 + "%41", "AAAAAAAA"),
        ("a" * 200_000, "a" * 8 + "b"),
        ("a" * 199_000 + "\\u0062", "a" * 8 + "b"),
    ],
    ids=lambda value: f"{value[:6]}...{len(value)}",
)
def test_hostile_text_takes_no_more_than_its_length(text: str, key: str) -> None:
    """Where each step looked back at all before it, these would take minutes."""
    began = time.process_time()
    redact(text, [key])
    assert time.process_time() - began < 10


def test_every_occurrence_and_every_key_is_blotted_out() -> None:
    assert f"{BLOT} and {BLOT}, {BLOT}{BLOT}" == redact("key-1 and key%2D2, key-1\\u006bey-2", ["key-1", "key-2"])


@pytest.mark.parametrize("text", [r"a%41\"b", "a%2541%22b"], ids=["in JSON", "in a URL"])
def test_a_key_that_looks_percent_encoded_is_taken_out(text: str) -> None:
    assert "***" == redact(text, ['a%41"b'])
