"""Reads, writes and checks OpenAPI documents."""

from pathlib import Path

_here = Path(__file__).parent

_packed = _here / "ventia.yaml"

DOCUMENT = _packed if _packed.exists() else _here.parent / "openapi" / "ventia.yaml"
"""The project's document: in the wheel beside this package, or in `openapi/` of a checkout."""
