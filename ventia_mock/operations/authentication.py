"""Finds API keys in a request, where the document's security schemes say that they are sent."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import TypeAlias

from ventia_document.operations import Operation
from ventia_mock.operations.unserved import Unserved

Parameters: TypeAlias = Mapping[str, Mapping[str, Sequence[str]]]
"""The parameters of a request (`Request.parameters`)."""


class Authentication:
    """The places of API keys in the requests to one operation.

    Attributes:
        is_optional: whether the operation accepts a request without a key.
        query_names, header_names: of the parameters and headers that hold keys.
        may_hold_key: whether a query parameter or header of a name may hold a key, rightly or by mistake: `X-Api-Key`.

    Raises:
        Unserved: the operation has a security scheme other than API keys.
    """

    def __init__(self, operation: Operation) -> None:
        alternatives = operation.security
        if any(scheme["type"] != "apiKey" for schemes in alternatives for scheme in schemes):
            raise Unserved(operation.at, "a security scheme other than apiKey; only API keys are understood")
        self._alternatives = [[(scheme["in"], _name(scheme)) for scheme in schemes] for schemes in alternatives]
        self.is_optional = not all(self._alternatives) or not alternatives
        places = [place for places in self._alternatives for place in places]
        self.query_names = {name for place, name in places if place == "query"}
        self.header_names = {name for place, name in places if place == "header"}
        self._bare_names = {_bare(name) for name in self.query_names | self.header_names}
        self.may_hold_key = lru_cache(1024)(self._may_hold_key)

    def _may_hold_key(self, name: str) -> bool:
        bare = _bare(name)
        return any(known in bare for known in self._bare_names)

    def offers(self, parameters: Parameters) -> list[list[str]]:
        """The keys for each alternative of the security schemes of which a request has every key, each once."""
        offers = [
            [parameters[place].get(name, ()) for place, name in places] for places in self._alternatives if places
        ]
        return [[key for [key] in keys] for keys in offers if all(len(texts) == 1 for texts in keys)]

    def keys(self, parameters: Parameters) -> set[str]:
        """Every text in the place of a key, known or not."""
        places = {place for places in self._alternatives for place in places}
        return {key for place, name in places for key in parameters[place].get(name, ())}


def _bare(name: str) -> str:
    return name.lower().replace("-", "").replace("_", "")


def _name(scheme: Mapping[str, str]) -> str:
    return scheme["name"].lower() if scheme["in"] == "header" else scheme["name"]
