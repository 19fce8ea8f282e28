"""What the stand-in cannot serve."""


class Unserved(Exception):
    """A part of a document that the stand-in cannot serve: its JSON pointer, and what to do about it."""
