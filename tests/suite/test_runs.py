"""Whole runs: a faulty server fails, the failure is reported in every form, and the key is nowhere."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from collections.abc import Callable
from pathlib import Path

import pytest
from starlette.responses import HTMLResponse, JSONResponse
from starlette.types import ASGIApp

from tests.support.stand_in import SOURCE
from tests.support.suite import (
    EARLIER,
    KEY,
    RULES,
    STAND_IN,
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
    path = tmp_path / "target.toml"
    path.write_text('base_url = "http://127.0.0.1:9"\ncontact = "string"\n')
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
    "answers in HTML": lambda: application_of(HTMLResponse("<h1>Bad Gateway</h1>", 502)),
    "echoes the key": lambda: application_of(JSONResponse({"success": False, "error": f"no {KEY}"}, 400)),
    "knows no key": lambda: App(StandIn(SOURCE, read_world(key="another key"))),
}


@pytest.mark.parametrize("name", FAULTY)
def test_a_faulty_server_fails_and_the_key_is_nowhere(name: str, tmp_path: Path) -> None:
    with targeted(FAULTY[name](), tmp_path) as target:
        report = ["--report", str(tmp_path / "report"), f"--junitxml={tmp_path / 'report' / 'junit.xml'}"]
        done = run_suite(RULES, "--target", target, *report)
    assert 1 == done.returncode, done.stdout
    written = [path.read_text() for path in (tmp_path / "report").iterdir()]
    assert 3 == len(written)
    for text in [done.stdout, done.stderr, *written]:
        assert "s3cret" not in text


def test_another_server_that_keeps_the_contract_passes(tmp_path: Path) -> None:
    with targeted(stand_in(), tmp_path) as target:
        done = run_suite(RULES, "--target", target, "--seed=1", VENTIA_CONTRACT_SEED="2")
    assert 0 == done.returncode, done.stdout
    assert "Holds the contract" in done.stdout
    assert "Seed: 1" in done.stdout


def test_a_failure_is_reported_in_every_form(tmp_path: Path) -> None:
    """With the rule's sentence, the least request, a curl without the key, and the command that repeats it."""
    summary = tmp_path / "job.md"
    folder = tmp_path / "report"
    with targeted(mutant("accepts a user without a medium"), tmp_path) as target:
        arguments = [RULES, "--target", target, "--report", str(folder), f"--junitxml={folder / 'junit.xml'}"]
        done = run_suite(*arguments, GITHUB_STEP_SUMMARY=str(summary))
    junit = ET.parse(folder / "junit.xml").getroot()  # noqa: S314  # of our own making
    [failed, *_] = [case for case in junit.iter("testcase") if case.find("failure") is not None]
    reports = [
        done.stdout,
        (folder / "report.html").read_text(),
        (folder / "summary.md").read_text(),
        summary.read_text(),
    ]
    reports.append("".join(failed.itertext()))
    for text in reports:
        assert "Must be given with userId" in text
        assert "VENTIA_API_KEY" in text
        assert "REPLAY=" in text


@pytest.mark.parametrize(
    ("arguments", "why"),
    [
        (["--url", "https://api.example.com/api/v1.0"], r"\[safety\]"),
        (["--replay", "nonsense"], "--replay"),
        (["--redis", "redis://127.0.0.1:1"], "--redis"),
    ],
)
def test_what_cannot_be_run_is_refused_before_anything_is_sent(arguments: list[str], why: str) -> None:
    done = run_suite(EARLIER, *arguments)
    assert 4 == done.returncode, done.stdout
    assert re.search(why, done.stderr)
    assert "Traceback" not in done.stderr
