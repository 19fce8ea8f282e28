"""Who may call: the API keys that the stand-in knows, taken from where the document says."""

from __future__ import annotations

import hmac
import re
from collections.abc import Collection, Mapping, Sequence

from ventia_document.operations import Operation
from ventia_mock.unserved import Unserved

SAMPLE_KEY = "AAAAAAA-BBBBBBB-CCCCCCC-DDDDDDD"
"""The key of the form that the platform's public pages show; it opens nothing but a stand-in."""


class Gate:
    """Admits the requests to one operation that carry a known API key.

    Raises:
        Unserved: the operation wants proof of identity other than API keys.
    """

    def __init__(self, operation: Operation, keys: Collection[str]) -> None:
        self._keys = keys
        self._alternatives = operation.security
        if any(scheme["type"] != "apiKey" for schemes in self._alternatives for scheme in schemes):
            raise Unserved(operation.at, "a security scheme other than apiKey; only API keys are understood")

    def admits(self, parameters: Mapping[str, Mapping[str, Sequence[str]]]) -> bool:
        """Whether every key of one of the alternatives is there, once, and known.

        Args:
            parameters: as text, by place and name; headers in lower case.
        """
        return not self._alternatives or any(
            all(self._knows(parameters[scheme["in"]].get(_name(scheme), ())) for scheme in schemes)
            for schemes in self._alternatives
        )

    def _knows(self, given: Sequence[str]) -> bool:
        return len(given) == 1 and any(hmac.compare_digest(given[0].encode(), key.encode()) for key in self._keys)


def _name(scheme: Mapping[str, str]) -> str:
    return scheme["name"].lower() if scheme["in"] == "header" else scheme["name"]


def redact(text: str, keys: Collection[str]) -> str:
    """A text without the keys, in whatever mixture of plain and percent-encoded characters they stand there."""
    for key in keys:
        text = re.sub("".join(map(_encodings, key)), "***", text)
    return text


def _encodings(character: str) -> str:
    encoded = "".join(f"%{byte:02X}" for byte in character.encode())
    plus = r"|\+" if character == " " else ""
    return f"(?:{re.escape(character)}|(?i:{encoded}){plus})"
