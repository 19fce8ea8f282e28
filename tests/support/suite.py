"""Runs the contract suite as a process, against servers of the test's own."""

from __future__ import annotations

import multiprocessing
import os
import re
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

from contract_tests.mutants.application import application
from contract_tests.mutants.servers import server_mutants
from tests.support.stand_in import ROOT, SOURCE
from ventia_mock.app import App
from ventia_mock.http.server import running
from ventia_mock.stand_in import StandIn
from ventia_mock.world.file import read_world

STAND_IN = ROOT / "contract_tests" / "stand-in.toml"
KEY = "s3cret +/key&?"
_WARM = multiprocessing.get_context("forkserver")
_WARM.set_forkserver_preload(["tests.support.warm_suite"])
RULES, EARLIER = "contract_tests/test_rules.py", "contract_tests/test_earlier_failures.py"


def run_suite(*arguments: str, storage: Path | None = None, **variables: str) -> subprocess.CompletedProcess[str]:
    """A run of the suite with few requests, which knows the API key KEY."""
    variables |= {"HYPOTHESIS_STORAGE_DIRECTORY": str(storage)} if storage else {}
    files = [] if any(argument.startswith("contract_tests") for argument in arguments) else ["contract_tests"]
    command = [*files, "-q", "-p", "no:cacheprovider", "--few", "--examples=3", *arguments]
    with TemporaryDirectory() as folder:
        out, err = Path(folder) / "out", Path(folder) / "err"
        process = _WARM.Process(
            target=_run, args=(command, {**os.environ, "VENTIA_API_KEY": KEY, **variables}, out, err)
        )
        process.start()
        process.join()
        return subprocess.CompletedProcess(command, process.exitcode or 0, out.read_text(), err.read_text())


def _run(*arguments: Any) -> None:
    from tests.support import warm_suite  # imported where runs are forked, not in the tests

    warm_suite.run(*arguments)


def stand_in() -> App:
    """A stand-in with the API key KEY."""
    return App(StandIn(SOURCE, read_world(key=KEY)))


def mutant(name: str) -> ASGIApp:
    """The faulty server of a name, with the API key KEY."""
    [found] = [mutant for mutant in server_mutants() if mutant.name == name]
    return application(stand_in(), found.around)


def application_of(response: Response) -> ASGIApp:
    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        await response(scope, receive, send)

    return app


class Recorded:
    """An application that notes the bodies of the requests that reach it, but for those of the preflight."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app
        self.bodies: list[bytes] = []

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        body = b""

        async def noting() -> dict[str, object]:
            nonlocal body
            event = await receive()
            body += event.get("body", b"")
            return dict(event)

        await self.app(scope, noting, send)
        if not scope["path"].startswith("/_mock") and not body.startswith(b'{"preflight"'):
            self.bodies.append(body)


@contextmanager
def targeted(app: ASGIApp, folder: Path, safety: str = "", *, proven: bool = False) -> Iterator[str]:
    """A target file of a running application.

    Args:
        proven: whether the application proves by itself that it reaches nobody; else the file says so.
    """
    with running(app) as url:
        path = folder / "target.toml"
        base_url = f'base_url = "{url}{StandIn(SOURCE).base_path}"'
        first = base_url if proven or safety else f"nobody_is_reached = true\n{base_url}"
        path.write_text(re.sub('base_url = ".*"', first, STAND_IN.read_text()) + safety)
        yield str(path)
