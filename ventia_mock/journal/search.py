"""Searches the journal, and goes on when more messages have come."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from ventia_document.source import Json
from ventia_mock.journal.journal import Entry, Journal
from ventia_mock.journal.matching import differences, holds, nearest

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
        self.matches: list[Entry] = []

    def go_on(self) -> list[Entry]:
        """Search the records since the last time; returns all matches."""
        for _ in self.steps():
            pass
        return self.matches

    def steps(self) -> Iterator[Entry]:
        """The records since the last time, one after the other as they are searched; then `matches` has those found."""
        entries, found = self._journal.entries(self._company, self._since), []
        for entry in entries:
            if self._matches(entry):
                found.append(entry)
            yield entry
        self._since = entries[0].number if entries else self._since
        self.matches = found + self.matches

    def nearest(self) -> list[Json]:
        """The records that come nearest to the query, each with its differences."""
        records = self._journal.newest_first(self._company)
        return nearest([record for record, _ in zip(records, range(_CLOSELY), strict=False)], self._query)

    def _matches(self, entry: Entry) -> bool:
        if entry.draft.outcome not in self._query["outcome"]:
            return False
        if self._query.keys() == {"outcome"} and not self._words:
            return True  # without composing its record
        return not differences(entry.record, self._query) and (not self._words or holds(entry.record, self._words))
