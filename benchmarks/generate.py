"""Compares generating the client after a change to the document with bare openapi-python-client, in the same run.

python -m benchmarks.generate

Both start from a changed document and end with a formatted package; bare is given the document as the client's overlay
leaves it, since it can make nothing of the other. The two take turns, so that whatever else the machine does hits both.
It measures and judges nothing: the exit code is 0 whatever comes out.
"""

from __future__ import annotations

import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
BIN = Path(sys.executable).parent
ROUNDS = 11
TARGET, IDLE_TARGET = 1.3, 50

_COPIED = ("LICENSE", "Makefile", "generated", "openapi", "overlays", "requirements.lock", "tools", "ventia_document")


def main() -> int:
    """Measure, and print."""
    with tempfile.TemporaryDirectory() as folder:
        checkout = Path(folder, "checkout")
        _copy(checkout)
        rounds = [_round(checkout, number) for number in range(ROUNDS)]
        idle = [_timed(checkout, _make()) for _ in range(ROUNDS)]
        start = [_timed(checkout, [sys.executable, "-S", "-c", "pass"]) for _ in range(ROUNDS)]
    ours, bare = (statistics.median(times) for times in zip(*rounds, strict=True))
    print(f"after a change of the document  {ours / bare:.2f} (target {TARGET})  {ours:.2f} s, bare {bare:.2f} s")
    print(
        f"nothing changed, make included  {statistics.median(idle) * 1000:.0f} ms (target {IDLE_TARGET} ms), "
        f"of which python takes {statistics.median(start) * 1000:.0f} ms to start"
    )
    return 0


def _copy(checkout: Path) -> None:
    checkout.mkdir()
    for name in _COPIED:
        copy = shutil.copytree if (ROOT / name).is_dir() else shutil.copy
        copy(ROOT / name, checkout / name)


def _round(checkout: Path, number: int) -> tuple[float, float]:
    """Seconds of ours and of bare, after one more change."""
    document, overlaid, made = checkout / "openapi/ventia.yaml", checkout / "overlaid.yaml", checkout / "bare"
    document.write_text(
        document.read_text(encoding="utf-8").replace("  title: ", f"  x-round-{number}: true\n  title: ", 1),
        encoding="utf-8",
    )
    overlay = [
        sys.executable,
        "-m",
        "tools.overlay",
        str(document),
        "overlays/document/client.yaml",
        "-o",
        str(overlaid),
    ]
    _timed(checkout, overlay)
    shutil.rmtree(made, ignore_errors=True)
    ours = _timed(checkout, [sys.executable, "-m", "tools.generate"])
    bare = _timed(
        checkout,
        [str(BIN / "openapi-python-client"), "generate", f"--path={overlaid}", "--meta=none", f"--output-path={made}"],
    )
    return ours, bare


def _make() -> list[str]:
    return ["make", "-s", "-o", ".venv/ready", f"python={sys.executable}", "generate"]


def _timed(checkout: Path, command: list[str]) -> float:
    """Seconds that a command takes in a copy of this checkout, with nothing imported from this one."""
    environment = {**os.environ, "PYTHONPATH": str(checkout), "PATH": f"{BIN}{os.pathsep}{os.environ['PATH']}"}
    began = time.perf_counter()
    subprocess.run(command, cwd=checkout, env=environment, check=True, capture_output=True)
    return time.perf_counter() - began


if __name__ == "__main__":
    sys.exit(main())
