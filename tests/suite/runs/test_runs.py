"""Whole runs: a faulty server fails, the failure is reported in every form, and the key is nowhere."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from collections.abc import Callable
from pathlib import Path

import pytest
from starlette.responses import JSONResponse
from starlette.types import ASGIApp

from tests.support.stand_in import SOURCE
from tests.support.suite import (
    EARLIER,
    KEY,
    RULES,
    STAND_IN,
    Recorded,
    application_of,
    mutant,
    run_suite,
    stand_in,
    targeted,
)
from ventia_mock.app import App
from ventia_mock.stand_in import StandIn
from ventia_mock.world.file import read_world

pytestmark = [pytest.mark.acceptance, pytest.mark.usefixtures("own_storage")]


def test_a_target_that_is_none_is_refused_in_a_line(tmp_path: Path) -> None:
    path = tmp_path / "target.toml"
    path.write_text(STAND_IN.read_text().replace("contact = ", 'contact = "nonsense" # '))
    done = run_suite(f"--target={path}")
    assert (4, "") == (done.returncode, done.stdout)
    assert [f"ERROR: {path}: contact: Must be a valid ObjectId; got 'nonsense'"] == done.stderr.strip().splitlines()


def test_a_key_of_one_letter_leaves_the_skips_as_they_are(tmp_path: Path) -> None:
    with targeted(App(StandIn(SOURCE, read_world(key="t"))), tmp_path) as target:
        path = Path(target)
        path.write_text(re.sub(r"(?s)\[channels\].*", "", path.read_text()))
        done = run_suite("contract_tests/test_examples.py", f"--target={path}", VENTIA_API_KEY="t")
    assert "INTERNALERROR" not in done.stdout + done.stderr
    assert "skipped" in done.stdout


@pytest.mark.parametrize("key", ["", "two\nlines"])
def test_a_key_that_cannot_be_one_is_refused_and_not_repeated(key: str) -> None:
    done = run_suite(f"--target={STAND_IN}", VENTIA_API_KEY=key)
    assert (4, True) == (done.returncode, "Must be the API key" in done.stderr)
    assert "lines" not in done.stdout + done.stderr


FAULTY: dict[str, Callable[[], ASGIApp]] = {
    "says yes to everything": lambda: application_of(JSONResponse({"success": True, "interactionId": "6" * 24})),
    "echoes the key": lambda: application_of(JSONResponse({"success": False, "error": f"no {KEY}"}, 400)),
}


@pytest.mark.parametrize("name", FAULTY)
def test_a_faulty_server_fails_and_the_key_is_nowhere(name: str, tmp_path: Path) -> None:
    with targeted(FAULTY[name](), tmp_path) as target:
        done = run_suite(RULES, "--target", target, "--report", str(tmp_path / "report"))
    assert 1 == done.returncode, done.stdout
    written = [path.read_text() for path in (tmp_path / "report").iterdir()]
    assert 3 == len(written)
    for text in [done.stdout, done.stderr, *written]:
        assert "s3cret" not in text


def test_a_run_that_cannot_begin_ends_in_one_line(tmp_path: Path) -> None:
    with targeted(App(StandIn(SOURCE, read_world(key="another key"))), tmp_path) as target:
        done = run_suite("--target", target, "--report", str(tmp_path / "report"))
    assert 4 == done.returncode, done.stdout
    [line] = done.stderr.strip().splitlines()
    assert re.fullmatch(r"ERROR: http://\S+: does not know the API key: .*; correct the variable VENTIA_API_KEY", line)


def test_a_server_that_proves_that_it_reaches_nobody_needs_no_word_of_it(tmp_path: Path) -> None:
    with targeted(stand_in(), tmp_path, proven=True) as target:
        done = run_suite(EARLIER, "--target", target)
    assert 0 == done.returncode, done.stdout + done.stderr


def test_what_failed_on_one_server_is_not_sent_to_another(tmp_path: Path) -> None:
    with targeted(mutant("accepts a user without a medium"), tmp_path) as target:
        assert 1 == run_suite(RULES, "--target", target, "-k", "user and medium").returncode
    other = Recorded(stand_in())
    with targeted(other, tmp_path) as target:
        assert 0 == run_suite(EARLIER, "--target", target).returncode
    assert [] == other.bodies


ACCEPTED = """
[[accepted]]
rule = "{rule}"
reason = "ticket 123"
until = {until}
"""


def test_an_accepted_deviation_is_no_violation(tmp_path: Path) -> None:
    accepted = ACCEPTED.format(rule="user with medium", until="2999-12-31")
    with targeted(mutant("accepts a user without a medium"), tmp_path) as target:
        path = Path(target)
        path.write_text(path.read_text() + accepted)
        done = run_suite(RULES, "--target", target, "-k", "user and medium")
        path.write_text(path.read_text().replace("2999", "1999"))
        expired = run_suite(RULES, "--target", target, "-k", "user and medium")
    assert 0 == done.returncode, done.stdout
    assert "1 with an accepted deviation" in done.stdout
    assert re.search(r"accepted until 2999-12-31, seen \d x: user with medium: ticket 123", done.stdout)
    assert 1 == expired.returncode, expired.stdout


def test_a_deviation_that_no_longer_occurs_or_has_expired_is_red(tmp_path: Path) -> None:
    """All else holds; the seed is the option's."""
    with targeted(stand_in(), tmp_path) as target:
        path = Path(target)
        path.write_text(
            path.read_text()
            + ACCEPTED.format(rule="some contents", until="2999-12-31")
            + ACCEPTED.format(rule="user with medium", until="1999-12-31")
        )
        done = run_suite("--target", target, "--seed=1", VENTIA_CONTRACT_SEED="2")
    assert 1 == done.returncode, done.stdout
    assert "2 violations" in done.stdout
    assert "Seed: 1" in done.stdout
    shown = " ".join(done.stdout.split())
    assert "no longer occurs; take it out of the target file, or is it 'some content'?" in shown
    assert "was accepted until 1999-12-31; mend the server, or accept it for longer" in shown


def test_a_failure_is_reported_in_every_form(tmp_path: Path) -> None:
    """With the rule's sentence, the least request, a curl without the key, and the command that repeats it."""
    summary = tmp_path / "job.md"
    folder = tmp_path / "report"
    with targeted(mutant("accepts a user without a medium"), tmp_path) as target:
        arguments = [RULES, "--target", target, "--report", str(folder)]
        done = run_suite(*arguments, GITHUB_STEP_SUMMARY=str(summary))
    junit = ET.parse(folder / "junit.xml").getroot()  # noqa: S314  # of our own making
    [failed, *_] = [case for case in junit.iter("testcase") if case.find("failure") is not None]
    reports = [
        done.stdout,
        (folder / "report.html").read_text(),
        (folder / "summary.md").read_text(),
        summary.read_text(),
    ]
    [result] = failed
    reports.append(f"{result.get('message')} {result.text}")
    for text in reports:
        assert "Must be given with userId" in text
        assert "VENTIA_API_KEY" in text
        assert "REPLAY=" in text


@pytest.mark.parametrize(
    ("arguments", "why"),
    [
        (["--url", "https://api.example.com/api/v1.0"], r"\[safety\]"),
        (["--target", str(STAND_IN), "--url", "http://127.0.0.2:8080/api/v1.0"], "Must have the host of .*'127.0.0.1'"),
        (["--replay", "nonsense"], "--replay"),
        (["--redis", "redis://127.0.0.1:1"], "--redis"),
    ],
)
def test_what_cannot_be_run_is_refused_before_anything_is_sent(arguments: list[str], why: str) -> None:
    done = run_suite(EARLIER, *arguments)
    assert 4 == done.returncode, done.stdout
    assert re.search(why, done.stderr)
    assert "Traceback" not in done.stderr
