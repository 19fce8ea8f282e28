"""The request of an operation, made of the arguments of a call."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple, cast
from urllib.parse import urlencode

from ...types import UNSET
from ..document import API_KEY
from ..key import KEY_PLACE
from .bodies import Checked, require_body
from .checks import require
from .parameters import Parameter, pairs, written
from .plain import plain

_FORM = "application/x-www-form-urlencoded"


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
        key: the place of the API key; None if the operation needs none.
    """

    method: str
    path: str
    parameters: Sequence[Parameter] = ()
    body: Body | None = None
    key: tuple[str, str, str] | None = API_KEY


def request(operation: Operation, values: Sequence[object], body: object = UNSET) -> dict[str, Any]:
    """The arguments of `Client.send`'s request: `method`, `url`, `headers`, the body, and another place of the key.

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
    if operation.key != API_KEY:
        made["extensions"] = {KEY_PLACE: operation.key}
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
    json_value = plain(value)
    if not isinstance(value, Checked):
        require(body.schema, json_value)
    if body.media_type.startswith(_FORM):
        return {"content": urlencode(list(pairs(json_value))).encode(), "headers": headers}
    return {"json": json_value, "headers": headers}
