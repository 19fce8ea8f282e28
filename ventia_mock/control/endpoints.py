"""Tools for the endpoints of control routes. `Request` and `Response` are Starlette's here, not those of `http/`."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from typing import TypeAlias

from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, Response
from starlette.types import Receive, Scope, Send

from ventia_document.source import Json
from ventia_mock.http.json_text import decode
from ventia_mock.http.limits import LARGEST_BODY
from ventia_mock.platform.accounts import Account, Accounts

Endpoint: TypeAlias = Callable[[Request], Awaitable[Response]]
"""Answers a request; raises ValueError for one that it does not accept, NotFound for one about nothing."""


class NotFound(Exception):
    """The path of a request leads to nothing; the message says what would do."""


class AsciiResponse(JSONResponse):
    """A JSON response in ASCII, since a recorded message may hold half of a surrogate pair."""

    def render(self, content: Json) -> bytes:
        """The body."""
        return json.dumps(content).encode()


class Endpoints:
    """The endpoints of one route, by method.

    Args:
        refuse: makes a refusal of a status, a reason and headers.
    """

    def __init__(self, endpoints: Mapping[str, Endpoint], refuse: Callable[..., Response]) -> None:
        self._endpoints, self._refuse = endpoints, refuse

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request by the endpoint of its method."""
        with suppress(ClientDisconnect):  # whoever hangs up in the middle of a request wants no response
            response = await self._response(Request(scope, receive))
            await response(scope, receive, send)

    async def _response(self, request: Request) -> Response:
        endpoint = self._endpoints.get("GET" if request.method == "HEAD" else request.method)
        if endpoint is None:
            allowed = ", ".join(self._endpoints)
            return self._refuse(405, f"method: Must be one of {allowed}", {"Allow": allowed})
        try:
            if len(request.query_params.multi_items()) > len(request.query_params):
                raise ValueError("query: Must have each parameter once")
            return await endpoint(request)
        except ValueError as error:
            return self._refuse(400, str(error))
        except NotFound as error:
            return self._refuse(404, str(error))


async def read_json(request: Request) -> Json:
    """The body of a request, a JSON object.

    Raises:
        ValueError: it is no JSON object, or too large.
    """
    body = bytearray()
    async for chunk in request.stream():
        body += chunk[: LARGEST_BODY + 1 - len(body)]
    if len(body) > LARGEST_BODY:
        raise ValueError(f"body: Must have at most {LARGEST_BODY} bytes")
    try:
        value = decode(bytes(body))
        json.dumps(value, allow_nan=False)  # 1e999 is read as infinity, which no later response could hold
    except ValueError as error:
        raise ValueError(f"body: {error}") from None
    if not isinstance(value, dict):
        raise ValueError("body: Must be a JSON object")
    return value


def take_number(query: dict[str, str], name: str, default: float, most: float) -> float:
    """Take a number out of a query.

    Raises:
        ValueError: it is no number, or out of range.
    """
    text = query.pop(name, None)
    if text is None:
        return default
    try:
        number = float(text)
    except ValueError:
        number = -1.0
    if not 0 <= number <= most:
        raise ValueError(f"{name}: Must be a number from 0 to {most:g}; got {text!r}")
    return number


def account_of(request: Request, accounts: Accounts) -> Account:
    """The account of the `company` in a query; the first one without it.

    Raises:
        ValueError: there is no such company, or another parameter, which may be a misspelt `company`.
    """
    if others := [name for name in request.query_params if name != "company"]:
        raise ValueError(f"{others[0]}: Must be no parameter but company")
    return accounts.of(request.query_params.get("company", ""))
