"""`python -m ventia_mock`; without the libraries of the stand-in it says what to install."""

from __future__ import annotations

import sys

if __name__ == "__main__":
    try:
        from ventia_mock.command import main
    except ModuleNotFoundError as missing:
        sys.exit(f"{missing}; the stand-in needs the extra [mock]: pip install 'ventia-client[mock]'")
    sys.exit(main())
