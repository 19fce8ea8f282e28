"""Finds the lines of the stand-in's code that the requests of the suite execute."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from types import FrameType
from typing import Any, TypeVar

_Value = TypeVar("_Value")


def executed(files: Mapping[str, str], run: Callable[[], _Value]) -> tuple[_Value, set[tuple[str, int]]]:
    """The value of a function, and the lines that it executes, by the name of their file.

    Args:
        files: the names of the files, by their paths.
    """
    seen: set[tuple[str, int]] = set()

    def of_line(frame: FrameType, *_: object) -> Any:
        seen.add((frame.f_code.co_filename, frame.f_lineno))
        return of_line

    def of_call(frame: FrameType, *_: object) -> Any:
        return of_line(frame) if frame.f_code.co_filename in files else None

    before = sys.gettrace()
    sys.settrace(of_call)
    try:
        value = run()
    finally:
        sys.settrace(before)
    return value, {(files[path], line) for path, line in seen}
