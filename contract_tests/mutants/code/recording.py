"""Records the requests of the suite, and sends them to a stand-in without judging what it answers.

That takes a tenth of the suite's time. A change by which no answer differs survives; of another, only the tests whose
requests are answered differently have to be run.
"""

from __future__ import annotations

import json
import re
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass

import pytest
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from contract_tests.mutants.testing import SERVERS_SIDE, tested
from contract_tests.options import Subject
from contract_tests.wire.in_process import call
from ventia_mock.world.business_rules import INTERACTION


@dataclass(frozen=True)
class Sent:
    """A request of the suite, and the test that sent it."""

    test: str
    method: str
    target: bytes
    headers: tuple[tuple[bytes, bytes], ...]
    body: bytes
    connection: int

    def __str__(self) -> str:
        return f"{self.method} {self.target.decode()} {self.body.decode(errors='replace')}"


class _Recorder:
    """An ASGI application, and a pytest plugin, that notes the requests of a run."""

    def __init__(self, app: ASGIApp) -> None:
        self.sent: list[Sent] = []
        self._app, self._test = app, ""

    def pytest_runtest_setup(self, item: pytest.Item) -> None:
        """Note which test begins."""
        self._test = item.nodeid

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request by the application."""
        event = await receive()
        target = scope["raw_path"] + (b"?" + scope["query_string"] if scope["query_string"] else b"")
        headers, connection = tuple(scope["headers"]), scope["client"][1]
        self.sent.append(Sent(self._test, scope["method"], target, headers, event["body"], connection))

        pending = [event]

        async def received() -> Message:
            return pending.pop() if pending else await receive()

        await self._app(scope, received, send)


def recorded(app: ASGIApp, seed: int) -> list[Sent]:
    """The requests that the suite sends to a correct server.

    Raises:
        RuntimeError: a test fails, so that nothing is known of those behind it.
    """
    recorder = _Recorder(app)
    if by := tested(SERVERS_SIDE, seed, recorder, Subject(recorder, shrinks=False)).by:
        raise RuntimeError(f"the unchanged stand-in is found faulty by {by}")
    return recorder.sent


async def answers(app: ASGIApp, requests: Sequence[Sent]) -> AsyncIterator[str]:
    """An application's answers, without what differs from run to run."""
    identifiers: dict[str, str] = {}

    def number(found: re.Match[str]) -> str:
        return found[1] + identifiers.setdefault(found[2], str(len(identifiers)))

    for sent in requests:
        try:
            answer = await call(app, sent.method, sent.target, sent.headers, sent.body, sent.connection)
        except Exception as error:  # a change may make the stand-in raise anything
            yield f"raises {error!r}"
            continue
        if sent.target.startswith(b"/_mock/"):
            yield f"{answer.status} {_counted(answer.body)}"
        else:
            yield _INTERACTION.sub(number, answer.text)


_INTERACTION = re.compile(rf'("{INTERACTION}": ")([0-9a-f]{{24}})')


def _counted(body: bytes) -> object:
    """The number of messages in a page of the inbox, and their bodies, without the times of their records."""
    try:
        page = json.loads(body)
        return page["count"], [message["body"] for message in page["messages"]]
    except (ValueError, LookupError, TypeError):
        return body
