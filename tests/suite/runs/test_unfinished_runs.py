"""Runs that do not ask all they planned: each says so in its first line, in every form."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest
from starlette.types import ASGIApp, Receive, Scope, Send

from tests.support.stand_in import ROOT
from tests.support.stride import some, thinned
from tests.support.suite import KEY, RULES, Recorded, run_suite, stand_in, targeted

pytestmark = [thinned, pytest.mark.usefixtures("own_storage"), pytest.mark.acceptance]


def headlines(folder: Path) -> list[str]:
    """The first line of each file of a report."""
    page = (folder / "report.html").read_text()
    junit = ET.parse(folder / "junit.xml").getroot()[0].get("name") or ""  # noqa: S314  # of our own making
    return [page.partition("<h1>")[2].partition("</h1>")[0], (folder / "summary.md").read_text().splitlines()[0], junit]


class Dying:
    """An application that ends connections without an answer after so many requests."""

    def __init__(self, app: ASGIApp, after: int) -> None:
        self._app, self._left = app, after

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        self._left -= not scope["path"].startswith("/_mock")
        if self._left >= 0:
            await self._app(scope, receive, send)
        else:
            await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"5")]})
            await send({"type": "http.response.body", "body": b"{", "more_body": True})
            raise ConnectionError


@pytest.mark.parametrize("safety", ["", "[safety]\nmax_messages = 3\nrate = 199\n"], ids=["local", "guarded"])
def test_a_server_that_dies_violates_nothing_and_ends_the_run(tmp_path: Path, safety: str) -> None:
    """Also behind the guard, where each request without an answer counts as a message."""
    app = Recorded(Dying(stand_in(), 210 if not safety else 5))
    with targeted(app, tmp_path, safety) as target:
        done = run_suite(RULES, "--target", target, "--report", str(tmp_path / "report"), "-k", "sender", "-x")
    assert 1 == done.returncode, done.stdout
    for line in [*headlines(tmp_path / "report"), done.stdout.partition(" contract =")[2].splitlines()[1]]:
        assert "Not everything was tested" in line
        assert "got no answer" in line
        assert line.rstrip().endswith("no violation so far")


@pytest.mark.parametrize("number", some([signal.SIGTERM, signal.SIGINT]))
def test_a_run_that_is_interrupted_says_so(tmp_path: Path, number: signal.Signals) -> None:
    """Until its end, its files say that it has not come there, whatever an earlier run had written."""
    with targeted(stand_in(), tmp_path) as target:
        command = [
            sys.executable,
            "-m",
            "pytest",
            "contract_tests",
            "-q",
            "-p",
            "no:cacheprovider",
            "--few",
            "--seed=1",
        ]
        command += ["--target", target, "--report", str(tmp_path / "report")]
        environment = {**os.environ, "VENTIA_API_KEY": KEY}
        with subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True) as run:
            assert run.stdout
            while "so there is no budget" not in run.stdout.readline():  # the plan's last line
                pass
            assert "." == run.stdout.read(1)  # of the first test
            assert all("it has not come to its end" in line for line in headlines(tmp_path / "report"))
            run.send_signal(number)
            stdout, _ = run.communicate(timeout=60)
    assert 2 == run.returncode, stdout
    for line in headlines(tmp_path / "report"):
        assert "Not everything was tested" in line
        assert "interrupted after" in line
    assert "Holds the contract" not in stdout


def test_a_run_of_some_tests_says_so(tmp_path: Path) -> None:
    with targeted(stand_in(), tmp_path) as target:
        done = run_suite(RULES, "--target", target, "-k", "one and sender")
    assert 0 == done.returncode, done.stdout
    assert (
        "Not everything was tested (only the tests that match 'one and sender' were run; only test_rules.py"
        in done.stdout
    )
