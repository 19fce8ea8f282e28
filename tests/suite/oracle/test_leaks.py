"""Finding the API key in a text: in any encoding, and without taking other texts for it."""

from __future__ import annotations

import html
import json
from base64 import b32encode, b64encode, urlsafe_b64encode
from collections.abc import Callable
from urllib.parse import quote, quote_plus

import pytest

from contract_tests.oracle.leaks import concealed, shows, without

KEY = "Ab \"c%4é\\x'y<z>&+Kb-Bq7😀"
SPELLINGS = {
    "plain": KEY,
    "in capitals": KEY.upper(),
    "in a URL": quote(KEY, safe=""),
    "in a form": quote_plus(KEY),
    "every byte in a URL": "".join(f"%{byte:02x}" for byte in KEY.encode()),
    "in a URL in a URL": quote(quote(KEY)),
    "in JSON": json.dumps(KEY)[1:-1],
    "in JSON as UTF-8": json.dumps(KEY, ensure_ascii=False)[1:-1],
    "in JSON in JSON": json.dumps(json.dumps(KEY))[3:-3],
    "every character in JSON": "".join(f"\\u{ord(character):04x}" for character in KEY[:-1]) + "\\ud83d\\ude00",
    "every byte as Python escapes it": "".join(f"\\x{byte:02x}" for byte in KEY.encode()),
    "every character as JavaScript escapes it": "".join(f"\\u{{{ord(character):x}}}" for character in KEY),
    "every character in octal": "".join(f"\\{ord(character):03o}" for character in KEY),
    "in HTML": html.escape(KEY),
    "in HTML in HTML": html.escape(html.escape(KEY)),
    "every character in HTML": "".join(f"&#x{ord(character):X};" for character in KEY),
    "half in a URL, half in JSON": quote(KEY[:9]) + json.dumps(KEY[9:])[1:-1],
}


@pytest.mark.parametrize("spelling", SPELLINGS)
def test_a_key_is_found_and_taken_out_in_any_encoding(spelling: str) -> None:
    text = f"before {SPELLINGS[spelling]} after"
    assert shows(text, frozenset([KEY]))
    assert "before *** after" == without(text, KEY) == concealed(text, KEY)


@pytest.mark.parametrize("part", [KEY[:-4], KEY[4:], b64encode(KEY.encode()).decode()], ids=["start", "end", "Base64"])
def test_a_text_with_most_of_a_key_or_its_base64_is_not_shown(part: str) -> None:
    assert shows(part, frozenset([KEY]))
    assert "(not shown, since the API key is in it)" == concealed(f"before {part} after", KEY)


ENCODED = {
    "hexadecimal": KEY.encode().hex().upper(),
    "hexadecimal with colons": KEY.encode().hex(":"),
    "hexadecimal with blanks": KEY.encode().hex(" "),
    "a list of bytes": json.dumps(list(KEY.encode())),
    "a list of bytes without blanks": json.dumps({"type": "Buffer", "data": list(KEY.encode())}, separators=(",", ":")),
    "Base64 twice": b64encode(b64encode(KEY.encode())).decode(),
    "Base32": b32encode(KEY.encode()).decode(),
    **{f"Base32 behind {before} bytes": b32encode(b"?" * before + KEY.encode()).decode() for before in range(1, 5)},
    "without dashes": KEY.replace("-", ""),
    "with underscores": KEY.replace("-", "_"),
}


@pytest.mark.parametrize("name", ENCODED)
def test_a_key_is_found_in_an_encoding_of_the_whole(name: str) -> None:
    assert shows(f"before {ENCODED[name]} after", frozenset([KEY]))


@pytest.mark.parametrize("encode", [b64encode, urlsafe_b64encode])
@pytest.mark.parametrize("after", ["", "?", "??"])
@pytest.mark.parametrize("before", ["", "?", "??", '{"key":"'])
def test_a_key_is_found_in_base64_of_a_longer_text(before: str, after: str, encode: Callable[[bytes], bytes]) -> None:
    assert shows(encode(f"{before}{KEY}{after}".encode()).decode(), frozenset([KEY]))
    assert not shows(encode(f"{before}{KEY.swapcase()}{after}".encode()).decode(), frozenset([KEY]))


@pytest.mark.parametrize("text", ["", "api-key", KEY[:6], KEY[6:16], "another key of the same length"])
def test_another_text_is_not_taken_for_the_key(text: str) -> None:
    assert not shows(text, frozenset([KEY]))
    assert text == concealed(text, KEY)
