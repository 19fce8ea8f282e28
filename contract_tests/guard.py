"""Keeps a run against a real platform from messaging strangers: below every test tool, and closed when in doubt."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Mapping, Sequence
from urllib.parse import quote, urlsplit

import httpx
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.types import Receive, Scope, Send

from contract_tests import run
from ventia_document.operations import Operation
from ventia_mock.parameters import Parameter


def refusal(url: str, pins: Mapping[str, str]) -> str | None:
    """Why a run against a server must not begin, None if it may."""
    if urlsplit(url).scheme not in ("http", "https") or not urlsplit(url).hostname:
        return f"--url: {url!r} is no URL of a server; give one such as http://127.0.0.1:8080/api/v1.0"
    names = [name for operation in run.OPERATIONS for name in operation.path_names if name not in pins]
    if names and not run.is_local(url):
        return (
            f"--url: {url!r} is not this machine, so what is sent may reach real people; name the one value that "
            f"may be used for each of {', '.join(dict.fromkeys(names))}, as in --pin {names[0]}=VALUE"
        )
    for operation in run.OPERATIONS:
        for part in operation.parameters:
            pinned = pins.get(part.value["name"]) if part.value["in"] == "path" else None
            faults = [] if pinned is None else Parameter(operation.document, part).check([pinned])[1]
            if faults:
                return f"--pin: {pinned!r} is refused by the document: {'; '.join(faults)}"
    return None


class Guard:
    """Passes on documented methods of documented paths with the pinned values, no faster than the document allows.

    All else is answered with 403 and goes no further. Redirects are passed back, not followed.
    """

    def __init__(self, url: str, operations: Sequence[Operation], pins: Mapping[str, str]) -> None:
        self._url = url.rstrip("/")
        quoted = {name: quote(value, safe="") for name, value in pins.items()}
        self._allowed = {(operation.method, operation.path.format_map(quoted)) for operation in operations}
        limit = run.SOURCE.value.get("x-rate-limit")
        self._pause = limit["seconds"] / limit["requests"] if limit else 0.0
        self._next = 0.0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass one request on, or refuse it."""
        request = Request(scope, receive)
        response = await self._pass_on(request, scope["raw_path"].decode("ascii", "replace"))
        await response(scope, receive, send)

    async def _pass_on(self, request: Request, path: str) -> Response:
        if (request.method, path) not in self._allowed:
            return PlainTextResponse(f"the guard lets only {sorted(self._allowed)} through", 403)
        await self._wait()
        headers = [(name, value) for name, value in request.headers.items() if name not in ("host", "connection")]
        url, body = f"{self._url}{path}?{request.url.query}", await request.body()
        async with httpx.AsyncClient(follow_redirects=False, timeout=60) as client:
            answer = await client.request(request.method, url, headers=headers, content=body)
        dropped = ("content-length", "content-encoding", "transfer-encoding", "connection")
        kept = {name: value for name, value in answer.headers.items() if name not in dropped}
        return Response(answer.content, answer.status_code, kept)

    async def _wait(self) -> None:
        now = time.monotonic()
        start = max(now, self._next)
        self._next = start + self._pause
        await asyncio.sleep(start - now)
