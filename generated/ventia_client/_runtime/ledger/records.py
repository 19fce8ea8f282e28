"""The records of a ledger: what is known of each message that is sent once."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, Literal

from attrs import asdict, evolve, frozen

State = Literal["under way", "unknown", "sent", "queued"]

TAKEN: tuple[State, ...] = ("sent", "queued")
"""The states of messages that the service has taken."""

OPEN: tuple[State, ...] = ("under way", "unknown")
"""The states of messages whose end is not known, or not yet."""


@frozen
class Record:
    """What a ledger knows of one message.

    Attributes:
        key: the argument `once` of its calls.
        state: `under way`, `unknown`, `sent` or `queued`.
        began: when its call began, as seconds since 1970.
        until: when its call must have ended; one that is still under way then counts as unknown.
        call: a name for the call that no other has.
        by: the host and the process that made the call.
        operation: the operation of the document.
        contact: the contact that the message is for.
        prints: the fingerprints of the message's parts.
        body: the message itself, where the ledger keeps bodies.
        answer: the answer of the service, where that took the message.
        note: how the call ended, where it is unknown whether the message was sent.
    """

    key: str
    state: State
    began: float
    until: float
    call: str
    by: str
    operation: str
    contact: str
    prints: Mapping[str, str]
    body: Any = None
    answer: Mapping[str, Any] | None = None
    note: str | None = None

    @property
    def at(self) -> datetime:
        """When its call began, in UTC."""
        return datetime.fromtimestamp(self.began, UTC)

    def seen(self, now: float) -> Record:
        """The record as it counts at a moment: what is under way past its time is unknown."""
        if self.state != "under way" or now <= self.until:
            return self
        return evolve(self, state="unknown", note="its call never ended: the process died, or the ledger failed")

    def to_json(self) -> str:
        """The record as one line of ASCII, always the same for the same record."""
        return json.dumps(asdict(self), sort_keys=True, separators=(",", ":"))

    @classmethod
    def from_json(cls, text: str | bytes) -> Record:
        """The record that a text was made of."""
        return cls(**json.loads(text))


def iso(record: Record) -> str:
    """When a record's call began, in ISO 8601, to the second."""
    return record.at.isoformat(timespec="seconds")
