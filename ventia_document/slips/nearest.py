"""The name that a misspelt one was meant to be."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches

_CLOSENESS = 0.7


def nearest(name: str, names: Iterable[str]) -> str:
    """The name that is nearest to another, in capitals or not; empty if none is near."""
    folded = {each.lower(): each for each in sorted(names)}
    return next((folded[each] for each in get_close_matches(name.lower(), folded, 1, _CLOSENESS)), "")
