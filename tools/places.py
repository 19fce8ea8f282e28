"""Paths of this checkout."""

from __future__ import annotations

from pathlib import Path

from tools import provenance

ROOT = Path(__file__).resolve().parents[1]
PACKAGE = ROOT / provenance.PACKAGE
