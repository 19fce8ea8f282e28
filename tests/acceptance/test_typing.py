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
    ("app/illegal.py", number)
    for number, line in enumerate((SAMPLES / "illegal.py").read_text(encoding="utf-8").splitlines(), 1)
    if "  # illegal: " in line
}


@pytest.fixture(scope="module")
def application(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An application with a vendored copy of the client, and a Python of its own beside it that has no redis."""
    folder = tmp_path_factory.mktemp("application")
    (folder / "app").mkdir()
    (folder / "app" / "__init__.py").touch()
    for name in ("jobs.py", "legal.py", "illegal.py"):
        text = (SAMPLES / name).read_text(encoding="utf-8")
        (folder / "app" / name).write_text(re.sub(r"\bfrom ventia_client", "from app._vendor.ventia_client", text))
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


def test_mypy_finds_what_is_illegal_and_nothing_else(application: Path) -> None:
    assert "No module named 'redis'" in own_python(application, "-c", "import redis").stderr
    own = f"--python-executable={application / 'python' / 'bin' / 'python'}"
    command = [sys.executable, "-m", "mypy", "--strict", "--config-file=", "--no-error-summary", own, "-p", "app"]
    done = subprocess.run(command, cwd=application, capture_output=True, text=True, check=False)
    assert "" == done.stderr
    found = re.findall(r"^(.*?):(\d+): error", done.stdout, re.M)
    assert ILLEGAL == {(path, int(number)) for path, number in found}, done.stdout
    assert len(ILLEGAL) > 10


def test_pyright_finds_what_is_illegal_and_nothing_else(application: Path) -> None:
    settings = {"typeCheckingMode": "strict", "include": ["app"], "reportUnusedExpression": False}
    (application / "pyrightconfig.json").write_text(json.dumps(settings), encoding="utf-8")
    own = str(application / "python" / "bin" / "python")
    command = [str(Path(sys.executable).with_name("basedpyright")), "--outputjson", "--pythonpath", own]
    done = subprocess.run(
        command, cwd=application, env={**os.environ, "NO_COLOR": "1"}, capture_output=True, text=True, check=False
    )
    report = json.loads(done.stdout)
    found = [each for each in report["generalDiagnostics"] if each["severity"] == "error"]
    root = application.resolve()
    assert ILLEGAL == {
        (Path(each["file"]).relative_to(root).as_posix(), each["range"]["start"]["line"] + 1) for each in found
    }, found
    assert 20 < report["summary"]["filesAnalyzed"]


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
