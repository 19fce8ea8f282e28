"""The contract suite itself: it fails a server that lies, keeps the key to itself, and messages no stranger."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import httpx
import pytest
from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.types import ASGIApp, Receive, Scope, Send

from contract_tests import guard, run
from contract_tests.recorder import Recorder
from ventia_document import DOCUMENT
from ventia_document.check import read_checked
from ventia_document.operations import operations
from ventia_mock.server import running
from ventia_mock.stand_in import StandIn
from ventia_mock.world import read_world

ROOT = Path(__file__).parents[1]
SOURCE = read_checked(DOCUMENT)
[OPERATION] = [operation for operation in operations(SOURCE.value) if operation.id == "createMessage"]
CONTACT = "66f1a2b33c4d5e0067f8a9b0"
KEY = "s3cret +/key&?"


def suite(*arguments: str, **variables: str) -> subprocess.CompletedProcess[str]:
    environment = {name: value for name, value in os.environ.items() if not name.startswith("VENTIA_")}
    command = [
        sys.executable,
        "-m",
        "pytest",
        "contract_tests",
        "-q",
        "-p",
        "no:cacheprovider",
        "--examples=5",
        *arguments,
    ]
    return subprocess.run(
        command,
        cwd=ROOT,
        env={**environment, "VENTIA_API_KEY": KEY, **variables},
        capture_output=True,
        text=True,
        check=False,
    )


def application(answer: Response) -> ASGIApp:
    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        await answer(scope, receive, send)

    return app


LIES: dict[str, Callable[[], ASGIApp]] = {
    "says yes to everything": lambda: application(JSONResponse({"success": True, "interactionId": "6" * 24})),
    "says no to everything": lambda: application(
        JSONResponse({"success": False, "error": "Invalid API KEY Group"}, 401)
    ),
    "answers in HTML": lambda: application(HTMLResponse("<h1>Bad Gateway</h1>", 502)),
    "knows no key": lambda: StandIn(SOURCE, read_world(key="another key")),
}


@pytest.mark.parametrize("lie", LIES)
def test_a_server_that_lies_fails_and_the_key_is_not_shown(lie: str) -> None:
    with running(LIES[lie]()) as url:
        done = suite("--url", url + "/api/v1.0")
    assert 1 == done.returncode, done.stdout
    assert "s3cret" not in done.stdout + done.stderr


def test_another_server_that_keeps_the_contract_passes() -> None:
    platform = StandIn(SOURCE, read_world(key=KEY))
    with running(platform) as url:
        done = suite("--url", url + platform.base_path, "--seed=1", VENTIA_CONTRACT_SEED="2")
    assert 0 == done.returncode, done.stdout
    assert "repeat with SEED=1" in done.stdout


def test_a_server_elsewhere_is_refused_until_the_contact_is_named() -> None:
    done = suite("--url", "https://api.example.com/api/v1.0")
    assert 4 == done.returncode
    assert "--pin idcontact=" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("url", ["127.0.0.1:8080", "ftp://127.0.0.1", "http://", ""])
def test_what_is_no_url_of_a_server_is_refused(url: str) -> None:
    assert "is no URL" in (guard.refusal(url, {}) or "")


@pytest.mark.parametrize(
    ("url", "local"),
    [
        ("http://127.0.0.1:8080", True),
        ("http://[::1]:8080", True),
        ("http://localhost", True),
        ("http://localhost.example.com", False),
        ("http://10.0.0.1", False),
        ("http://127.0.0.1.example.com", False),
        ("https://127.0.0.1@api.example.com", False),
    ],
)
def test_only_this_machine_is_local(url: str, *, local: bool) -> None:
    assert local == run.is_local(url)


@pytest.mark.parametrize(
    ("method", "contact"),
    [
        ("DELETE", CONTACT),
        ("GET", CONTACT),
        ("POST", "string"),
        ("POST", CONTACT + "x"),
        ("POST", f"x%2F..%2F{CONTACT}"),
    ],
)
def test_the_guard_lets_nothing_else_through(method: str, contact: str) -> None:
    recorder = Recorder()
    with running(recorder) as url, running(guard.Guard(url, [OPERATION], {"idcontact": CONTACT})) as guarded:
        answer = httpx.request(method, guarded + OPERATION.path.format(idcontact=contact))
    assert 403 == answer.status_code
    assert [] == recorder.requests


def test_the_guard_passes_on_what_is_for_the_named_contact() -> None:
    recorder = Recorder()
    recorder.answer_with(200, {"success": True})
    with running(recorder) as url, running(guard.Guard(url, [OPERATION], {"idcontact": CONTACT})) as guarded:
        path = OPERATION.path.format(idcontact=CONTACT)
        answer = httpx.post(guarded + path, params={"api-key": KEY}, json={"text": "Hi!"})
    [request] = recorder.requests
    assert ("POST", path, [("api-key", KEY)], b'{"text":"Hi!"}') == (
        request.method,
        request.path,
        request.query,
        request.body,
    )
    assert (200, {"success": True}) == (answer.status_code, answer.json())


def test_the_guard_follows_no_redirect() -> None:
    redirect = Response(status_code=307, headers={"location": "http://127.0.0.1:1/"})
    with (
        running(application(redirect)) as url,
        running(guard.Guard(url, [OPERATION], {"idcontact": CONTACT})) as guarded,
    ):
        answer = httpx.post(guarded + OPERATION.path.format(idcontact=CONTACT))
    assert 307 == answer.status_code
