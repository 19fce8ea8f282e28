"""The contract suite as it is run: it fails a server that lies, says how, repeats it, and keeps the key to itself."""

from __future__ import annotations

import json
import os
import re
import shlex
import subprocess
import sys
import xml.etree.ElementTree as ET
from base64 import b64encode
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote

import httpx
import pytest
from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.types import ASGIApp, Receive, Scope, Send

from contract_tests import run
from contract_tests.knowledge import Knowledge
from contract_tests.messages import Messages
from contract_tests.mutants import application, mutants
from contract_tests.server import Server
from contract_tests.target import read_target
from contract_tests.trial import About, Lie, Trial
from contract_tests.wire import Asked, pack
from tests.support.stand_in import OPERATION, ROOT, SOURCE
from ventia_document.source import Json
from ventia_mock.app import App
from ventia_mock.http.server import running
from ventia_mock.stand_in import StandIn
from ventia_mock.world.file import read_world

STAND_IN = ROOT / "contract_tests" / "stand-in.toml"
KEY = "s3cret +/key&?"
RULES, KNOWN = "contract_tests/test_rules.py", "contract_tests/test_known.py"


@pytest.fixture(autouse=True)
def own_storage(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HYPOTHESIS_STORAGE_DIRECTORY", str(tmp_path / "storage"))


def suite(*arguments: str, storage: Path | None = None, **variables: str) -> subprocess.CompletedProcess[str]:
    variables |= {"HYPOTHESIS_STORAGE_DIRECTORY": str(storage)} if storage else {}
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("VENTIA_", "GITHUB_"))}
    files = [] if any(argument.startswith("contract_tests") for argument in arguments) else ["contract_tests"]
    command = [sys.executable, "-m", "pytest", *files, "-q", "-p", "no:cacheprovider", "--few", "--examples=3"]
    return subprocess.run(
        [*command, *arguments],
        cwd=ROOT,
        env={**environment, "VENTIA_API_KEY": KEY, **variables},
        capture_output=True,
        text=True,
        check=False,
    )


def test_a_target_that_is_none_is_told_in_a_line(tmp_path: Path) -> None:
    path = tmp_path / "target.toml"
    path.write_text(STAND_IN.read_text().replace("contact = ", 'contact = "nonsense" # '))
    done = suite(f"--target={path}")
    assert (4, "") == (done.returncode, done.stdout)
    assert [f"ERROR: {path}: contact: Must be a valid ObjectId; got 'nonsense'"] == done.stderr.strip().splitlines()


ODD_KEY = "Se\"cr%4é x'y<z>&\\-Kb+Bq7-CcC"


@pytest.mark.parametrize(
    "written",
    [
        ODD_KEY,
        ODD_KEY.lower(),
        ODD_KEY[:-4],
        quote(quote(ODD_KEY)),
        "".join(f"&#{ord(character)};" for character in ODD_KEY),
        b64encode(ODD_KEY.encode()).decode(),
        json.dumps(json.dumps(ODD_KEY)),
    ],
    ids=["plain", "in small letters", "most of it", "encoded twice", "in HTML", "in Base64", "escaped twice"],
)
def test_a_failure_shows_no_key_in_whatever_form_the_server_says_it(written: str) -> None:
    server = Server("http://127.0.0.1", ODD_KEY, httpx.MockTransport(lambda _: httpx.Response(200, text=written)))
    trial = Trial(server, run.JUDGE, ODD_KEY, "make contract")
    with pytest.raises(Lie) as lie:
        trial.ask(About("a rule", "a sentence", "kept"), Asked("POST", "/contact/x/message"), None)
    told = f"{lie.value}{lie.value.told}"
    for shown in (ODD_KEY[:12], written):
        assert shown.lower() not in told.lower()


def test_what_is_no_http_is_not_repeated() -> None:
    def broken(_: httpx.Request) -> httpx.Response:
        raise httpx.RemoteProtocolError(f"illegal status line: {bytearray(ODD_KEY.encode())!r}")

    trial = Trial(Server("http://127.0.0.1", ODD_KEY, httpx.MockTransport(broken)), run.JUDGE, ODD_KEY, "make contract")
    with pytest.raises(Lie) as lie:
        trial.ask(About("a rule", "a sentence", "kept"), Asked("POST", "/contact/x/message"), None)
    assert "Kb+Bq7" not in f"{lie.value}{lie.value.told}"


GOOD_WORD = {
    "rule": "a",
    "sentence": "b",
    "side": "kept",
    "expected": None,
    "asked": [Asked("POST", "/contact/x/message").to_json()],
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
    *({"asked": [Asked("POST", "/x").to_json() | bad]} for bad in BAD_REQUESTS),
]


@pytest.mark.parametrize("change", BAD_WORDS, ids=str)
def test_a_word_that_no_failure_has_printed_is_refused(change: Json) -> None:
    assert Trial.asked_by(pack(GOOD_WORD))
    with pytest.raises(ValueError, match="no word"):
        Trial.asked_by(pack(GOOD_WORD | change))


def test_a_key_of_one_letter_leaves_the_skips_as_they_are(tmp_path: Path) -> None:
    path = tmp_path / "target.toml"
    path.write_text('base_url = "http://127.0.0.1:9"\ncontact = "string"\n')
    done = suite("contract_tests/test_examples.py", f"--target={path}", VENTIA_API_KEY="t")
    assert "INTERNALERROR" not in done.stdout + done.stderr
    assert "skipped" in done.stdout


@pytest.mark.parametrize("key", ["", "two\nlines"])
def test_a_key_that_cannot_be_one_is_refused_and_not_repeated(key: str) -> None:
    done = suite(f"--target={STAND_IN}", VENTIA_API_KEY=key)
    assert (4, True) == (done.returncode, "Must be the API key" in done.stderr)
    assert "lines" not in done.stdout + done.stderr


def stand_in() -> App:
    return App(StandIn(SOURCE, read_world(key=KEY)))


def mutant(name: str) -> ASGIApp:
    [found] = [mutant for mutant in mutants() if mutant.name == name]
    return application(stand_in(), found.around)


def application_of(answer: Response) -> ASGIApp:
    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        await answer(scope, receive, send)

    return app


class Counted:
    """An application that notes which requests reach it."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app
        self.bodies: list[bytes] = []

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        body = b""

        async def noting() -> dict[str, object]:
            nonlocal body
            event = await receive()
            body += event.get("body", b"")
            return dict(event)

        await self._app(scope, noting, send)
        if not scope["path"].startswith("/_mock"):
            self.bodies.append(body)


@contextmanager
def targeted(app: ASGIApp, folder: Path, safety: str = "") -> Iterator[str]:
    """A target file of a running application."""
    with running(app) as url:
        path = folder / "target.toml"
        text = re.sub(r'base_url = ".*"', f'base_url = "{url}{StandIn(SOURCE).base_path}"', STAND_IN.read_text())
        path.write_text(text + safety)
        yield str(path)


LIES: dict[str, Callable[[], ASGIApp]] = {
    "says yes to everything": lambda: application_of(JSONResponse({"success": True, "interactionId": "6" * 24})),
    "answers in HTML": lambda: application_of(HTMLResponse("<h1>Bad Gateway</h1>", 502)),
    "echoes the key": lambda: application_of(JSONResponse({"success": False, "error": f"no {KEY}"}, 400)),
    "knows no key": lambda: App(StandIn(SOURCE, read_world(key="another key"))),
}


@pytest.mark.parametrize("lie", LIES)
def test_a_server_that_lies_fails_and_the_key_is_nowhere(lie: str, tmp_path: Path) -> None:
    with targeted(LIES[lie](), tmp_path) as target:
        report = ["--report", str(tmp_path / "report"), f"--junitxml={tmp_path / 'report' / 'junit.xml'}"]
        done = suite(RULES, "--target", target, *report)
    assert 1 == done.returncode, done.stdout
    written = [path.read_text() for path in (tmp_path / "report").iterdir()]
    assert 3 == len(written)
    for text in [done.stdout, done.stderr, *written]:
        assert "s3cret" not in text


def test_another_server_that_keeps_the_contract_passes(tmp_path: Path) -> None:
    with targeted(stand_in(), tmp_path) as target:
        done = suite(RULES, "--target", target, "--seed=1", VENTIA_CONTRACT_SEED="2")
    assert 0 == done.returncode, done.stdout
    assert "Holds the contract" in done.stdout
    assert "Seed: 1" in done.stdout


def test_a_failure_is_told_in_every_form(tmp_path: Path) -> None:
    """With the rule's sentence, the least request, a curl without the key, and the command that repeats it."""
    summary = tmp_path / "job.md"
    folder = tmp_path / "report"
    with targeted(mutant("accepts a user without a medium"), tmp_path) as target:
        arguments = [RULES, "--target", target, "--report", str(folder), f"--junitxml={folder / 'junit.xml'}"]
        done = suite(*arguments, GITHUB_STEP_SUMMARY=str(summary))
    junit = ET.parse(folder / "junit.xml").getroot()  # noqa: S314  # of our own making
    [failed, *_] = [case for case in junit.iter("testcase") if case.find("failure") is not None]
    told = [done.stdout, (folder / "report.html").read_text(), (folder / "summary.md").read_text(), summary.read_text()]
    told.append("".join(failed.itertext()))
    for text in told:
        assert "Must be given with userId" in text
        assert "VENTIA_API_KEY" in text
        assert "REPLAY=" in text


def test_a_failure_is_repeated_by_the_command_that_it_prints(tmp_path: Path) -> None:
    """Exactly its requests are made, and nothing else is."""
    app = Counted(mutant("accepts a user without a medium"))
    with targeted(app, tmp_path) as target:
        done = suite(RULES, "--target", target, "-k", "user and medium")
        [command, *_] = re.findall(r"replay: (make contract .*)", done.stdout)
        arguments = dict(argument.split("=", 1) for argument in shlex.split(command)[2:])
        assert target == arguments["TARGET"]
        app.bodies.clear()
        again = suite(KNOWN, "--target", target, "--replay", arguments["REPLAY"])
    assert 1 == again.returncode, again.stdout
    assert "Must be given with userId" in again.stdout
    [body] = app.bodies
    assert "medium" not in json.loads(body)
    with targeted(stand_in(), tmp_path) as target:
        assert 0 == suite(KNOWN, "--target", target, "--replay", arguments["REPLAY"]).returncode


@pytest.mark.parametrize(
    ("arguments", "why"),
    [
        (["--url", "https://api.example.com/api/v1.0"], r"\[safety\]"),
        (["--replay", "nonsense"], "--replay"),
        (["--redis", "redis://127.0.0.1:1"], "--redis"),
    ],
)
def test_what_cannot_be_run_is_refused_before_anything_is_sent(arguments: list[str], why: str) -> None:
    done = suite(KNOWN, *arguments)
    assert 4 == done.returncode, done.stdout
    assert re.search(why, done.stderr)
    assert "Traceback" not in done.stderr


SAFE = "\n[safety]\nmax_messages = 3\nrate = 199\n"
SOME = "one and sender or whatsapp_business"


def test_a_guarded_run_says_its_plan_and_ends_cleanly_at_its_budget(tmp_path: Path) -> None:
    """What must be refused goes first, and no more than the budget could have been delivered, by two workers."""
    app = Counted(stand_in())
    with targeted(app, tmp_path, SAFE) as target:
        done = suite(RULES, "--target", target, "-k", SOME, "-n2")
    assert 0 == done.returncode, done.stdout
    for told in ("plan: about", "messages: at most 3", "rate: at most 199", "the budget of 3 messages is spent"):
        assert told in done.stdout
    accepted = [run.JUDGE.verdict(_asked(body)).is_accepted for body in app.bodies]
    assert 3 == sum(accepted)
    assert sorted(accepted) == accepted


def test_a_guarded_run_stops_a_rule_that_the_server_breaks(tmp_path: Path) -> None:
    app = Counted(mutant("takes the first of several senders"))
    with targeted(app, tmp_path, SAFE) as target:
        done = suite(RULES, "--target", target, "-k", "alone and one and sender", "--seed=1")
    assert 1 == done.returncode, done.stdout
    breaking = [body for body in app.bodies if body.count(b'Id"') > 1]
    assert 1 == len(breaking)


def _asked(body: bytes) -> Asked:
    return Messages(Knowledge(OPERATION, read_target(STAND_IN, None))).raw(body)


def test_machines_find_each_others_failures_first(tmp_path: Path, redis_url: str) -> None:
    """With a Redis between them, what one has found is what another asks first; what is mended is forgotten."""
    lying = Counted(mutant("accepts a user without a medium"))
    with targeted(lying, tmp_path) as target:
        both = ["--target", target, "--redis", redis_url, "-k", "test_what_was or user and medium"]
        found = suite(RULES, KNOWN, *both, storage=tmp_path / "one machine")
        lying.bodies.clear()
        again = suite(RULES, KNOWN, *both, "-x", storage=tmp_path / "another")
    assert "user with medium" in found.stdout
    assert 1 == len(lying.bodies)
    assert "user with medium" in again.stdout
    mended = Counted(stand_in())
    with targeted(mended, tmp_path) as target:
        known = [KNOWN, "--target", target, "--redis", redis_url]
        assert 0 == suite(*known, storage=tmp_path / "another").returncode
        assert [] != mended.bodies
        mended.bodies.clear()
        assert 0 == suite(*known, storage=tmp_path / "a third").returncode
    assert [] == mended.bodies


def test_a_machine_asks_first_what_it_has_found_itself(tmp_path: Path) -> None:
    lying = Counted(mutant("accepts a user without a medium"))
    with targeted(lying, tmp_path) as target:
        suite(RULES, "--target", target, "-k", "user and medium")
        lying.bodies.clear()
        suite(RULES, KNOWN, "--target", target, "-x")
    assert 1 == len(lying.bodies)
