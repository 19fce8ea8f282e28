"""Proves that a release would work: `python -m tools.release`, which runs `tools/publish/release.py`."""

from __future__ import annotations

import sys

from tools.publish.release import main

if __name__ == "__main__":
    sys.exit(main())
