"""Whole runs behind the guard: they print their plan, and end at their budget."""

from __future__ import annotations

from pathlib import Path

import pytest
from starlette.requests import Request as StarletteRequest
from starlette.responses import RedirectResponse
from starlette.types import Receive, Scope, Send

from contract_tests.run import JUDGE
from contract_tests.target.file import read_target
from contract_tests.target.knowledge import Knowledge
from contract_tests.target.messages import Messages
from contract_tests.wire.request import Request
from tests.support.stand_in import OPERATION
from tests.support.stride import some, thinned
from tests.support.suite import (
    RULES,
    STAND_IN,
    Recorded,
    mutant,
    run_suite,
    stand_in,
    targeted,
)
from ventia_mock.http.server import running

pytestmark = [thinned, pytest.mark.acceptance, pytest.mark.usefixtures("own_storage")]


SAFE = "\n[safety]\nmax_messages = 3\nrate = 199\n"
SOME = "one and sender or whatsapp_business"


@pytest.mark.parametrize("workers", some(["2", "1"]))
def test_a_guarded_run_prints_its_plan_and_ends_cleanly_at_its_budget(tmp_path: Path, workers: str) -> None:
    """The workers send invalid requests first, and no more messages than the budget.

    Accepted messages wait for all tests that go first, of which some send nothing.
    """
    app = Recorded(stand_in())
    with targeted(app, tmp_path, SAFE) as target:
        done = run_suite(RULES, "--target", target, "-k", f"test_every_rule or {SOME}", f"-n{workers}")
    assert 0 == done.returncode, done.stdout
    for line in (
        "plan: about",
        "messages: at most 3",
        "requests: at most 1,000 of any kind",
        "rate: at most 199",
        "the budget of 3 messages is spent",
    ):
        assert line in done.stdout
    accepted = [JUDGE.verdict(_request(body)).is_accepted for body in app.bodies]
    assert 3 == sum(accepted)
    assert sorted(accepted) == accepted


def test_a_guarded_run_stops_a_rule_that_the_server_breaks(tmp_path: Path) -> None:
    app = Recorded(mutant("takes the first of several senders"))
    with targeted(app, tmp_path, SAFE) as target:
        done = run_suite(RULES, "--target", target, "-k", "alone and one and sender", "--seed=1")
    assert 1 == done.returncode, done.stdout
    breaking = [body for body in app.bodies if body.count(b'Id"') > 1]
    assert 1 == len(breaking)


def test_a_server_that_delivers_what_it_refuses_gets_no_more_than_max_requests(tmp_path: Path) -> None:
    app = Recorded(stand_in())
    with targeted(app, tmp_path, SAFE + "max_requests = 7\n") as target:
        done = run_suite(RULES, "--target", target, "-k", SOME)
    assert 6 == len(app.bodies)  # besides the preflight's
    assert "the budget of 7 requests is spent" in done.stdout


@pytest.mark.parametrize("status", some([307, 302]))
def test_a_server_that_redirects_violates_the_contract_and_leads_nowhere(tmp_path: Path, status: int) -> None:
    """What must be refused is answered as the preflight wants it; all else leads to another server."""
    other = Recorded(stand_in())
    with running(other) as elsewhere, targeted(Redirecting(status, elsewhere), tmp_path, SAFE) as target:
        done = run_suite(RULES, "--target", target, "-k", SOME)
    assert 1 == done.returncode, done.stdout
    assert f"answered {status}, and must answer 200" in done.stdout
    assert [] == other.bodies


class Redirecting:
    """A stand-in that redirects messages which it should send."""

    def __init__(self, status: int, elsewhere: str) -> None:
        self._app, self._status, self._elsewhere = stand_in(), status, elsewhere

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        request = StarletteRequest(scope, receive)
        body = await request.body()
        if scope["path"].startswith("/_mock") or not JUDGE.verdict(_request(body)).is_accepted:
            await self._app(scope, _replayed(body), send)
            return
        where = f"{self._elsewhere}{scope['path']}?{request.url.query}"
        await RedirectResponse(where, self._status)(scope, receive, send)


def _replayed(body: bytes) -> Receive:
    async def receive() -> dict[str, object]:
        return {"type": "http.request", "body": body, "more_body": False}

    return receive


def _request(body: bytes) -> Request:
    return Messages(Knowledge(OPERATION, read_target(STAND_IN, None))).raw(body)
