"""The project's commands, run as `python -m tools.NAME`: they read openapi/ and overlays/, and write generated/."""

import os

if os.name != "posix":  # they lock and exchange folders, and end groups of processes
    raise SystemExit(
        "The tools need Linux, macOS, or WSL on Windows; the client and the stand-in run on Windows itself."
    )
