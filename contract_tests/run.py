"""What this run is about: the documents, the server under test, the seed; and what it has shown so far."""

from __future__ import annotations

import ipaddress
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from tools import overlay
from ventia_document import DOCUMENT
from ventia_document.check import read_checked
from ventia_document.operations import Operation, operations
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

    def accepting(self, operation: Operation) -> set[str]:
        """The statuses that do not refuse a valid request with a known key.

        A server on this machine is a stand-in, which knows the identifiers of the document's examples. Another may
        refuse a request for what it knows of a channel or a user, by any documented refusal but those of a wrong key or
        of haste.
        """
        documented = {status for status in operation.responses if status < "5"}
        if self.url is None or is_local(self.url):
            return {status for status in documented if status < "3"}
        return documented - {"401", "429"}


def is_local(url: str) -> bool:
    """Whether a URL leads to this machine."""
    host = urlsplit(url).hostname or ""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def overlaid(name: str, document: Json = SOURCE.value) -> Json:
    """The document as one of its consumers sees it: `overlays/document/NAME.yaml` laid over it."""
    # An action of the suite's own overlay fills in what an operation may well have.
    return overlay.apply(document, read(_OVERLAYS / f"{name}.yaml"), allow_unmatched=name == "contract")


current: Run
"""This run; set before any test is collected."""
