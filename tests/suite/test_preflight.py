"""The checks before a run: who may be reached is not reached, and what is wrong is said in one line."""

from __future__ import annotations

import dataclasses
import ssl
from collections.abc import Callable
from typing import Any

import httpx
import pytest

from contract_tests.run import SOURCE
from contract_tests.target.file import STAND_IN, read_target
from contract_tests.target.knowledge import Knowledge
from contract_tests.target.messages import Messages
from contract_tests.wire.inbox import Inbox
from contract_tests.wire.preflight import Preflight, PreflightError
from contract_tests.wire.server import Server
from tests.support.stand_in import OPERATION

pytestmark = pytest.mark.acceptance

KEY = "s3cret-key-of-the-test"
URL = "http://127.0.0.1:8080/api/v1.0"
LIMIT = SOURCE.value["x-rate-limit"]

Answering = Callable[[httpx.Request], httpx.Response]


class FakeServer:
    """A server that answers as a stand-in does, but for what a test changes."""

    def __init__(self) -> None:
        self.received: list[httpx.Request] = []
        self.health: Any = {"status": "ok", "upstream": None, "journal": {"kept": 0}}
        self.lists_messages = True
        self.answering: Answering = lambda _: httpx.Response(400, json={"success": False, "error": "no"})
        self.messages: list[str] = []

    def __call__(self, request: httpx.Request) -> httpx.Response:
        self.received.append(request)
        if request.url.path == "/_mock/health":
            return httpx.Response(200, json=self.health)
        if request.url.path == "/_mock/messages":
            found = [body for body in self.messages if request.url.params.get("q", "") in body]
            return httpx.Response(200, json={"count": 0, "messages": [{"body": body} for body in found]})
        if self.lists_messages:
            self.messages.append(request.content.decode())
        return self.answering(request)

    @property
    def targets(self) -> list[str]:
        """Paths and queries that came in."""
        return [(request.extensions.get("target") or request.url.raw_path).decode() for request in self.received]


def check(app: FakeServer, *, nobody: bool = False, waits: list[float] | None = None) -> None:
    target = dataclasses.replace(read_target(STAND_IN, LIMIT), nobody_is_reached=nobody)
    transport = httpx.MockTransport(app)
    server = Server(URL, KEY, transport, waits.append if waits is not None else None)
    Preflight(Messages(Knowledge(OPERATION, target)), server, Inbox(URL, transport), KEY, LIMIT).check()


def raising(error: Exception) -> Answering:
    def answer(_: httpx.Request) -> httpx.Response:
        raise error

    return answer


def connect_error(cause: Exception) -> httpx.ConnectError:
    error = httpx.ConnectError(str(cause))
    error.__cause__ = cause
    return error


def test_a_stand_in_that_keeps_its_messages_passes() -> None:
    app = FakeServer()
    check(app)
    assert len(app.messages) > LIMIT["requests"]


NO_STAND_INS: dict[str, Any] = {
    "JSON to any GET": {},
    "a list": [],
    "another service's health": {"status": "ok"},
    "a stand-in before another server": {"upstream": "https://api.example.com", "journal": {}},
}


@pytest.mark.parametrize("name", NO_STAND_INS)
def test_a_server_that_may_reach_people_gets_neither_key_nor_message(name: str) -> None:
    app = FakeServer()
    app.health = NO_STAND_INS[name]
    with pytest.raises(PreflightError, match=r"nobody_is_reached = true.*\[safety\]"):
        check(app)
    assert {"/_mock/health", "/_mock/messages?limit=1"} == set(app.targets)
    app.received.clear()
    check(app, nobody=True)
    assert not [target for target in app.targets if "_mock" in target]


def test_a_stand_in_that_does_not_list_what_it_got_is_believed_no_more() -> None:
    app = FakeServer()
    app.lists_messages = False
    with pytest.raises(PreflightError, match=r"its inbox does not show what it was sent.*nobody_is_reached = true"):
        check(app)
    assert 1 == sum("/contact/" in target for target in app.targets)


HTML = {"content-type": "text/html; charset=utf-8"}
FAILURES: dict[str, tuple[Answering, str]] = {
    "nobody listens": (
        raising(httpx.ConnectError("[Errno 111] Connection refused")),
        "nobody listens there: .*refused; start the server, or correct base_url",
    ),
    "TLS": (raising(connect_error(ssl.SSLError("certificate has expired"))), "TLS fails: .*expired.*; .*SSL_CERT_FILE"),
    "no answer": (raising(httpx.ReadTimeout("")), "no answer in 10 s; .*"),
    "no HTTP": (raising(httpx.RemoteProtocolError("illegal status line")), "what came back is not HTTP; .*https.*"),
    "404": (lambda _: httpx.Response(404, json={}), "has no /contact/.*: it answers 404; correct base_url and contact"),
    "HTML": (lambda _: httpx.Response(200, text="<h1>", headers=HTML), "answers 200 in HTML.*; correct base_url"),
    "a wrong key": (lambda _: httpx.Response(401, json={}), "does not know the API key.*VENTIA_API_KEY"),
    "a redirect": (
        lambda _: httpx.Response(308, headers={"location": f"https://b.example/x?api-key={KEY}"}),
        "answers 308, a redirect to https://b.example/x, which is not followed; correct base_url",
    ),
    "a rate limit": (lambda _: httpx.Response(429, json={}), "limits the rate, documented as 200 requests in 60 .*"),
}


@pytest.mark.parametrize("name", FAILURES)
def test_each_failure_is_one_line_that_says_what_to_do(name: str) -> None:
    app = FakeServer()
    app.answering, why = FAILURES[name]
    with pytest.raises(PreflightError, match=f"^{URL}: {why}$") as failure:
        check(app, nobody=True)
    assert "\n" not in str(failure.value)
    assert KEY not in str(failure.value)


def test_a_429_now_and_then_is_no_rate_limit() -> None:
    app = FakeServer()
    app.answering = lambda _: httpx.Response(400 if len(app.received) % 50 else 429, json={})
    check(app)
    assert len(app.messages) > LIMIT["requests"]
