"""Generates hostile bodies, each with the statuses that are right for it."""

from __future__ import annotations

import codecs
import json
import random
from collections.abc import Callable

from tests.mock.fuzz.request import DECIDED, REFUSED, SECRET, SENT_ONLY, encoded, filled, many_keys, within
from tests.support.stand_in import MESSAGE, REQUESTS, TEXT
from ventia_document.source import Json
from ventia_mock.http.limits import LARGEST_BODY, MOST_FIELDS

NAMES = list(MESSAGE.value["properties"])
STRANGE_NAMES = [
    *("__proto__", "constructor", "prototype", "toString", "__class__", "__init__", "hasOwnProperty", "$ref", "$where"),
    *("", " ", ".", "/", "~", "~1", "~0/~2", "a/b", "{0}", "{0.__class__}", "%s", "%n", "\x00", "\u202e", "*", "<b>"),
]
STRANGE_TEXTS = [
    *("", " ", "\x00", "a\x00b", "\u202eevil\u202c", "שלום עולם", "مرحبا", "\U0001f600" * 300, "👩\u200d👩\u200d👧"),
    *("\ufeff", "\uffff", "\u2028\u2029", "\x7f\x1b[31m", "'; DROP TABLE record; --", "${jndi:ldap://x}", "../../etc"),
    *("<script>alert(1)</script>", "\\" * 99, '"' * 99, "%" * 99, "%00%ff%", "{}", "a" * 70_000, "e\u0301" * 5000),
    *("string", "656b0e1f8e5a2c001f3a9d12\n", "656b0e1f8e5a2c001f3a9d1\u0662", SECRET, SECRET.lower()),
]
NUMBERS = [
    *("1e999", "-1e999", "1e-999", "1E400", "-0", "-0.0", "0.1e1", "9" * 4300, "9" * 4301, "-" + "9" * 5000, "1" * 50),
    *("0." + "3" * 9000, "1e" + "9" * 400, "9223372036854775808", "18446744073709551616", "1.7976931348623159e308"),
]
DEPTHS = (60, 250, 260, 400, 900, 985, 995, 1005, 5000, 100_000)
SURROGATES = (r"\ud800", r"\udfff", r"\udc00\ud800", r"\ud83d", r"x\ude00y", r"\uD800\u0041", r"\ud800\ud800\udc00")
VALUES: list[Json] = [None, True, False, 0, -1, 1.5, 10**30, [], {}, [[]], {"": None}, [None] * 99, "", "string"]


def deep(rng: random.Random) -> tuple[bytes, frozenset[int]]:
    depth = rng.choice(DEPTHS)
    opening, closing = rng.choice((("[", "]"), ('{"a":', "}"), ('[{"":', "}]"), ("[[],", "]")))
    text = opening * depth + "1" + closing * (depth if rng.random() < 0.7 else 0)
    return (text.encode(), REFUSED) if rng.random() < 0.5 else (within(text), SENT_ONLY | REFUSED)


def numbers(rng: random.Random) -> tuple[bytes, frozenset[int]]:
    number = rng.choice(NUMBERS)
    whole = [(number.encode(), REFUSED), (within(number), SENT_ONLY | REFUSED)]
    return rng.choice([*whole, (within(f"[{number}]"), SENT_ONLY | REFUSED), (within(number, "text"), REFUSED)])


def no_json(rng: random.Random) -> tuple[bytes, frozenset[int]]:
    texts = ["", " ", "{", "}", "[1,]", '{"a":1,}', "'a'", "NaN", "-Infinity", '{"a": Infinity}', "{} {}", "//", "\x00"]
    texts += ['{"text": "a\x00b"}', '{"text": "a\nb"}', '{"text": "\\x41"}', '{"text": "\\u12"}', "01", "tru", "nul"]
    return rng.choice(texts).encode(), REFUSED


def surrogates(rng: random.Random) -> tuple[bytes, frozenset[int]]:
    half = rng.choice(SURROGATES)
    name = rng.choice(NAMES)
    bodies = [within(f'"{half}"', name), within("1", half), f'{{"{name}": "{half}"}}'.encode(), f'"{half}"'.encode()]
    return rng.choice([*bodies, within('"\\u0000"')[:-2] + b'\xed\xa0\x80"}']), REFUSED


def duplicates(rng: random.Random) -> tuple[bytes, frozenset[int]]:
    name = rng.choice([*NAMES, *STRANGE_NAMES])
    times = rng.choice((2, 3, 5000))
    return f"{{{', '.join(f'{json.dumps(name)}: {each}' for each in range(times))}}}".encode(), REFUSED


def texts(rng: random.Random) -> tuple[bytes, frozenset[int]]:
    body = TEXT | {"text": rng.choice(STRANGE_TEXTS), rng.choice(STRANGE_NAMES): rng.choice([*VALUES, *STRANGE_TEXTS])}
    return json.dumps(body, ensure_ascii=rng.random() < 0.5).encode(), SENT_ONLY


def mistyped(rng: random.Random) -> tuple[bytes, frozenset[int]]:
    body = dict(rng.choice([TEXT, {}, *REQUESTS.values()]))
    for name in rng.sample(NAMES, rng.randint(1, 5)):
        body[name] = rng.choice([*VALUES, *STRANGE_TEXTS])
    return encoded(body), DECIDED


def encodings_of_text(rng: random.Random) -> tuple[bytes, frozenset[int]]:
    text = json.dumps(TEXT | {rng.choice(NAMES): rng.choice((SECRET, "é", "\U0001f600"))}, ensure_ascii=False)
    coded = [text.encode(name) for name in ("utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-32-be")]
    spoilt = [
        part + text.encode() for part in (codecs.BOM_UTF8, b"\xff", b"\xfe\xff", b"\xc0\xaf", b"\xf5\x80\x80\x80")
    ]
    return rng.choice([*coded, *spoilt, text.encode().replace(b'"}', b'\xc3"}'), b"\xff" * 9999]), REFUSED


def mutated(rng: random.Random) -> tuple[bytes, frozenset[int]]:
    return mutation(rng, encoded(rng.choice(list(REQUESTS.values())))), DECIDED


def mutation(rng: random.Random, data: bytes) -> bytes:
    """Bytes with some of them changed, gone, twice or new."""
    changed = bytearray(data)
    for _ in range(rng.randint(1, 6)):
        at = rng.randrange(len(changed) + 1)
        new = rng.choice(
            (rng.randbytes(rng.randint(0, 3)), rng.choice((b'"', b"\\", b"{", b"\x00", b",", b"\r\n", b" ")))
        )
        changed[at : at + rng.choice((0, 0, 1, 1, 2, 9))] = new
    return bytes(changed)


def naming_the_key(rng: random.Random) -> tuple[bytes, frozenset[int]]:
    """A key in the place of an identifier, which refusals and the journal quote."""
    name = rng.choice([name for name, field in MESSAGE.value["properties"].items() if "x-identifies" in field])
    escaped = "".join(f"\\u{ord(letter):04x}" for letter in SECRET)
    text = json.dumps(TEXT | {name: "KEY"}).replace("KEY", rng.choice((SECRET, escaped)))
    return text.encode(rng.choice(("utf-8", "utf-8", "utf-16-le", "utf-16-be", "utf-32-le"))), REFUSED


def large(rng: random.Random) -> tuple[bytes, frozenset[int]]:
    size = LARGEST_BODY + rng.choice((-1, 0, 1))
    bodies = [(filled(size), SENT_ONLY if size <= LARGEST_BODY else REFUSED), (many_keys(MOST_FIELDS - 2), SENT_ONLY)]
    long_name = f'{{"{"n" * 99_000}": 1, "{"n" * 99_000}": 2}}'.encode()
    return rng.choice([*bodies, (many_keys(80_000), REFUSED), (long_name, REFUSED), (b"\xff" * LARGEST_BODY, REFUSED)])


BODIES: list[tuple[int, Callable[[random.Random], tuple[bytes, frozenset[int]]]]] = [
    (8, deep),
    (8, numbers),
    (8, no_json),
    (8, surrogates),
    (8, duplicates),
    (12, texts),
    (14, mistyped),
    (10, encodings_of_text),
    (20, mutated),
    (3, naming_the_key),
    (1, large),
]


def body_of_any_kind(rng: random.Random) -> tuple[str, bytes, frozenset[int]]:
    [(_, make)] = rng.choices(BODIES, [weight for weight, _ in BODIES])
    return make.__name__, *make(rng)
