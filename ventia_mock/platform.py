"""Answers every request as the document says: the ASGI application that stands in for the platform."""

from __future__ import annotations

import logging
import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from http import HTTPStatus
from urllib.parse import urlsplit

from starlette.requests import ClientDisconnect, Request
from starlette.types import Receive, Scope, Send

from ventia_document.operations import Operation, operations
from ventia_document.source import DocumentError, Source
from ventia_mock.answers import Answer, Answers
from ventia_mock.keys import Gate, redact
from ventia_mock.limiter import Limiter
from ventia_mock.problems import invalid, outside, too_many, unknown_key
from ventia_mock.requests import Refused, Rules
from ventia_mock.unserved import Unserved
from ventia_mock.wire import preferences, received, response

_log = logging.getLogger("ventia_mock")


@dataclass(frozen=True)
class _Served:
    """An operation, its path as a pattern, and what decides about its requests, in this order."""

    operation: Operation
    pattern: re.Pattern[str]
    gate: Gate
    rules: Rules
    answers: Answers


class Platform:
    """Serves every operation of a document below the path of its first server.

    Args:
        keys: the API keys of the one account that it knows.
        limiter: what holds that account to the rate limit; None for no limit.

    Raises:
        DocumentError: the document has a part that cannot be served; the text says where.
    """

    def __init__(self, source: Source, keys: Collection[str], limiter: Limiter | None = None) -> None:
        self._keys = keys
        self._limiter = limiter
        servers = source.value.get("servers") or [{"url": ""}]
        self.base_path = urlsplit(servers[0]["url"]).path.rstrip("/")
        try:
            self._served = [self._serve(operation) for operation in operations(source.value)]
        except Unserved as unserved:
            at, rule = unserved.args
            raise DocumentError(f"{source.place(at)}: {at}: {rule}") from None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one HTTP request, and log it without its query, which holds the key."""
        request = Request(scope, receive)
        path = scope["raw_path"].decode("ascii", "replace")
        try:
            answer = await self._answer(request, path)
        except ClientDisconnect:
            return
        except Exception:
            _log.exception("a fault of the stand-in")
            answer = outside(HTTPStatus.INTERNAL_SERVER_ERROR, "the stand-in has a fault; its log says where")
        _log.info("%s %s %d %s", request.method, redact(path, self._keys), answer.status, answer.why)
        await response(answer)(scope, receive, send)

    def _serve(self, operation: Operation) -> _Served:
        pattern = re.compile(re.sub(r"\\{[^}]*\\}", "([^/]+)", re.escape(self.base_path + operation.path)))
        return _Served(operation, pattern, Gate(operation, self._keys), Rules(operation), Answers(operation))

    async def _answer(self, request: Request, path: str) -> Answer:
        matching = [(served, match) for served in self._served if (match := served.pattern.fullmatch(path))]
        if not matching:
            return outside(HTTPStatus.NOT_FOUND, f"path: Must be {' or '.join(self._paths())}")
        # A path without variables hides those that would take it for a value (OpenAPI 3.1, Paths Object).
        nearest = min((served.operation for served, _ in matching), key=lambda operation: len(operation.path_names))
        here = [(served, match) for served, match in matching if served.operation.path == nearest.path]
        for served, match in here:
            if served.operation.method == request.method:
                return await self._serve_request(served, request, match.groups())
        allowed = ", ".join(served.operation.method for served, _ in here)
        return outside(HTTPStatus.METHOD_NOT_ALLOWED, f"method: Must be {allowed}", {"Allow": allowed})

    async def _serve_request(self, served: _Served, request: Request, path: Sequence[str]) -> Answer:
        message = await received(request, dict(zip(served.operation.path_names, path, strict=True)))
        if not served.gate.admits(message.parameters):
            return unknown_key(served.answers)
        if self._limiter and (wait := self._limiter.wait()):
            return too_many(served.answers, self._limiter, wait)
        try:
            return served.answers.to(served.rules.check(message), preferences(request))
        except Refused as refused:
            return invalid(served.answers, str(refused))

    def _paths(self) -> list[str]:
        return list(dict.fromkeys(self.base_path + served.operation.path for served in self._served))
