"""Reads, writes and checks OpenAPI documents, for everything here that works from one."""

from pathlib import Path

_here = Path(__file__).parent

_packed = _here / "ventia.yaml"

DOCUMENT = _packed if _packed.exists() else _here.parent / "openapi" / "ventia.yaml"
"""The project's own document: packed into the wheel, or in a checkout's `openapi/`."""
