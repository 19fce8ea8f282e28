"""Proves that a release would work: builds the wheel, installs it in an empty environment, and sends messages with it.

python -m tools.release

It needs the package index, for the wheel's requirements.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tarfile
import tempfile
import zipfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import httpx

from tools import provenance
from tools.places import PACKAGE, ROOT
from tools.publish.reference import code_samples
from ventia_document import DOCUMENT
from ventia_document.source import Json, read


class ReleaseError(Exception):
    """A release would not work; the text says why."""


def main() -> int:
    """Check the release; exit code 0 if it would work, else 1."""
    with tempfile.TemporaryDirectory(prefix="release-") as folder:
        try:
            for line in _checks(Path(folder)):
                print(line, flush=True)
        except ReleaseError as error:
            print(error, file=sys.stderr)
            return 1
    return 0


def _checks(folder: Path) -> Iterator[str]:
    """Check everything; a line for each success, as soon as it is there.

    Raises:
        ReleaseError: a check fails.
    """
    if not provenance.is_current(ROOT, PACKAGE):
        raise ReleaseError(f"{PACKAGE.relative_to(ROOT)} is not what the document makes; run make generate")
    version = str(read(DOCUMENT).value["info"]["version"])
    wheel, sdist = _built(ROOT, folder / "once")
    _same("built twice", (wheel, sdist), _built(ROOT, folder / "twice"))
    yield f"{wheel.name}, {sdist.name}: the same bytes when built twice"
    with tarfile.open(sdist) as archive:
        archive.extractall(folder, filter="data")
    _same("built from the sdist", (wheel,), _built(folder / sdist.name.removesuffix(".tar.gz"), folder / "third")[:1])
    yield f"{wheel.name}: the same bytes when built from the sdist"
    _check_names(wheel, version)
    yield f"{wheel.name}: no test in it, and the version of the document in its name"
    alone, served = _installed(folder / "alone", str(wheel)), _installed(folder / "served", f"{wheel}[mock]")
    yield f"{wheel.name}: installed in an empty environment, and in another with its extra [mock]"
    with _serving(served) as environment:
        for sample in [sample for sample in code_samples() if sample["lang"] == "python"]:
            yield _sent(folder / "sample.py", alone, environment, sample)
        yield f"User-Agent of the messages: {_user_agent(environment['VENTIA_BASE_URL'], version)}"


def _built(source: Path, folder: Path) -> tuple[Path, Path]:
    _run(sys.executable, "-m", "hatchling", "build", "-d", str(folder), cwd=source)
    [wheel], [sdist] = folder.glob("*.whl"), folder.glob("*.tar.gz")
    return wheel, sdist


def _same(how: str, first: Sequence[Path], second: Sequence[Path]) -> None:
    for one, other in zip(first, second, strict=True):
        if one.name != other.name or one.read_bytes() != other.read_bytes():
            raise ReleaseError(f"{other.name}: has other bytes than {one.name} when {how}")


def _check_names(wheel: Path, version: str) -> None:
    names = zipfile.ZipFile(wheel).namelist()
    if tests := [name for name in names if re.search(r"(^|[/_])(tests?|conftest)([/_.]|$)", name)]:
        raise ReleaseError(f"{wheel.name}: has tests: {', '.join(tests)}")
    if wheel.name.split("-")[1] != version:
        raise ReleaseError(f"{wheel.name}: has not the version {version} of the document")
    if "ventia_mock/page/reference.html" not in names:
        raise ReleaseError(f"{wheel.name}: has no reference page; run make reference")


def _installed(folder: Path, what: str) -> Path:
    """The Python of a new environment that has one package and its requirements."""
    _run(sys.executable, "-m", "venv", str(folder))
    python = folder / "bin/python"
    _run(str(python), "-m", "pip", "install", "-q", "--disable-pip-version-check", what)
    return python


def _sent(path: Path, python: Path, environment: dict[str, str], sample: Json) -> str:
    path.write_text(sample["source"], encoding="utf-8")
    mypy = ["-m", "mypy", "--strict", "--no-incremental", f"--python-executable={python}"]
    _run(sys.executable, *mypy, path.name, cwd=path.parent)  # a folder without this project's settings
    output = _run(str(python), "-I", str(path), environment=environment)
    if "MessageSent(" not in output:
        raise ReleaseError(f"the sample {sample['label']!r} was not sent: {output}")
    return f"sample {sample['label']!r}: passes mypy --strict, and was sent to the wheel's stand-in"


@contextmanager
def _serving(python: Path) -> Iterator[dict[str, str]]:
    """Run a stand-in; the result is the environment variables for a client."""
    command = [str(python), "-I", "-m", "ventia_mock", "--port", "0"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as server:  # noqa: S603 - our own command
        assert server.stdout
        output = re.search(r"listens on (\S+) - API key: (\S+)", server.stdout.readline())
        if not output:
            raise ReleaseError("the wheel's stand-in does not start")
        try:
            yield {"VENTIA_BASE_URL": output[1], "VENTIA_API_KEY": output[2]}
        finally:
            server.terminate()


def _user_agent(base_url: str, version: str) -> str:
    """The User-Agent of the messages, which must have the version."""
    messages = httpx.get(httpx.URL(base_url).join("/_mock/messages")).json()["messages"]
    agents = {message["request"]["headers"]["user-agent"] for message in messages}
    if agents != {f"ventia-client/{version}"}:
        raise ReleaseError(f"the messages were sent with the User-Agent {sorted(agents)}, and not of version {version}")
    return f"ventia-client/{version}"


def _run(*command: str, cwd: Path | None = None, environment: dict[str, str] | None = None) -> str:
    own = {name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "VENTIA_"))}
    done = subprocess.run(  # noqa: S603 - our own commands
        command, cwd=cwd, env=own | (environment or {}), capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise ReleaseError(f"{' '.join(command)}: {done.stdout}{done.stderr}")
    return done.stdout


if __name__ == "__main__":
    sys.exit(main())
