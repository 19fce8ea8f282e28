"""`ventia-mock`, or `python -m ventia_mock`; without the libraries of the stand-in it says what to install."""

from __future__ import annotations

import sys
from collections.abc import Sequence


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command; returns 130 if it is interrupted before it serves."""
    try:
        from ventia_mock.command import main
    except ModuleNotFoundError as missing:
        print(f"{missing}; the stand-in needs libraries that come with it: pip install ventia-mock", file=sys.stderr)
        return 1
    try:
        return main(argv)
    except KeyboardInterrupt:  # such as while a large world is read
        return 130


if __name__ == "__main__":
    sys.exit(main())
