"""Every command of the README and of the pages in `docs/` is run."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
import tarfile
from pathlib import Path

import httpx
import pytest

from tests.acceptance.docs.pages import PAGES, ROOT, commands
from tests.acceptance.docs.running import environment, run
from ventia_client import ChannelMessage, Client, Ledger, create_message, errors
from ventia_mock.world.file import SAMPLE_KEY

HOST = "http://127.0.0.1:8080"
COMMANDS = commands()
[PROXY] = [command for command in COMMANDS if "--upstream" in command]
[STARTED] = [command for command in COMMANDS if command.startswith("python -m ventia_mock")]
LEDGER = [command for command in COMMANDS if "ventia_client.ledger" in command]
INSTALLING = [command for command in COMMANDS if "pip install" in command]
[CURL, *_] = [command for command in COMMANDS if command.startswith("curl")]
RUN_ELSEWHERE = {
    PROXY: "test_the_proxy_starts_as_shown",
    STARTED: "test_the_stand_in_starts_as_shown",
    "make mock": "test_the_stand_in_starts_as_shown",
    "make build": "test_the_built_wheel_is_installed_as_shown",
    **dict.fromkeys(LEDGER, "test_a_ledger_is_shown_and_mended_as_shown"),
    **dict.fromkeys(INSTALLING, "test_the_built_wheel_is_installed_as_shown"),
    "make vendor DEST=path/to/app/_vendor": "test_the_copy_that_is_vendored_is_current",
    "make vendor DEST=path/to/app/_vendor CHECK=1": "test_the_copy_that_is_vendored_is_current",
    "make test": "it is what runs this test",
    "make contract": "it is a part of make",
    "make lint": "it is a part of make test",
    "make check": "it is a part of make test",
    "make diff BASE=HEAD": "it depends on what was not committed yet; see the tests of tools.diff",
    "make release-check": "it needs a package index; see the tests of tools.release",
    f"export VENTIA_API_KEY={SAMPLE_KEY}": "it is in the environment of every command here",
}


@pytest.mark.parametrize("command", [command for command in COMMANDS if command not in RUN_ELSEWHERE])
def test_a_command_succeeds(command: str, stand_in: str, tmp_path: Path) -> None:
    command = command.replace(HOST, stand_in).replace("-o client.yaml", f"-o {tmp_path}/client.yaml")
    # Enough to see that the command works: the other modules draw all their requests before the first is sent.
    few = "-k test_examples --ignore-glob=*/test_[!e]*.py"
    said = run(command, VENTIA_API_KEY=SAMPLE_KEY, FEW="1", WORKERS="0", PYTEST_ADDOPTS=few)
    assert SAMPLE_KEY not in said
    assert "Refused by the stand-in" not in said


def test_the_commands_run_elsewhere_are_in_the_pages() -> None:
    assert set() == RUN_ELSEWHERE.keys() - set(COMMANDS)
    assert 'make "${1:-test}"' in (ROOT / ".ci" / "run").read_text(encoding="utf-8")


def test_the_request_of_the_documentation_gets_its_documented_answer(stand_in: str) -> None:
    said = run(CURL.replace("curl", "curl --silent", 1).replace(HOST, stand_in))
    assert re.fullmatch(r'\{"success": true, "interactionId": "[0-9a-f]{24}"\}', said)


def test_an_answer_that_is_preferred_comes(stand_in: str) -> None:
    [command] = [command for command in COMMANDS if "Prefer:" in command]
    assert "session is not online" in run(command.replace(HOST, stand_in))


@pytest.mark.parametrize("method", ["PUT", "PATCH"])
def test_a_control_route_changes_what_it_says(method: str, stand_in: str) -> None:
    [command] = [command for command in COMMANDS if f"-X {method}" in command]
    run(command.replace(HOST, stand_in))
    known = httpx.get(f"{stand_in}/_mock/{'faults' if method == 'PUT' else 'world'}").text
    [sent] = re.findall(r"-d '(.*)'", command)
    assert json.dumps(json.loads(sent))[1:-1] in json.dumps(json.loads(known))


@pytest.mark.parametrize("command", ["make --silent mock PORT=0", STARTED.replace("8080", "0")])
def test_the_stand_in_starts_as_shown(command: str) -> None:
    assert re.search(r"http://127\.0\.0\.1:\d+/api/v1\.0 .*" + SAMPLE_KEY, first_line(command))


def test_the_proxy_starts_as_shown(stand_in: str) -> None:
    command = PROXY.replace("https://api.getventia.com", stand_in)
    assert "the one in VENTIA_API_KEY" in first_line(f"env {command} --port 0")


def first_line(command: str) -> str:
    """The first line that a server prints, which is stopped then."""
    shell = ["sh", "-c", f"exec {command}"]
    with subprocess.Popen(shell, cwd=ROOT, env=environment(), stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout
        said = process.stdout.readline()
        process.terminate()
        process.stdout.read()  # until make's own child has gone too
    return said


def test_the_copy_that_is_vendored_is_current(tmp_path: Path) -> None:
    copying, checking = [command for command in COMMANDS if command.startswith("make vendor")]
    assert checking == f"{copying} CHECK=1"
    for command in (copying, checking):
        run(command.replace("path/to", str(tmp_path)))
    assert (tmp_path / "app" / "_vendor" / "ventia_client" / "LICENSE").is_file()


def test_a_ledger_is_shown_and_mended_as_shown(stand_in: str, tmp_path: Path) -> None:
    message = ChannelMessage("656b0e1f8e5a2c001f3a9d12", text="Hi!")
    ledger = Ledger(tmp_path / "sends.sqlite3")
    with Client(SAMPLE_KEY, base_url=f"{stand_in}/api/v1.0", ledger=ledger) as client:
        for number in (1042, 1043):
            with pytest.raises(errors.DeliveryUnknown):
                create_message.sync(
                    "66f1a2b33c4d5e0067f8a500", client=client, body=message, once=f"order-{number}/shipped"
                )
    said = [run(command, cwd=tmp_path) for command in LEDGER]
    assert re.search(r"^order-1042/shipped +unknown +66f1a2b33c4d5e0067f8a500 +20\d\d-", said[0], re.M)
    assert ["counts as sent", "is free again", "removed 0 messages"] == [
        found[0] for text in said[1:] if (found := re.search("counts as sent|is free again|removed 0 messages", text))
    ]


def test_the_built_wheel_is_installed_as_shown(tmp_path: Path) -> None:
    """Without what it needs, for which there is no index here: `make release-check` installs that too."""
    checkout = copied_checkout(tmp_path / "checkout")
    run("make build", cwd=checkout)
    [sdist] = (checkout / "dist").glob("*.tar.gz")
    with tarfile.open(sdist) as archive:
        assert PAGES.keys() <= {name.partition("/")[2] for name in archive.getnames()}
    assert len(INSTALLING) == 2
    expected = [{"ventia_client"}, {"ventia_client", "ventia_mock", "ventia_document"}]
    for number, command in enumerate(INSTALLING):
        target = tmp_path / str(number)
        run(command, cwd=checkout, PIP_NO_DEPS="1", PIP_NO_INDEX="1", PIP_TARGET=str(target))
        top = {path.name for path in target.iterdir() if path.name.startswith("ventia") and "-" not in path.name}
        assert expected[number] == top


def copied_checkout(folder: Path) -> Path:
    """A copy of the checkout to build in, with this one's environment."""
    left_out = shutil.ignore_patterns(".*", "__pycache__", "build", "dist", "contract-report", "tests")
    shutil.copytree(ROOT, folder, ignore=left_out)
    (folder / ".venv").mkdir()
    for name in ("bin", "lib", "pyvenv.cfg"):
        (folder / ".venv" / name).symlink_to(Path(sys.prefix) / name)
    (folder / ".venv" / "ready").touch()
    return folder


def test_every_setting_of_the_suite_is_one_of_the_makefile() -> None:
    [names] = re.findall("^names := (.*)$", (ROOT / "Makefile").read_text(encoding="utf-8"), re.M)
    named = set(re.findall(r"`([A-Z]+)=[^`]*`", "".join(PAGES.values())))
    assert {"SEED", "REPLAY", "FORMAT"} < named <= set(names.split())
