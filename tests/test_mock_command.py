"""The command `python -m ventia_mock`."""

from __future__ import annotations

import ast
import os
import re
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest

import ventia_mock
from tests import stand_in
from tests.stand_in import ANSWERS, INVALID_KEY, MESSAGE, NASTY_KEY, OPERATION, PETS, ROOT, SENT, TEXT, encodings, got
from ventia_mock.command import KEY_VARIABLE, main
from ventia_mock.keys import SAMPLE_KEY
from ventia_mock.server import listen


def test_missing_document_is_told_and_1_returned(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "none.yaml"
    assert 1 == main(["--document", str(path)])
    told = capsys.readouterr()
    assert "" == told.out
    assert told.err.startswith(f"{path}: cannot be read: ")


def test_invalid_document_is_told_with_every_place_and_1_returned(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "broken.yaml"
    path.write_text("openapi: 3.1.0\ninfo: {title: Broken}\npaths: []\n", encoding="utf-8")
    assert 1 == main(["--document", str(path)])
    told = capsys.readouterr().err.splitlines()
    assert [f"{path}:2:7: /info: ", f"{path}:3:8: /paths: "] == [re.match(r".*?: /\w+: ", line)[0] for line in told]  # type: ignore[index]  # a line without a match is a failure


def test_document_that_cannot_be_served_is_told_and_1_returned(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "pets.yaml"
    path.write_text(
        PETS.replace("schema: true}", "schema: {}}").replace(
            "apiKey, in: header, name: X-Key", "openIdConnect, openIdConnectUrl: https://example.com"
        )
    )
    assert 1 == main(["--document", str(path)])
    assert capsys.readouterr().err.startswith(f"{path}:")


def test_taken_port_is_told_and_1_returned(capsys: pytest.CaptureFixture[str]) -> None:
    with listen("127.0.0.1", 0) as taken:
        port = taken.getsockname()[1]
        assert 1 == main(["--port", str(port)])
    told = capsys.readouterr().err
    assert told.startswith(f"127.0.0.1:{port}: cannot be listened on: ")
    assert "--port" in told


def test_help_tells_what_it_is_and_what_it_is_not(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as caught:
        main(["--help"])
    told = " ".join(capsys.readouterr().out.split())
    assert 0 == caught.value.code
    for words in ("python -m ventia_mock", "It sends nothing", KEY_VARIABLE, "--port", "--host", "--document"):
        assert words in told


@contextmanager
def command(*arguments: str, key: str | None = None) -> Iterator[subprocess.Popen[str]]:
    """The command, running; ended with the `with`."""
    environment = {name: value for name, value in os.environ.items() if name != KEY_VARIABLE}
    environment |= {KEY_VARIABLE: key} if key is not None else {}
    with subprocess.Popen(
        [sys.executable, "-m", "ventia_mock", *arguments],
        cwd=ROOT,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        try:
            yield process
        finally:
            process.kill()


LISTENING = re.compile(r"Ventia's stand-in listens on (http://127\.0\.0\.1:\d+/api/v1\.0) - API key: (.*)\n")


def listening(process: subprocess.Popen[str]) -> tuple[str, str]:
    """The URL and the key that the command prints first."""
    assert process.stdout
    line = process.stdout.readline()
    match = LISTENING.fullmatch(line)
    assert match, line or (process.stderr and process.stderr.read())
    return match[1], match[2]


def test_command_prints_where_it_listens_and_serves_there_until_interrupted() -> None:
    """And it ends quietly then."""
    with command("--port", "0") as process:
        url, key = listening(process)
        assert SAMPLE_KEY == key
        response = httpx.post(f"{url}/contact/string/message", params={"api-key": key}, json=TEXT, trust_env=False)
        assert SENT == got(response)
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=20)
        limit = stand_in.VENTIA["x-rate-limit"]
        assert "" == out
        assert f"The rate limit is {limit['requests']} requests in any {limit['seconds']} s" in err
        assert "POST /api/v1.0/contact/string/message" in err
        assert SAMPLE_KEY not in err
        assert "Traceback" not in err


def test_without_its_libraries_the_command_says_what_to_install() -> None:
    code = (
        "import runpy, sys; sys.modules['uvicorn'] = None; sys.argv[1:] = []\n"
        "runpy.run_module('ventia_mock', run_name='__main__')"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False)
    assert (1, "") == (done.returncode, done.stdout)
    assert "pip install 'ventia-client[mock]'" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize(("switch", "last"), [([], 429), (["--no-rate-limit"], 200)])
def test_the_rate_limit_is_on_unless_switched_off(switch: list[str], last: int) -> None:
    requests = stand_in.VENTIA["x-rate-limit"]["requests"]
    with command("--port", "0", *switch) as process, httpx.Client(trust_env=False) as client:
        url, key = listening(process)
        path = f"{url}/contact/string/message"
        statuses = [client.post(path, params={"api-key": key}, json=TEXT).status_code for _ in range(requests + 1)]
    assert [*[200] * requests, last] == statuses


def test_command_takes_its_key_from_the_environment_and_shows_it_nowhere() -> None:
    with command("--port", "0", key=NASTY_KEY) as process:
        url, shown = listening(process)
        assert f"the one in {KEY_VARIABLE}" == shown
        for key, answer in ((NASTY_KEY, SENT), (SAMPLE_KEY, INVALID_KEY)):
            params = {"api-key": key}
            assert answer == got(httpx.post(f"{url}/contact/string/message", params=params, json=TEXT, trust_env=False))
        process.terminate()
        out, err = process.communicate(timeout=20)
        assert 2 == err.count("POST ")
        for form in [NASTY_KEY, *encodings(NASTY_KEY)]:
            assert form not in out + err


@pytest.mark.parametrize("arguments", ["--document none.yaml", "--port 70000", "--host 256.0.0.1 --port 0"])
def test_command_that_cannot_start_says_why_and_ends_with_1(arguments: str) -> None:
    with command(*arguments.split()) as process:
        out, err = process.communicate(timeout=20)
    assert (1, "") == (process.returncode, out)
    [line] = err.splitlines()
    assert re.match(r"none\.yaml: cannot be read: |127\.0\.0\.1:70000: cannot be l|256\.0\.0\.1:0: cannot be l", line)


def test_command_listens_on_ipv6_too() -> None:
    try:
        socket.create_server(("::1", 0), family=socket.AF_INET6).close()
    except OSError:
        pytest.skip("this machine has no IPv6")
    with command("--port", "0", "--host", "::1") as process:
        assert process.stdout
        assert re.search(r"http://\[::1\]:\d+/api/v1\.0 ", process.stdout.readline())


def test_stand_in_runs_without_the_client_and_the_tools() -> None:
    """So a bug of theirs cannot cancel out against one of the stand-in."""
    program = "import sys, ventia_mock.command; print(*sorted({name.partition('.')[0] for name in sys.modules}))"
    done = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True)
    loaded = set(done.stdout.split())
    assert {"ventia_mock", "ventia_document"} <= loaded
    assert set() == loaded & {"ventia_client", "tools", "contract_tests", "httpx", "attrs", "attr"}


def test_no_field_of_the_body_is_named_in_the_stand_in() -> None:
    """One truth: the names and the rules stand in the document, and are read from there."""
    for path in sorted(Path(ventia_mock.__file__).parent.glob("*.py")):
        words = {
            node.value
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
            if isinstance(node, ast.Constant)
        }
        assert words.isdisjoint({*MESSAGE.value["properties"], *OPERATION.path_names, *ANSWERS}), path
