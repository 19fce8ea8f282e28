"""Reads, writes and checks OpenAPI documents, for everything here that works from one."""

from pathlib import Path

_here = Path(__file__).parent

DOCUMENT = next(path for path in (_here / "ventia.yaml", _here.parent / "openapi" / "ventia.yaml") if path.exists())
"""The project's own document: packed into the wheel, or in a checkout's `openapi/`."""
