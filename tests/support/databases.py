"""Servers of Redis and PostgreSQL that a test starts, kills and starts again, with what they have kept."""

from __future__ import annotations

import os
import pwd
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Protocol

import pytest


class Server(Protocol):
    """A server of a database.

    Attributes:
        url: of the database in it.
    """

    url: str

    def start(self) -> None:
        """Start it, with what it has kept, and wait until it answers."""
        ...

    def kill(self) -> None:
        """Kill it, with no time to write anything."""
        ...


class Redis:
    """A Redis that has each step on the disk before it answers."""

    def __init__(self, folder: Path) -> None:
        self._command, self._folder, self._port = _command("redis-server", "redis-server"), folder, free_port()
        self.url = f"redis://127.0.0.1:{self._port}"

    def start(self) -> None:
        options = ["--port", str(self._port), "--bind", "127.0.0.1", "--save", "", "--dir", str(self._folder)]
        options += ["--appendonly", "yes", "--appendfsync", "always"]
        self._process = subprocess.Popen([self._command, *options], stdout=subprocess.DEVNULL)
        _wait_for(self._port)

    def kill(self) -> None:
        self._process.kill()
        self._process.wait(10)


class Postgres:
    """A PostgreSQL; root runs it as the user that its package has made, since it refuses root."""

    def __init__(self, folder: Path) -> None:
        self._bin = _postgres_bin()
        self._data, self._port = folder / "data", free_port()
        self.url = f"postgresql://postgres@127.0.0.1:{self._port}/postgres"
        if os.geteuid() == 0:
            shutil.chown(folder, "postgres", "postgres")
        self._run("initdb", "--no-sync", "--auth=trust", "--username=postgres", f"--pgdata={self._data}")

    def start(self) -> None:
        options = ["-D", str(self._data), "-p", str(self._port), "-h", "127.0.0.1", "-k", "", "-c", "fsync=off"]
        self._process = subprocess.Popen(
            [str(self._bin / "postgres"), *options],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
            **self._user(),
        )
        for _ in range(200):
            ready = [str(self._bin / "pg_isready"), "-q", "-h", "127.0.0.1", "-p", str(self._port)]
            if subprocess.run(ready, check=False).returncode == 0:
                return
            time.sleep(0.05)
        raise AssertionError("PostgreSQL did not start")

    def kill(self) -> None:
        os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait(10)
        time.sleep(0.2)  # until its other processes are gone too, or the next start finds its memory in use
        (self._data / "postmaster.pid").unlink(missing_ok=True)

    def _run(self, name: str, *arguments: str) -> None:
        done = subprocess.run(
            [str(self._bin / name), *arguments], capture_output=True, text=True, check=False, **self._user()
        )
        assert 0 == done.returncode, done.stderr

    def _user(self) -> dict[str, Any]:
        return {"user": "postgres", "group": "postgres", "cwd": "/"} if os.geteuid() == 0 else {}


SERVERS: dict[str, Callable[[Path], Server]] = {"redis": Redis, "postgres": Postgres}


@contextmanager
def serving(name: str) -> Iterator[Server]:
    """A server that runs; the test is skipped, and says so, where it is not installed.

    Its folder is none of pytest's, which are closed to the user that PostgreSQL runs as.
    """
    with TemporaryDirectory(prefix="ventia-") as folder:
        server = SERVERS[name](Path(folder))
        try:
            server.start()
            yield server
        finally:
            server.kill()


def _postgres_bin() -> Path:
    """The folder of PostgreSQL's commands, which Debian keeps out of the PATH."""
    found = shutil.which("initdb") or next(iter(sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))), None)
    user = "postgres" in {each.pw_name for each in pwd.getpwall()}
    if found is None or (os.geteuid() == 0 and not user):
        pytest.skip("not run: PostgreSQL is not installed (apt-get install postgresql)")
    return Path(found).resolve().parent


def _command(name: str, package: str) -> str:
    command = shutil.which(name)
    if command is None:
        pytest.skip(f"not run: {name} is not installed (apt-get install {package})")
    return command


def free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


def _wait_for(port: int) -> None:
    for _ in range(200):
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.05)
    raise AssertionError(f"nothing listens on {port}")
