"""The checks before the first rule: the server is there, is the right one, knows the key, and reaches nobody."""

from __future__ import annotations

import secrets
import time
from collections.abc import Mapping

import httpx

from contract_tests.oracle.leaks import concealed
from contract_tests.oracle.requests import Judge
from contract_tests.target.knowledge import INVALID_KEY
from contract_tests.target.messages import Messages
from contract_tests.wire.inbox import Inbox
from contract_tests.wire.request import Request
from contract_tests.wire.response import Response
from contract_tests.wire.server import NoResponse, Server

_LONGEST_BURST = 5.0  # seconds

HOW_TO_ALLOW = (
    "if no message to it reaches anybody, write nobody_is_reached = true into a target file; "
    "if one may, a table [safety] with max_messages"
)


class PreflightError(Exception):
    """The run must not or cannot begin; the text says why, and what to do, in one line."""


class Preflight:
    """The checks before a run.

    Args:
        messages: composes messages from the target file.
        server: the server under test, behind a guard if it may reach real people.
        inbox: its inbox, if it has one.
        key: the API key.
        limit: the document's `x-rate-limit`.
    """

    def __init__(
        self, messages: Messages, server: Server, inbox: Inbox, key: str, limit: Mapping[str, int] | None
    ) -> None:
        target = messages.knowledge.target
        self._target, self._messages, self._server, self._inbox = target, messages, server, inbox
        self._key, self._limit = key, limit
        self._judge = Judge([messages.knowledge.operation])
        self._needs_proof = target.safety is None and not target.nobody_is_reached

    def check(self) -> None:
        """Check it all, with requests that the document refuses.

        Raises:
            PreflightError: the run must not or cannot begin.
        """
        if self._needs_proof:
            self._is_a_stand_in_without_upstream()
        # It names no sender and has no content, so that no server has anything to deliver.
        words = f"preflight-{secrets.token_hex(8)}"
        request = self._messages.request({"preflight": words})
        if not self._judge.verdict(request).is_refused:
            raise PreflightError(
                "the document accepts a message without sender and content, so nothing is safe to send"
            )
        if complaint := self._complaint(self._response(request)):
            raise PreflightError(f"{self._target.base_url}: {complaint}")
        if self._needs_proof and not self._inbox.shows(words):
            raise self._unproven("its inbox does not show what it was sent, so something else got it")
        if self._target.safety is None and self._limit:
            self._has_no_rate_limit(request, self._limit)

    def _is_a_stand_in_without_upstream(self) -> None:
        try:
            health = self._inbox.health()
        except httpx.HTTPError as error:
            raise self._silent(self._server.no_response(error)) from None
        if health is None:
            raise self._unproven("it is no stand-in, and may pass messages on to real people")
        if health["upstream"] is not None:
            raise self._unproven(f"it passes messages on to {health['upstream']!r:.80}")

    def _unproven(self, why: str) -> PreflightError:
        return PreflightError(f"{self._target.base_url}: {why}; {HOW_TO_ALLOW}")

    def _silent(self, error: NoResponse) -> PreflightError:
        return PreflightError(f"{self._target.base_url}: {error}; {error.advice}")

    def _response(self, request: Request) -> Response:
        try:
            return self._server.send(request)
        except NoResponse as error:
            raise self._silent(error) from None

    def _complaint(self, response: Response) -> str:
        headers = dict(response.headers)
        status, media_type = response.status, headers.get("content-type", "(none)").partition(";")[0]
        if 300 <= status < 400:
            location = concealed(headers.get("location", "(nowhere)").partition("?")[0], self._key)
            return f"answers {status}, a redirect to {location:.120}, which is not followed; correct base_url"
        is_of_body = "details" in response.fields  # which some servers refuse with 403
        if status in self._messages.knowledge.statuses([INVALID_KEY]) | {401} or (status == 403 and not is_of_body):
            return f"does not know the API key: it answers {status}; correct the variable {self._target.api_key_env}"
        if status in (404, 405, 501):
            return f"has no {self._messages.knowledge.path}: it answers {status}; correct base_url and contact"
        if media_type.lower() in ("text/html", "application/xhtml+xml"):
            return f"answers {status} in HTML, so another service or a gateway answers; correct base_url"
        return ""

    def _has_no_rate_limit(self, request: Request, limit: Mapping[str, int]) -> None:
        """Send as many requests as the document allows at once, and one more."""
        until = time.monotonic() + _LONGEST_BURST
        for _ in range(limit["requests"] + 1):
            if self._is_limited(request) and self._is_limited(request):
                most = f"{limit['requests']} requests in {limit['seconds']} seconds"
                raise PreflightError(
                    f"{self._target.base_url}: limits the rate, documented as {most}, and a run has thousands; start a "
                    "stand-in with --no-rate-limit, or name the rate of another server in a table [safety]"
                )
            if time.monotonic() > until:
                return

    def _is_limited(self, request: Request) -> bool:
        try:
            return self._server.send_once(request).status == 429
        except NoResponse as error:
            raise self._silent(error) from None
