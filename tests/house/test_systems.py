"""What a system lacks is named where it is needed."""

from __future__ import annotations

import subprocess
import sys

import pytest

from tests.support.stand_in import ROOT


@pytest.mark.parametrize(("package", "lack"), [("tools", "os.name = 'nt'"), ("contract_tests.mutants", "del os.fork")])
def test_what_needs_more_than_windows_has_says_so(package: str, lack: str) -> None:
    code = f"import os; {lack}; import {package}"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False)
    assert 1 == done.returncode
    assert "WSL on Windows" in done.stderr
    assert "Traceback" not in done.stderr


def test_the_client_is_imported_without_what_windows_lacks() -> None:
    code = (
        "import os, socket, sys; del os.fork, os.register_at_fork, socket.AF_UNIX\n"
        "sys.modules['fcntl'] = sys.modules['trio'] = None\n"
        "from ventia_client import Client, Ledger, create_message; import ventia_client.ledger\n"
        "Client('k' * 20).get_httpx_client()"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT / "generated", capture_output=True, text=True, check=False
    )
    assert (0, "") == (done.returncode, done.stderr)
