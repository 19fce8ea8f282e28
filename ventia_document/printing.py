"""The standard output of the project's commands."""

from __future__ import annotations

import sys
from io import TextIOWrapper


def escape() -> None:
    """Escape on stdout what its encoding lacks, as Python does on stderr: under LC_ALL=C that may be ASCII."""
    if isinstance(sys.stdout, TextIOWrapper):
        sys.stdout.reconfigure(errors="backslashreplace")
