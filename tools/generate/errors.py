"""The error of generating."""

from __future__ import annotations

from collections.abc import Collection


class GenerationError(Exception):
    """Nothing was generated; the text says why, and what would work.

    Attributes:
        places: JSON pointers of the parts of the document that are refused.
    """

    def __init__(self, message: str, places: Collection[str] = ()) -> None:
        super().__init__(message)
        self.places = places
