"""Merges a value into another, as an overlay's update or copy does."""

from __future__ import annotations

from ventia_document.source import Json


class MismatchError(Exception):
    """Two values of different kinds, and the keys that lead to them from where the merge began."""

    def __init__(self, old: Json, new: Json, at: tuple[str, ...]) -> None:
        self.old, self.new, self.at = old, new, at


def merged(old: Json, new: Json, *at: str) -> Json:
    """An object with another one's keys added or replaced, an array with items appended, or else the new value.

    Raises:
        MismatchError: an object, an array or a primitive meets a value of another kind.
    """
    if kind(old) != kind(new):
        raise MismatchError(old, new, at)
    if isinstance(old, dict):
        return old | {key: merged(old[key], item, *at, key) if key in old else item for key, item in new.items()}
    return old + new if isinstance(old, list) else new


def kind(value: Json) -> str:
    """An object, an array or a primitive."""
    if isinstance(value, dict):
        return "an object"
    return "an array" if isinstance(value, list) else "a primitive"
