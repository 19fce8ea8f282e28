"""The error of generating."""


class GenerationError(Exception):
    """Nothing was generated; the text says why, and what would work."""
