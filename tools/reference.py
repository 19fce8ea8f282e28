"""Writes the reference page of the API: `python -m tools.reference`, which runs `tools/publish/reference.py`."""

from __future__ import annotations

import sys

from tools.publish.reference import main

if __name__ == "__main__":
    sys.exit(main())
