"""What this run is about: the documents, the server under test, the seed; and what it has shown so far."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

from tools import overlay
from ventia_document import DOCUMENT
from ventia_document.check import read_checked
from ventia_document.operations import operations
from ventia_document.source import Json, read

_OVERLAYS = Path(__file__).parents[1] / "overlays" / "document"

SOURCE = read_checked(DOCUMENT)
OPERATIONS = operations(SOURCE.value)


@dataclass
class Run:
    """One run of the suite.

    Attributes:
        url: of the server under test, None for a stand-in of the run's own.
        key: the API key that the server knows.
        pins: values for path parameters that every request must have, by name.
        seed: of everything that is drawn.
        examples: how many cases are drawn, each for valid and for invalid requests to an operation.
    """

    url: str | None
    key: str = field(repr=False)
    pins: dict[str, str]
    seed: int
    examples: int
    shown: Counter[tuple[str, str]] = field(default_factory=Counter)
    """How often something was shown: what it was shown of, and what."""


def overlaid(name: str) -> Json:
    """The document as one of its consumers sees it: `overlays/document/NAME.yaml` laid over it."""
    return overlay.apply(SOURCE.value, read(_OVERLAYS / f"{name}.yaml"))


current: Run
"""This run; set before any test is collected."""
