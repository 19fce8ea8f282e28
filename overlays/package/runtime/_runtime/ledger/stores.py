"""What a ledger needs of the place where it keeps its records."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Protocol

from .records import Record, State


class Store(Protocol):
    """Where a ledger keeps its records: one for a key. Write one to keep them in the database of your application.

    Each method is one step: all of it has happened, durably, when it returns, or nothing. Steps come from any thread.
    `call` of a record, with `state`, says whether a record is still the same one.

    Attributes:
        failures: what the store raises if it could not do a step. A call whose message could not be written down sends
            nothing, and raises `errors.LedgerUnavailable`. What else comes out of a step is raised as it is.
    """

    @property
    def failures(self) -> tuple[type[Exception], ...]:
        """What the store raises if it could not do a step."""
        ...

    def add(self, record: Record) -> Record | None:
        """Keep a record if there is none with its key; otherwise return that one, and change nothing."""
        ...

    def change(self, record: Record, to: Record | None) -> bool:
        """Put another record in the place of one that is there unchanged, or nothing; False if it is not there."""
        ...

    def find(self, key: str) -> Record | None:
        """The record with a key."""
        ...

    def records(self, states: Collection[State]) -> Iterable[Record]:
        """All records in some states, the oldest first."""
        ...

    def forget(self, states: Collection[State], before: float) -> int:
        """Remove all records in some states whose calls began before a time, and return how many these were."""
        ...


class StoreFailed(Exception):
    """A store of this package could not do a step; the text says why, and what would work."""

    def __init__(self, text: str, *, is_transient: bool) -> None:
        super().__init__(text)
        self.is_transient = is_transient
