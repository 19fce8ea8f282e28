"""Searches the journal, and goes on when more messages have come."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from ventia_document.source import Json
from ventia_mock.journal.journal import Journal
from ventia_mock.journal.matching import differences, holds, nearest
from ventia_mock.journal.record import Record

_CLOSELY = 200
"""The number of newest records among which the nearest ones are found."""


class Search:
    """A search that can go on when more messages have come.

    Args:
        company: the company whose messages are searched; None for all.
        query: as `matching.checked` makes it.
        words: a text that a message must contain.
        since: the number of a record; only later ones are searched.

    Attributes:
        matches: the matching records so far, newest first.
    """

    def __init__(
        self, journal: Journal, company: str | None, query: Mapping[str, Json], words: str = "", since: int = 0
    ) -> None:
        self._journal, self._company, self._query, self._words = journal, company, query, words
        self._since = since
        self.matches: list[Record] = []

    def go_on(self) -> list[Record]:
        """Search the records since the last time; returns all matches."""
        for _ in self.steps():
            pass
        return self.matches

    def steps(self) -> Iterator[Record]:
        """The records since the last time, one after the other as they are searched; then `matches` has those found."""
        newest, found = self._since, []
        for record in self._journal.newest_first(self._company, self._since):
            newest = max(newest, record.number)
            if self._matches(record):
                found.append(record)
            yield record
        self._since, self.matches = newest, found + self.matches

    def nearest(self) -> list[Json]:
        """The records that come nearest to the query, each with its differences."""
        records = self._journal.newest_first(self._company)
        return nearest([record for record, _ in zip(records, range(_CLOSELY), strict=False)], self._query)

    def _matches(self, record: Record) -> bool:
        return not differences(record, self._query) and (not self._words or holds(record, self._words))
