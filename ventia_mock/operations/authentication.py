"""Finds API keys in a request, where the document's security schemes say that they are sent."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TypeAlias

from ventia_document.operations import Operation
from ventia_document.wire.keys import KeyPlace, key_place
from ventia_mock.operations.unserved import Unserved
from ventia_mock.remembering import remembered

Parameters: TypeAlias = Mapping[str, Mapping[str, Sequence[str]]]
"""The parameters of a request (`Request.parameters`)."""


class Authentication:
    """The places of API keys in the requests to one operation.

    Attributes:
        is_optional: whether the operation accepts a request without a key.
        query_names: the parameters that hold keys.
        headers: the headers that hold keys, each with the text before the key.
        may_hold_key: whether a query parameter or header of a name may hold a key, rightly or by mistake: `X-Api-Key`.

    Raises:
        Unserved: the operation has a security scheme of another kind.
    """

    def __init__(self, operation: Operation) -> None:
        try:
            self._alternatives = [[key_place(scheme) for scheme in schemes] for schemes in operation.security]
        except ValueError as error:
            raise Unserved(operation.at, str(error)) from None
        self.is_optional = not all(self._alternatives) or not self._alternatives
        self._places = {place for places in self._alternatives for place in places}
        self.query_names = {place.name for place in self._places if place.place == "query"}
        self.headers = {place.name: place.prefix for place in self._places if place.place == "header"}
        self._bare_names = {_bare(name) for name in self.query_names | self.headers.keys()}
        self.may_hold_key = remembered(self._may_hold_key)

    def _may_hold_key(self, name: str) -> bool:
        bare = _bare(name)
        return any(known in bare for known in self._bare_names)

    def offers(self, parameters: Parameters) -> list[list[str]]:
        """The keys for each alternative of the security schemes of which a request has every key, each once."""
        offers = [[_keys(place, parameters) for place in places] for places in self._alternatives if places]
        return [[key for [key] in keys] for keys in offers if all(len(each) == 1 for each in keys)]

    def keys(self, parameters: Parameters) -> set[str]:
        """Every text in the place of a key, known or not, and without the text that belongs before it."""
        texts = {text for place in self._places for text in _texts(place, parameters)}
        return texts | {key for place in self._places for key in _keys(place, parameters)}


def _texts(place: KeyPlace, parameters: Parameters) -> Sequence[str]:
    return parameters[place.place].get(place.name, ())


def _keys(place: KeyPlace, parameters: Parameters) -> list[str]:
    return [key for text in _texts(place, parameters) if (key := place.key(text)) is not None]


def _bare(name: str) -> str:
    return name.lower().replace("-", "").replace("_", "")
