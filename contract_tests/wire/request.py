"""The suite's request, as it goes onto the wire or, for a faulty server, as it comes off it.

(A request to the stand-in has a class of its own in `ventia_mock`: the two share no code.)
"""

from __future__ import annotations

import base64
import json
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TypeAlias
from urllib.parse import quote

from ventia_document.source import Json

_KEY_VARIABLE = "VENTIA_API_KEY"  # the shell variable that holds the API key in a command to paste

KEY_IN_A_BODY = f"${{{_KEY_VARIABLE}}}"
"""Stands for the API key in a body."""

ENCODED_KEY_IN_A_BODY = f"${{{_KEY_VARIABLE}//-/%2D}}"
"""Stands for the API key in a body, some of its characters percent-encoded."""

ESCAPED_KEY_IN_A_BODY = f"${{{_KEY_VARIABLE}//-/\\\\u002d}}"
"""Stands for the API key in a body, some of its characters as JSON escapes them, in a text of JSON."""

_SHELL_EXPANSIONS: dict[str, Callable[[str], str]] = {
    "": lambda key: key,
    "%?": lambda key: key[:-1],
    "#?": lambda key: key[1:],
    "%%-*": lambda key: key.partition("-")[0],
    ",,": str.lower,
    "//-/": lambda key: key.replace("-", ""),
    "//-/_": lambda key: key.replace("-", "_"),
    "//-/%2D": lambda key: key.replace("-", "%2D"),
    r"//-/\\\\u002d": lambda key: key.replace("-", r"\u002d"),
    "//-/\uff0d": lambda key: key.replace("-", "\uff0d"),
    "//?/0": lambda key: "0" * len(key),
    "#*-": lambda key: key.partition("-")[2],
}
"""Parameter expansions of bash, and the same in Python."""

BASIC_CREDENTIALS = {f'$(printf {form} "${_KEY_VARIABLE}" | base64)': form for form in ("%s", ":%s", "%s:")}
"""Commands of bash that encode the key as basic authorization does, by the text that they encode."""

KEYS_IN_A_BODY = {f"${{{_KEY_VARIABLE}{expansion}}}": expansion for expansion in ("", "//-/%2D", r"//-/\\\\u002d")}
"""The texts that stand for the API key in the bytes of a body, each with its expansion of the shell's variable."""


@dataclass(frozen=True)
class KeyPlaceholder:
    """Stands for the API key, or for a text that is nearly the key, so that no request holds the key itself.

    Attributes:
        expansion: bash's parameter expansion that makes the text of the key, '' for the key itself; or its command.
        before, after: the text around it.
    """

    expansion: str = ""
    before: str = ""
    after: str = ""

    def text(self, key: str) -> str:
        """The text that the placeholder stands for."""
        if form := BASIC_CREDENTIALS.get(self.expansion):
            return self.before + base64.b64encode((form % key).encode()).decode() + self.after
        return self.before + _SHELL_EXPANSIONS[self.expansion](key) + self.after

    def in_a_shell(self, quoted: Callable[[str], str] = str) -> str:
        """The text as part of a shell argument in double quotes, with the key left to a variable."""
        is_command = self.expansion in BASIC_CREDENTIALS
        made = self.expansion if is_command else f"${{{_KEY_VARIABLE}{self.expansion}}}"
        return f"{quoted(self.before)}{made}{quoted(self.after)}"


API_KEY = KeyPlaceholder()
Text: TypeAlias = str | KeyPlaceholder


@dataclass(frozen=True)
class Request:
    """An HTTP request.

    Attributes:
        path: percent-encoded; below the base URL in the suite, with its path in a faulty server.
        query: pairs, decoded.
        headers: pairs.
    """

    method: str
    path: str
    query: tuple[tuple[str, Text], ...] = ()
    headers: tuple[tuple[str, Text], ...] = ()
    body: bytes = b""

    @cached_property
    def json(self) -> Json:
        """The body as JSON; None if it is not JSON."""
        return parsed(self.body)

    @property
    def fields(self) -> dict[str, Json]:
        """The fields of the body; none if it is not a JSON object."""
        return self.json if isinstance(self.json, dict) else {}

    @property
    def has_key_in_body(self) -> bool:
        """Whether the body holds the API key, by mistake."""
        return any(key.encode() in self.body for key in KEYS_IN_A_BODY)

    def header(self, name: str) -> str:
        """The first header of a name; '' without one."""
        return next((str(value) for known, value in self.headers if known.lower() == name.lower()), "")

    def parameters(self, name: str) -> list[str]:
        """Every query parameter of a name."""
        return [str(value) for known, value in self.query if known == name]

    def with_json(self, value: Json) -> Request:
        """The request with another body."""
        return replace(self, body=json.dumps(value).encode())

    def with_body(self, media_type: str, body: bytes) -> Request:
        """The request with a body of a media type."""
        return replace(self, body=body).with_header("Content-Type", media_type)

    def with_parameter(self, name: str, value: Text) -> Request:
        """The request with one query parameter of a name."""
        return replace(self, query=(*(pair for pair in self.query if pair[0] != name), (name, value)))

    def with_header(self, name: str, value: Text) -> Request:
        """The request with one header of a name."""
        return replace(self, headers=(*self.without_header(name).headers, (name, value)))

    def without_header(self, name: str) -> Request:
        """The request without the headers of a name."""
        return replace(self, headers=tuple(pair for pair in self.headers if pair[0].lower() != name.lower()))

    def target(self, key: str) -> str:
        """Path and query as they go onto the wire."""
        pairs = (f"{percent_encoded(name)}={percent_encoded(_plain(value, key))}" for name, value in self.query)
        return self.path + ("?" + "&".join(pairs) if self.query else "")

    def sent_headers(self, key: str) -> list[tuple[bytes, bytes]]:
        """The headers as they go onto the wire."""
        return [(name.encode("latin-1"), _plain(value, key).encode("utf-8")) for name, value in self.headers]

    def sent_body(self, key: str) -> bytes:
        """The body as it goes onto the wire, with the key as JSON escapes it."""
        body = self.body
        for placeholder, expansion in KEYS_IN_A_BODY.items():
            text = json.dumps(_SHELL_EXPANSIONS[expansion](key))[1:-1]
            body = body.replace(placeholder.encode(), text.encode())
        return body

    def to_json(self) -> Json:
        """The request as JSON, without the key."""
        return {
            "method": self.method,
            "path": self.path,
            "query": [[name, _written(value)] for name, value in self.query],
            "headers": [[name, _written(value)] for name, value in self.headers],
            "body": base64.b64encode(self.body).decode(),
        }

    @classmethod
    def from_json(cls, value: Json) -> Request:
        """The request that `to_json` has written."""
        query = tuple((name, _read(text)) for name, text in value["query"])
        headers = tuple((name, _read(text)) for name, text in value["headers"])
        return cls(value["method"], value["path"], query, headers, base64.b64decode(value["body"], validate=True))


def parsed(body: bytes) -> Json:
    """A body as JSON; None if it is not JSON."""
    try:
        return json.loads(body)
    except (ValueError, RecursionError):
        return None


def percent_encoded(text: str) -> str:
    """A text as part of a query."""
    return quote(text, safe="", errors="surrogatepass")


def _plain(text: Text, key: str) -> str:
    return text.text(key) if isinstance(text, KeyPlaceholder) else text


def _written(text: Text) -> Json:
    if isinstance(text, KeyPlaceholder):
        return {"form": text.expansion, "before": text.before, "after": text.after}
    return text


def _read(value: Json) -> Text:
    return KeyPlaceholder(value["form"], value["before"], value["after"]) if isinstance(value, dict) else value
