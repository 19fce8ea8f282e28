"""Builds what is released, and finds what an index or an installer would not like about it."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import zipfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

MOCK = "tools/publish/ventia_mock"
"""The folder of the stand-in's pyproject.toml; that of the client is at the root."""

_PAGE = "ventia_mock/page/reference.html"
_TOPLEVEL = {"ventia_client": ["ventia_client"], "ventia_mock": ["ventia_document", "ventia_mock"]}
_ENOUGH = 8  # of pyroma's 10: the rest is for a mail address, and this project has none


class ReleaseError(Exception):
    """A release would not work; the text says why."""


class Release(NamedTuple):
    """The files of a release."""

    client: Path
    mock: Path
    sdist: Path

    @property
    def wheels(self) -> tuple[Path, Path]:
        """The wheels of the client and of the stand-in."""
        return self.client, self.mock


def run(*command: str, cwd: Path | None = None, environment: dict[str, str] | None = None) -> str:
    """The output of a command, without this process's own settings of Python and of the client.

    Raises:
        ReleaseError: it fails.
    """
    own = {name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "VENTIA_"))}
    done = subprocess.run(  # noqa: S603 - our own commands
        command, cwd=cwd, env=own | (environment or {}), capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise ReleaseError(f"{' '.join(command)}: {done.stdout}{done.stderr}")
    return done.stdout


def built(source: Path, folder: Path) -> Release:
    """Build both wheels and the sdist of a checkout, or of an unpacked sdist, into a folder."""
    hatchling = (sys.executable, "-m", "hatchling", "build", "-d", str(folder))
    run(*hatchling, cwd=source)
    run(*hatchling, "-t", "wheel", cwd=source / MOCK)
    [client], [mock] = folder.glob("ventia_client-*.whl"), folder.glob("ventia_mock-*.whl")
    [sdist] = folder.glob("*.tar.gz")
    return Release(client, mock, sdist)


def same(how: str, first: Sequence[Path], second: Sequence[Path]) -> None:
    """Compare the files of two builds.

    Raises:
        ReleaseError: a file of the second one is another.
    """
    for one, other in zip(first, second, strict=True):
        if one.name != other.name or one.read_bytes() != other.read_bytes():
            raise ReleaseError(f"{other.name}: has other bytes than {one.name} when {how}")


def check_names(wheel: Path, version: str) -> None:
    """Check what a wheel holds, and its version.

    Raises:
        ReleaseError: it holds a test, or a file that belongs elsewhere, or lacks one.
    """
    names = zipfile.ZipFile(wheel).namelist()
    name, its_version, *_ = wheel.name.split("-")
    if tests := [each for each in names if re.search(r"(^|[/_])(tests?|conftest)([/_.]|$)", each)]:
        raise ReleaseError(f"{wheel.name}: has tests: {', '.join(tests)}")
    if its_version != version:
        raise ReleaseError(f"{wheel.name}: has not the version {version} of the document")
    top = {each.partition("/")[0] for each in names if ".dist-info/" not in each}
    if top != set(_TOPLEVEL[name]):
        raise ReleaseError(f"{wheel.name}: has {', '.join(sorted(top))}, and not {', '.join(_TOPLEVEL[name])}")
    if name == "ventia_mock" and _PAGE not in names:
        raise ReleaseError(f"{wheel.name}: has no reference page; run make reference")


def check_metadata(release: Release, source: Path) -> Iterator[str]:
    """Have the linters of packages look at a release; a line for each.

    Raises:
        ReleaseError: one of them finds something.
    """
    run(sys.executable, "-m", "twine", "check", "--strict", *map(str, release))
    yield "twine check --strict: the descriptions can be shown on an index"
    for wheel in release.wheels:
        top = ",".join(_TOPLEVEL[wheel.name.partition("-")[0]])
        # Meant: the client holds its license for copies of it (W002), and two packages stand at the top (W009).
        run(sys.executable, "-m", "check_wheel_contents", f"--toplevel={top}", "--ignore=W002,W009", str(wheel))
    yield "check-wheel-contents: each wheel has what belongs to it"
    for folder in (source, source / MOCK):
        run(sys.executable, "-m", "pyroma", f"--min={_ENOUGH}", str(folder))
    yield f"pyroma: at least {_ENOUGH} of 10 for the metadata of each wheel"


def bill_of_materials(python: Path, wheel: Path, folder: Path) -> Path:
    """Write what an environment has (CycloneDX), of a wheel that is installed there with what it requires.

    Raises:
        ReleaseError: the wheel is not in it.
    """
    name, version, *_ = wheel.name.split("-")
    path = folder / f"{name}-{version}.cdx.json"
    options = ("--no-validate", "--output-reproducible", "--of=JSON", f"--output-file={path}")
    command = ("-m", "cyclonedx_py", "environment", *options)
    folder.mkdir(exist_ok=True)
    run(sys.executable, *command, str(python))
    found = {each["name"]: each["version"] for each in json.loads(path.read_text(encoding="utf-8"))["components"]}
    if found.get(name.replace("_", "-")) != version:
        raise ReleaseError(f"{path.name}: lists {', '.join(sorted(found))}, and not {name} {version}")
    return path
