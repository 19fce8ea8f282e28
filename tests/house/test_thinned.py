"""Tests that take some rows of a long table in `make test` are marked, so that `make soak` runs all rows."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.house.sources import ROOT, imported_modules, modules

STRIDE = ROOT / "tests" / "support" / "stride.py"


def reached(path: Path) -> set[Path]:
    """The modules of tests that a module imports, and those that these import."""
    waiting, seen = [path], set[Path]()
    while waiting:
        module = waiting.pop()
        seen.add(module)
        named = [ROOT.joinpath(*name.split(".")) for name in imported_modules(module) if name.startswith("tests.")]
        files = [file for name in named for file in (name.with_suffix(".py"), name / "__init__.py") if file.is_file()]
        waiting += [file for file in files if file not in seen]
    return seen


TESTS = [path for path in modules("tests") if path.name.startswith("test_") and STRIDE in reached(path)]


@pytest.mark.parametrize("path", TESTS, ids=lambda path: path.name)
def test_a_test_of_some_rows_is_marked_so_that_soak_takes_all(path: Path) -> None:
    texts = [each.read_text(encoding="utf-8") for each in reached(path) - {STRIDE}]
    marks = [text for text in texts if re.search(r"(^pytestmark|^@|_MARKS).*(thinned|mark\.soak)", text, re.M)]
    assert marks, f"{path.relative_to(ROOT)} tests some rows: mark it, or those tests, with thinned of {STRIDE.name}"


def test_there_are_such_tests() -> None:
    assert len(TESTS) > 3
