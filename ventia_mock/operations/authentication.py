"""Who may call, by API keys taken from where the document says; and how keys are kept out of what is shown."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from urllib.parse import unquote

from ventia_document.operations import Operation
from ventia_mock.operations.unserved import Unserved

SAMPLE_KEY = "AAAAAAA-BBBBBBB-CCCCCCC-DDDDDDD"
"""The key of the form that the platform's public pages show; it opens nothing but a stand-in."""

BLOT = "***"


class Gate:
    """Finds the API keys in the requests to one operation.

    Raises:
        Unserved: the operation wants proof of identity other than API keys.
    """

    def __init__(self, operation: Operation) -> None:
        alternatives = operation.security
        if any(scheme["type"] != "apiKey" for schemes in alternatives for scheme in schemes):
            raise Unserved(operation.at, "a security scheme other than apiKey; only API keys are understood")
        self._alternatives = [[(scheme["in"], _name(scheme)) for scheme in schemes] for schemes in alternatives]
        self.is_open = not all(self._alternatives) or not alternatives
        """Whether the operation wants no key."""
        self.query_names = {name for places in self._alternatives for place, name in places if place == "query"}
        self.header_names = {name for places in self._alternatives for place, name in places if place == "header"}

        self._bare_names = {_bare(name) for name in self.query_names | self.header_names}

    def may_be_key(self, name: str) -> bool:
        """Whether a query parameter or header of this name may hold a key, rightly or by mistake: `X-Api-Key`."""
        bare = _bare(name)
        return any(known in bare for known in self._bare_names)

    def offers(self, parameters: Mapping[str, Mapping[str, Sequence[str]]]) -> list[list[str]]:
        """The keys of each alternative that a request has whole: each is there, and once.

        Args:
            parameters: as text, by place and name; headers in lower case.
        """
        given = [[parameters[place].get(name, ()) for place, name in places] for places in self._alternatives if places]
        return [[key for [key] in keys] for keys in given if all(len(each) == 1 for each in keys)]

    def given(self, parameters: Mapping[str, Mapping[str, Sequence[str]]]) -> set[str]:
        """Everything in a request that stands where a key belongs."""
        places = {place for places in self._alternatives for place in places}
        return {key for place, name in places for key in parameters[place].get(name, ())}


def _bare(name: str) -> str:
    return name.lower().replace("-", "").replace("_", "")


def _name(scheme: Mapping[str, str]) -> str:
    return scheme["name"].lower() if scheme["in"] == "header" else scheme["name"]


def redact(text: str, keys: Iterable[str]) -> str:
    """A text without the keys, in whatever mixture of plain, percent-encoded and JSON-escaped characters they stand."""
    for key in held(text, keys):
        text = text.replace(key, BLOT)
        if held(text, [key]):
            text = _without(_without(text, key, percent=False), key, percent=True)
    return text


def held(text: str, keys: Iterable[str]) -> list[str]:
    """Which of the keys a text has, in whatever form; now and then one more."""
    forms = [text, unquote(text)] if "%" in text else [text]
    if "\\u" in text:
        forms += [_unescaped(form) for form in forms]
    plain = [_plain(form) for form in forms]
    return [key for key in keys if key and any(_plain(key) in form for form in plain)]


def _plain(text: str) -> str:
    """A text without what may stand before a character of it in JSON, and with what may stand for a space in a URL."""
    return text.replace("\\", "").replace("+", " ")


def _unescaped(text: str) -> str:
    text = re.sub(_ESCAPED, lambda match: chr(int(match[1], 16)), text)
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def _without(text: str, key: str, *, percent: bool) -> str:
    """A text without a key; `percent` says whether percent-encoding is read."""
    units = list(_units(text, percent=percent))
    read, sought = "".join(unit for unit, _, _ in units), "".join(unit for unit, _, _ in _units(key, percent=False))
    kept, end, found = [], 0, read.find(sought) if sought else -1
    while found >= 0:
        last = found + len(sought) - 1
        kept += [text[end : units[found][1]], BLOT]
        end, found = units[last][2], read.find(sought, last + 1)
    return "".join([*kept, text[end:]])


def _units(text: str, *, percent: bool) -> Iterator[tuple[str, int, int]]:
    """What a text says, in units of UTF-16, each with its first and its last place in the text."""
    for match in _UNIT.finditer(text):
        start, end = match.span()
        if match[1]:
            told = [(chr(int(match[1], 16)), end - start)]
        elif match["encoded"] and percent:
            decoded = bytes.fromhex(match["encoded"].replace("%", "")).decode(errors="surrogateescape")
            told = [(character, 3 * len(character.encode(errors="surrogateescape"))) for character in decoded]
        else:
            told = [(character, 1) for character in match[0]]
        for character, length in told:
            yield from ((unit, start, start + length) for unit in _utf16(_plain(character)))
            start += length


_ESCAPED = r"\\{1,8}u([0-9a-fA-F]{4})"
_UNIT = re.compile(rf"{_ESCAPED}|(?P<encoded>(?:%[0-9a-fA-F]{{2}})+)|[^\\%]+|.", re.DOTALL)


def _utf16(character: str) -> str:
    """A character as one unit of UTF-16, or as two; '' stays ''."""
    if not character or ord(character) < 0x10000:
        return character
    code = ord(character) - 0x10000
    return chr(0xD800 + (code >> 10)) + chr(0xDC00 + (code & 0x3FF))
