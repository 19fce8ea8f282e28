"""Limits what a run can send to a server that may reach real people.

The guard is a transport below every test tool, and blocks what it does not understand. It lets through only requests to
the named contact, through the named senders, at the named rate. Each request counts as a message before it is sent, and
is taken back only if both the document and the server refuse it. So a server that delivers nothing which it refuses
delivers no more messages than `max_messages`, and any server no more than `max_requests`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import parse_qsl, unquote, urlsplit

import httpx

from contract_tests.oracle.requests import Judge, Verdict
from contract_tests.target.file import Safety
from contract_tests.target.knowledge import Knowledge
from contract_tests.wire.keys import with_placeholder
from contract_tests.wire.ledger import Ledger
from contract_tests.wire.request import Request, Text
from ventia_document.source import Json
from ventia_document.validation import Schema
from ventia_document.wire.keys import key_place

RULE = "contract.rule"
"""The httpx extension of a request that names the rule it is made for."""

_HEADERS = {"accept", "accept-encoding", "accept-language", "connection", "content-length", "content-type", "host"}
_HEADERS |= {"api-key", "authorization", "cookie", "user-agent", "x-api-key"}
"""The headers that a request may have; others, such as X-HTTP-Method-Override, could turn it into another request."""


class Withheld(Exception):
    """A request that was not sent; the text says why."""


class Blocked(Withheld):
    """A request that is not safe."""


class BudgetSpent(Withheld):
    """A request beyond the budget of messages, or of requests."""


class Guard(httpx.BaseTransport):
    """Passes safe requests on to the transport below it.

    Args:
        key: the API key, without which no request can be judged by the document.
    """

    def __init__(
        self, below: httpx.BaseTransport, knowledge: Knowledge, safety: Safety, ledger: Ledger, key: str
    ) -> None:
        self._below, self._knowledge, self._safety, self._ledger, self._key = below, knowledge, safety, ledger, key
        self._judge = Judge([knowledge.operation])
        at = f"{knowledge.schema.at}/properties/{knowledge.sender_fields[0]}"
        self._identifier = Schema(knowledge.operation.document, at)
        self._pause = 60 / max(safety.rate - 1, 1)  # so that any 60 seconds, both ends included, hold the rate

    def handle_request(self, outgoing: httpx.Request) -> httpx.Response:
        """The response to a request that is safe.

        Raises:
            Blocked: the request is not safe.
            Withheld: its rule was stopped.
            BudgetSpent: it could be one message too many.
        """
        rule = str(outgoing.extensions.get(RULE, ""))
        request = self._read(outgoing)
        verdict = self._judge.verdict(request)
        if why := next(self._unsafe(outgoing, request, verdict), ""):
            raise Blocked(f"the guard blocks it: {why}")
        if self._ledger.is_stopped(rule):
            raise Withheld("the server has accepted what breaks this rule, so no more is sent for it")
        self._reserve(verdict)
        self._ledger.wait(self._pause)
        response = self._below.handle_request(outgoing)
        response.read()
        self._settle(rule, verdict, response.status_code)
        return response

    def _reserve(self, verdict: Verdict) -> None:
        most = self._safety.max_messages
        if not verdict.is_refused and not self._ledger.wait_for_the_first():
            raise Withheld("requests that the document refuses go first, and they do not end")
        # Without a budget, one request at a time that must be refused can still be made.
        if not self._ledger.reserve(max(most, 1) if verdict.is_refused else most):
            raise BudgetSpent(f"the budget of {most} messages is spent")
        if not self._ledger.reserve_request(self._safety.max_requests):
            self._ledger.release()
            raise BudgetSpent(f"the budget of {self._safety.max_requests} requests is spent")

    def _settle(self, rule: str, verdict: Verdict, status: int) -> None:
        if verdict.is_refused and 400 <= status < 500:
            self._ledger.release()
        if verdict.is_refused and status < 400:
            self._ledger.stop(rule)

    def _read(self, outgoing: httpx.Request) -> Request:
        """A request as the oracle judges it."""
        raw = outgoing.url.raw_path if (target := outgoing.extensions.get("target")) is None else target
        path, _, query = raw.decode("latin-1").partition("?")
        base = urlsplit(self._knowledge.target.base_url).path
        pairs = tuple((name, self._text(value)) for name, value in parse_qsl(query, keep_blank_values=True))
        headers = tuple((name, self._text(value)) for name, value in outgoing.headers.multi_items())
        return Request(outgoing.method, path.removeprefix(base), pairs, headers, outgoing.content)

    def _text(self, value: str) -> Text:
        return with_placeholder(value, self._key)

    def _unsafe(self, outgoing: httpx.Request, request: Request, verdict: Verdict) -> Iterator[str]:
        url, base = outgoing.url, httpx.URL(self._knowledge.target.base_url)
        if url.host not in self._safety.allow_hosts or (url.scheme, url.netloc) != (base.scheme, base.netloc):
            yield f"{url.host!r} is not the host of the target"
        if outgoing.headers.get("host") != base.netloc.decode():
            yield "its Host header is not the host of the target"
        of_key = {key_place(scheme).name for schemes in self._knowledge.operation.security for scheme in schemes}
        if others := {name.lower() for name in outgoing.headers} - _HEADERS - of_key:
            yield f"it has the header {sorted(others)[0]!r}"
        if verdict.operation is not self._knowledge.operation or request.path != self._knowledge.path:
            yield f"only {self._knowledge.operation.method} {self._knowledge.path} is let through"
        yield from (
            f"{value!r:.80} is no sender that the target file names"
            for value in self._unnamed_senders(request, verdict)
        )

    def _unnamed_senders(self, request: Request, verdict: Verdict) -> Iterator[Json]:
        """Senders in a request that the target file does not name, anywhere and in any encoding."""
        named = {identifier.lower() for identifier in self._knowledge.target.named}
        for name, value in _members(verdict.body):
            if name in self._knowledge.sender_fields and isinstance(value, dict | list):
                yield value
        texts = [_readings(request.body), *(str(value) for _, value in [*request.query, *_members(verdict.body)])]
        for word in re.findall(r"\w+", " ".join(texts)):
            if self._identifier.accepts(word) and word.lower() not in named:
                yield word


def _members(value: Json) -> Iterator[tuple[str, Json]]:
    """Every field of every object in a JSON value."""
    if isinstance(value, dict):
        yield from value.items()
    for part in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        yield from _members(part)


def _readings(body: bytes) -> str:
    """A body as any reader may read it: plain, percent-encoded, or with two bytes a character."""
    plain = body.decode("latin-1").replace("\0", "")
    return f"{plain} {unquote(plain)}"
