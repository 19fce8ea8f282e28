"""Writes values into requests: parameters as their styles say (RFC 6570), without code of the client."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import NamedTuple
from urllib.parse import quote, urlencode

from contract_tests.wire.keys import with_keys
from contract_tests.wire.request import API_KEY, Request
from ventia_document.operations import Operation, Part
from ventia_document.source import Json
from ventia_document.wire.media import FORM, plain_type

Pair = tuple[str, str]


class Placed(NamedTuple):
    """The parameters of a request.

    Attributes:
        path: percent-encoded.
        query: decoded pairs.
        headers: with the cookies as one of them.
    """

    path: str
    query: list[Pair]
    headers: list[Pair]


def written(operation: Operation, values: dict[str, Json], media_type: str | None = None, body: Json = None) -> Request:
    """A request of an operation with the API key.

    Args:
        values: of parameters, by their JSON pointers.
        media_type: of the body; None without one.
    """
    path, query, headers = _placed(operation, values)
    made = Request(operation.method, path, tuple(query), tuple(headers))
    for scheme in operation.security[0] if operation.security else []:
        made = with_keys(made, scheme, API_KEY)
    if media_type is None:
        return made
    is_form = plain_type(media_type) == FORM
    return made.with_body(media_type, _form(body) if is_form else json.dumps(body, ensure_ascii=False).encode())


def _placed(operation: Operation, values: dict[str, Json]) -> Placed:
    """The parameters of an operation in a request, by their JSON pointers."""
    path, cookies, made = operation.path, list[str](), Placed("", [], [])
    for part in (part for part in operation.parameters if part.at in values):
        name, place, value = part.value["name"], part.value["in"], values[part.at]
        if place == "path":
            path = path.replace(f"{{{name}}}", _in_path(part, value))
        elif place == "query":
            made.query.extend(_pairs(part, value))
        elif place == "header":
            made.headers.append((name, _joined(part, value, ",", str)))
        else:
            cookies.append(f"{name}={_text(value)}")
    headers = [*made.headers, *([("Cookie", "; ".join(cookies))] if cookies else [])]
    return Placed(path, made.query, headers)


def _form(value: dict[str, Json]) -> bytes:
    """An object as the body of a form: a list has a pair for each item."""
    return urlencode([(name, _text(each)) for name, values in value.items() for each in _items(values)]).encode()


def _in_path(part: Part, value: Json) -> str:
    name, style = part.value["name"], part.value.get("style", "simple")
    if style == "label":
        return "." + _joined(part, value, "." if part.value.get("explode", False) else ",", _quoted)
    if style == "matrix" and part.value.get("explode", False):
        return "".join(f";{each}={_quoted(_text(text))}" for each, text in _named(name, value))
    if style == "matrix":
        text = _joined(part, value, ",", _quoted)
        return f";{name}={text}" if text else f";{name}"
    return _joined(part, value, ",", _quoted)


def _pairs(part: Part, value: Json) -> Iterator[Pair]:
    name, style = part.value["name"], part.value.get("style", "form")
    if style == "deepObject":
        yield from ((f"{name}[{each}]", _text(text)) for each, text in value.items())
    elif style == "form" and part.value.get("explode", True):
        yield from ((each, _text(text)) for each, text in _named(name, value))
    else:
        yield name, _joined(part, value, {"spaceDelimited": " ", "pipeDelimited": "|"}.get(style, ","), str)


def _named(name: str, value: Json) -> list[tuple[str, Json]]:
    """The pairs of an exploded value: those of an object, or one for each item."""
    return list(value.items()) if isinstance(value, dict) else [(name, each) for each in _items(value)]


def _joined(part: Part, value: Json, mark: str, written: Callable[[str], str]) -> str:
    if not isinstance(value, dict):
        return mark.join(written(_text(each)) for each in _items(value))
    pairs = [(written(name), written(_text(each))) for name, each in value.items()]
    if part.value.get("explode", False):
        return mark.join(f"{name}={text}" for name, text in pairs)
    return mark.join(text for pair in pairs for text in pair)


def _items(value: Json) -> list[Json]:
    return value if isinstance(value, list) else [value]


def _text(value: Json) -> str:
    return value if isinstance(value, str) else json.dumps(value)


def _quoted(text: str) -> str:
    return quote(text, safe="")
