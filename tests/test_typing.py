"""What a user writes against the client is checked by mypy and pyright, both at their strictest."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
SAMPLES = ROOT / "tests" / "typing"
ILLEGAL = {
    number
    for number, line in enumerate((SAMPLES / "illegal.py").read_text(encoding="utf-8").splitlines(), 1)
    if "  # illegal: " in line
}


@pytest.fixture
def program(tmp_path: Path) -> Path:
    """A folder of a user's, with the client in reach, and none of this project's settings."""
    (tmp_path / "ventia_client").symlink_to(ROOT / "generated" / "ventia_client")
    return tmp_path


def mypy(program: Path, sample: str) -> set[int]:
    """The lines of a sample in which mypy finds errors."""
    (program / "user.py").write_bytes((SAMPLES / sample).read_bytes())
    command = [sys.executable, "-m", "mypy", "--strict", "--config-file=", "--no-error-summary", "user.py"]
    done = subprocess.run(command, cwd=program, capture_output=True, text=True, check=False)
    assert "" == done.stderr
    elsewhere = [line for line in done.stdout.splitlines() if not line.startswith("user.py:")]
    assert [] == elsewhere
    return {int(number) for number in re.findall(r"^user\.py:(\d+): error", done.stdout, re.M)}


def pyright(program: Path, sample: str) -> set[int]:
    """The lines of a sample in which pyright finds errors."""
    (program / "user.py").write_bytes((SAMPLES / sample).read_bytes())
    settings = {"typeCheckingMode": "strict", "include": ["user.py"], "reportUnusedExpression": False}
    (program / "pyrightconfig.json").write_text(json.dumps(settings), encoding="utf-8")
    command = [str(Path(sys.executable).with_name("basedpyright")), "--outputjson", "--pythonpath", sys.executable]
    done = subprocess.run(
        command, cwd=program, env={**os.environ, "NO_COLOR": "1"}, capture_output=True, text=True, check=False
    )
    found = json.loads(done.stdout)["generalDiagnostics"]
    assert [] == [each for each in found if Path(each["file"]).name != "user.py"]
    return {each["range"]["start"]["line"] + 1 for each in found if each["severity"] == "error"}


@pytest.mark.parametrize("checker", [mypy, pyright])
def test_a_program_of_a_user_is_right(checker: object, program: Path) -> None:
    assert callable(checker)
    assert set() == checker(program, "legal.py")


@pytest.mark.parametrize("checker", [mypy, pyright])
def test_what_is_illegal_is_refused_line_by_line(checker: object, program: Path) -> None:
    assert callable(checker)
    assert len(ILLEGAL) > 10
    assert ILLEGAL == checker(program, "illegal.py")
