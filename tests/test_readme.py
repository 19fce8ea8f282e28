"""Every command and every example of the README is run."""

from __future__ import annotations

import contextlib
import json
import os
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from contract_tests.target.file import read_target
from ventia_client._runtime.key import LEAST
from ventia_client._runtime.retries import LONGEST_PAUSE
from ventia_client.client import DEFAULT_BACKOFF, DEFAULT_DEADLINE, DEFAULT_RETRIES, DEFAULT_TIMEOUT
from ventia_document import DOCUMENT
from ventia_document.check import read_checked
from ventia_document.source import read
from ventia_mock.app import App
from ventia_mock.http.limits import LARGEST_BODY, MOST_FIELDS
from ventia_mock.http.server import running
from ventia_mock.journal.journal import MOST_BYTES, MOST_RECORDS
from ventia_mock.platform.faults import PROCESSED
from ventia_mock.stand_in import StandIn
from ventia_mock.world.file import SAMPLE_KEY

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")


def blocks(language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```$", README, re.M | re.S)


def commands() -> list[str]:
    lines = "".join(blocks("sh")).replace("\\\n", " ").splitlines()
    return [line.split("  #")[0].strip() for line in lines]


@pytest.fixture
def stand_in() -> Iterator[str]:
    """Where a stand-in listens: `http://127.0.0.1:12345`."""
    with running(App(StandIn(read_checked(DOCUMENT)))) as url:
        yield url


def environment(**variables: str) -> dict[str, str]:
    """That of a shell in the checkout."""
    outer = {name: value for name, value in os.environ.items() if not name.startswith(("VENTIA_", "MAKE", "PYTEST_"))}
    return {**outer, **variables}


[PROXY] = [command for command in commands() if "--upstream" in command]
RUN_ELSEWHERE = {
    PROXY: "test_the_proxy_starts_as_shown",
    "make test": "it is what runs this test",
    "make contract": "it is a part of make",
    "make mock": "test_the_stand_in_starts_as_shown",
    "make lint": "it is a part of make test",
    "make check": "it is a part of make test",
    "make diff BASE=HEAD": "it depends on what was not committed yet; see tests/test_diff.py",
    f"export VENTIA_API_KEY={SAMPLE_KEY}": "it is in the environment of every command here",
}


@pytest.mark.parametrize("command", [command for command in commands() if command not in RUN_ELSEWHERE])
def test_a_command_succeeds(command: str, stand_in: str, tmp_path: Path) -> None:
    command = command.replace("http://127.0.0.1:8080", stand_in).replace("path/to", str(tmp_path))
    command = command.replace("-o client.yaml", f"-o {tmp_path}/client.yaml")
    variables = environment(
        VENTIA_API_KEY=SAMPLE_KEY, EXAMPLES="5", FEW="1", WORKERS="0"
    )  # enough to see that the command works
    done = subprocess.run(command, shell=True, cwd=ROOT, env=variables, capture_output=True, text=True, check=False)  # noqa: S602 - as a reader would
    assert 0 == done.returncode, done.stdout + done.stderr
    assert SAMPLE_KEY not in done.stdout + done.stderr or command.startswith("curl")


def test_the_commands_run_elsewhere_are_in_the_readme() -> None:
    assert set() == RUN_ELSEWHERE.keys() - set(commands())
    assert "make test" in (ROOT / ".ci" / "run").read_text(encoding="utf-8")


def test_the_request_of_the_documentation_gets_its_documented_answer(stand_in: str) -> None:
    [curl] = [command for command in commands() if command.startswith("curl")]
    command = curl.replace("http://127.0.0.1:8080", stand_in)
    answer = subprocess.run(command, shell=True, capture_output=True, text=True, check=True).stdout  # noqa: S602 - as above
    assert re.fullmatch(r'\{"success": true, "interactionId": "[0-9a-f]{24}"\}', answer)


def test_the_stand_in_starts_as_shown() -> None:
    command = ["make", "--silent", "mock", "PORT=0"]
    with subprocess.Popen(command, cwd=ROOT, env=environment(), stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout
        with contextlib.closing(process.stdout):
            said = process.stdout.readline()
            process.terminate()
    assert re.search(r"http://127\.0\.0\.1:\d+/api/v1\.0 .*" + SAMPLE_KEY, said)


def test_the_proxy_starts_as_shown(stand_in: str) -> None:
    command = PROXY.replace("https://api.getventia.com", stand_in).replace("python ", f"{sys.executable} ")
    command = f"exec env {command} --port 0"
    with subprocess.Popen(command, shell=True, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:  # noqa: S602 - as above
        assert process.stdout
        said = process.stdout.readline()
        process.terminate()
    assert "the one in VENTIA_API_KEY" in said


PROGRAMS = [example for example in blocks("python") if "def test_" not in example]
[TEST] = [example for example in blocks("python") if "def test_" in example]


def type_check(program: Path) -> None:
    mypy = [sys.executable, "-m", "mypy", "--strict", str(program)]
    done = subprocess.run(mypy, cwd=ROOT, capture_output=True, text=True, check=False)
    assert 0 == done.returncode, done.stdout


def test_the_test_of_an_application_passes_and_type_checks(tmp_path: Path) -> None:
    program = tmp_path / "test_application.py"
    program.write_text(TEST, encoding="utf-8")
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", str(program)]
    done = subprocess.run(command, cwd=tmp_path, env=environment(), capture_output=True, text=True, check=False)
    assert 0 == done.returncode, done.stdout
    assert "2 passed" in done.stdout
    type_check(program)


@pytest.mark.parametrize("example", PROGRAMS)
def test_an_example_runs_and_type_checks(example: str, stand_in: str, tmp_path: Path) -> None:
    program = tmp_path / "example.py"
    program.write_text(example, encoding="utf-8")
    variables = environment(VENTIA_API_KEY=SAMPLE_KEY, VENTIA_BASE_URL=stand_in + "/api/v1.0")
    done = subprocess.run([sys.executable, program], env=variables, capture_output=True, text=True, check=False)
    assert (0, "") == (done.returncode, done.stderr)
    assert re.fullmatch(r"sent: [0-9a-f]{24}\n", done.stdout)
    type_check(program)


def test_the_refusal_shown_is_what_the_stand_in_answers(stand_in: str) -> None:
    [shown] = blocks("json")
    url = f"{stand_in}/api/v1.0/contact/string/message?api-key={SAMPLE_KEY}"
    assert json.loads(shown) == httpx.post(url, json={"channelId": "12345", "text": "Hi!"}).json()


def test_the_numbers_named_are_those_of_the_document_and_the_client() -> None:
    limit = read_checked(DOCUMENT).value["x-rate-limit"]
    assert f"{limit['requests']} requests in any {limit['seconds']} seconds" in README
    defaults = f"retries={DEFAULT_RETRIES}, backoff={DEFAULT_BACKOFF}, deadline={DEFAULT_DEADLINE}"
    assert f"`Client({defaults})` are the defaults" in README.replace("\n", " ")
    assert f"({DEFAULT_TIMEOUT:.0f} without it)" in README
    assert f"keys of {LEAST} characters or more" in README.replace("\n", " ")
    assert f"{LONGEST_PAUSE:.0f} at the most" in README.replace("\n", " ")


def test_the_numbers_named_are_those_of_the_stand_in() -> None:
    told = README.replace("\n", " ")
    assert f"`--keep` ({MOST_RECORDS}), or {MOST_BYTES >> 20} MiB" in told
    assert f"a body has at most {LARGEST_BODY >> 20} MiB, and an object in it {MOST_FIELDS} fields" in told
    routes = set(
        re.findall(
            r'_route\("/_mock/(\w+)', (ROOT / "ventia_mock" / "control" / "routes.py").read_text(encoding="utf-8")
        )
    )
    assert routes == set(re.findall(r"/_mock/(\w+)", README))


def test_the_target_file_shown_is_one_and_says_all_that_one_can(tmp_path: Path) -> None:
    [text] = blocks("toml")
    path = tmp_path / "target.toml"
    path.write_text(text)
    assert read_target(path, read_checked(DOCUMENT).value["x-rate-limit"]).safety
    tables = read(ROOT / "contract_tests" / "target" / "target.schema.yaml").value["Target"]["properties"]
    known = tomllib.loads(text)
    assert tables.keys() == known.keys()
    assert all(
        tables[name].get("properties", {}).keys() == known[name].keys()
        for name in tables
        if isinstance(known[name], dict)
    )


def test_the_identifiers_named_are_the_worlds() -> None:
    known = (ROOT / "ventia_mock" / "world" / "world.yaml").read_text(encoding="utf-8")
    for identifier in re.findall(r"[0-9a-f]{24}", README):
        assert identifier in known
    assert PROCESSED.keys() <= set(re.findall(r"`(\w+)`", README))
