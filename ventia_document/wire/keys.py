"""The places of the API key in requests, as security schemes describe them."""

from __future__ import annotations

from typing import NamedTuple

from ventia_document.operations import Operation
from ventia_document.source import Json


class KeyPlace(NamedTuple):
    """The place of a key in a request.

    Attributes:
        place: `query`, `header` or `cookie`.
        name: of the parameter or header; that of a header is in lower case.
        prefix: the text before the key: `Bearer ` of a bearer token, or none.
    """

    place: str
    name: str
    prefix: str = ""

    def key(self, text: str) -> str | None:
        """The key in the text of the parameter or header; None if the prefix is missing."""
        size = len(self.prefix)
        return text[size:] if text[:size].lower() == self.prefix.lower() else None


def key_place(scheme: Json) -> KeyPlace:
    """The place of the key of a security scheme.

    Raises:
        ValueError: it is neither a key nor a bearer token.
    """
    if scheme["type"] == "http" and scheme["scheme"].lower() == "bearer":
        return KeyPlace("header", "authorization", "Bearer ")
    if scheme["type"] != "apiKey":
        raise ValueError("a security scheme other than a key or a bearer token")
    name = scheme["name"]
    return KeyPlace(scheme["in"], name.lower() if scheme["in"] == "header" else name)


def own_place(operation: Operation) -> KeyPlace | None:
    """The place where the client sends its key: that of the first alternative with one; None if no key is required."""
    schemes = [scheme for alternative in operation.security for scheme in alternative]
    return key_place(schemes[0]) if schemes else None
