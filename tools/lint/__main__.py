"""Lints the document, by itself and under each overlay: a line a finding, with its file, line and column.

python -m tools.lint
"""

from __future__ import annotations

import gc
import os
import sys
from pathlib import Path

from tools.lint.report import lint
from ventia_document import DOCUMENT, printing
from ventia_document.source import DocumentError

OVERLAYS = DOCUMENT.parents[1] / "overlays" / "document"


def main() -> int:
    """Print the findings; exit code 1 if there are any."""
    printing.escape()
    try:
        report = lint(_from_here(DOCUMENT), [_from_here(path) for path in sorted(OVERLAYS.glob("*.yaml"))])
    except DocumentError as error:
        print(error)
        return 1
    print(*report.lines(), sep="\n")
    return 1 if any(report.findings.values()) else 0


def _from_here(path: Path) -> Path:
    return Path(os.path.relpath(path))


if __name__ == "__main__":
    gc.disable()  # which takes a fifth of the time, and frees next to nothing before the end
    sys.exit(main())
