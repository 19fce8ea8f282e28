"""The stand-in at its full rate, with a file and with its page open: `FULL_RATE` seconds of it (`make soak`)."""

from __future__ import annotations

import asyncio
import logging
import os
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import pytest
from playwright.sync_api import expect

from tests.support.browser import chromium, in_a_browser
from tests.support.stand_in import BASE, ROOT
from ventia_mock.world.file import SAMPLE_KEY

pytestmark = [pytest.mark.soak, in_a_browser]

SECONDS = float(os.environ.get("FULL_RATE", "2"))
CONNECTIONS = 16
BODY = b'{"channelId": "656b0e1f8e5a2c001f3a9d12", "text": "Hi! Just following up on your inquiry."}'
TARGET = f"{BASE}/contact/66f1a2b33c4d5e0067f8a9b0/message?api-key={SAMPLE_KEY}"
HEAD = f"POST {TARGET} HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: {len(BODY)}\r\n\r\n"

_log = logging.getLogger(__name__)


@contextmanager
def serving(file: Path) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """The command with a file and its log, and its address."""
    options = ["--port", "0", "--no-rate-limit", "--db", str(file)]
    with subprocess.Popen(
        [sys.executable, "-m", "ventia_mock", *options],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    ) as process:
        try:
            assert process.stdout
            yield process, process.stdout.readline().partition("listens on ")[2].partition(BASE)[0]
        finally:
            process.kill()


async def load(url: str, seconds: float) -> list[float]:
    """Send as fast as the server answers, and return the seconds of each request; each must be answered with a 200."""
    address, end, took = urlsplit(url), time.monotonic() + seconds, list[float]()

    async def send_all() -> None:
        reader, writer = await asyncio.open_connection(address.hostname, address.port)
        while (began := time.monotonic()) < end:
            writer.write(HEAD.encode() + BODY)
            head = await reader.readuntil(b"\r\n\r\n")
            assert head.startswith(b"HTTP/1.1 200 "), head
            length = re.search(rb"content-length: (\d+)", head)
            assert length
            await reader.readexactly(int(length[1]))
            took.append(time.monotonic() - began)
        writer.close()

    await asyncio.gather(*(send_all() for _ in range(CONNECTIONS)))
    return took


def memory(process: subprocess.Popen[str]) -> float:
    """Resident MB of a process."""
    status = Path(f"/proc/{process.pid}/status").read_text(encoding="utf-8")
    [kilobytes] = re.findall(r"VmRSS:\s+(\d+) kB", status)
    return int(kilobytes) / 1024


def test_memory_and_file_are_bounded_at_the_full_rate_with_the_page_open(tmp_path: Path) -> None:
    file = tmp_path / "messages.db"
    with serving(file) as (process, url), chromium() as browser, ThreadPoolExecutor(1) as thread:
        page = browser.new_page()
        page.goto(url)
        loading = thread.submit(lambda: asyncio.run(load(url, SECONDS)))
        sizes = []
        while not loading.done():
            page.wait_for_timeout(SECONDS * 50)
            megabytes = sum(each.stat().st_size for each in tmp_path.iterdir()) / 1e6
            sizes.append((memory(process), megabytes))
        took = loading.result()
        health = httpx.get(f"{url}/_mock/health", trust_env=False).json()
        expect(page.locator("body")).to_contain_text("Hi! Just following up on your inquiry.")
    slowest = sorted(took)[int(len(took) * 0.99)]
    resident, disk = (max(each) for each in zip(*sizes, strict=True))
    _log.info(
        "requests=%d rate=%.0f p99_ms=%.1f memory_mb=%.0f file_mb=%.0f",
        *(len(took), len(took) / SECONDS, slowest * 1e3, resident, disk),
    )
    kept = min(len(took), 10_000)
    assert ("ok", kept, len(took)) == (
        health["status"],
        health["journal"]["kept"],
        health["journal"]["kept"] + health["journal"]["dropped"],
    )
    assert resident < 120
    assert disk < 40
    assert slowest < 2
