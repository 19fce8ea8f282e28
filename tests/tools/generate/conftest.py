from __future__ import annotations

import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from tools.generate.__main__ import main

Generate = Callable[..., "subprocess.CompletedProcess[str]"]


@pytest.fixture
def generate(checkout: Path, capsys: pytest.CaptureFixture[str]) -> Generate:
    """Runs `tools.generate` on a copied checkout in this process, which has the generator imported already."""

    def generate(*arguments: str) -> subprocess.CompletedProcess[str]:
        document, package = checkout / "openapi/ventia.yaml", checkout / "generated/ventia_client"
        code = main(arguments, root=checkout, document=document, package=package)
        printed = capsys.readouterr()
        return subprocess.CompletedProcess(arguments, code, printed.out, printed.err)

    return generate
