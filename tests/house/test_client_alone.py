"""The client needs little, imports little, and works under any name."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

from tests.house.sources import ROOT, imported, modules


def test_the_client_needs_little() -> None:
    """httpx and what it stands on, attrs, and what reads Retry-After; redis is imported by name, where it is used."""
    needed = {name for path in modules("generated/ventia_client") for name in imported(path)} - sys.stdlib_module_names
    assert {"anyio", "attrs", "httpcore", "httpx", "httpx_retries"} == needed


def test_importing_the_client_imports_no_httpx_yet() -> None:
    """It takes most of the time, and who only makes messages does not need it."""
    code = "import ventia_client.api.interactions.create_message, sys; sys.exit('httpx' in sys.modules)"
    environment = {**os.environ, "PYTHONPATH": str(ROOT / "generated")}
    done = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=False)
    assert (0, "") == (done.returncode, done.stderr)


def test_a_client_without_a_ledger_imports_none() -> None:
    code = (
        "import sys; from ventia_client import Client, create_message; Client('k').get_httpx_client()\n"
        "sys.exit(' '.join(name for name in sys.modules if 'ledger' in name or name == 'sqlite3') or 0)"
    )
    environment = {**os.environ, "PYTHONPATH": str(ROOT / "generated")}
    done = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=False)
    assert (0, "") == (done.returncode, done.stderr)


def test_the_client_works_under_another_name(tmp_path: Path) -> None:
    shutil.copytree(ROOT / "generated/ventia_client", tmp_path / "app" / "vendored")
    use = (
        "from app.vendored import Client; from app.vendored.api.interactions import create_message\n"
        "from app.vendored.models import ChannelMessage\n"
        "Client('k'); import sys; sys.exit('ventia_client' in sys.modules)\n"
    )
    done = subprocess.run([sys.executable, "-c", use], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert (0, "") == (done.returncode, done.stderr)
