"""The stand-in's own routes, below `/_mock`, and its page at `/`: what tests ask and people look at."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable, Collection, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route, Router
from starlette.types import Receive, Scope, Send

from ventia_document.source import Json
from ventia_mock.control import origin as browsers
from ventia_mock.control.curl import KEY_VARIABLE, replay
from ventia_mock.control.events import Changes
from ventia_mock.journal.matching import wanted
from ventia_mock.journal.record import Record
from ventia_mock.journal.search import Search
from ventia_mock.operations.authentication import SAMPLE_KEY, redact
from ventia_mock.operations.validation import Refused, decode
from ventia_mock.platform.accounts import Account
from ventia_mock.world.assumptions import LARGEST_BODY

if TYPE_CHECKING:
    from ventia_mock.stand_in import StandIn

_PAGE = Path(__file__).parents[1] / "page"
_FILES = {
    "/": ("index.html", "text/html"),
    "/reference": ("reference.html", "text/html"),
    "/_mock/inbox.css": ("inbox.css", "text/css"),
    "/_mock/inbox.js": ("inbox.js", "text/javascript"),
}
OWN_PAGES = frozenset(path for path in _FILES if not path.startswith("/_mock"))
"""Paths beside `/_mock` that are the stand-in's own."""

_LONGEST_WAIT = 60.0
_GLANCE = 1.0  # seconds, after which one who waits is looked for
_DIGITS = 18  # of a number that SQLite can hold
_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self' data:; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
_POLICIES = {
    "/reference": "default-src 'none'; script-src 'unsafe-inline'; style-src 'unsafe-inline'; img-src data:; "
    "font-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"  # it is one file, and may ask nothing
}
_PAGE_HEADERS = {
    "Cache-Control": "no-cache",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}


class Control:
    """Serves the page and the routes of one stand-in.

    Args:
        hosts: names besides `localhost` under which it is known.
    """

    def __init__(self, stand_in: StandIn, changes: Changes, hosts: Collection[str]) -> None:
        self._stand_in, self._changes, self._hosts = stand_in, changes, hosts
        self._router = Router(
            [
                *(self._route(path, GET=self._file) for path in _FILES),
                self._route("/_mock/health", GET=self._health),
                self._route("/_mock/events", GET=self._events),
                self._route("/_mock/messages", GET=self._messages, DELETE=self._forget),
                self._route("/_mock/messages/{number}", GET=self._message),
                self._route("/_mock/world", GET=self._world),
                self._route("/_mock/world/{kind}/{identifier}", PATCH=self._change),
                self._route("/_mock/companies", POST=self._add_company),
                self._route("/_mock/companies/{company}", DELETE=self._remove_company),
                self._route("/_mock/faults", GET=self._faults, PUT=self._plan, POST=self._queue, DELETE=self._unplan),
            ],
            default=self._nowhere,
            redirect_slashes=False,
        )

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request, if no page of another site made it."""
        if refusal := browsers.refusal(dict(Request(scope).headers), self._hosts):
            await self._problem(403, refusal)(scope, receive, send)
            return
        await self._router(scope, receive, send)

    def _route(self, path: str, **endpoints: _Endpoint) -> Route:
        return Route(path, _Endpoints(endpoints, self._problem))

    async def _nowhere(self, scope: Scope, receive: Receive, send: Send) -> None:
        why = f"path: Must be a control route (README, 'Control routes'); got {scope['path']!r}"
        await self._problem(404, why)(scope, receive, send)

    def _problem(self, status: int, why: str, headers: Mapping[str, str] | None = None) -> Response:
        """A refusal, which may quote what arrived, but no key."""
        told = redact(why, self._stand_in.platform.accounts.keys)
        return _Json({"success": False, "error": "Refused by the stand-in", "details": told}, status, headers)

    async def _file(self, request: Request) -> Response:
        path = request.url.path
        name, media_type = _FILES[path]
        try:
            content = (_PAGE / name).read_bytes()
        except FileNotFoundError:  # of a checkout in which it was not made yet
            return self._problem(404, f"{path}: Must have been made before; run make {path[1:]}")
        headers = {**_PAGE_HEADERS, "Content-Security-Policy": _POLICIES.get(path, _POLICY)}
        return Response(content, media_type=media_type, headers=headers)

    async def _health(self, _: Request) -> Response:
        return _Json(self._stand_in.health())

    async def _events(self, _: Request) -> Response:
        return self._changes.stream()

    async def _messages(self, request: Request) -> Response:
        given = dict(request.query_params)
        wait, at_least = _number(given, "wait", 0.0, _LONGEST_WAIT), int(_number(given, "at_least", 1, 1e6))
        limit, since = int(_number(given, "limit", 100, 1e6)), int(_number(given, "since", 0, 1e15))
        given.pop("company", None)
        words = given.pop("q", "")
        looked_for = wanted(given, self._stand_in.platform.operations.fields())
        search = Search(self._stand_in.journal, self._company(request), looked_for, words, since)
        end = asyncio.get_running_loop().time() + wait
        while len(search.go_on()) < at_least and not self._changes.is_over:
            left = end - asyncio.get_running_loop().time()
            if left <= 0 or await request.is_disconnected():
                break
            await self._changes.next(min(left, _GLANCE))
        told = {
            "count": len(search.found),
            "near": [] if len(search.found) >= at_least else search.nearest(),
            "journal": self._stand_in.journal.shown(),
        }
        shown = (self._shown(record, request) for record in search.found[:limit])
        return Response(b"".join(_listed(told, shown)), media_type="application/json")

    async def _message(self, request: Request) -> Response:
        text = request.path_params["number"]
        number = int(text) if text.isascii() and text.isdecimal() and len(text) < _DIGITS else 0
        for record in self._stand_in.journal.newest_first(since=number - 1, until=number):
            return _Json(self._shown(record, request))
        return self._problem(404, "message: Must be one that is kept")

    async def _forget(self, request: Request) -> Response:
        company = self._account(request).company.id if request.query_params else None
        return _Json({"forgotten": self._stand_in.journal.clear(company)})

    async def _world(self, request: Request) -> Response:
        platform = self._stand_in.platform
        accounts = [self._account(request)] if request.query_params else platform.accounts.all()
        first = platform.accounts.first.company
        return _Json(
            {
                "companies": [account.company.shown() for account in accounts],
                "answers": [{"status": each.status, "name": each.example} for each in platform.operations.main.answers],
                "base_path": platform.operations.base_path,
                "api_key": SAMPLE_KEY if SAMPLE_KEY in first.api_keys else f"${KEY_VARIABLE}",
            }
        )

    async def _change(self, request: Request) -> Response:
        changes = await _json(request)
        kind, identifier = request.path_params["kind"], request.path_params["identifier"]
        return _Json(vars(self._stand_in.platform.change(self._account(request), kind, identifier, changes)))

    async def _add_company(self, _: Request) -> Response:
        """A company with a world like the first one's, but a key and an inbox of its own."""
        account = self._stand_in.platform.accounts.copy_of_first()
        [key] = account.company.api_keys
        return _Json({"company": account.company.id, "api_key": key}, 201)

    async def _remove_company(self, request: Request) -> Response:
        accounts, company = self._stand_in.platform.accounts, request.path_params["company"]
        accounts.remove_copy(accounts.of(company))
        return _Json({"forgotten": self._stand_in.journal.clear(company)})

    async def _faults(self, request: Request) -> Response:
        return _Json(self._account(request).faults.shown())

    async def _plan(self, request: Request) -> Response:
        faults = self._account(request).faults
        faults.plan(await _json(request))
        return _Json(faults.shown())

    async def _queue(self, request: Request) -> Response:
        faults = self._account(request).faults
        faults.add(await _json(request))
        return _Json(faults.shown())

    async def _unplan(self, request: Request) -> Response:
        faults = self._account(request).faults
        faults.plan({})
        return _Json(faults.shown())

    def _company(self, request: Request) -> str | None:
        """The company that a request is about; None for all."""
        given = request.query_params.get("company")
        return None if given is None else self._stand_in.platform.accounts.of(given).company.id

    def _account(self, request: Request) -> Account:
        if unknown := [name for name in request.query_params if name != "company"]:
            raise ValueError(f"{unknown[0]}: Must be no parameter but company")
        return self._stand_in.platform.accounts.of(request.query_params.get("company", ""))

    def _shown(self, record: Record, request: Request) -> Json:
        base = f"{request.url.scheme}://{request.headers['host']}"
        return {**record.shown(), "curl": replay(record, base, self._stand_in.platform.operations.main)}


_Endpoint = Callable[[Request], Awaitable[Response]]


def _listed(told: Json, messages: Iterator[Json]) -> Iterator[bytes]:
    """JSON in pieces, since all messages of a journal as objects are many times its size."""
    yield json.dumps(told)[:-1].encode() + b', "messages": ['
    for index, message in enumerate(messages):
        yield (b", " if index else b"") + json.dumps(message).encode()
    yield b"]}"


class _Json(JSONResponse):
    def render(self, content: Json) -> bytes:
        """As ASCII, for a message may hold half of a surrogate pair."""
        return json.dumps(content).encode()


class _Endpoints:
    """What answers a route, by method; an endpoint raises ValueError for what it does not accept."""

    def __init__(self, endpoints: Mapping[str, _Endpoint], problem: Callable[..., Response]) -> None:
        self._endpoints, self._problem = endpoints, problem

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        response = await self._response(Request(scope, receive))
        await response(scope, receive, send)

    async def _response(self, request: Request) -> Response:
        """The answer to a request, each of whose query parameters is given once."""
        endpoint = self._endpoints.get("GET" if request.method == "HEAD" else request.method)
        if endpoint is None:
            allowed = ", ".join(self._endpoints)
            return self._problem(405, f"method: Must be one of {allowed}", {"Allow": allowed})
        try:
            if len(request.query_params.multi_items()) > len(request.query_params):
                raise ValueError("query: Must have each parameter once")
            return await endpoint(request)
        except ValueError as error:
            return self._problem(400, str(error))


async def _json(request: Request) -> Json:
    """The body of a request, a JSON object.

    Raises:
        ValueError: it is none.
    """
    body = bytearray()
    async for chunk in request.stream():
        body += chunk[: LARGEST_BODY + 1 - len(body)]
    if len(body) > LARGEST_BODY:
        raise ValueError(f"body: Must have at most {LARGEST_BODY} bytes")
    try:
        value = decode(bytes(body), "body")
        json.dumps(value, allow_nan=False)
    except (Refused, ValueError) as error:
        raise ValueError(str(error)) from None
    if not isinstance(value, dict):
        raise ValueError("body: Must be a JSON object")
    return value


def _number(given: dict[str, str], name: str, default: float, most: float) -> float:
    """A number taken out of what was given.

    Raises:
        ValueError: it is none, or out of range.
    """
    text = given.pop(name, None)
    if text is None:
        return default
    try:
        number = float(text)
    except ValueError:
        number = -1.0
    if not 0 <= number <= most:
        raise ValueError(f"{name}: Must be a number from 0 to {most:g}; got {text!r}")
    return number
