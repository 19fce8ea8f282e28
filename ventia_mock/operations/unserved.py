"""The error for a part of a document that the stand-in cannot serve."""


class Unserved(Exception):
    """A part of a document that cannot be served: its JSON pointer, and how to mend it."""
