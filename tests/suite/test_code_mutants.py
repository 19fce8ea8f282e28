"""Changes that nobody chose: each is served in the place of the stand-in's own code, and of nothing else."""

from __future__ import annotations

import asyncio
import json
import sys

import pytest
from starlette.types import ASGIApp

from contract_tests.mutants.code.__main__ import equivalents
from contract_tests.mutants.code.changes import MODULES, Change, changes, served
from contract_tests.wire.in_process import call
from contract_tests.wire.response import Response
from ventia_mock.world.file import SAMPLE_KEY


def sent(app: ASGIApp, key: str) -> Response:
    body = json.dumps({"channelId": "656b0e1f8e5a2c001f3a9d12", "text": "Hi!"}).encode()
    target = f"/api/v1.0/contact/66f1a2b33c4d5e0067f8a9b0/message?api-key={key}".encode()
    return asyncio.run(call(app, "POST", target, [(b"content-type", b"application/json")], body))


def change_of(before: str) -> Change:
    [change, *_] = [each for each in changes(["ventia_mock.operations.authentication"]) if before in each.before]
    return change


def test_a_change_is_served_and_changes_nothing_else() -> None:
    change = change_of("self.is_optional = not all")
    modules = {name: module for name, module in sys.modules.items() if name.startswith("ventia_")}
    assert (401, 200) != (sent(app := served(change), "wrong").status, sent(app, SAMPLE_KEY).status)
    assert modules == {name: module for name, module in sys.modules.items() if name.startswith("ventia_")}


def test_each_change_is_one_and_has_a_name_of_its_own() -> None:
    made = list(changes(["ventia_mock.platform.rate_limiter"]))
    assert len(made) == len({each.name for each in made}) > 10
    assert all(each.before != each.after for each in made)


@pytest.mark.acceptance
def test_each_change_that_is_called_equivalent_is_made() -> None:
    assert set() == equivalents().keys() - {each.name for each in changes(MODULES)}
    assert all(equivalents().values())
