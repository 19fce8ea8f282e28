"""The commands run wherever they are started: without a terminal, UTF-8 or a home, and with blanks in a path."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from contract_tests.target.file import STAND_IN
from tests.support.fault_server import faults
from tests.support.stand_in import ROOT
from tools.places import PACKAGE
from ventia_client import ChannelMessage, Client, Ledger, create_message
from ventia_client.errors import DeliveryUnknown

NAME = "sch\u00f6ne neue Welt \u4e2d"
ASCII = {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0", "PYTHONPATH": f"{ROOT}:{ROOT / 'generated'}"}


def started(*arguments: str, **variables: str) -> subprocess.Popen[str]:
    environment = {"PATH": os.environ["PATH"], "HOME": "/proc/no-home", "TERM": "dumb", **ASCII, **variables}
    return subprocess.Popen(
        [sys.executable, "-m", *arguments],
        cwd=ROOT,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def ledger(folder: Path) -> tuple[str, ...]:
    place = folder / "sends.sqlite3"
    body = ChannelMessage("656b0e1f8e5a2c001f3a9d12", text="Hi!")
    kept = Ledger(str(place))
    with faults() as server:
        client = Client("k" * 20, base_url=f"http://127.0.0.1:{server.ports['close_read']}", ledger=kept)
        with pytest.raises(DeliveryUnknown):
            create_message.sync("66f1a2b33c4d5e0067f8a9b0", client=client, body=body, once=NAME)
    return "ventia_client.ledger", str(place), "list", "--all"


def vendored(folder: Path) -> tuple[str, ...]:
    shutil.copytree(PACKAGE, folder / "_vendor" / PACKAGE.name)
    return "tools.vendor", "--check", str(folder / "_vendor")


def target(folder: Path) -> tuple[str, ...]:
    path = folder / "target.toml"
    shutil.copy(STAND_IN, path)
    return "contract_tests.target", str(path)


def overlaid(folder: Path) -> tuple[str, ...]:
    path = folder / "ventia.yaml"
    text = (ROOT / "openapi" / "ventia.yaml").read_text(encoding="utf-8")
    path.write_text(text.replace("summary: ", f"summary: {NAME} ", 1), encoding="utf-8")
    return "tools.overlay", str(path), "overlays/document/client.yaml"


def suite(folder: Path) -> tuple[str, ...]:
    options = ("-p", "no:cacheprovider", "-q", "--few", "--examples=2", "-k", "sender", "--seed=1")
    return "pytest", "contract_tests/test_rules.py", *options, f"--report={folder / 'report'}"


@pytest.mark.parametrize("of", [ledger, vendored, target, overlaid, suite], ids=lambda of: of.__name__)
def test_a_command_prints_and_succeeds(tmp_path: Path, of: Callable[[Path], tuple[str, ...]]) -> None:
    folder = tmp_path / NAME
    folder.mkdir()
    with started(*of(folder), HYPOTHESIS_STORAGE_DIRECTORY=str(folder)) as process:
        out, err = process.communicate(timeout=120)
    assert (0, "") == (process.returncode, err)
    assert len(out.splitlines()) > 1 or of is vendored
    assert "\\n" not in out or of is overlaid


def test_the_stand_in_prints_its_key_whatever_is_in_it(tmp_path: Path) -> None:
    with started("ventia_mock", "--port", "0", "--db", str(tmp_path / NAME), VENTIA_API_KEY=f"key {NAME}") as process:
        assert process.stdout
        line = process.stdout.readline()
        process.send_signal(signal.SIGINT)
        _, err = process.communicate(timeout=20)
    assert "listens on http://127.0.0.1:" in line, err
    assert "Traceback" not in err
