"""Measures the cost of each command by the number of operations.

python -m benchmarks.growth [--copies 100 400]

Each copy of the project's operation has schemas, parameters and responses of its own. The commands run in a folder of
their own, one after the other; seconds are of the CPU, of a command and of all that it starts, so that a busy machine
changes little; memory is the largest of the process.
"""

from __future__ import annotations

import argparse
import copy
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).resolve().parents[1]
INPUTS = (
    "LICENSE",
    "contract_tests",
    "generated",
    "openapi",
    "overlays",
    "tools",
    "ventia_document",
    "ventia_mock",
    "pyproject.toml",
    "requirements.lock",
)
PATH = "/contact/{idcontact}/message"

COMMANDS: dict[str, list[str]] = {
    "lint": ["-m", "tools.lint"],
    "generate": ["-m", "tools.generate"],
    "diff": ["-m", "tools.diff", "HEAD"],
    "suite collected": ["-m", "pytest", "contract_tests", "--collect-only", "-q", "-p", "no:cacheprovider", "--few"],
}
READY = (
    "import resource, time; began = time.process_time();"
    "from ventia_document import DOCUMENT; from ventia_document.check import read_checked;"
    "from ventia_mock.app import App; from ventia_mock.stand_in import StandIn;"
    "from ventia_mock.http.server import running\n"
    "with running(App(StandIn(read_checked(DOCUMENT)))):\n"
    "    print(time.process_time() - began, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)"
)


def grown(document: dict[str, Any], copies: int) -> dict[str, Any]:
    """The document with copies of its operation, each with components of its own."""
    made = copy.deepcopy(document)
    for number in range(1, copies):
        _add_copy(made, document, number)
    return made


def _add_copy(made: dict[str, Any], document: dict[str, Any], number: int) -> None:
    def renamed(value: Any) -> Any:
        return json.loads(re.sub(r'"(#/components/\w+/\w+)"', rf'"\g<1>{number}"', json.dumps(value)))

    for kind in ("schemas", "responses", "parameters"):
        named = document["components"][kind]
        made["components"][kind] |= {f"{name}{number}": renamed(part) for name, part in named.items()}
    # The generator cannot type rules between fields; the overlay that says them otherwise is for the original alone.
    del made["components"]["schemas"][f"Message{number}"]["allOf"]
    operation = renamed(document["paths"][PATH]["post"])
    operation["operationId"] += str(number)
    operation.pop("x-sends", None)
    made["paths"][f"{PATH}{number}"] = {"post": operation}


def measured(copies: int) -> dict[str, str]:
    """The cost of each command, in words."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        _prepare(folder, copies)
        found = {command: f"{_seconds(folder, arguments):.1f} s" for command, arguments in COMMANDS.items()}
        seconds, megabytes = _run(folder, ["-c", READY]).split()
        return found | {"stand-in ready": f"{float(seconds):.1f} s, {float(megabytes):.0f} MB"}


def _prepare(folder: Path, copies: int) -> None:
    for name in INPUTS:
        (shutil.copytree if (ROOT / name).is_dir() else shutil.copy)(ROOT / name, folder / name)
    for command in (["init", "-q"], ["add", "-A"], ["-c", "user.name=x", "-c", "user.email=x", "commit", "-qm", "x"]):
        subprocess.run(["git", *command], cwd=folder, check=True)  # noqa: S607 - our own commands
    path = folder / "openapi/ventia.yaml"
    document = grown(yaml.safe_load(path.read_text(encoding="utf-8")), copies)
    path.write_text(yaml.safe_dump(document, sort_keys=False, allow_unicode=True), encoding="utf-8")


def _seconds(folder: Path, arguments: list[str]) -> float:
    began = os.times()
    _run(folder, arguments)
    ended = os.times()
    return ended.children_user + ended.children_system - began.children_user - began.children_system


def _run(folder: Path, arguments: list[str]) -> str:
    environment = {**os.environ, "PYTHONPATH": f"{folder}{os.pathsep}{folder / 'generated'}"}
    done = subprocess.run(
        [sys.executable, *arguments], cwd=folder, env=environment, capture_output=True, text=True, check=False
    )
    if done.returncode and done.stderr:
        raise SystemExit(f"{' '.join(arguments)} failed:\n{done.stdout[-2000:]}{done.stderr[-2000:]}")
    return done.stdout


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.growth", description="Cost by the number of operations."
    )
    parser.add_argument("--copies", nargs="+", type=int, default=[1, 100, 400], help="how many operations")
    columns = parser.parse_args().copies
    tables = [measured(copies) for copies in columns]
    print("| command |", " | ".join(f"{copies} operations" for copies in columns), "|")
    print("| --- |", " | ".join("---" for _ in columns), "|")
    for command in tables[0]:
        print(f"| {command} |", " | ".join(table[command] for table in tables), "|")


if __name__ == "__main__":
    main()
