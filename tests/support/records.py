"""Records of a journal."""

from __future__ import annotations

from ventia_mock.journal.record import Record


def record(text: str = "Hi", company: str | None = "acme", interaction: str | None = None) -> Record:
    """A message that the stand-in kept."""
    return Record(
        time=0.0,
        company=company,
        operation="createMessage",
        contact="string",
        sender_kind=None,
        sender=None,
        outcome="sent",
        status=200,
        why="",
        rule="",
        fault=None,
        interaction=interaction,
        discrepancies="",
        method="POST",
        url="/",
        headers="",
        body=text,
        answer="",
        size=len(text),
    )
