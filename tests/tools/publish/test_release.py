"""`python -m tools.release`: what it refuses; that it passes is shown by `make release-check`, which needs an index."""

from __future__ import annotations

import subprocess
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from tools.publish import release

pytestmark = pytest.mark.acceptance


def made(folder: Path, *names: str, version: str = "0.1.0") -> Path:
    path = folder / f"ventia_client-{version}-py3-none-any.whl"
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


PAGE = "ventia_mock/page/reference.html"


def test_a_wheel_without_tests_and_with_the_page_is_sound(tmp_path: Path) -> None:
    release._check_names(made(tmp_path, PAGE, "ventia_client/contest.py", "ventia_client/latest.py"), "0.1.0")


@pytest.mark.parametrize(
    "name", ["tests/test_wheel.py", "ventia_mock/test_rules.py", "contract_tests/run.py", "conftest.py"]
)
def test_a_wheel_with_a_test_is_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(release.ReleaseError, match=f"has tests: {name}"):
        release._check_names(made(tmp_path, PAGE, name), "0.1.0")


def test_a_wheel_of_another_version_than_the_document_is_refused(tmp_path: Path) -> None:
    with pytest.raises(release.ReleaseError, match="has not the version"):
        release._check_names(made(tmp_path, PAGE), "0.2.0")


def test_a_wheel_without_the_reference_page_is_refused(tmp_path: Path) -> None:
    with pytest.raises(release.ReleaseError, match="run make reference"):
        release._check_names(made(tmp_path, "ventia_client/__init__.py"), "0.1.0")


def test_other_bytes_are_refused(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    with pytest.raises(release.ReleaseError, match="has other bytes"):
        release._same("built twice", [made(tmp_path, PAGE)], [made(tmp_path / "a", PAGE, "more.py")])


def test_a_command_that_fails_is_reported_with_its_output() -> None:
    with pytest.raises(release.ReleaseError, match="no such thing"):
        release._run("bash", "-c", "echo no such thing >&2; exit 3")
