"""Requests as they go onto the wire, and answers as they come off it; `Key` stands for the API key in them."""

from __future__ import annotations

import base64
import json
import re
import shlex
import zlib
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TypeAlias
from urllib.parse import quote

from ventia_document.source import Json
from ventia_mock.control.curl import KEY_VARIABLE

_FORMS: dict[str, Callable[[str], str]] = {
    "": lambda key: key,
    "%?": lambda key: key[:-1],
    "#?": lambda key: key[1:],
    "%%-*": lambda key: key.partition("-")[0],
    ",,": str.lower,
    "//-/": lambda key: key.replace("-", ""),
    "//?/0": lambda key: "0" * len(key),
}
"""What a shell writes behind the name of a variable, and what it makes of its value."""


@dataclass(frozen=True)
class Key:
    """The API key of the run, or what nearly is it.

    Attributes:
        form: one of `_FORMS`, '' for the key itself.
        before, after: what stands around it.
    """

    form: str = ""
    before: str = ""
    after: str = ""

    def of(self, key: str) -> str:
        """The text that this stands for."""
        return self.before + _FORMS[self.form](key) + self.after

    def in_a_shell(self, quoted: Callable[[str], str] = str) -> str:
        """The text as an argument's part between double quotes, with the key left to a variable."""
        return f"{quoted(self.before)}${{{KEY_VARIABLE}{self.form}}}{quoted(self.after)}"


RIGHT = Key()
Text: TypeAlias = str | Key


@dataclass(frozen=True)
class Asked:
    """A request.

    Attributes:
        path: below the base URL, percent-encoded.
        query: pairs, not encoded.
    """

    method: str
    path: str
    query: tuple[tuple[str, Text], ...] = ()
    headers: tuple[tuple[str, Text], ...] = ()
    body: bytes = b""

    def target(self, key: str) -> str:
        """Path and query as they go onto the wire."""
        pairs = (f"{_quoted(name)}={_quoted(_plain(value, key))}" for name, value in self.query)
        return self.path + ("?" + "&".join(pairs) if self.query else "")

    def sent_headers(self, key: str) -> list[tuple[bytes, bytes]]:
        """Its headers as they go onto the wire."""
        return [(name.encode("latin-1"), _plain(value, key).encode("utf-8")) for name, value in self.headers]

    def with_header(self, name: str, value: Text) -> Asked:
        """The same with one header of a name."""
        return replace(self, headers=(*self.without_header(name).headers, (name, value)))

    def without_header(self, name: str) -> Asked:
        """The same without a header."""
        return replace(self, headers=tuple(pair for pair in self.headers if pair[0].lower() != name.lower()))

    def curl(self, base: str) -> str:
        """The command that sends it, to paste into a shell in which VENTIA_API_KEY holds the key."""
        query = "&".join(f"{_quoted(name)}={_in_a_shell(value, _quoted)}" for name, value in self.query)
        url = _shell_quoted(base + self.path) + (f"?{query}" if query else "")
        lines = [f'curl -sS -i -X {shlex.quote(self.method)} "{url}"']
        lines += [f'-H "{_shell_quoted(name)}: {_in_a_shell(value, _shell_quoted)}"' for name, value in self.headers]
        if not any(name.lower() == "content-type" for name, _ in self.headers):
            lines += ["-H 'Content-Type:'"] if self.body else []
        return " \\\n  ".join([*lines, *self._data()])

    def _data(self) -> list[str]:
        if not self.body:
            return []
        try:
            text = self.body.decode()
        except UnicodeDecodeError:
            text = "\0"
        if text.isprintable():
            return [f"--data-raw {shlex.quote(text)}"]
        return [f"--data-binary @<(echo {base64.b64encode(self.body).decode()} | base64 -d)"]

    def to_json(self) -> Json:
        """It as JSON."""
        return {
            "method": self.method,
            "path": self.path,
            "query": [[name, _written(value)] for name, value in self.query],
            "headers": [[name, _written(value)] for name, value in self.headers],
            "body": base64.b64encode(self.body).decode(),
        }

    @classmethod
    def from_json(cls, value: Json) -> Asked:
        """What `to_json` has written."""
        query = tuple((name, _read(text)) for name, text in value["query"])
        headers = tuple((name, _read(text)) for name, text in value["headers"])
        return cls(value["method"], value["path"], query, headers, base64.b64decode(value["body"], validate=True))


@dataclass(frozen=True)
class Answer:
    """An answer; the names of its headers are in lower case."""

    status: int
    headers: tuple[tuple[str, str], ...]
    body: bytes

    def header(self, name: str) -> str:
        """The first header of a name, '' without one."""
        return next((value for known, value in self.headers if known == name), "")

    @property
    def accepts(self) -> bool:
        """Whether it says that the message was taken."""
        return 200 <= self.status < 300

    @property
    def json(self) -> Json:
        """Its body as JSON; None where it is none."""
        try:
            return json.loads(self.body)
        except ValueError:
            return None

    @property
    def text(self) -> str:
        """The answer as HTTP says it."""
        head = [f"HTTP {self.status}", *(f"{name}: {value}" for name, value in self.headers)]
        return "\n".join(head) + "\n\n" + self.body.decode(errors="replace")


def foreign_charset(parameters: str) -> str:
    """The charset that the parameters of a content type name; '' if they name none, or UTF-8."""
    charset = re.search(r'(?i)charset\s*=\s*"?([^\s";]*)', parameters)
    return "" if charset is None or charset[1].lower() in ("utf-8", "utf8") else charset[1]


def pack(value: Json) -> str:
    """A JSON value as one word of a command line."""
    return base64.urlsafe_b64encode(zlib.compress(json.dumps(value).encode(), 9)).decode().rstrip("=")


def unpack(word: str) -> Json:
    """What `pack` has written.

    Raises:
        ValueError: it is no such word.
    """
    try:
        return json.loads(zlib.decompress(base64.urlsafe_b64decode(word + "=" * (-len(word) % 4))))
    except (ValueError, zlib.error):
        raise ValueError("no word that a failure has printed") from None


def _quoted(text: str) -> str:
    return quote(text, safe="", errors="surrogatepass")


def _plain(text: Text, key: str) -> str:
    return text.of(key) if isinstance(text, Key) else text


def _in_a_shell(text: Text, quoted: Callable[[str], str]) -> str:
    return text.in_a_shell(quoted) if isinstance(text, Key) else quoted(text)


def _shell_quoted(text: str) -> str:
    """A text between double quotes."""
    return re.sub(r'([\\"$`])', r"\\\1", text)


def _written(text: Text) -> Json:
    return {"form": text.form, "before": text.before, "after": text.after} if isinstance(text, Key) else text


def _read(value: Json) -> Text:
    return Key(**value) if isinstance(value, dict) else value
