"""Which way imports run, and how many modules a folder has (CONTRIBUTING.md)."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

from tests.house.sources import MAY_IMPORT, OURS, ROOT, imported, imported_modules, modules

PACKAGES = ("contract_tests", "overlays/package/runtime", "tools", "ventia_document", "ventia_mock")
MOST_MODULES = 11


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
    assert suite / "oracle" / "requests.py" in seen


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
            node for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))) if isinstance(node, ast.ImportFrom)
        ]
        sources = [(_source(module, node), node.names) for node in imports]
        names = {f"{source}.{alias.name}" for source, aliases in sources for alias in aliases}
        within[module] = paths.keys() & (names | {source for source, _ in sources}) - {module}
    return within


def _source(module: str, node: ast.ImportFrom) -> str:
    """The absolute name of the module from which names are imported."""
    around = module.split(".")[: -node.level] if node.level else []
    return ".".join([*around, *filter(None, [node.module])])


@pytest.mark.parametrize("package", PACKAGES)
def test_a_package_has_no_import_circle(package: str) -> None:
    left = imports_within(package)
    assert len(left) > 8
    while bottom := [module for module, imports in left.items() if not imports & left.keys()]:
        left = {module: imports for module, imports in left.items() if module not in bottom}
    assert {} == left, "these import each other: move what both need into a module below them"


@pytest.mark.parametrize("package", PACKAGES)
def test_a_folder_of_a_package_has_few_modules(package: str) -> None:
    for folder in {path.parent for path in modules(package)}:
        found = [path.name for path in folder.glob("*.py") if not path.name.startswith("__")]
        assert len(found) <= MOST_MODULES, f"{folder.name}: {found}: give those that belong together a folder"


def test_generating_does_not_depend_on_linting() -> None:
    within = imports_within("tools")
    below = {module for module in within if module.startswith(("tools.generate", "tools.overlay", "tools.publish"))}
    assert len(below) > 15
    for module in below:
        assert not [name for name in within[module] if name.startswith("tools.lint")], module
