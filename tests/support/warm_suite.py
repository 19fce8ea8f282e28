"""Imports what a run of the contract suite imports, so that a run forked from this process need not."""

from __future__ import annotations

import contextlib
import io
import os
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]

# pytest imports its plugins itself, since it changes their assertions on the way.
with contextlib.redirect_stdout(io.StringIO()):
    pytest.main([str(ROOT / "contract_tests"), "--help"])


def run(arguments: Sequence[str], environment: Mapping[str, str], stdout: str, stderr: str) -> None:
    """Be `python -m pytest` with these arguments, in this environment, writing to these files."""
    for name, stream in ((stdout, sys.stdout), (stderr, sys.stderr)):
        with Path(name).open("wb") as file:
            os.dup2(file.fileno(), stream.fileno())
    os.environ.clear()
    os.environ.update(environment)
    os.chdir(ROOT)
    sys.exit(pytest.main(list(arguments)))
