"""The command `ventia-contract`, which is `python -m contract_tests`."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from contract_tests.__main__ import _command, main
from ventia_document import DOCUMENT
from ventia_document.source import read


def test_its_version_is_the_documents(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as caught:
        main(["--version"])
    assert (0, f"ventia-contract {read(DOCUMENT).value['info']['version']}\n") == (
        caught.value.code,
        capsys.readouterr().out,
    )


def test_its_help_lists_the_options_of_the_suite_alone(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["--few", "--help"])
    output = capsys.readouterr().out
    for option in ("--target", "--url", "--seed", "--strict-facts", "--replay", "docs/contract.md"):
        assert option in output
    assert "--pdb" not in output


@pytest.mark.parametrize("option", ["--target=a.toml", "--url=http://127.0.0.1:1", "--replay=word", "-n3"])
def test_only_a_run_against_a_stand_in_of_its_own_is_divided(option: str) -> None:
    divided = [each for each in _command([]) if each.startswith("--numprocesses")]
    assert 1 == len(divided)
    assert {*_command([])} - {*divided} == {*_command([option])}


@pytest.mark.acceptance
def test_it_runs_in_any_folder_and_ends_with_4_where_no_server_is(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "contract_tests", "--url=http://127.0.0.1:1/api/v1.0", "--few"]
    environment = {"VENTIA_API_KEY": "AAAAAAA-BBBBBBB-CCCCCCC-DDDDDDD", "PYTHONPATH": str(Path(__file__).parents[2])}
    done = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True, check=False)
    assert 4 == done.returncode, done
    assert "127.0.0.1:1" in done.stdout + done.stderr
    assert "Traceback" not in done.stdout + done.stderr
