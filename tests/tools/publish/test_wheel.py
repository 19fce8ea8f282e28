"""The wheels: of the client, and of the stand-in."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from tools.publish.wheels import MOCK

pytestmark = pytest.mark.acceptance

ROOT = Path(__file__).parents[3]


def built(folder: Path, source: Path = ROOT) -> Path:
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)]
    subprocess.run(command, cwd=source, capture_output=True, check=True)
    [path] = folder.glob("*.whl")
    return path


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> zipfile.ZipFile:
    """The client's."""
    return zipfile.ZipFile(built(tmp_path_factory.mktemp("client")))


@pytest.fixture(scope="module")
def mock(tmp_path_factory: pytest.TempPathFactory) -> zipfile.ZipFile:
    """The stand-in's."""
    return zipfile.ZipFile(built(tmp_path_factory.mktemp("mock"), ROOT / MOCK))


def metadata(wheel: zipfile.ZipFile) -> str:
    [name] = [name for name in wheel.namelist() if name.endswith("/METADATA")]
    return wheel.read(name).decode()


def required(wheel: zipfile.ZipFile, extra: str = "") -> set[str]:
    found = re.findall(r"^Requires-Dist: ([\w-]+)([^;\n]*)(?:;(?:.*extra == '(\w+)')?.*)?$", metadata(wheel), re.M)
    return {name + (bound if extra else "") for name, bound, of_extra in found if of_extra == extra}


def top(wheel: zipfile.ZipFile) -> set[str]:
    return {name.partition("/")[0] for name in wheel.namelist() if ".dist-info/" not in name}


def test_the_client_is_alone_in_its_wheel(wheel: zipfile.ZipFile) -> None:
    names = set(wheel.namelist())
    assert {"ventia_client/py.typed", "ventia_client/LICENSE", "ventia_client/PROVENANCE.json"} < names
    assert {"ventia_client"} == top(wheel)
    assert [] == [name for name in names if "test" in name or "entry_points" in name]
    assert sum(each.file_size for each in wheel.infolist()) < 1 << 20


def test_the_wheel_of_the_stand_in_holds_the_document_too(mock: zipfile.ZipFile) -> None:
    names = set(mock.namelist())
    assert {"ventia_mock/__main__.py", "ventia_document/ventia.yaml", "ventia_document/openapi-3.1.json"} < names
    assert {"ventia_mock/py.typed", "ventia_document/py.typed"} < names
    assert {"ventia_mock", "ventia_document"} == top(mock)
    [entries] = [name for name in names if name.endswith("/entry_points.txt")]
    assert {"ventia-mock = ventia_mock.__main__:main", "ventia_mock = ventia_mock.plugin"} < set(
        mock.read(entries).decode().splitlines()
    )


def test_each_requires_little(wheel: zipfile.ZipFile, mock: zipfile.ZipFile) -> None:
    assert {"anyio", "attrs", "httpcore", "httpx", "httpx-retries"} == required(wheel)
    assert {"httptools", "jsonschema-rs", "pyyaml", "starlette", "uvicorn", "uvloop"} == required(mock)
    assert {f"ventia-mock=={version()}"} == required(wheel, "mock")
    assert {"redis>=5.0.1"} == required(wheel, "redis")


def version() -> str:
    document = (ROOT / "openapi" / "ventia.yaml").read_text(encoding="utf-8")
    [version] = re.findall(r"^  version: (\S+)$", document, re.M)
    return str(version)


def test_their_version_is_the_documents(wheel: zipfile.ZipFile, mock: zipfile.ZipFile) -> None:
    for each in (wheel, mock):
        assert f"\nVersion: {version()}\n" in metadata(each)


def test_they_name_authors_license_pythons_and_a_page(wheel: zipfile.ZipFile, mock: zipfile.ZipFile) -> None:
    for each in (wheel, mock):
        head, _, _ = metadata(each).partition("\n\n")
        for name in ("Author", "License-Expression", "License-File", "Keywords", "Project-URL", "Requires-Python"):
            assert f"\n{name}: " in head
        assert "Classifier: Programming Language :: Python :: 3.14\n" in head


def test_its_description_has_no_link_that_leads_nowhere_on_an_index(wheel: zipfile.ZipFile) -> None:
    head, _, description = metadata(wheel).partition("\n\n")
    assert "\nDescription-Content-Type: text/markdown" in head
    assert description.startswith("# ventia-client\n")
    assert "| `docs/client.md` |" in description
    links = re.findall(r"\]\(([^)]*)\)|\]: *(\S+)|(?:href|src)=(\S+)", description)
    assert links
    assert [] == [link for link in links if not "".join(link).startswith("https://")]


def test_the_stand_in_runs_from_its_wheel(mock: zipfile.ZipFile, tmp_path: Path) -> None:
    mock.extractall(tmp_path)
    code = (
        "import ventia_document, ventia_mock.stand_in as s, ventia_document.check as c\n"
        "assert ventia_document.DOCUMENT.parent.name == 'ventia_document', ventia_document.DOCUMENT\n"
        "print(s.StandIn(c.read_checked(ventia_document.DOCUMENT)).base_path)\n"
    )
    environment = {**os.environ, "PYTHONPATH": str(tmp_path)}
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=tmp_path, env=environment, capture_output=True, text=True, check=False
    )
    assert ("/api/v1.0\n", "") == (done.stdout, done.stderr)


def test_they_are_the_same_bytes_when_built_again(
    wheel: zipfile.ZipFile, mock: zipfile.ZipFile, tmp_path: Path
) -> None:
    for each, source in ((wheel, ROOT), (mock, ROOT / MOCK)):
        assert each.filename
        once, again = Path(each.filename), built(tmp_path / source.name, source)
        assert (once.name, once.read_bytes()) == (again.name, again.read_bytes())
