"""The modules of the repository, and their imports."""

from __future__ import annotations

import ast
from pathlib import Path

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
