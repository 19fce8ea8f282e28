"""Remembers the results of functions for their latest arguments, since a caller's requests are mostly alike."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import ParamSpec, TypeVar

_P = ParamSpec("_P")
_T = TypeVar("_T")


def remembered(function: Callable[_P, _T]) -> Callable[_P, _T]:
    """A function without effects, whose results for a thousand arguments are kept."""
    return lru_cache(1024)(function)  # type: ignore[return-value]  # it takes only what can be hashed
