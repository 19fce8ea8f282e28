"""`python -m ventia_mock`, which says what to install where the stand-in's libraries are missing."""

from __future__ import annotations

import sys

if __name__ == "__main__":
    try:
        from ventia_mock.command import main
    except ModuleNotFoundError as missing:
        sys.exit(f"{missing}; the stand-in needs the extra [mock]: pip install 'ventia-client[mock]'")
    sys.exit(main())
