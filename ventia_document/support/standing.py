"""The standing of a part of a document: followed, an annotation, or refused."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from ventia_document.keywords import Holds


class Standing(Enum):
    """Client, stand-in and suite follow it, it changes nothing for them, or lint and generate refuse it."""

    FOLLOWED = "followed"
    ANNOTATION = "annotation"
    REFUSED = "refused"


@dataclass(frozen=True)
class Entry:
    """A field of an object, or a value of one.

    Attributes:
        name: the field or the value as it is written.
        kind: the kind of the objects in the field; empty if they have no fields of their own.
        instead: if it is refused, words for something that would do.
    """

    name: str
    standing: Standing
    kind: str = ""
    holds: Holds = Holds.ONE
    instead: str = ""


def followed(*names: str, kind: str = "", holds: Holds = Holds.ONE) -> list[Entry]:
    """Entries that client, stand-in and suite follow."""
    return [Entry(name, Standing.FOLLOWED, kind, holds) for name in names]


def annotation(*names: str, kind: str = "", holds: Holds = Holds.ONE) -> list[Entry]:
    """Entries that change nothing for client, stand-in and suite."""
    return [Entry(name, Standing.ANNOTATION, kind, holds) for name in names]


def refused(*names: str, instead: str) -> list[Entry]:
    """Entries that lint and generate refuse."""
    return [Entry(name, Standing.REFUSED, instead=instead) for name in names]
