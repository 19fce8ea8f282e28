"""The parameters of a request: held to the rules of the document, and written in their styles (RFC 6570)."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, NamedTuple, cast
from urllib.parse import quote

from ...types import UNSET
from ..outcomes import InvalidMessage
from .checks import require
from .headers import require_sendable
from .plain import plain
from .quoting import IS_NONE, arrived, quoted

_COOKIE = r"[!#$&'()*+./:<=>?@\[\]^_`{|}~0-9A-Za-z-]*"
"""A text that reads the same whether a server percent-decodes a cookie or not."""


class Parameter(NamedTuple):
    """A parameter of an operation.

    Attributes:
        place: `path`, `query`, `header` or `cookie`.
        schema: the JSON pointer of its schema.
        example: a valid value, for the texts of errors.
        shapes: of its values: `scalar`, `array` or `object`.
    """

    name: str
    place: str
    schema: str
    style: str
    explode: bool
    required: bool = False
    example: Any = None
    shapes: tuple[str, ...] = ("scalar",)


class Written(NamedTuple):
    """The parameters of a request as they go out, percent-encoded."""

    path: dict[str, str]
    query: list[str]
    headers: dict[str, str]

    def target(self, template: str) -> str:
        """The path and the query of a request."""
        path = re.sub(r"\{([^}]*)\}", lambda found: self.path[found[1]], template)
        return f"{path}?{'&'.join(self.query)}" if self.query else path


def written(parameters: Sequence[Parameter], values: Iterable[object]) -> Written:
    """Values of parameters, in their order, as they go out.

    Raises:
        InvalidMessage: a value breaks a rule of the document, or cannot be written in its style.
        TypeError: a value is nothing that a parameter can be.
    """
    made, cookies = Written({}, [], {}), list[str]()
    for parameter, value in zip(parameters, values, strict=True):
        json_value = _checked(parameter, value)
        if json_value is UNSET:
            continue
        text = _Writer(parameter).text(json_value)
        if parameter.place == "path":
            made.path[parameter.name] = _segment(parameter, text)
        elif parameter.place == "query" and text:
            made.query.append(text)
        elif parameter.place == "header":
            require_sendable({parameter.name: text})
            made.headers[parameter.name] = text
        elif parameter.place == "cookie":
            cookies.append(text)
    if cookies:
        made.headers["Cookie"] = "; ".join(cookies)
    return made


def _checked(parameter: Parameter, value: object) -> Any:
    """A value as JSON; UNSET if it is left out."""
    if value is UNSET and not parameter.required:
        return UNSET
    json_value: Any = plain(value)
    if json_value is None and not parameter.required:
        _require(parameter, json_value)
        return UNSET  # RFC 6570 leaves out what is null
    if _shape(json_value) not in parameter.shapes:
        such_as = "" if parameter.example is None else f" such as {quoted(parameter.example)}"
        kinds = " or ".join(_KINDS[shape] for shape in parameter.shapes)
        raise TypeError(f"{parameter.name} must be {kinds}{such_as}, not {type(value).__name__}")
    _require(parameter, json_value)
    if json_value in ([], {}):
        if parameter.required:
            raise _unwritable(parameter, "Must not be empty", cast("object", json_value))
        return UNSET
    return json_value


def _require(parameter: Parameter, value: Any) -> None:
    try:
        require(parameter.schema, value, name=parameter.name)
    except InvalidMessage as error:
        refused = error
    else:
        return
    example = "" if parameter.example is None else quoted(parameter.example)
    hint = [IS_NONE if value is None else arrived(value, example)]
    raise InvalidMessage(
        [(field, rule, *(hint if field == parameter.name else more)) for field, rule, *more in refused.args[0]]
    )


_KINDS = {"array": "a list", "object": "an object", "scalar": "a text or a number"}


def _shape(value: Any) -> str:
    """The shape of a value of JSON; empty if it is none."""
    shapes = (("array", list), ("object", dict), ("scalar", str | int | float))
    return next((shape for shape, kind in shapes if isinstance(value, kind)), "")


def _unwritable(parameter: Parameter, rule: str, value: object) -> InvalidMessage:
    instead = "" if parameter.example is None else quoted(parameter.example)
    return InvalidMessage([(parameter.name, rule, arrived(value, instead))])


def _segment(parameter: Parameter, text: str) -> str:
    if text in ("", ".", ".."):
        raise _unwritable(parameter, "Must be an identifier, and not empty, . or ..", text)
    return text


class _Writer:
    """Writes values of a parameter."""

    def __init__(self, parameter: Parameter) -> None:
        self._parameter = parameter
        self._name = quote(parameter.name, safe="")
        self._divider = {"spaceDelimited": "%20", "pipeDelimited": "%7C"}.get(parameter.style, ",")

    def text(self, value: Any) -> str:
        """A value in the style of the parameter."""
        style, is_exploded = self._parameter.style, self._parameter.explode
        if isinstance(value, dict):
            fields = cast("dict[str, Any]", value)
            return self._object([(self._encoded(name), self._item(each)) for name, each in fields.items()])
        if not isinstance(value, list):
            return self._named(self._encoded(_text(value)))
        items = list(map(self._item, _listed(value)))
        if style == "label":
            return "." + (".".join(items) if is_exploded else ",".join(items))
        if is_exploded and style in ("form", "matrix"):
            mark = {"form": "&", "matrix": ""}[style]
            return mark.join(map(self._named, items))
        return self._named(self._divider.join(items))

    def _object(self, pairs: list[tuple[str, str]]) -> str:
        style = self._parameter.style
        if style == "deepObject":
            return "&".join(f"{self._name}%5B{name}%5D={value}" for name, value in pairs)
        if self._parameter.explode:
            start, mark = {"matrix": (";", ";"), "label": (".", "."), "form": ("", "&")}.get(style, ("", ","))
            return start + mark.join(f"{name}={value}" for name, value in pairs)
        return self._named(self._divider.join(part for pair in pairs for part in pair))

    def _named(self, text: str) -> str:
        """A text with what its style puts before it."""
        style = self._parameter.style
        if style == "matrix":
            return f";{self._name}={text}" if text else f";{self._name}"
        if style == "label":
            return f".{text}"
        return text if style == "simple" else f"{self._name}={text}"

    def _item(self, value: Any) -> str:
        """An item, which must hold nothing that divides two."""
        text = _text(value)
        for style, mark in (("spaceDelimited", " "), ("pipeDelimited", "|"), ("label", ".")):
            if self._parameter.style == style and mark in text:
                raise _unwritable(self._parameter, f"Must hold no {mark!r}, which divides the items", text)
        if self._parameter.place == "header" and ("," in text or text != text.strip()):
            raise _unwritable(self._parameter, "Must hold no comma, which divides the items, and no space around", text)
        return self._encoded(text)

    def _encoded(self, text: str) -> str:
        if self._parameter.place == "header":
            return text
        if self._parameter.place == "cookie":
            if not re.fullmatch(_COOKIE, text):
                raise _unwritable(self._parameter, "Must be a text that a cookie can hold as it is", text)
            return text
        try:
            return quote(text, safe="")
        except UnicodeEncodeError:
            rule = "Must hold both halves of every surrogate pair"
        raise _unwritable(self._parameter, rule, text)


def _text(value: Any) -> str:
    """A scalar as its JSON, without quotation marks."""
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    return value if isinstance(value, str) else json.dumps(value)


def _listed(value: Any) -> list[Any]:
    """The items of a list, or a value as the only one."""
    return value if isinstance(value, list) else [value]  # pyright: ignore[reportUnknownVariableType] - of any JSON


def pairs(fields: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """The pairs of a form: a list gives one for each item."""
    for name, value in fields.items():
        for each in _listed(value):
            yield name, _text(each)
