"""Hostile requests to the stand-in, which runs as a process of its own: a thousand, or `FUZZ_REQUESTS` (`make soak`).

Every response must have its documented shape, every request that can be answered must be, and the process must live on
in bounded memory. `FUZZ_SEED` repeats a run.
"""

from __future__ import annotations

import json
import os
import re
import secrets
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO
from urllib.parse import unquote, urlsplit

import httpx
import pytest

from tests.mock.fuzz.checker import Caller, Findings, shows_key
from tests.mock.fuzz.connection import RawResponse
from tests.mock.fuzz.request import GOOD, JSON_HEADER, SECRET, target
from tests.support.stand_in import ROOT, SENT
from ventia_document.source import Json
from ventia_mock.control.curl import KEY_VARIABLE

SEED = os.environ.get("FUZZ_SEED") or str(secrets.randbits(32))
REQUESTS_IN_ALL = int(os.environ.get("FUZZ_REQUESTS", "1000"))
CALLERS = 4
MOST_GROWTH, MOST_PEAK = 96 << 20, 160 << 20
"""Bytes that the process may grow by for good, and at any moment: the 16 Mi characters of the journal, of up to 4 bytes
each in SQLite, and what is at work, of which the largest is a page of the inbox."""


@contextmanager
def served(errors: IO[bytes]) -> Iterator[tuple[subprocess.Popen[bytes], str]]:
    """The stand-in as a process, and its URL."""
    command = [sys.executable, "-m", "ventia_mock", "--port", "0", "--no-rate-limit"]
    environment = {**os.environ, KEY_VARIABLE: SECRET}
    with subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, stderr=errors) as process:
        try:
            assert process.stdout
            found = re.search(rb"inbox: (http://\S+)/", process.stdout.readline())
            assert found
            yield process, found[1].decode()
        finally:
            process.kill()


def memory(process: subprocess.Popen[bytes], what: str) -> int | None:
    """Bytes of memory of a process, now (VmRSS) or at the most so far (VmHWM); None on a system without /proc."""
    try:
        status = Path(f"/proc/{process.pid}/status").read_text(encoding="ascii")
    except FileNotFoundError:
        return None
    found = re.search(rf"^{what}:\s+(\d+) kB$", status, re.M)
    return int(found[1]) << 10 if found else None


@dataclass
class Run:
    """The results of all requests, and the state of the server after them."""

    findings: Findings
    errors: str
    seconds: float
    grown: int | None
    peak: int | None
    after: dict[str, tuple[int, bytes]]


def run_all(tmp_path: Path) -> Run:
    """Send all requests."""
    path = tmp_path / "stderr"
    findings = Findings()
    with path.open("wb") as errors, served(errors) as (process, url):
        parts = urlsplit(url)
        callers = [
            Caller((parts.hostname or "", parts.port or 0), f"{SEED}/{number}", findings) for number in range(CALLERS)
        ]
        ask(url)
        before, began = memory(process, "VmRSS"), time.monotonic()
        threads = [
            threading.Thread(target=caller.run, args=(len(range(number, REQUESTS_IN_ALL, CALLERS)),), daemon=True)
            for number, caller in enumerate(callers)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        seconds = time.monotonic() - began
        grown, peak = less(memory(process, "VmRSS"), before), less(memory(process, "VmHWM"), before)
        after = {} if findings.over.is_set() else ask(url)
        if process.poll() is not None:
            findings.add("the server", f"ended with {process.returncode}")
    return Run(findings, path.read_text(encoding="utf-8", errors="replace"), seconds, grown, peak, after)


def less(number: int | None, other: int | None) -> int | None:
    return None if number is None or other is None else number - other


def ask(url: str) -> dict[str, tuple[int, bytes]]:
    """The responses to a valid message and to the control routes."""
    with httpx.Client(base_url=url, trust_env=False, timeout=60) as client:
        heard = {"message": client.post(target(), content=GOOD, headers=dict([JSON_HEADER]))}
        for path in ("/_mock/health", "/_mock/world", "/_mock/faults", "/_mock/messages?outcome=any&limit=1000000"):
            heard[path] = client.get(path)
        return {name: (response.status_code, response.content) for name, response in heard.items()}


def violations(run: Run) -> Iterator[str]:
    """All violations, in words."""
    findings = run.findings
    if findings.wrong:
        yield findings.summary()
    if REQUESTS_IN_ALL != findings.sent.total():
        yield f"{findings.sent.total()} requests were sent"
    if more := findings.unanswered.keys() - UNREADABLE:
        yield f"not answered: {more}"
    yield from (
        f"{kind}: {findings.answered[kind]} answered, and {findings.unanswered[kind]} not"
        for kind in sorted(UNREADABLE - {"cut off"})
        if findings.answered[kind] < 0.4 * (findings.answered[kind] + findings.unanswered[kind])
    )
    if run.grown is not None and run.grown > MOST_GROWTH:
        yield f"the process has grown by {run.grown >> 20} MiB"
    if run.peak is not None and run.peak > MOST_PEAK:
        yield f"the process had grown by {run.peak >> 20} MiB"
    yield from violations_in_log(run.errors)
    yield from violations_in_after(run.after)


UNREADABLE = {"random bytes", "mutated request", "cut off"}
"""What the server may hang up on; where a part of a request is missing, it can but wait for it."""


def violations_in_log(errors: str) -> Iterator[str]:
    for words in ("Traceback", "a fault of the stand-in", SECRET):
        if words in errors or words in unquote(errors):
            text = errors if words in errors else unquote(errors)
            at = text.index(words)
            yield f"in the log, {text.count(words)} times: {text[max(0, at - 300) : at + 3000]}"


def violations_in_after(after: dict[str, tuple[int, bytes]]) -> Iterator[str]:
    """Violations in what a caller gets afterwards, which must be as if nothing had happened."""
    heard: dict[str, Json] = {}
    for name, (status, body) in after.items():
        if status != SENT[0]:
            yield f"{name} is answered afterwards with {status}: {body[:300]!r}"
        elif shows_key(RawResponse(status, [], body)):
            at = unquote(body.decode()).find(SECRET)
            yield f"{name} shows the key: {unquote(body.decode())[max(0, at - 500) : at + 50]}"
        else:
            heard[name] = json.loads(body)
    if "ok" != heard.get("/_mock/health", {}).get("status"):
        yield "the stand-in is not in health"
    if SENT[1].keys() != heard.get("message", {}).keys():
        yield "a good message is not sent"


@pytest.mark.soak
def test_hostile_requests_get_documented_answers_within_bounded_memory(tmp_path: Path) -> None:
    """One test, so that the requests are sent once: it fails with all that was wrong."""
    run = run_all(tmp_path)
    print(f"{run.seconds:.1f} s, grown by {run.grown} bytes, by {run.peak} at the most")  # noqa: T201 - shown with -rP
    found = list(violations(run))
    assert not found, "\n".join([f"FUZZ_SEED={SEED} repeats this", *found])
    if run.grown is None:
        pytest.skip("all else holds, but this system has no /proc, which tells the memory of a process")
