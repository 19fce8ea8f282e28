"""Docstrings are in the words of CONTRIBUTING's section 'Words'."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.house.sources import ROOT, modules

SECTION = re.search(r"^## Words\n.*?(?=^## )", (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8"), re.M | re.S)
assert SECTION
PHRASES = [phrase for row in re.findall(r"^\| (`.*?) \|", SECTION[0], re.M) for phrase in re.findall(r"`(.+?)`", row)]
FOLDERS = ("benchmarks", "contract_tests", "generated", "tests", "tools", "ventia_document", "ventia_mock")


def docstrings(path: Path) -> Iterator[tuple[int, str]]:
    """The docstrings of a module, those of attributes among them, each with its line."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant) and isinstance(node.value.value, str):
            yield node.lineno, node.value.value


@pytest.mark.parametrize("folder", FOLDERS)
def test_docstrings_are_in_plain_words(folder: str) -> None:
    pattern = re.compile(rf"\b({'|'.join(map(re.escape, PHRASES))})\b", re.I)
    for path in modules(folder):
        for line, text in docstrings(path):
            found = pattern.search(text)
            where = f"{path.relative_to(ROOT)}:{line}"
            assert found is None, f"{where}: {found and found.group()!r}: see 'Words' in CONTRIBUTING.md"


def test_the_section_has_phrases() -> None:
    assert {"told", "heeds", "in whatever form"} < set(PHRASES)
