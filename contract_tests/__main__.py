"""The command `ventia-contract`, or `python -m contract_tests`: holds a server to the contract."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any, cast

import pytest

from ventia_document import DOCUMENT
from ventia_document.source import read

_FOLDER = Path(__file__).parent
_ALONE = ("--target", "--url", "--replay", "-n", "--numprocesses")
"""Options with which a run is not divided over processes: a server has one rate limit, and a failure is one request."""


def main(argv: Sequence[str] | None = None) -> int:
    """Run the suite; pytest's exit code, or 4 for a run that cannot begin."""
    arguments = list(sys.argv[1:] if argv is None else argv)
    if {"-h", "--help", "--version"} & set(arguments):
        _explain(arguments)
    return int(pytest.main([*_command(arguments), *arguments]))


class _Options:
    """The suite's options as those of a command."""

    def __init__(self, parser: argparse.ArgumentParser) -> None:
        self._parser = parser

    def getgroup(self, _: str, title: str) -> argparse._ArgumentGroup:
        group = self._parser.add_argument_group(title)
        group.addoption = group.add_argument  # type: ignore[attr-defined]  # pytest's name for it
        return group


def _explain(arguments: Sequence[str]) -> None:
    """Print the help or the version, and exit."""
    from contract_tests.options import add_options  # it imports hypothesis, which a run must import after pytest

    parser = argparse.ArgumentParser(
        prog="ventia-contract",
        description="Hold a server to the contract: the stand-in, or the one of a target file. docs/contract.md says "
        "what such a file is, and what keeps a run from harm.",
        epilog="Further options are pytest's.",
    )
    version = str(read(DOCUMENT).value["info"]["version"])
    parser.add_argument("--version", action="version", version=f"%(prog)s {version}")
    add_options(cast("Any", _Options(parser)))
    parser.parse_known_args(arguments)


def _command(arguments: Sequence[str]) -> list[str]:
    is_alone = any(argument.startswith(_ALONE) for argument in arguments)
    workers = [] if is_alone else [f"--numprocesses={min(4, os.cpu_count() or 1)}"]
    settings = [f"--rootdir={_FOLDER.parent}", f"--config-file={_FOLDER.parent / 'pyproject.toml'}"]
    # Without pytest's list of failed tests, after which the faults would have left the screen.
    return ["-q", "-rN", str(_FOLDER), *settings, "-p", "no:cacheprovider", *workers]


if __name__ == "__main__":
    sys.exit(main())
