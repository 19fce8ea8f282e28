from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]

_INPUTS = (
    "LICENSE",
    "contract_tests",
    "generated",
    "openapi",
    "overlays",
    "pyproject.toml",
    "requirements.lock",
    "tools",
    "ventia_document",
    "ventia_mock",
)


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A copy of all that the document becomes something of, to change and regenerate in."""
    for name in _INPUTS:
        copy = shutil.copytree if (ROOT / name).is_dir() else shutil.copy
        copy(ROOT / name, tmp_path / name)
    return tmp_path


@pytest.fixture
def run(checkout: Path) -> Callable[..., subprocess.CompletedProcess[str]]:
    """Runs `python -m ...` in the copied checkout, with nothing imported from this one."""

    def run(*arguments: str) -> subprocess.CompletedProcess[str]:
        environment = {name: value for name, value in os.environ.items() if not name.startswith(("VENTIA_", "PYTEST_"))}
        environment["PYTHONPATH"] = os.pathsep.join([str(checkout), str(checkout / "generated")])
        command = [sys.executable, "-m", *arguments]
        return subprocess.run(command, cwd=checkout, env=environment, capture_output=True, text=True, check=False)

    return run
