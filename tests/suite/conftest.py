from __future__ import annotations

from pathlib import Path

import pytest


@pytest.fixture
def own_storage(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Keep what failed in a run to the test that made it."""
    monkeypatch.setenv("HYPOTHESIS_STORAGE_DIRECTORY", str(tmp_path / "storage"))
