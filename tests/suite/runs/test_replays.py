"""Replays: a failure is repeated by its word, on the same machine or another, until it is mended."""

from __future__ import annotations

import json
import re
import shlex
from pathlib import Path

import pytest

from contract_tests.replay import Replay, pack
from contract_tests.wire.request import Request
from tests.support.suite import (
    EARLIER,
    RULES,
    Recorded,
    mutant,
    run_suite,
    stand_in,
    targeted,
)
from ventia_document.source import Json

pytestmark = [pytest.mark.acceptance, pytest.mark.usefixtures("own_storage")]


GOOD_WORD = {
    "rule": "a",
    "sentence": "b",
    "side": "kept",
    "expected": None,
    "asked": [Request("POST", "/contact/x/message").to_json()],
}


BAD_REQUESTS: list[Json] = [
    {"method": 5},
    {"path": "/ä"},
    {"query": [["a", 5]]},
    {"query": [["a", {"form": "zz", "before": "", "after": ""}]]},
    {"headers": [["\u1234", "b"]]},
    {"body": "!"},
]
BAD_WORDS: list[Json] = [
    {"asked": []},
    {"asked": None},
    {"asked": [{"method": "POST"}]},
    {"expected": 5},
    *({"asked": [Request("POST", "/x").to_json() | bad]} for bad in BAD_REQUESTS),
]


@pytest.mark.parametrize("change", BAD_WORDS, ids=str)
def test_a_word_that_no_failure_has_printed_is_refused(change: Json) -> None:
    assert Replay.of_word(pack(GOOD_WORD))
    with pytest.raises(ValueError, match="no word"):
        Replay.of_word(pack(GOOD_WORD | change))


def test_a_failure_is_repeated_by_the_command_that_it_prints(tmp_path: Path) -> None:
    """Exactly its requests are made, and nothing else is."""
    app = Recorded(mutant("accepts a user without a medium"))
    with targeted(app, tmp_path) as target:
        done = run_suite(RULES, "--target", target, "-k", "user and medium")
        [command, *_] = re.findall(r"replay: (make contract .*)", done.stdout)
        arguments = dict(argument.split("=", 1) for argument in shlex.split(command)[2:])
        assert target == arguments["TARGET"]
        app.bodies.clear()
        again = run_suite(EARLIER, "--target", target, "--replay", arguments["REPLAY"])
    assert 1 == again.returncode, again.stdout
    assert "Must be given with userId" in again.stdout
    [body] = app.bodies
    assert "medium" not in json.loads(body)
    with targeted(stand_in(), tmp_path) as target:
        assert 0 == run_suite(EARLIER, "--target", target, "--replay", arguments["REPLAY"]).returncode


def test_machines_find_each_others_failures_first(tmp_path: Path, redis_url: str) -> None:
    """With a Redis between them, what one has found is what another sends first; what is mended is forgotten."""
    server = Recorded(mutant("accepts a user without a medium"))
    with targeted(server, tmp_path) as target:
        known = [EARLIER, "--target", target, "--redis", redis_url]
        both = [RULES, *known, "-k", "test_what_was or user and medium"]
        found = run_suite(*both, storage=tmp_path / "one machine")
        server.bodies.clear()
        again = run_suite(*both, "-x", storage=tmp_path / "another")
        assert "user with medium" in found.stdout
        assert 1 == len(server.bodies)
        assert "user with medium" in again.stdout
        server.app, server.bodies = stand_in(), []
        assert 0 == run_suite(*known, storage=tmp_path / "another").returncode
        assert [] != server.bodies
        server.bodies.clear()
        assert 0 == run_suite(*known, storage=tmp_path / "a third").returncode
        assert [] == server.bodies


def test_a_machine_sends_first_what_it_has_found_itself(tmp_path: Path) -> None:
    faulty = Recorded(mutant("accepts a user without a medium"))
    with targeted(faulty, tmp_path) as target:
        run_suite(RULES, "--target", target, "-k", "user and medium")
        faulty.bodies.clear()
        run_suite(RULES, EARLIER, "--target", target, "-x")
    assert 1 == len(faulty.bodies)
