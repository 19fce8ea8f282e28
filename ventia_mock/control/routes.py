"""The stand-in's own routes: those below `/_mock`, for tests, and the pages for people."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route, Router
from starlette.types import Receive, Scope, Send

from ventia_mock.control import origin
from ventia_mock.control.companies import Companies
from ventia_mock.control.endpoints import AsciiResponse, Endpoint, Endpoints
from ventia_mock.control.events import Changes
from ventia_mock.control.fault_plans import FaultPlans
from ventia_mock.control.messages import Messages
from ventia_mock.control.pages import DOCUMENTS, FILES, Pages
from ventia_mock.journal.redaction import redact
from ventia_mock.stand_in import StandIn

_OWN_PAGES = frozenset(path for path in (*FILES, *DOCUMENTS) if not path.startswith("/_mock"))


def is_own(path: str) -> bool:
    """Whether a path is one of the stand-in's own routes."""
    return path in _OWN_PAGES or path.startswith("/_mock")


class Control:
    """An ASGI application that serves the pages and the control routes of a stand-in.

    Args:
        changes: the changes of its journal.
        hosts: names besides `localhost` under which a browser may reach it.
    """

    def __init__(self, stand_in: StandIn, changes: Changes, hosts: Collection[str]) -> None:
        self._stand_in, self._changes, self._hosts = stand_in, changes, hosts
        messages, companies, faults = Messages(stand_in, changes), Companies(stand_in), FaultPlans(stand_in)
        pages = Pages(stand_in)
        self._router = Router(
            [
                *(self._route(path, GET=pages.page) for path in FILES),
                *(self._route(path, GET=pages.document) for path in DOCUMENTS),
                self._route("/_mock/health", GET=self._health),
                self._route("/_mock/events", GET=self._events),
                self._route("/_mock/messages", GET=messages.find, DELETE=messages.forget),
                self._route("/_mock/messages/{number}", GET=messages.one),
                self._route("/_mock/world", GET=companies.world),
                self._route("/_mock/world/{kind}/{identifier}", PATCH=companies.change),
                self._route("/_mock/companies", POST=companies.add),
                self._route("/_mock/companies/{company}", DELETE=companies.remove),
                self._route("/_mock/faults", GET=faults.get, PUT=faults.replace, POST=faults.add, DELETE=faults.clear),
            ],
            default=self._not_found,
            redirect_slashes=False,
        )

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request, unless a page of another site made it."""
        if refusal := origin.refusal(dict(Request(scope).headers), self._hosts):
            await self._refuse(403, refusal)(scope, receive, send)
            return
        await self._router(scope, receive, send)

    def _route(self, path: str, **endpoints: Endpoint) -> Route:
        return Route(path, Endpoints(endpoints, self._refuse))

    async def _not_found(self, scope: Scope, receive: Receive, send: Send) -> None:
        why = f"path: Must be a control route (docs/stand-in.md, 'Control routes'); got {scope['path']!r}"
        await self._refuse(404, why)(scope, receive, send)

    def _refuse(self, status: int, why: str, headers: Mapping[str, str] | None = None) -> Response:
        """A refusal, which may quote the request, but no key."""
        details = redact(why, self._stand_in.platform.accounts.keys)
        return AsciiResponse(
            {"success": False, "error": "Refused by the stand-in", "details": details}, status, headers
        )

    async def _health(self, _: Request) -> Response:
        return AsciiResponse(self._stand_in.health())

    async def _events(self, _: Request) -> Response:
        return self._changes.stream()
