"""A server that records its requests and answers each with a chosen response."""

from __future__ import annotations

from dataclasses import dataclass, replace
from urllib.parse import parse_qsl

from starlette.datastructures import Headers
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from ventia_document.source import Json
from ventia_document.wire.keys import KeyPlace
from ventia_document.wire.media import JSON, encoded


@dataclass(frozen=True)
class RecordedRequest:
    """A request as it was received."""

    method: str
    path: str
    query: list[tuple[str, str]]
    raw_query: str
    headers: Headers
    body: bytes


def keys_in(request: RecordedRequest, place: KeyPlace | None) -> list[str | None]:
    """The keys in their place in a request; None for a text without the prefix of that place."""
    if place is None:
        return []
    headers = [value.encode("latin-1").decode() for value in request.headers.getlist(place.name)]
    texts = [value for name, value in request.query if name == place.name] if place.place == "query" else headers
    return [place.key(text) for text in texts]


def without_keys(request: RecordedRequest, place: KeyPlace | None) -> RecordedRequest:
    """A request without what is in the place of keys."""
    if place is None:
        return request
    if place.place == "query":
        return replace(request, query=[pair for pair in request.query if pair[0] != place.name], raw_query="")
    kept = [(name, value) for name, value in request.headers.raw if name.decode("latin-1") != place.name]
    return replace(request, headers=Headers(raw=kept))


class Recorder:
    """An ASGI application that records the requests since the last `answer_with`."""

    def __init__(self) -> None:
        self.requests: list[RecordedRequest] = []
        self._answer = Response()

    def answer_with(self, status: int, value: Json = None, media_type: str | None = JSON) -> None:
        """Forget the recorded requests, and answer later ones with a value.

        Args:
            media_type: None for an answer without content.
        """
        self.requests.clear()
        content = encoded(media_type, value) if media_type else None
        self._answer = Response(content, status, headers={"content-type": media_type} if media_type else None)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Record one request, and answer it."""
        request = Request(scope, receive)
        path = scope["raw_path"].decode("ascii")
        raw_query = scope["query_string"].decode("ascii")
        query = parse_qsl(raw_query, keep_blank_values=True)
        self.requests.append(
            RecordedRequest(request.method, path, query, raw_query, request.headers, await request.body())
        )
        await self._answer(scope, receive, send)
