"""Keeps a run against a real platform from harm: below every test tool, and closed when in doubt.

Only the named contact and the named senders are ever addressed. Every request waits for its turn. Each counts as a
message before it goes, and is taken back only if the document refuses it and the server did too. So no more messages
can be delivered than the target allows, whatever the server does.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import parse_qsl, unquote, urlsplit

import httpx

from contract_tests.oracle.judge import Judge, Verdict
from contract_tests.target.file import Safety
from contract_tests.target.knowledge import Knowledge
from contract_tests.wire.ledger import Ledger
from contract_tests.wire.request import RIGHT, Asked
from ventia_document.schemas import Schema
from ventia_document.source import Json

RULE = "contract.rule"
"""The extension of a request that names the rule of the contract that it is for."""

_HEADERS = {"accept", "accept-encoding", "accept-language", "connection", "content-length", "content-type", "host"}
_HEADERS |= {"api-key", "authorization", "cookie", "user-agent", "x-api-key"}
"""That a request may have; another could turn it into a request for something else, as X-HTTP-Method-Override does."""


class NotSent(Exception):
    """A request that has not left this machine; the text says why."""


class Blocked(NotSent):
    """A request that is not safe."""


class BudgetSpent(NotSent):
    """No message more may be sent."""


class Guard(httpx.BaseTransport):
    """Lets through what is safe, to the transport below it.

    Args:
        key: the API key, by which a request is read as the document would read it.
    """

    def __init__(
        self, below: httpx.BaseTransport, knowledge: Knowledge, safety: Safety, ledger: Ledger, key: str
    ) -> None:
        self._below, self._knowledge, self._safety, self._ledger, self._key = below, knowledge, safety, ledger, key
        self._judge = Judge([knowledge.operation])
        at = f"{knowledge.schema.at}/properties/{knowledge.sender_fields[0]}"
        self._identifier = Schema(knowledge.operation.document, at)
        self._pause = 60 / max(safety.rate - 1, 1)  # so that any 60 seconds, both ends included, hold the rate

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Pass one request on.

        Raises:
            Blocked: it is not safe.
            NotSent: its rule was stopped.
            BudgetSpent: it could be one message too many.
        """
        rule = str(request.extensions.get(RULE, ""))
        asked = self._read(request)
        verdict = self._judge.verdict(asked)
        if why := next(self._unsafe(request, asked, verdict), ""):
            raise Blocked(f"the guard keeps it back: {why}")
        if self._ledger.is_stopped(rule):
            raise NotSent("the server has accepted what breaks this rule, so no more is sent for it")
        self._reserve(verdict)
        self._ledger.wait(self._pause)
        response = self._below.handle_request(request)
        response.read()
        self._settle(rule, verdict, response.status_code)
        return response

    def _reserve(self, verdict: Verdict) -> None:
        most = self._safety.max_messages
        if not verdict.is_refused and not self._ledger.wait_for_the_first():
            raise NotSent("requests that the document refuses go first, and they do not end")
        # Without a budget, one request at a time that must be refused can still be made.
        if not self._ledger.reserve(max(most, 1) if verdict.is_refused else most):
            raise BudgetSpent(f"the budget of {most} messages is spent")

    def _settle(self, rule: str, verdict: Verdict, status: int) -> None:
        if verdict.is_refused and 400 <= status < 500:
            self._ledger.release()
        if verdict.is_refused and status < 400:
            self._ledger.stop(rule)

    def _read(self, request: httpx.Request) -> Asked:
        """A request as the document reads it."""
        raw = request.url.raw_path if (target := request.extensions.get("target")) is None else target
        path, _, query = raw.decode("latin-1").partition("?")
        base = urlsplit(self._knowledge.target.base_url).path
        pairs = tuple(
            (name, RIGHT if value == self._key else value) for name, value in parse_qsl(query, keep_blank_values=True)
        )
        headers = tuple((name, RIGHT if value == self._key else value) for name, value in request.headers.multi_items())
        return Asked(request.method, path.removeprefix(base), pairs, headers, request.content)

    def _unsafe(self, request: httpx.Request, asked: Asked, verdict: Verdict) -> Iterator[str]:
        url, base = request.url, httpx.URL(self._knowledge.target.base_url)
        if url.host not in self._safety.allow_hosts or (url.scheme, url.netloc) != (base.scheme, base.netloc):
            yield f"{url.host!r} is not the host of the target"
        if request.headers.get("host") != base.netloc.decode():
            yield "its Host header is not the host of the target"
        if others := {name.lower() for name in request.headers} - _HEADERS:
            yield f"it has the header {sorted(others)[0]!r}"
        if verdict.operation is not self._knowledge.operation or asked.path != self._knowledge.path:
            yield f"only {self._knowledge.operation.method} {self._knowledge.path} is let through"
        yield from (
            f"{value!r:.80} is no sender that the target file names" for value in self._strangers(asked, verdict)
        )

    def _strangers(self, asked: Asked, verdict: Verdict) -> Iterator[Json]:
        """Senders of a request whom the target does not name, wherever they stand and however they are written."""
        named = {identifier.lower() for identifier in self._knowledge.target.named}
        for name, value in _members(verdict.body):
            if name in self._knowledge.sender_fields and isinstance(value, dict | list):
                yield value
        texts = [_text(asked.body), *(str(value) for _, value in [*asked.query, *_members(verdict.body)])]
        for word in re.findall(r"\w+", " ".join(texts)):
            if self._identifier.accepts(word) and word.lower() not in named:
                yield word


def _members(value: Json) -> Iterator[tuple[str, Json]]:
    """Every field of every object in a JSON value."""
    if isinstance(value, dict):
        yield from value.items()
    for part in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        yield from _members(part)


def _text(body: bytes) -> str:
    """What a body says to any reader: plain, percent-encoded, or in two bytes a character."""
    plain = body.decode("latin-1").replace("\0", "")
    return f"{plain} {unquote(plain)}"
