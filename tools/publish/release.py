"""Proves that a release would work: builds it, installs it in empty environments, and sends messages with it.

python -m tools.release

It needs the package index, for what the wheels require. It leaves in dist/ what an environment with each wheel has.
"""

from __future__ import annotations

import re
import subprocess
import sys
import tarfile
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx

from tools import provenance
from tools.places import PACKAGE, ROOT
from tools.publish.reference import code_samples
from tools.publish.wheels import (
    Release,
    ReleaseError,
    bill_of_materials,
    built,
    check_metadata,
    check_names,
    run,
    same,
)
from ventia_document import DOCUMENT
from ventia_document.source import Json, read

_SERVER = {"starlette", "uvicorn", "pyyaml", "ventia-mock"}
"""Of the stand-in; a production install of the client has none of these."""


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
    release = built(ROOT, folder / "once")
    same("built twice", release, built(ROOT, folder / "twice"))
    with tarfile.open(release.sdist) as archive:
        archive.extractall(folder, filter="data")
    unpacked = folder / release.sdist.name.removesuffix(".tar.gz")
    same("built from the sdist", release.wheels, built(unpacked, folder / "third").wheels)
    names = ", ".join(each.name for each in release)
    yield f"{names}: the same bytes when built twice, and the wheels when built from the sdist"
    for wheel in release.wheels:
        check_names(wheel, version)
    yield "no test in the wheels, and the version of the document in their names"
    yield from check_metadata(release, ROOT)
    yield from _used(release, folder, version)


def _used(release: Release, folder: Path, version: str) -> Iterator[str]:
    client, mock = release.wheels
    alone = _installed(folder / "alone", str(client))
    if found := _SERVER & _names(alone):
        raise ReleaseError(f"{client.name}: an install of the client alone brings {', '.join(sorted(found))}")
    yield f"{client.name}: installed in an empty environment, without any server"
    served = _installed(folder / "served", f"{client}[mock]", f"--find-links={mock.parent}")
    yield f"{client.name}: installed in another with its extra [mock], which brings {mock.name}"
    standing = _installed(folder / "standing", str(mock))
    if "ventia-client" in _names(standing):
        raise ReleaseError(f"{mock.name}: brings the client, which it does not need")
    for python, wheel in ((alone, client), (standing, mock)):
        bill = bill_of_materials(python, wheel, ROOT / "dist")
        yield f"{bill.relative_to(ROOT)}: what {wheel.name} requires (CycloneDX)"
    for installed in (served, standing):
        with _serving(installed) as environment:
            for sample in [sample for sample in code_samples() if sample["lang"] == "python"]:
                yield _sent(folder / "sample.py", alone, environment, sample)
            yield f"User-Agent of the messages: {_user_agent(environment['VENTIA_BASE_URL'], version)}"


def _installed(folder: Path, *what: str) -> Path:
    """The Python of a new environment that has packages, what they require, and nothing else, not even pip."""
    run(sys.executable, "-m", "venv", "--without-pip", str(folder))
    python = folder / "bin/python"
    pip = (sys.executable, "-m", "pip", f"--python={python}")
    run(*pip, "install", "-q", "--disable-pip-version-check", *what)
    return python


def _names(python: Path) -> set[str]:
    code = "import importlib.metadata as m; print(*{d.name.lower() for d in m.distributions()})"
    return set(run(str(python), "-c", code).split())


def _sent(path: Path, python: Path, environment: dict[str, str], sample: Json) -> str:
    path.write_text(sample["source"], encoding="utf-8")
    mypy = ["-m", "mypy", "--strict", "--no-incremental", f"--python-executable={python}"]
    run(sys.executable, *mypy, path.name, cwd=path.parent)  # a folder without this project's settings
    output = run(str(python), "-I", str(path), environment=environment)
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


if __name__ == "__main__":
    sys.exit(main())
