"""Changes that nobody chose: each is served in the place of the stand-in's own code, and killed by the suite or not."""

from __future__ import annotations

import asyncio
import json
import sys
from collections.abc import Sequence

import pytest
from starlette.types import ASGIApp, Receive, Scope, Send

from contract_tests.mutants.code.__main__ import Report, equivalents
from contract_tests.mutants.code.changes import MODULES, Change, changes, served
from contract_tests.mutants.code.recording import Sent, answers
from contract_tests.mutants.code.trying import Trial, Unchanged, tried, unchanged
from contract_tests.mutants.testing import of_each
from contract_tests.wire.in_process import call
from contract_tests.wire.response import Response
from tests.support.stride import some, thinned
from ventia_mock.world.file import SAMPLE_KEY

MESSAGE = {"channelId": "656b0e1f8e5a2c001f3a9d12", "text": "Hi!"}
KEY_RULE = "contract_tests/test_rules.py::test_what_breaks_the_rule_alone_is_refused[a key is needed]"


def target(key: str) -> bytes:
    return f"/api/v1.0/contact/66f1a2b33c4d5e0067f8a9b0/message?api-key={key}".encode()


def sent(app: ASGIApp, key: str) -> Response:
    body = json.dumps(MESSAGE).encode()
    return asyncio.run(call(app, "POST", target(key), [(b"content-type", b"application/json")], body))


def recorded(*keys: str) -> list[Sent]:
    headers = ((b"content-type", b"application/json"),)
    return [Sent(KEY_RULE, "POST", target(key), headers, json.dumps(MESSAGE).encode(), 1) for key in keys]


def change_of(module: str, after: str) -> Change:
    [change, *_] = [each for each in changes([module]) if after in each.after]
    return change


def trial_of(change: Change, correct: Unchanged) -> Trial:
    """The outcome in a process of its own, since pytest runs in it."""
    [trial] = of_each("", [""], lambda _: tried(change, correct)).values()
    return trial


def answers_of(app: ASGIApp, requests: Sequence[Sent]) -> list[str]:
    async def gathered() -> list[str]:
        return [answer async for answer in answers(app, requests)]

    return asyncio.run(gathered())


@pytest.fixture(scope="module")
def correct() -> Unchanged:
    return unchanged(1, recorded(SAMPLE_KEY, "", SAMPLE_KEY))


def test_a_change_is_served_and_changes_nothing_else() -> None:
    change = change_of("ventia_mock.operations.authentication", "self.is_optional =  all")
    modules = {name: module for name, module in sys.modules.items() if name.startswith("ventia_")}
    assert (401, 200) != (sent(app := served(change), "wrong").status, sent(app, SAMPLE_KEY).status)
    assert modules == {name: module for name, module in sys.modules.items() if name.startswith("ventia_")}


def test_each_change_is_one_and_has_a_name_of_its_own() -> None:
    made = list(changes(["ventia_mock.platform.rate_limiter"]))
    assert len(made) == len({each.name for each in made}) > 10
    assert all(each.before != each.after for each in made)


def test_a_change_is_named_for_the_function_that_has_it() -> None:
    change = change_of("ventia_mock.operations.authentication", "self.is_optional =  all")
    assert change.name.startswith("ventia_mock.operations.authentication.Authentication.__init__: self.is_optional")


def test_a_guard_against_errors_of_the_caller_is_no_change() -> None:
    assert not [each for each in changes(["ventia_mock.world.sending"]) if "frozen" in each.before]


@pytest.mark.acceptance
def test_a_change_that_a_test_finds_is_killed_by_its_rule(correct: Unchanged) -> None:
    change = change_of("ventia_mock.operations.authentication", "self.is_optional =  all")
    assert "a key is needed" == trial_of(change, correct).by


def test_a_change_by_which_no_answer_differs_survives(correct: Unchanged) -> None:
    change = change_of("ventia_mock.platform.decision", "first and all(account is not first")
    assert Trial("", "every request is answered as without it") == trial_of(change, correct)


def test_a_change_that_no_request_executes_survives(correct: Unchanged) -> None:
    change = change_of("ventia_mock.platform.accounts", "secrets.token_hex( 5)")
    assert Trial("", "no request executes it") == trial_of(change, correct)


def test_answers_differ_if_an_identifier_comes_twice(correct: Unchanged) -> None:
    async def always_the_same(_: Scope, __: Receive, send: Send) -> None:
        body = json.dumps({"success": True, "interactionId": "6" * 24}).encode()
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": body})

    first, second = answers_of(always_the_same, correct.requests[:2])
    assert first == second
    assert correct.answers[0] != correct.answers[2]


def test_a_survivor_is_printed_at_once_and_what_is_left_at_the_end(capsys: pytest.CaptureFixture[str]) -> None:
    every = {each.name: each for each in changes(["ventia_mock.world.sending", "ventia_mock.http.json_text"])}
    first, second, third, *others = every
    report = Report(every, {third: "no difference"}, len(every))
    report.add(first, Trial(seen="no request executes it"))
    assert f"survives: {first}\nno request executes it\n" == capsys.readouterr().out
    report.add(second, Trial("a rule"))
    report.add(third, Trial())
    assert ([first], "") == (report.wrong, capsys.readouterr().out)
    report.add(third, Trial("a rule"))
    assert capsys.readouterr().out.startswith("is killed by a rule, and is called equivalent: ")
    assert len(others) == report.untested


BEGINNINGS = equivalents()


def module_of(beginning: str) -> str:
    """The module that a change's name begins with; empty if none."""
    return max((each for each in MODULES if beginning.startswith((f"{each}.", f"{each}:"))), key=len, default="")


EQUIVALENT_IN = [module for module in MODULES if module in map(module_of, BEGINNINGS)]


@thinned
@pytest.mark.acceptance
@pytest.mark.parametrize("module", some(EQUIVALENT_IN))
def test_each_change_that_is_called_equivalent_is_made(module: str) -> None:
    names = [each.name for each in changes([module])]
    begun = [each for each in BEGINNINGS if module_of(each) == module]
    assert [] == [each for each in begun if not any(name.startswith(each) for name in names)]


def test_each_change_that_is_called_equivalent_has_a_module_and_a_reason() -> None:
    assert {module_of(each) for each in BEGINNINGS} <= {*MODULES}
    assert all(BEGINNINGS.values())
