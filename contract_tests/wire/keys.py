"""Puts API keys into the suite's requests, where the document's security schemes have them, and finds them there."""

from __future__ import annotations

from dataclasses import replace

from contract_tests.wire.request import API_KEY, KeyPlaceholder, Request, Text
from ventia_document.source import Json
from ventia_document.wire.keys import KeyPlace, key_place

PREFIXES = ("", "Bearer ")
"""The texts that may stand before a key."""


def with_keys(request: Request, scheme: Json, *keys: Text) -> Request:
    """The request with only these keys in the place of a security scheme."""
    place = key_place(scheme)
    pairs = tuple((place.name, _prefixed(place.prefix, key)) for key in keys)
    if place.place == "query":
        return replace(request, query=(*(pair for pair in request.query if pair[0] != place.name), *pairs))
    return replace(request, headers=(*request.without_header(place.name).headers, *pairs))


def has_key(request: Request, scheme: Json) -> bool:
    """Whether the place of a security scheme has the right key and nothing else."""
    place = key_place(scheme)
    return {_prefixed(place.prefix, API_KEY)} == set(_texts(request, place))


def holds_key(request: Request, scheme: Json) -> bool:
    """Whether the place of a security scheme has the right key, perhaps among others."""
    place = key_place(scheme)
    return _prefixed(place.prefix, API_KEY) in _texts(request, place)


def with_placeholder(text: str, key: str) -> Text:
    """A text, or the placeholder of the key that it is, be it after the name of a scheme of authentication."""
    for prefix in PREFIXES:
        if text == prefix + key:
            return KeyPlaceholder(before=prefix)
    return text


def _texts(request: Request, place: KeyPlace) -> list[Text]:
    if place.place == "query":
        return [value for name, value in request.query if name == place.name]
    return [value for name, value in request.headers if name.lower() == place.name]


def _prefixed(prefix: str, key: Text) -> Text:
    if isinstance(key, KeyPlaceholder):
        return replace(key, before=prefix + key.before)
    return prefix + key if key else prefix.strip()  # since no header ends in a blank
