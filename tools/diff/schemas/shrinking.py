"""Shrinks a value as long as it shows what it is for."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from ventia_document.source import Json


def shrunk(value: Json, *shows: Callable[[Json], bool]) -> Json:
    """The least value of which all the same is true, by removing and simplifying parts of it."""
    while (
        smaller := next((each for each in _smaller(value) if all(is_so(each) for is_so in shows)), _NONE)
    ) is not _NONE:
        value = smaller
    return value


_NONE = object()


def _smaller(value: Json) -> Iterator[Json]:
    if isinstance(value, dict):
        for key in value:
            yield {name: part for name, part in value.items() if name != key}
        for key, part in value.items():
            yield from ({**value, key: each} for each in _smaller(part))
    elif isinstance(value, list):
        for index, part in enumerate(value):
            yield [*value[:index], *value[index + 1 :]]
            yield from ([*value[:index], each, *value[index + 1 :]] for each in _smaller(part))
    elif isinstance(value, str):
        yield from (
            each for each in ("", "a", "a" * len(value), value[: len(value) // 2], value[:-1]) if _less(each, value)
        )
    elif isinstance(value, int | float) and not isinstance(value, bool):
        yield from (each for each in (0, 1, int(value), int(value) // 2) if abs(each) < abs(value))


def _less(one: str, other: str) -> bool:
    return (len(one), one.count("a") * -1) < (len(other), other.count("a") * -1)
