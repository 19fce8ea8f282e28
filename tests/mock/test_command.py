"""The command `python -m ventia_mock`."""

from __future__ import annotations

import ast
import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest

import ventia_mock
from tests.support import stand_in
from tests.support.stand_in import (
    ANSWERS,
    INVALID_KEY,
    MESSAGE,
    NASTY_KEY,
    OPERATION,
    PETS,
    ROOT,
    SENT,
    TEXT,
    encodings,
    got,
)
from ventia_document import DOCUMENT
from ventia_document.source import Json
from ventia_mock.command import main
from ventia_mock.control.curl import KEY_VARIABLE
from ventia_mock.http.server import listen
from ventia_mock.world.file import SAMPLE_KEY


def test_missing_document_is_reported_with_exit_code_1(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "none.yaml"
    assert 1 == main(["--document", str(path)])
    output = capsys.readouterr()
    assert "" == output.out
    assert output.err.startswith(f"{path}: cannot be read: ")


def test_invalid_document_is_reported_with_every_place_and_exit_code_1(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "broken.yaml"
    path.write_text("openapi: 3.1.0\ninfo: {title: Broken}\npaths: []\n", encoding="utf-8")
    assert 1 == main(["--document", str(path)])
    output = capsys.readouterr().err.splitlines()
    assert [f"{path}:2:7: /info: ", f"{path}:3:8: /paths: "] == [re.match(r".*?: /\w+: ", line)[0] for line in output]  # type: ignore[index]  # a line without a match is a failure


def test_document_that_cannot_be_served_is_reported_with_exit_code_1(
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


def test_taken_port_is_reported_with_exit_code_1(capsys: pytest.CaptureFixture[str]) -> None:
    with listen("127.0.0.1", 0) as taken:
        port = taken.getsockname()[1]
        assert 1 == main(["--port", str(port)])
    output = capsys.readouterr().err
    assert output.startswith(f"127.0.0.1:{port}: cannot be listened on: ")
    assert "--port" in output


def test_a_company_that_can_have_no_message_accepted_is_reported(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """A world for which each request would be refused is a mistake that nobody should have to look for."""
    path = tmp_path / "world.yaml"
    path.write_text("companies: [{id: one, contacts: [{id: string}]}, {id: two, users: [{id: string}]}]\n")
    with listen("127.0.0.1", 0) as taken:
        assert 1 == main(["--world", str(path), "--port", str(taken.getsockname()[1])])
    start = f"{path}: no message of the company"
    assert [
        f"{start} 'one' is accepted: it has no channels, users or integrations",
        f"{start} 'two' is accepted: it has no api_keys",
        f"{start} 'two' is accepted: it has no contacts",
    ] == caplog.messages


def test_help_says_what_it_is_and_what_it_is_not(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as caught:
        main(["--help"])
    output = " ".join(capsys.readouterr().out.split())
    assert 0 == caught.value.code
    for words in (
        "ventia-mock",
        "It sends nothing",
        "these are really sent",
        KEY_VARIABLE,
        "--port",
        "--host",
        "--document",
    ):
        assert words in output


def test_its_version_is_the_documents(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as caught:
        main(["--version"])
    assert (0, f"ventia-mock {stand_in.VENTIA['info']['version']}\n") == (caught.value.code, capsys.readouterr().out)


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


LISTENING = re.compile(
    r"Ventia's stand-in listens on (http://127\.0\.0\.1:\d+/api/v1\.0) - API key: (.*) - inbox: http://127.0.0.1:\d+/\n"
)


def listening(process: subprocess.Popen[str]) -> tuple[str, str]:
    """The URL and the key that the command prints first."""
    assert process.stdout
    line = process.stdout.readline()
    match = LISTENING.fullmatch(line)
    assert match, line or (process.stderr and process.stderr.read())
    return match[1], match[2]


@pytest.mark.acceptance
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
        assert f"rate_limit='{limit['requests']} requests in any {limit['seconds']} s'" in err
        assert "method=POST path=/api/v1.0/contact/string/message" in err
        assert SAMPLE_KEY not in err
        assert "Traceback" not in err


@pytest.mark.acceptance
def test_command_that_is_interrupted_before_it_serves_ends_quietly(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "world.yaml")
    world = tmp_path / "world.yaml"
    with command("--port", "0", "--world", str(world)) as process, world.open("w"):  # opened when the command reads it
        process.send_signal(signal.SIGINT)
        assert ("", "") == process.communicate(timeout=20)
    assert 130 == process.returncode


@pytest.mark.acceptance
def test_without_its_libraries_the_command_says_what_to_install() -> None:
    code = (
        "import runpy, sys; sys.modules['uvicorn'] = None; sys.argv[1:] = []\n"
        "runpy.run_module('ventia_mock', run_name='__main__')"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False)
    assert (1, "") == (done.returncode, done.stdout)
    assert "pip install ventia-mock" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.acceptance
@pytest.mark.parametrize(("switch", "last"), [([], 429), (["--no-rate-limit"], 200)])
def test_the_rate_limit_is_on_unless_switched_off(switch: list[str], last: int) -> None:
    requests = stand_in.VENTIA["x-rate-limit"]["requests"]
    with command("--port", "0", *switch) as process, httpx.Client(trust_env=False) as client:
        url, key = listening(process)
        path = f"{url}/contact/string/message"
        statuses = [client.post(path, params={"api-key": key}, json=TEXT).status_code for _ in range(requests + 1)]
    assert [*[200] * requests, last] == statuses


@pytest.mark.acceptance
def test_command_takes_its_key_from_the_environment_and_shows_it_nowhere() -> None:
    with command("--port", "0", key=NASTY_KEY) as process:
        url, shown = listening(process)
        assert f"the one in {KEY_VARIABLE}" == shown
        for key, answer in ((NASTY_KEY, SENT), (SAMPLE_KEY, INVALID_KEY)):
            params = {"api-key": key}
            assert answer == got(httpx.post(f"{url}/contact/string/message", params=params, json=TEXT, trust_env=False))
        process.terminate()
        out, err = process.communicate(timeout=20)
        assert 2 == err.count("method=POST ")
        for form in [NASTY_KEY, *encodings(NASTY_KEY)]:
            assert form not in out + err


@pytest.mark.acceptance
@pytest.mark.parametrize("arguments", ["--document none.yaml", "--port 70000", "--host 256.0.0.1 --port 0"])
def test_command_that_cannot_start_says_why_and_ends_with_1(arguments: str) -> None:
    with command(*arguments.split()) as process:
        out, err = process.communicate(timeout=20)
    assert (1, "") == (process.returncode, out)
    [line] = err.splitlines()
    assert re.match(r"none\.yaml: cannot be read: |127\.0\.0\.1:70000: cannot be l|256\.0\.0\.1:0: cannot be l", line)


SMALL_WORLD = (
    "companies: [{id: mine, contacts: [{id: string}], channels: [{id: 656b0e1f8e5a2c001f3a9d12, type: %s}]}]\n"
)


@pytest.fixture
def world(tmp_path: Path) -> Path:
    path = tmp_path / "world.yaml"
    path.write_text(SMALL_WORLD % "fb", encoding="utf-8")
    return path


def health(url: str) -> Json:
    return httpx.get(url.removesuffix("/api/v1.0") + "/_mock/health", trust_env=False).json()


def until(condition: Callable[[], object]) -> None:
    """Wait until something is so."""
    end = time.monotonic() + 20
    while not condition():
        assert time.monotonic() < end
        time.sleep(0.05)


@pytest.mark.acceptance
def test_world_and_document_are_served_anew_when_they_change(tmp_path: Path, world: Path) -> None:
    """An invalid file is reported, and changes nothing until it is mended; messages stay."""
    document = tmp_path / "ventia.yaml"
    text = DOCUMENT.read_text(encoding="utf-8")
    document.write_text(text, encoding="utf-8")
    with command("--port", "0", "--world", str(world), "--document", str(document)) as process:
        url, key = listening(process)

        def send(**fields: str) -> httpx.Response:
            body = {"channelId": TEXT["channelId"], **fields}
            return httpx.post(f"{url}/contact/string/message", params={"api-key": key}, json=body, trust_env=False)

        def kind() -> str:
            output = httpx.get(url.removesuffix("/api/v1.0") + "/_mock/world", trust_env=False).json()
            return str(output["companies"][0]["channels"][0]["type"])

        assert 200 == send(text="a").status_code
        world.write_text(SMALL_WORLD % "ig", encoding="utf-8")
        until(lambda: kind() == "ig")
        world.write_text(SMALL_WORLD % "sms", encoding="utf-8")
        until(lambda: health(url)["status"] == "stale")
        assert f"{world}:1:" in health(url)["trouble"]
        assert "ig" == kind()
        document.write_text(text.replace("description: The message in plain text.", "maxLength: 50"), encoding="utf-8")
        until(lambda: send(text="x" * 51).status_code == 400)
        assert 200 == send(text="x" * 50).status_code
        assert "stale" == health(url)["status"], "the world still is"
        world.write_text(SMALL_WORLD % "fb", encoding="utf-8")
        until(lambda: health(url)["status"] == "ok")
        document.write_text("openapi: [", encoding="utf-8")
        until(lambda: health(url)["status"] == "stale")
        assert 200 == send(text="abc").status_code
        assert health(url)["journal"]["kept"] >= 4
        process.terminate()
        _, err = process.communicate(timeout=20)
    assert "is served anew" in err
    assert "is not valid; what was served before still is" in err
    assert "Traceback" not in err


@pytest.mark.acceptance
def test_messages_are_kept_in_the_file_that_is_named(tmp_path: Path) -> None:
    path = tmp_path / "messages.db"
    for count, stop in ((1, signal.SIGINT), (2, signal.SIGTERM), (3, signal.SIGKILL), (4, signal.SIGINT)):
        with command("--port", "0", "--db", str(path), "--keep", "3") as process:
            url, key = listening(process)
            httpx.post(f"{url}/contact/string/message", params={"api-key": key}, json=TEXT, trust_env=False)
            assert {"newest": count, "kept": min(count, 3), "most": 3, "dropped": max(0, count - 3)} == health(url)[
                "journal"
            ]
            process.send_signal(stop)
            process.wait(timeout=20)


@pytest.mark.acceptance
def test_answer_under_way_is_finished_when_the_command_is_stopped() -> None:
    with command("--port", "0") as process:
        url, key = listening(process)
        control = url.removesuffix("/api/v1.0") + "/_mock"
        httpx.put(f"{control}/faults", json={"latency": {"seconds": 1}}, trust_env=False)
        with ThreadPoolExecutor() as pool:
            params = {"api-key": key}
            answer = pool.submit(
                httpx.post, f"{url}/contact/string/message", params=params, json=TEXT, trust_env=False, timeout=20
            )
            until(lambda: health(url)["journal"]["kept"] == 1)
            process.terminate()
            assert SENT == got(answer.result())
        process.wait(timeout=20)


@pytest.mark.acceptance
def test_command_as_a_proxy_passes_on_for_the_allowed_contact_alone() -> None:
    with command("--port", "0") as real:
        upstream, _ = listening(real)
        with command("--port", "0", "--upstream", upstream, "--allow-contact", "string") as process:
            url, key = listening(process)
            statuses = [
                httpx.post(f"{url}/contact/{contact}/message", params={"api-key": key}, json=TEXT, trust_env=False)
                for contact in ("string", "66f1a2b33c4d5e0067f8a9b0")
            ]
            assert [200, 403] == [each.status_code for each in statuses]
        assert 1 == health(upstream)["journal"]["kept"]


@pytest.mark.parametrize(
    ("arguments", "output"),
    [
        ("--upstream http://127.0.0.1:1", "--upstream: messages reach real people; name those who may get any"),
        ("--upstream nowhere --allow-contact a", "--upstream: 'nowhere' is no URL of a server"),
        ("--world none.yaml", "none.yaml: cannot be read"),
        ("--db none/none.db", "none/none.db: cannot be used as a journal"),
        ("--allow-contact a", "--allow-contact: Must be given with --upstream"),
    ],
)
def test_impossible_options_are_reported_with_exit_code_1(
    arguments: str, output: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert 1 == main(arguments.split())
    assert capsys.readouterr().err.startswith(output)


@pytest.mark.parametrize("arguments", ["--keep 0", "--keep x", "--keep -1"])
def test_bound_must_be_a_number(arguments: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(arguments.split())
    assert "Must be a number above 0; got" in capsys.readouterr().err


@pytest.mark.acceptance
def test_command_listens_on_ipv6_too() -> None:
    try:
        socket.create_server(("::1", 0), family=socket.AF_INET6).close()
    except OSError:
        pytest.skip("this machine has no IPv6")
    with command("--port", "0", "--host", "::1") as process:
        assert process.stdout
        assert re.search(r"http://\[::1\]:\d+/api/v1\.0 ", process.stdout.readline())


@pytest.mark.acceptance
def test_stand_in_runs_without_the_client_and_the_tools() -> None:
    """So a bug of theirs cannot cancel out against one of the stand-in."""
    program = "import sys, ventia_mock.command; print(*sorted({name.partition('.')[0] for name in sys.modules}))"
    done = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True)
    loaded = set(done.stdout.split())
    assert {"ventia_mock", "ventia_document"} <= loaded
    assert set() == loaded & {"ventia_client", "tools", "contract_tests", "httpx", "attrs", "attr"}


def test_no_field_of_the_body_is_named_in_the_stand_in() -> None:
    """One truth: names and rules stand in the document; what it cannot say, in the modules of rules and refusals."""
    rules = json.dumps(MESSAGE.value["allOf"])
    # Another field may be named by a word of everybody's, such as `count`.
    fields = {name for name in MESSAGE.value["properties"] if json.dumps(name) in rules or not name.islower()}
    for path in sorted(Path(ventia_mock.__file__).parent.rglob("*.py")):
        if path.name in ("assumptions.py", "business_rules.py", "refusals.py", "sending.py", "har.py"):
            continue  # HAR has a `text` of its own
        words = {
            node.value
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
            if isinstance(node, ast.Constant)
        }
        assert words.isdisjoint({*fields, *OPERATION.path_names, *ANSWERS}), path
