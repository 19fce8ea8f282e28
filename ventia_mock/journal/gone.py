"""Notices that a file which is written to was deleted, or that another one has its name."""

from __future__ import annotations

import os
from pathlib import Path

GONE = "was deleted or replaced while it was in use, so nothing is kept in it; start the stand-in again"


def is_there(path: Path, opened: os.stat_result) -> bool:
    """Whether a path still leads to the file that was opened."""
    try:
        return os.path.samestat(path.stat(), opened)
    except OSError:
        return False
