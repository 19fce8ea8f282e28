"""`python -m tools.release`: what it refuses; that it passes is shown by `make release-check`, which needs an index."""

from __future__ import annotations

import importlib.metadata
import json
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from tools.places import ROOT
from tools.publish import wheels

pytestmark = pytest.mark.acceptance


CLIENT, PAGE = "ventia_client/__init__.py", "ventia_mock/page/reference.html"
MOCK = (PAGE, "ventia_document/ventia.yaml")


def made(folder: Path, *names: str, version: str = "0.1.0") -> Path:
    path = folder / f"{'ventia_mock' if PAGE in names else 'ventia_client'}-{version}-py3-none-any.whl"
    with zipfile.ZipFile(path, "w") as wheel:
        for name in names:
            wheel.writestr(name, "")
    return path


def test_a_client_that_was_edited_by_hand_is_not_released(
    checkout: Path, run: Callable[..., subprocess.CompletedProcess[str]]
) -> None:
    with (checkout / "generated/ventia_client/_runtime/key.py").open("a", encoding="utf-8") as file:
        file.write("# by hand\n")
    done = run("tools.release")
    assert (1, "") == (done.returncode, done.stdout)
    assert "run make generate" in done.stderr


def test_wheels_without_tests_and_with_what_belongs_to_them_are_sound(tmp_path: Path) -> None:
    wheels.check_names(made(tmp_path, CLIENT, "ventia_client/contest.py", "ventia_client/latest.py"), "0.1.0")
    wheels.check_names(made(tmp_path, *MOCK), "0.1.0")


@pytest.mark.parametrize(
    "name", ["tests/test_wheel.py", "ventia_client/test_rules.py", "contract_tests/run.py", "conftest.py"]
)
def test_a_wheel_with_a_test_is_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(wheels.ReleaseError, match=f"has tests: {name}"):
        wheels.check_names(made(tmp_path, CLIENT, name), "0.1.0")


def test_a_wheel_of_another_version_than_the_document_is_refused(tmp_path: Path) -> None:
    with pytest.raises(wheels.ReleaseError, match="has not the version"):
        wheels.check_names(made(tmp_path, CLIENT), "0.2.0")


def test_a_stand_in_in_the_wheel_of_the_client_is_refused(tmp_path: Path) -> None:
    with pytest.raises(wheels.ReleaseError, match="has ventia_client, ventia_document, and not ventia_client"):
        wheels.check_names(made(tmp_path, CLIENT, "ventia_document/ventia.yaml"), "0.1.0")


def test_a_stand_in_without_the_reference_page_is_refused(tmp_path: Path) -> None:
    path = made(tmp_path, *MOCK)
    with zipfile.ZipFile(path, "w") as wheel:
        for name in ("ventia_mock/__init__.py", "ventia_document/ventia.yaml"):
            wheel.writestr(name, "")
    with pytest.raises(wheels.ReleaseError, match="run make reference"):
        wheels.check_names(path, "0.1.0")


def test_other_bytes_are_refused(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    with pytest.raises(wheels.ReleaseError, match="has other bytes"):
        wheels.same("built twice", [made(tmp_path, CLIENT)], [made(tmp_path / "a", CLIENT, "more.py")])


def test_a_wheel_that_an_index_would_not_show_is_refused(tmp_path: Path) -> None:
    broken = made(tmp_path, CLIENT)
    release = wheels.Release(broken, broken, broken)
    with pytest.raises(wheels.ReleaseError, match="twine check --strict"):
        list(wheels.check_metadata(release, ROOT))


def test_a_bill_of_materials_lists_the_wheel_and_what_it_requires(tmp_path: Path) -> None:
    """Of this environment, which has the client and much else."""
    version = importlib.metadata.version("ventia-client")
    wheel = tmp_path / f"ventia_client-{version}-py3-none-any.whl"
    bill = json.loads(wheels.bill_of_materials(Path(sys.executable), wheel, tmp_path).read_text(encoding="utf-8"))
    assert {"ventia-client", "attrs", "httpx"} <= {each["name"] for each in bill["components"]}
    with pytest.raises(wheels.ReleaseError, match=r"and not ventia_client 99\.0"):
        wheels.bill_of_materials(Path(sys.executable), tmp_path / "ventia_client-99.0-py3-none-any.whl", tmp_path)


def test_a_command_that_fails_is_reported_with_its_output() -> None:
    with pytest.raises(wheels.ReleaseError, match="no such thing"):
        wheels.run("bash", "-c", "echo no such thing >&2; exit 3")
