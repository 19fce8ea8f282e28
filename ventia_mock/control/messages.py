"""The control routes about messages: search, wait, forget."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import AsyncIterator, Iterable, Iterator
from typing import TypeVar

from starlette.requests import Request
from starlette.responses import Response

from ventia_document.source import Json
from ventia_mock.control.curl import replay
from ventia_mock.control.endpoints import AsciiResponse, NotFound, take_number
from ventia_mock.control.events import Changes
from ventia_mock.journal.journal import Entry
from ventia_mock.journal.matching import checked
from ventia_mock.journal.record import Record
from ventia_mock.journal.search import Search
from ventia_mock.stand_in import StandIn

_LONGEST_WAIT = 60.0  # seconds
_GLANCE = 1.0  # seconds, after which a caller who has hung up is noticed
_SLICE = 0.005  # seconds
_DIGITS = 18  # of a number that SQLite can hold

_Item = TypeVar("_Item")


class Messages:
    """Endpoints about the messages of a stand-in.

    Args:
        changes: the changes of its journal.
    """

    def __init__(self, stand_in: StandIn, changes: Changes) -> None:
        self._stand_in, self._changes = stand_in, changes
        self._turn = asyncio.Lock()  # one list is made at a time, so that ten hold other requests up no longer

    async def find(self, request: Request) -> Response:
        """The messages that match a query, after a wait for them if it asks for one."""
        query = dict(request.query_params)
        wait, at_least = take_number(query, "wait", 0.0, _LONGEST_WAIT), int(take_number(query, "at_least", 1, 1e6))
        limit, since = int(take_number(query, "limit", 100, 1e6)), int(take_number(query, "since", 0, 1e15))
        search = self._search(query, since)
        await self._wait(request, search, wait, at_least)
        summary = {
            "count": len(search.matches),
            "near": [] if len(search.matches) >= at_least else search.nearest(),
            "journal": self._stand_in.journal.counters(),
        }
        messages = (self._to_json(entry.record, request) for entry in search.matches[:limit])
        async with self._turn:
            listed = [part async for part in _sliced(_listed(summary, messages))]
        return Response(b"".join(listed), media_type="application/json")

    async def one(self, request: Request) -> Response:
        """The message with a number.

        Raises:
            NotFound: it is not kept.
        """
        text = request.path_params["number"]
        number = int(text) if text.isascii() and text.isdecimal() and len(text) < _DIGITS else 0
        for record in self._stand_in.journal.newest_first(since=number - 1, until=number):
            return AsciiResponse(self._to_json(record, request))
        raise NotFound("message: Must be one that is kept")

    async def forget(self, request: Request) -> Response:
        """Forget the messages that match a query, of any outcome unless it names one; all without a query."""
        if not request.query_params:
            return AsciiResponse({"forgotten": self._stand_in.journal.clear()})
        found = await self._matches(self._search({"outcome": "any", **request.query_params}))
        return AsciiResponse({"forgotten": self._stand_in.journal.forget(entry.number for entry in found)})

    def _search(self, query: dict[str, str], since: int = 0) -> Search:
        company, words = query.pop("company", None), query.pop("q", "")
        if company is not None:
            company = self._stand_in.platform.accounts.of(company).company.id
        fields = checked(query, self._stand_in.platform.operations.body_fields())
        return Search(self._stand_in.journal, company, fields, words, since)

    async def _wait(self, request: Request, search: Search, seconds: float, at_least: int) -> None:
        """Wait until a search has enough matches, the time is over, the caller hangs up or the server stops."""
        end = asyncio.get_running_loop().time() + seconds
        while len(await self._matches(search)) < at_least and not self._changes.is_over:
            left = end - asyncio.get_running_loop().time()
            if left <= 0 or await request.is_disconnected():
                break
            await self._changes.next(min(left, _GLANCE))

    async def _matches(self, search: Search) -> list[Entry]:
        async with self._turn:
            async for _ in _sliced(search.steps()):
                pass
        return search.matches

    def _to_json(self, record: Record, request: Request) -> Json:
        base = f"{request.url.scheme}://{request.headers['host']}"
        return {**record.to_json(), "curl": replay(record, base, self._stand_in.platform.operations.main)}


async def _sliced(items: Iterable[_Item]) -> AsyncIterator[_Item]:
    """The items, with a turn for other requests every few milliseconds."""
    end = time.perf_counter() + _SLICE
    for item in items:
        yield item
        if time.perf_counter() > end:
            await asyncio.sleep(0)
            end = time.perf_counter() + _SLICE


def _listed(summary: Json, messages: Iterator[Json]) -> Iterator[bytes]:
    """JSON in pieces, since all messages of a journal as objects are many times its size."""
    yield json.dumps(summary)[:-1].encode() + b', "messages": ['
    for index, message in enumerate(messages):
        yield (b", " if index else b"") + json.dumps(message).encode()
    yield b"]}"
