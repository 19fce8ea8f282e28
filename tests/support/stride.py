"""Thins long tables: `make test` takes one row of ten of each kind, and `make soak` takes them all."""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from typing import TypeVar

import pytest

T = TypeVar("T")
U = TypeVar("U")

STRIDE = int(os.environ.get("STRIDE", "10"))
"""Of so many rows one is tested."""

thinned = pytest.mark.thinned


def some(*kinds: Iterable[T]) -> list[T]:
    """The rows that are tested of each kind, its first row among them; the test or its module is marked `thinned`."""
    return [row for rows in kinds for row in list(rows)[::STRIDE]]


def paired(names: Iterable[T], values: Sequence[U]) -> list[tuple[T, U]]:
    """Each name with some of the values, another of them first in turn."""
    turns = ((name, number % len(values)) for number, name in enumerate(names))
    return some(*([(name, value) for value in [*values[first:], *values[:first]]] for name, first in turns))
