"""Values that are nearly right: what a careless check accepts."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from functools import cache

from ventia_document.source import Json

MISTYPED: tuple[Json, ...] = (
    None,
    True,
    False,
    0,
    1,
    -1.5,
    10**23,
    [],
    {},
    ["{}"],
    {"": "{}"},
    {"$ne": None},
    {"value": "{}"},
    {"$oid": "{}"},
    [["{}"]],
)
"""Values of other types than a text; `{}` stands for a right value."""


def mistyped(value: Json) -> Iterator[Json]:
    """Values of other types than a text, some with the right value inside."""
    for wrong in MISTYPED:
        yield _filled(wrong, value)


def _filled(shape: Json, value: Json) -> Json:
    if isinstance(shape, list):
        return [_filled(item, value) for item in shape]
    if isinstance(shape, dict):
        return {name: _filled(item, value) for name, item in shape.items()}
    return value if shape == "{}" else shape


def texts(value: str) -> list[str]:
    """Variations of a text: cut, lengthened, in other letters, between other characters."""
    middle, last = len(value) // 2, value[-1:]
    edited = [
        "", value[:-1], value[1:], value + last, value + value, value[:middle] + value[middle + 1 :], value[:middle],
        value.upper(), value.lower(), value.title(), value.swapcase(), value[::-1],
        *(f"{blank}{value}" for blank in _BLANKS), *(f"{value}{blank}" for blank in _BLANKS),
        f"{value[:middle]} {value[middle:]}", f"{value[:middle]}\n{value[middle:]}", f"{value}s", f"{value[:-1]}g",
        f"g{value[1:]}", f"{value[:middle]}z{value[middle + 1 :]}", f"-{value[1:]}", f"0x{value[2:]}", f"'{value}'",
        f'"{value}"', f"{{{value}}}", f"[{value}]", f"{value},{value}", f"{value};", f"{value}.", f"{value}\0",
        f"{value}%00", f"{value}%0A", value.replace("_", "-"), value.replace("_", " "), value.replace("_", ""),
        value.translate(_FULL_WIDTH), value.replace("a", "\u0430"), value.replace("i", "\u0456"),
        value.replace("e", "\u0435"),
    ]  # fmt: skip
    return [text for text in dict.fromkeys(edited) if text != value]


_BLANKS = (" ", "\n", "\t", "\r\n", "\u00a0", "\u200b", "\ufeff", "\u2028")
_FULL_WIDTH = {ord(plain): ord(plain) + 0xFEE0 for plain in "0123456789abcdefABCDEF_"}

WORDS = [
    "null",
    "undefined",
    "none",
    "true",
    "false",
    "0",
    "1",
    "*",
    "any",
    "all",
    "default",
    "unknown",
    "other",
    "string",
    "text",
    "sms",
    "email",
    "mail",
    "chat",
    "phone",
    "voice",
    "telegram",
    "signal",
    "messenger",
    "facebook",
    "instagram",
    "whatsapp",
    "whatsapp_web",
    "whatsapp_cloud",
    "whatsapp_api",
    "official",
    "official_wpp",
    "wpp",
    "waba",
    "wa",
    "business",
    "unofficial",
    "cloud",
    "meta",
    "baileys",
    "session",
    "web",
    "webchat",
    "rcs",
    "sticker",
    "document",
    "doc",
    "pdf",
    "gif",
    "photo",
    "picture",
    "img",
    "jpg",
    "png",
    "mp4",
    "mp3",
    "ogg",
    "movie",
    "clip",
    "sound",
    "ptt",
    "note",
    "contact",
    "contacts",
    "location",
    "link",
    "url",
    "media",
    "attachment",
    "interactive",
    "reaction",
    "poll",
    "list",
    "button",
    "product",
    "image/jpeg",
    "image/*",
    "audio/ogg",
    "video/mp4",
    "application/pdf",
    "WhatsApp Business",
    "Unofficial WhatsApp",
    "Meta Cloud",
    "unofficial_whatsapp",
    "whatsapp_business_api",
]
"""Words that people write in place of an enum's value."""


@cache
def words(prose: str) -> tuple[str, ...]:
    """The words of a text and of `WORDS`, without repetitions."""
    return tuple(dict.fromkeys([*WORDS, *re.findall(r"[A-Za-z][\w-]*", prose)]))


OBJECT_IDS = (
    "", "0", "123", "64f1c2a97b3e", "64f1c2a97b3e4d0012ab34c", "64f1c2a97b3e4d0012ab34cdd",
    "64f1c2a97b3e4d0012ab34cg", "64f1c2a9-7b3e-4d00-12ab-34cd64f1c2a9", "64f1c2a97b3e4d0012ab34cd64f1c2a9",
    "ObjectId(\"64f1c2a97b3e4d0012ab34cd\")", "twelve chars", "1700000000", "zzzzzzzzzzzzzzzzzzzzzzzz",
    "64f1c2a9 7b3e4d0012ab34cd", "+64f1c2a97b3e4d0012ab34c",
)  # fmt: skip
"""Texts that people take for an ObjectId; none is valid."""

CONTACTS = (
    "null", "undefined", "String", "STRING", "string1", "strings", "me", "all", "0", "+5511987654321", "5511987654321",
    "5511987654321@c.us", "5511987654321@s.whatsapp.net", "ana@example.com", "Ana Souza", "*", "{idcontact}",
)  # fmt: skip
"""Texts that people take for a contact's identifier."""

URLS = (
    "http://files.example.com/a.jpg", "https://files.example.com", "https://files.example.com/",
    "HTTPS://FILES.EXAMPLE.COM/A.JPG", "https://files.example.com:8443/a/b.pdf?x=1&y=%20#z",
    "https://192.0.2.7/a.png", "https://[2001:db8::7]/a.png", "https://files.example.com/%E2%82%AC.pdf",
    "https://xn--bcher-kva.example/a.mp4", "https://a.example/" + "x" * 2000,
    "https://files.example.com/a,b;c=d/(e)'f'!*$.pdf", "https://files.example.com/without-extension",
    "https://files.example.com/?u=https://b.example/c",
)  # fmt: skip
"""Valid URLs of media."""

NO_URLS = (
    "", " ", "quote.pdf", "/quotes/1042.pdf", "./1042.pdf", "../1042.pdf", "//files.example.com/1042.pdf",
    "files.example.com/1042.pdf", "www.example.com", "not a url", "http//files.example.com",
    "http:/ /files.example.com", "https://files.example.com/a b.pdf", "https://files .example.com/a.pdf",
    "https://files.example.com/a\nb.pdf", " https://files.example.com/a.pdf", "https://files.example.com/a.pdf ",
    "https://files.example.com/a|b.pdf", "https://files.example.com/<a>.pdf", "https://files.example.com/\u20ac.pdf",
    "https://b\u00fccher.example/a.pdf", "https://files.example.com/%", "https://files.example.com/%zz",
    "https://[::1/a.pdf", "https://files.example.com:port/a.pdf", "://files.example.com/a.pdf",
    "1http://files.example.com/a.pdf", "<https://files.example.com/a.pdf>", "C:\\quotes\\1042.pdf", "#", "?a=b",
    "null", "123",
)  # fmt: skip
"""Texts that people give for a URL, nearly all of them invalid."""


NO_VALUES = ("", " ", "x", "2026-02-30", "2026-01-01T25:00:00Z", "01/02/2026", "ana", "ana@", "@example.com", "1.2.3")
"""Texts that are of no format, or of few."""


def candidates(schema: Mapping[str, Json], value: Json) -> list[Json]:
    """Right and wrong values for a field; the document decides which are which.

    Args:
        value: a right value.
    """
    values: list[Json] = list(mistyped(value))
    if "enum" in schema:
        values += [near for right in schema["enum"] if isinstance(right, str) for near in texts(right)]
    elif "pattern" in schema:
        values += [*texts(value), *OBJECT_IDS]
    elif schema.get("format") == "uri":
        values += [*NO_URLS, *URLS, *texts(value)]
    elif "format" in schema and isinstance(value, str):
        values += [*NO_VALUES, *texts(value)]
    for limit in (schema[name] for name in ("minLength", "maxLength") if name in schema):
        values += ["x" * length for length in (limit - 1, limit, limit + 1) if length >= 0]
    for limit in (
        schema[name] for name in ("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum") if name in schema
    ):
        values += [limit - 1, limit, limit + 1]
    if "multipleOf" in schema:
        values += [schema["multipleOf"] * factor for factor in (0, 1, 3, 0.5, 1.5)]
    return list({json.dumps(each): each for each in values}.values())
