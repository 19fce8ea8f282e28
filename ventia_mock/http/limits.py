"""The most that a request may hold. The platform documents no such limits: both are guesses, to be corrected here."""

LARGEST_BODY = 1 << 20
"""Bytes of a request body; a larger one is refused as an invalid body."""

MOST_FIELDS = 1000
"""Fields of an object in a body; an object with more is refused as an invalid body."""
