"""How the commands and samples of the pages are run."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

from tests.acceptance.docs.pages import ROOT


def environment(**variables: str) -> dict[str, str]:
    """The variables of a shell in the checkout whose Python is this one."""
    outer = {name: value for name, value in os.environ.items() if not name.startswith(("VENTIA_", "MAKE", "PYTEST_"))}
    return {**outer, "PATH": os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]]), **variables}


def run(command: str, cwd: Path = ROOT, **variables: str) -> str:
    """Run a shell command, which must succeed, and return what it prints."""
    variables, shell = environment(**variables), ["sh", "-c", command]
    done = subprocess.run(shell, cwd=cwd, env=variables, capture_output=True, text=True, check=False)
    assert 0 == done.returncode, done.stdout + done.stderr
    return done.stdout + done.stderr


def run_python(*arguments: str | Path, cwd: Path = ROOT, **variables: str) -> str:
    """Run this Python, which must succeed and write no error, and return what it prints."""
    command = [sys.executable, *arguments]
    variables = environment(**variables)
    done = subprocess.run(command, cwd=cwd, env=variables, capture_output=True, text=True, check=False)
    errors = re.sub(r"^the outcome is unknown: .*\n", "", done.stderr, flags=re.M)  # a warning of the client's logger
    assert (0, "") == (done.returncode, errors), done.stdout + done.stderr
    return done.stdout
