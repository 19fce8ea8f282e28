"""The rules of the house (CONTRIBUTING.md)."""

from __future__ import annotations

import ast
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]

OURS = {"benchmarks", "contract_tests", "tests", "tools", "ventia_client", "ventia_document", "ventia_mock"}
MAY_IMPORT = {
    "benchmarks": {"benchmarks", "ventia_client"},
    "generated/ventia_client": set(),
    "ventia_document": {"ventia_document"},
    "ventia_mock": {"ventia_document", "ventia_mock"},
    "tools": {"tools", "ventia_document"},
    "contract_tests": {"contract_tests", "tools", "ventia_client", "ventia_document", "ventia_mock"},
    "tests": OURS,
}


def imported(path: Path) -> set[str]:
    """The top-level packages that a module imports by their names; what it imports relatively is not among them."""
    return {name.partition(".")[0] for name in imported_modules(path)}


def imported_modules(path: Path) -> set[str]:
    """The names that a module imports, dotted, with the packages around them; relative imports are left out."""
    names = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.level == 0:
            names |= {node.module or "", *(f"{node.module}.{alias.name}" for alias in node.names)}
    return names


def modules(folder: str) -> list[Path]:
    return sorted((ROOT / folder).rglob("*.py"))


@pytest.mark.parametrize("folder", MAY_IMPORT)
def test_imports_run_one_way(folder: str) -> None:
    for path in modules(folder):
        wrong = imported(path) & OURS - MAY_IMPORT[folder]
        assert not wrong, (
            f"{path.relative_to(ROOT)} imports {wrong}; {folder} may import {MAY_IMPORT[folder] or 'none'}"
        )


JUDGES = (
    "oracle/*.py",
    "rules/*.py",
    "target/*.py",
    "wire/*.py",
    "client/values.py",
    "replay.py",
    "run.py",
    "trial.py",
)


def test_who_judges_shares_no_code_with_who_is_judged() -> None:
    """What the suite decides by reaches neither the stand-in nor the client, not even through another module."""
    suite = ROOT / "contract_tests"
    waiting, seen = [path for pattern in JUDGES for path in suite.glob(pattern)], set[Path]()
    while waiting:
        path = waiting.pop()
        seen.add(path)
        for name in imported_modules(path):
            module = ROOT.joinpath(*name.split("."))
            found = [each for each in (module.with_suffix(".py"), module / "__init__.py") if each.is_file()]
            waiting += [each for each in found if each.is_relative_to(suite) and each not in seen]
            assert name.partition(".")[0] not in {"ventia_client", "ventia_mock"}, (
                f"{path.relative_to(ROOT)} imports {name}: what both need of the document belongs in ventia_document"
            )
    assert suite / "oracle" / "judge.py" in seen


def test_nothing_imports_a_test() -> None:
    for folder in MAY_IMPORT:
        for path in modules(folder):
            assert not re.search(r"^\s*(from|import) .*\btest_", path.read_text(encoding="utf-8"), re.M), path


def imports_within(package: str) -> dict[str, set[str]]:
    """The modules of a package, each with those of the package that it imports by name, for types too."""
    paths = {".".join(path.relative_to(ROOT).with_suffix("").parts): path for path in modules(package)}
    within: dict[str, set[str]] = {}
    for module, path in paths.items():
        imports = [
            node
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
            if isinstance(node, ast.ImportFrom) and node.module
        ]
        names = {f"{node.module}.{alias.name}" for node in imports for alias in node.names}
        within[module] = paths.keys() & (names | {str(node.module) for node in imports})
    return within


def test_the_stand_in_has_no_import_circle() -> None:
    left = imports_within("ventia_mock")
    assert len(left) > 40
    while bottom := [module for module, imported in left.items() if not imported & left.keys()]:
        left = {module: imported for module, imported in left.items() if module not in bottom}
    assert {} == left, "these import each other: move what both need into a module below them"


def test_a_folder_of_the_stand_in_has_ten_modules_at_most() -> None:
    for folder in {path.parent for path in modules("ventia_mock")}:
        found = [path.name for path in folder.glob("*.py") if not path.name.startswith("__")]
        assert len(found) <= 10, f"{folder.name}: {found}: give those that belong together a folder"


def test_the_client_needs_little() -> None:
    """httpx and what it stands on, attrs, and what reads Retry-After; redis is imported by name, where it is used."""
    needed = {name for path in modules("generated/ventia_client") for name in imported(path)} - sys.stdlib_module_names
    assert {"attrs", "httpcore", "httpx", "httpx_retries"} == needed


def test_importing_the_client_imports_no_httpx_yet() -> None:
    """It takes most of the time, and who only makes messages does not need it."""
    code = "import ventia_client.api.interactions.create_message, sys; sys.exit('httpx' in sys.modules)"
    environment = {**os.environ, "PYTHONPATH": str(ROOT / "generated")}
    done = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=False)
    assert (0, "") == (done.returncode, done.stderr)


def test_the_client_works_under_another_name(tmp_path: Path) -> None:
    shutil.copytree(ROOT / "generated/ventia_client", tmp_path / "app" / "vendored")
    use = (
        "from app.vendored import Client; from app.vendored.api.interactions import create_message\n"
        "from app.vendored.models import ChannelMessage\n"
        "Client('k'); import sys; sys.exit('ventia_client' in sys.modules)\n"
    )
    done = subprocess.run([sys.executable, "-c", use], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert (0, "") == (done.returncode, done.stderr)


def committed() -> list[Path]:
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=False).stdout
    if not listed:
        pytest.skip("not a git checkout, so there is no list of committed files")
    return [ROOT / name for name in listed.split("\0") if name and (ROOT / name).is_file()]


def test_no_committed_file_names_a_registry_or_a_path_of_this_machine() -> None:
    forbidden = re.compile(rf"pypi\.org|pythonhosted|registry\.npmjs|{re.escape(str(ROOT))}\b|/(?:root/|home/\w)")
    for path in committed():
        found = forbidden.search(path.read_text(encoding="utf-8", errors="replace"))
        assert found is None or path == Path(__file__), f"{path.relative_to(ROOT)} names {found and found.group()}"
        assert path.name not in {"uv.lock", "pylock.toml", "package-lock.json"}, "these record the registry's address"


def test_recipes_of_the_makefile_are_three_lines_at_most() -> None:
    """Logic lives in tools/."""
    recipes = re.findall(
        r"^(\w[^\n]*):[^\n]*\n((?:\t[^\n]*\n)*)", (ROOT / "Makefile").read_text(encoding="utf-8"), re.M
    )
    long = {target for target, lines in recipes if lines.count("\n") > 3}
    assert set() == long


def test_every_suppression_carries_its_reason() -> None:
    bare = re.compile(r"#\s*(noqa|type: ignore|pyright: ignore)(:? ?[\w-]+(\[[\w-]+\])?)?(, ?\w+)*\s*$", re.M)
    for folder in MAY_IMPORT:
        for path in modules(folder) if not folder.startswith("generated") else []:
            found = bare.search(path.read_text(encoding="utf-8"))
            assert found is None, f"{path.relative_to(ROOT)}: {found and found.group()}: say why, after a dash"
