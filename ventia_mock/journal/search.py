"""Looks for messages in the journal, and for those that come later."""

from __future__ import annotations

from collections.abc import Mapping

from ventia_document.source import Json
from ventia_mock.journal.journal import Journal
from ventia_mock.journal.matching import differences, holds, nearest
from ventia_mock.journal.record import Record

_CLOSELY = 200
"""How many of the newest records are compared closely where none is what was looked for."""


class Search:
    """A search that can go on when more has come.

    Args:
        company: whose messages; None for all.
        looked_for: as `matching.wanted` makes it.
        words: that must stand somewhere in a message.

    Attributes:
        found: the records so far, newest first.
    """

    def __init__(
        self, journal: Journal, company: str | None, looked_for: Mapping[str, Json], words: str = "", since: int = 0
    ) -> None:
        self._journal, self._company, self._looked_for, self._words = journal, company, looked_for, words
        self._since = since
        self.found: list[Record] = []

    def go_on(self) -> list[Record]:
        """Look through what came since the last time; returns all that was found."""
        records = list(self._journal.newest_first(self._company, self._since))
        if records:
            self._since = records[0].number
        self.found = [record for record in records if self._fits(record)] + self.found
        return self.found

    def nearest(self) -> list[Json]:
        """What comes nearest to what was looked for, and how it differs."""
        records = self._journal.newest_first(self._company)
        return nearest([record for record, _ in zip(records, range(_CLOSELY), strict=False)], self._looked_for)

    def _fits(self, record: Record) -> bool:
        return not differences(record, self._looked_for) and (not self._words or holds(record, self._words))
