"""Rules for all committed files (CONTRIBUTING.md)."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest

from tests.house.sources import MAY_IMPORT, ROOT, modules


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
