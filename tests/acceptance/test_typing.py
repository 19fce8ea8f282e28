"""What a user writes against the client is checked by mypy and pyright, both at their strictest."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import sysconfig
import venv
from pathlib import Path
from typing import Any

import pytest

from contract_tests.client.recorder import Recorder
from tools.publish import vendor
from ventia_mock.http.server import running

ROOT = Path(__file__).parents[2]
SAMPLES = ROOT / "tests" / "acceptance" / "typing"
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


@pytest.fixture(scope="module")
def application(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An application with a vendored copy of the client, and a Python of its own beside it that has no redis."""
    folder = tmp_path_factory.mktemp("application")
    (folder / "app").mkdir()
    (folder / "app" / "__init__.py").touch()
    (folder / "app" / "jobs.py").write_bytes((SAMPLES / "application.py").read_bytes())
    assert 0 == vendor.main([str(folder / "app" / "_vendor")])
    venv.create(folder / "python", symlinks=True)
    [libraries] = (folder / "python").glob("lib/python*/site-packages")
    for path in Path(sysconfig.get_path("purelib")).iterdir():
        if not path.name.startswith("redis") and path.suffix != ".pth":  # which lead to this checkout
            (libraries / path.name).symlink_to(path)
    return folder


def own_python(application: Path, *arguments: str, **options: Any) -> subprocess.CompletedProcess[str]:
    command = [str(application / "python" / "bin" / "python"), *arguments]
    return subprocess.run(command, cwd=application, capture_output=True, text=True, check=False, **options)


def test_an_application_without_redis_is_clean_for_mypy(application: Path) -> None:
    assert "No module named 'redis'" in own_python(application, "-c", "import redis").stderr
    own = f"--python-executable={application / 'python' / 'bin' / 'python'}"
    command = [sys.executable, "-m", "mypy", "--strict", "--config-file=", "--no-error-summary", own, "-p", "app"]
    done = subprocess.run(command, cwd=application, capture_output=True, text=True, check=False)
    assert ("", "") == (done.stdout, done.stderr)


def test_an_application_without_redis_is_clean_for_pyright(application: Path) -> None:
    settings = {"typeCheckingMode": "strict", "include": ["app"]}
    (application / "pyrightconfig.json").write_text(json.dumps(settings), encoding="utf-8")
    own = str(application / "python" / "bin" / "python")
    command = [str(Path(sys.executable).with_name("basedpyright")), "--outputjson", "--pythonpath", own]
    done = subprocess.run(
        command, cwd=application, env={**os.environ, "NO_COLOR": "1"}, capture_output=True, text=True, check=False
    )
    told = json.loads(done.stdout)
    assert [] == told["generalDiagnostics"]
    assert 20 < told["summary"]["filesAnalyzed"]


def test_an_application_without_redis_sends(application: Path) -> None:
    recorder = Recorder()
    recorder.answer_with(200, {"success": True, "interactionId": "66f3a9b11c4d8e0023b7c9a1"})
    good = {"channelId": "656b0e1f8e5a2c001f3a9d12", "text": "Hi!"}
    jobs = [{"contact": "66f1a2b33c4d5e0067f8a9b0", "message": message} for message in (good, {**good, "text": 5})]
    with running(recorder) as url:
        environment = {"VENTIA_API_KEY": "AAAAAAA-BBBBBBB-CCCCCCC-DDDDDDD", "VENTIA_BASE_URL": url}
        lines = "\n".join(map(json.dumps, jobs))
        done = own_python(application, "-m", "app.jobs", input=lines, env={**os.environ, **environment})
    assert "" == done.stderr
    assert 2 * ["sent 66f3a9b11c4d8e0023b7c9a1", "mend text: Must be of type string"] == done.stdout.splitlines()
    assert 2 == len(recorder.requests)
