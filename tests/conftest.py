from __future__ import annotations

import os
import shutil
import signal
import socket
import sqlite3
import ssl
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import certifi
import pytest
from playwright.sync_api import Browser

from tests.support.browser import chromium
from ventia_client._runtime.rate_limit import redis_window

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

# What pytest, the suite and the client would read there of the place where the tests run.
for _name in [*os.environ]:
    if _name in {"CI", "BUILD_NUMBER"} or _name.startswith(("GITHUB_", "VENTIA_")):
        del os.environ[_name]

if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:  # a shell has its background jobs, and what they start, ignore it
    signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.fixture(scope="session", autouse=True)
def _one_authority(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Lets httpx trust one authority of its many: reading them all takes each of its clients 25 ms."""
    all_of_them, create = {certifi.where(), os.environ.get("SSL_CERT_FILE")}, ssl.create_default_context
    first, end, _ = Path(certifi.where()).read_text(encoding="utf-8").partition("-----END CERTIFICATE-----")
    one = tmp_path_factory.mktemp("authorities") / "one.pem"
    one.write_text(f"{first}{end}\n", encoding="utf-8")

    def created(*, cafile: str | None = None, **options: Any) -> ssl.SSLContext:
        return create(cafile=str(one) if cafile and cafile in all_of_them else cafile, **options)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(ssl, "create_default_context", created)
        yield


@pytest.fixture(autouse=True)
def _databases() -> Iterator[None]:
    """Closes the SQLite files that a test leaves open: Python 3.13 warns of each that it finds."""
    connect, opened = sqlite3.connect, list[sqlite3.Connection]()

    def connected(*arguments: Any, **options: Any) -> sqlite3.Connection:
        opened.append(connect(*arguments, **options))
        return opened[-1]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sqlite3, "connect", connected)
        yield
    for connection in opened:
        connection.close()


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
        environment = {name: value for name, value in os.environ.items() if not name.startswith("PYTEST_")}
        environment["PYTHONPATH"] = os.pathsep.join([str(checkout), str(checkout / "generated")])
        command = [sys.executable, "-m", *arguments]
        return subprocess.run(command, cwd=checkout, env=environment, capture_output=True, text=True, check=False)

    return run


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as browser:
        yield browser


@pytest.fixture(scope="module")
def redis_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    command = shutil.which("redis-server")
    if command is None:
        pytest.skip("not run: redis-server is not installed (apt-get install redis-server)")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    options = ["--port", str(port), "--bind", "127.0.0.1", "--save", "", "--dir", str(tmp_path_factory.mktemp("redis"))]
    server = subprocess.Popen([command, *options], stdout=subprocess.DEVNULL)
    for _ in range(100):
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                break
        time.sleep(0.05)
    yield f"redis://127.0.0.1:{port}"
    redis_window._process.reporter.finish()  # or it would report to a Redis that is gone, in the logs of other tests
    redis_window._process.begin()
    server.terminate()
    server.wait(10)
