"""How many rows of a long table are tested: one of ten of each kind in `make test`, all of them in `make soak`."""

from __future__ import annotations

import os
from collections.abc import Iterable
from typing import TypeVar

import pytest

T = TypeVar("T")

STRIDE = int(os.environ.get("STRIDE", "10"))
"""Of so many rows one is tested."""

thinned = pytest.mark.thinned


def some(*kinds: Iterable[T]) -> list[T]:
    """The rows that are tested of each kind, its first row among them; the test or its module is marked `thinned`."""
    return [row for rows in kinds for row in list(rows)[::STRIDE]]
