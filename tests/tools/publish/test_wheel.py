"""The wheel: the client, and the stand-in as an extra."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

pytestmark = pytest.mark.acceptance

ROOT = Path(__file__).parents[3]


def built(folder: Path) -> Path:
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)]
    subprocess.run(command, cwd=ROOT, capture_output=True, check=True)
    [path] = folder.glob("ventia_client-*.whl")
    return path


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> zipfile.ZipFile:
    return zipfile.ZipFile(built(tmp_path_factory.mktemp("dist")))


def metadata(wheel: zipfile.ZipFile) -> str:
    [name] = [name for name in wheel.namelist() if name.endswith("/METADATA")]
    return wheel.read(name).decode()


def test_it_holds_the_client_the_stand_in_and_the_document(wheel: zipfile.ZipFile) -> None:
    names = set(wheel.namelist())
    assert {"ventia_client/py.typed", "ventia_client/LICENSE", "ventia_client/PROVENANCE.json"} < names
    assert {"ventia_mock/__main__.py", "ventia_document/ventia.yaml", "ventia_document/openapi-3.1.json"} < names
    top = {name.partition("/")[0] for name in names if ".dist-info/" not in name}
    assert {"ventia_client", "ventia_document", "ventia_mock"} == top
    assert [] == [name for name in names if "test" in name]


def test_it_requires_little_and_the_rest_for_the_stand_in_and_redis(wheel: zipfile.ZipFile) -> None:
    required = re.findall(r"^Requires-Dist: ([\w-]+)[^;\n]*(?:;.*extra == '(\w+)')?", metadata(wheel), re.M)
    assert {"anyio", "attrs", "httpcore", "httpx", "httpx-retries"} == {name for name, extra in required if not extra}
    assert {"mock", "redis"} == {extra for _, extra in required if extra}


def test_its_version_is_the_documents(wheel: zipfile.ZipFile) -> None:
    document = (ROOT / "openapi" / "ventia.yaml").read_text(encoding="utf-8")
    [version] = re.findall(r"^  version: (\S+)$", document, re.M)
    assert f"\nVersion: {version}\n" in metadata(wheel)


def test_its_description_has_no_link_that_leads_nowhere_on_an_index(wheel: zipfile.ZipFile) -> None:
    head, _, description = metadata(wheel).partition("\n\n")
    assert "\nDescription-Content-Type: text/markdown" in head
    assert description.startswith("# ventia-client\n")
    assert "| `docs/client.md` |" in description
    links = re.findall(r"\]\(([^)]*)\)|\]: *(\S+)|(?:href|src)=(\S+)", description)
    assert links
    assert [] == [link for link in links if not "".join(link).startswith("https://")]


def test_the_stand_in_runs_from_it(wheel: zipfile.ZipFile, tmp_path: Path) -> None:
    wheel.extractall(tmp_path)
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


def test_it_is_the_same_bytes_when_built_again(wheel: zipfile.ZipFile, tmp_path: Path) -> None:
    assert wheel.filename
    once, again = Path(wheel.filename), built(tmp_path)
    assert (once.name, once.read_bytes()) == (again.name, again.read_bytes())
