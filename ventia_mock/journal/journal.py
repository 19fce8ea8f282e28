"""Keeps what happened, up to a bound; the oldest go first. What is kept is composed when somebody looks at it."""

from __future__ import annotations

import asyncio
import itertools
import logging
import threading
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Protocol

from ventia_document.source import Json
from ventia_mock.journal.file import JournalFile
from ventia_mock.journal.record import Record

_log = logging.getLogger("ventia_mock")

MOST_RECORDS = 10_000
MOST_BYTES = 16 << 20

_BATCH = 256  # records that wait to be written, at most
_PAUSE = 1.0  # seconds until a file that could not be written is tried again


class Draft(Protocol):
    """What a record is composed of; a record is its own draft."""

    @property
    def company(self) -> str | None:
        """As in the record."""

    @property
    def outcome(self) -> str:
        """As in the record."""

    @property
    def interaction(self) -> str | None:
        """As in the record, unless a key is in it."""

    @property
    def size(self) -> int:
        """Bytes of its long texts."""

    def record(self) -> Record:
        """Compose the record, without any key."""


class Entry:
    """A draft in the journal, and once it was looked at its record."""

    __slots__ = ("draft", "number")

    def __init__(self, number: int, draft: Draft) -> None:
        self.number, self.draft = number, draft

    @property
    def record(self) -> Record:
        """Its record, which takes the place of the draft."""
        draft = self.draft
        if not isinstance(draft, Record) or not draft.number:
            draft = self.draft = draft.record()._replace(number=self.number)
        return draft


class Journal:
    """The records of all exchanges, each with a growing number. It may be used from several threads.

    Args:
        path: the file to keep them in too; None for memory alone.
        most: the largest number of records; they have MOST_BYTES at most together.

    Attributes:
        dropped: number of records that were dropped to keep the bound, since this journal was opened.
        trouble: why the file does not have what is kept; '' if it has, or as soon as it has again.

    Raises:
        OSError: the file cannot be opened, or is no journal of this version.
    """

    def __init__(self, path: Path | None = None, most: int = MOST_RECORDS) -> None:
        self.most, self.dropped, self.trouble = most, 0, ""
        self._listeners: set[Callable[[], None]] = set()
        self._entries: deque[Entry] = deque()
        self._size = self._newest = self._written = 0
        self._is_stale, self._retry = False, 0.0
        self._lock = threading.RLock()
        self._writing: asyncio.Future[None] | None = None
        self._file = JournalFile(path) if path else None
        if self._file:
            self._load(self._file)

    def _load(self, file: JournalFile) -> None:
        for record in itertools.islice(file.newest_first(), self.most):
            self._size += record.size
            if self._size > MOST_BYTES:
                self._size -= record.size
                break
            self._entries.appendleft(Entry(record.number, record))
        self.dropped = file.count() - len(self._entries)
        self._newest = self._written = file.newest()
        self._is_stale = bool(self.dropped)
        self.write()

    def add(self, draft: Draft) -> None:
        """Keep a record, and call the listeners."""
        with self._lock:
            self._newest += 1
            self._entries.append(Entry(self._newest, draft))
            self._size += draft.size
            while len(self._entries) > self.most or self._size > MOST_BYTES:
                self._size -= self._entries.popleft().draft.size
                self.dropped += 1
            if self._file and self._newest - self._written >= _BATCH:
                self.write()
        self._call_listeners()

    async def written(self) -> None:
        """Wait until a file has all records, even if the process is killed; those of one turn are written together."""
        if self._file is None:
            return
        if self._writing is None:
            loop = asyncio.get_running_loop()
            self._writing = loop.create_future()
            loop.call_soon(self._end_turn, self._writing)
        await asyncio.shield(self._writing)  # since it is that of other requests too

    def newest_first(self, company: str | None = None, since: int = 0, until: int = (1 << 62) - 1) -> Iterator[Record]:
        """The records with numbers above `since`, up to `until`, of one company or of all."""
        return (entry.record for entry in self.entries(company, since) if entry.number <= until)

    def entries(self, company: str | None = None, since: int = 0) -> list[Entry]:
        """What is kept with numbers above `since`, of one company or of all, newest first."""
        with self._lock:
            newer = list(itertools.takewhile(lambda entry: entry.number > since, reversed(self._entries)))
        return newer if company is None else [entry for entry in newer if entry.draft.company == company]

    def has_interaction(self, company: str, interaction: str) -> bool:
        """Whether a message of a company became an interaction."""
        wanted = interaction.lower()
        drafts = (entry.draft for entry in self.entries(company))
        return any(draft.interaction and draft.interaction.lower() == wanted for draft in drafts)

    def clear(self, company: str | None = None) -> int:
        """Forget the records of one company or of all; returns their number."""
        return self._forget(lambda entry: company is None or entry.draft.company == company)

    def forget(self, numbers: Iterable[int]) -> int:
        """Forget the records with these numbers; returns how many there were."""
        forgotten = set(numbers)
        return self._forget(lambda entry: entry.number in forgotten)

    def _forget(self, is_forgotten: Callable[[Entry], bool]) -> int:
        with self._lock:
            before = len(self._entries)
            self._entries = deque(entry for entry in self._entries if not is_forgotten(entry))
            self._size = sum(entry.draft.size for entry in self._entries)
            self._is_stale = True
            self.write()
            forgotten = before - len(self._entries)
        self._call_listeners()
        return forgotten

    def newest(self) -> int:
        """The number of the newest record, forgotten or not; 0 if there was none."""
        return self._newest

    def counters(self) -> Json:
        """The number of records that are kept, that are kept at most, and that were dropped."""
        return {"kept": len(self._entries), "most": self.most, "dropped": self.dropped}

    def listen(self, listener: Callable[[], None]) -> Callable[[], None]:
        """Call a function after each change, in the thread that made it; returns a function that ends this."""
        self._listeners.add(listener)
        return lambda: self._listeners.discard(listener)

    def write(self) -> None:
        """Write into the file what it does not have yet; `trouble` says why it cannot be."""
        if self._file is None or time.monotonic() < self._retry:
            return
        with self._lock:
            try:
                self._write(self._file)
            except OSError as error:
                if not self.trouble:
                    _log.error("%s", error)
                self.trouble, self._retry = str(error), time.monotonic() + _PAUSE
            else:
                self.trouble, self._is_stale, self._retry, self._written = "", False, 0.0, self._newest

    def close(self) -> None:
        """Close the file."""
        self._retry = 0.0
        self.write()
        if self._file:
            self._file.close()

    def _write(self, file: JournalFile) -> None:
        since = 0 if self._is_stale else self._written
        records = [entry.record for entry in reversed(self.entries(since=since))]
        if self._is_stale:
            file.rewrite(records, self._newest)
        elif records:
            file.write(records, self._entries[0].number)

    def _end_turn(self, writing: asyncio.Future[None]) -> None:
        self._writing = None
        self.write()
        if not writing.done():
            writing.set_result(None)

    def _call_listeners(self) -> None:
        for listener in tuple(self._listeners):
            listener()
