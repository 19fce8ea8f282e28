"""The request of an operation, made of the arguments of a call."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple, cast
from urllib.parse import urlencode

from ...types import UNSET
from .bodies import Checked, require_body
from .checks import require
from .parameters import Parameter, listed, pairs, written
from .plain import plain

_FORM, _MULTIPART = "application/x-www-form-urlencoded", "multipart/form-data"


class Body(NamedTuple):
    """The body of an operation.

    Attributes:
        schema: the JSON pointer of its schema; None where any bytes will do.
        types: the classes of bodies, if each is of a class.
    """

    media_type: str
    schema: str | None
    types: tuple[type, ...] = ()
    required: bool = False


class Operation(NamedTuple):
    """An operation as it is called.

    Attributes:
        path: with the names of the document in braces.
    """

    method: str
    path: str
    parameters: Sequence[Parameter] = ()
    body: Body | None = None


def request(operation: Operation, values: Sequence[object], body: object = UNSET) -> dict[str, Any]:
    """The arguments of `Client.send`'s request: `method`, `url`, `headers`, and the body.

    Args:
        values: of the operation's parameters, in their order.

    Raises:
        InvalidMessage: an argument breaks a rule of the document.
        TypeError: an argument is of another type.
    """
    sent = {} if operation.body is None else _sent(operation.body, body)
    parameters = written(operation.parameters, values)
    headers = {**parameters.headers, **sent.pop("headers", {})}
    made = {"method": operation.method, "url": parameters.target(operation.path), **sent}
    return {**made, "headers": headers} if headers else made


def _sent(body: Body, value: object) -> dict[str, Any]:
    """The body as httpx takes it; `json` for JSON."""
    if value is UNSET and not body.required:
        return {}
    if body.types:
        require_body(value, *body.types)
    headers = {"Content-Type": body.media_type}
    if body.schema is None:
        return {"content": cast("Any", value).payload, "headers": headers}
    if body.media_type.startswith(_MULTIPART):
        fields = plain(value)
        require(body.schema, _without_files(fields))
        return {"files": list(_parts(fields))}  # whose boundary is drawn by httpx, and stands in the header
    json_value = plain(value)
    if not isinstance(value, Checked):
        require(body.schema, json_value)
    if body.media_type.startswith(_FORM):
        return {"content": urlencode(list(pairs(json_value))).encode(), "headers": headers}
    return {"json": json_value, "headers": headers}


def _parts(fields: dict[str, Any]) -> Iterator[tuple[str, Any]]:
    """The parts of a body in parts: a file as it is, a scalar as text."""
    for name, value in fields.items():
        for each in listed(value):
            if isinstance(each, tuple):
                yield name, each
            else:
                text = next(pairs({name: each}))[1]
                yield name, (None, text.encode(), "application/json" if isinstance(each, dict) else "text/plain")


def _without_files(value: Any) -> Any:
    """The fields of a body in parts, with an empty text for each file."""
    if isinstance(value, tuple):
        return ""
    if isinstance(value, list):
        return [_without_files(each) for each in listed(value)]
    if isinstance(value, dict):
        return {name: _without_files(each) for name, each in cast("dict[str, Any]", value).items()}
    return value
