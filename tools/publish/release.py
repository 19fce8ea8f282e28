"""Proves that what would be released works: builds it, installs it where nothing else is, and sends a message with it.

python -m tools.release

Needs the package index, for what the wheel requires.
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
from tools.publish.reference import samples
from ventia_document import DOCUMENT
from ventia_document.source import Json, read


class ReleaseError(Exception):
    """What would be released is not sound; the text says how."""


def main() -> int:
    """Check; 0 if all holds, else 1."""
    with tempfile.TemporaryDirectory(prefix="release-") as folder:
        try:
            for told in _checks(Path(folder)):
                print(told, flush=True)
        except ReleaseError as error:
            print(error, file=sys.stderr)
            return 1
    return 0


def _checks(folder: Path) -> Iterator[str]:
    """What holds, a line each, as soon as it is known.

    Raises:
        ReleaseError: something does not.
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
        for sample in [sample for sample in samples() if sample["lang"] == "python"]:
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
    """The Python of a new environment that has one thing and what that needs."""
    _run(sys.executable, "-m", "venv", str(folder))
    python = folder / "bin/python"
    _run(str(python), "-m", "pip", "install", "-q", "--disable-pip-version-check", what)
    return python


def _sent(path: Path, python: Path, environment: dict[str, str], sample: Json) -> str:
    path.write_text(sample["source"], encoding="utf-8")
    mypy = ["-m", "mypy", "--strict", "--no-incremental", f"--python-executable={python}"]
    _run(sys.executable, *mypy, path.name, cwd=path.parent)  # where no settings of ours are
    said = _run(str(python), "-I", str(path), environment=environment)
    if "MessageSent(" not in said:
        raise ReleaseError(f"the sample {sample['label']!r} was not sent: {said}")
    return f"sample {sample['label']!r}: passes mypy --strict, and was sent to the wheel's stand-in"


@contextmanager
def _serving(python: Path) -> Iterator[dict[str, str]]:
    """A stand-in, as the environment in which the client finds it."""
    command = [str(python), "-I", "-m", "ventia_mock", "--port", "0"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as server:  # noqa: S603 - our own command
        assert server.stdout
        said = re.search(r"listens on (\S+) - API key: (\S+)", server.stdout.readline())
        if not said:
            raise ReleaseError("the wheel's stand-in does not start")
        try:
            yield {"VENTIA_BASE_URL": said[1], "VENTIA_API_KEY": said[2]}
        finally:
            server.terminate()


def _user_agent(base_url: str, version: str) -> str:
    """What the stand-in was sent as `User-Agent`, which must tell the version."""
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
