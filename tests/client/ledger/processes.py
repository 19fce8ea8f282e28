"""What the programs that are killed have in common: how each process makes its ledger."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

from tests.client.ledger import applications
from ventia_client.ledger import Ledger


def made(kind: str, place: str, shop: str) -> Ledger:
    """A ledger of this process: in the file, or on the server, at a place."""
    if kind == "sqlite":
        return Ledger(place)
    if kind == "redis":
        return Ledger.redis(place)
    return Ledger(applications.sqlalchemy_store(Path(shop), place, makes_tables=False))


def flushed(line: Any) -> None:
    """Write a line, for whoever waits for it."""
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()
