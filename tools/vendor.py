"""Copies the client into an application: `python -m tools.vendor`, which runs `tools/publish/vendor.py`."""

from __future__ import annotations

import sys

from tools.publish.vendor import main

if __name__ == "__main__":
    sys.exit(main())
