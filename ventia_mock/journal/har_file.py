"""A HAR 1.2 file that is whole after each exchange."""

from __future__ import annotations

import json
import logging
import os
import stat
from pathlib import Path

from ventia_document.source import Json
from ventia_mock.journal.gone import GONE, is_there

_log = logging.getLogger("ventia_mock")

_HEAD = b'{"log": {"version": "1.2", "creator": {"name": "ventia_mock", "version": "1"}, "entries": ['
_TAIL = b"\n]}}\n"


class HarFile:
    """A HAR file, which this process has for itself; a record that the stand-in made before goes on.

    Attributes:
        trouble: why an exchange is not in it; '' if each is.

    Raises:
        OSError: the file cannot be opened or written, has something else in it, or another process has it.
    """

    def __init__(self, path: Path) -> None:
        self._path, self.trouble = path, ""
        try:
            self._file = os.fdopen(os.open(path, os.O_RDWR | os.O_CREAT, 0o600), "r+b", buffering=0)
        except OSError as error:
            raise self._unusable(error) from None
        try:
            self._end = self._begin()
        except OSError as error:
            self._file.close()
            raise self._unusable(error) from None
        self._between = b"\n" if self._end == len(_HEAD) else b",\n"

    def _unusable(self, error: OSError) -> OSError:
        return OSError(f"{self._path}: cannot be used for a record: {error.strerror}; name another file")

    def _begin(self) -> int:
        """Take the file, and write the head if it is empty; returns the place of the next exchange."""
        import fcntl  # here, since Windows has none

        descriptor = self._file.fileno()
        if not stat.S_ISREG(os.fstat(descriptor).st_mode):
            raise OSError(0, "it is no regular file")
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise OSError(0, "another stand-in writes it") from None
        size = os.fstat(descriptor).st_size
        if not size:
            self._write(_HEAD, 0)
            return len(_HEAD)
        if not self._is_record(size):
            raise OSError(0, "something else is in it")
        return size - len(_TAIL)

    def add(self, entry: Json) -> None:
        """Append an exchange; where that fails, the record stays as it was."""
        text = self._between + json.dumps(entry).encode()
        try:
            if not is_there(self._path, os.fstat(self._file.fileno())):
                raise OSError(0, GONE)
            self._write(text, self._end)
        except OSError as error:
            if not self.trouble:
                _log.error("%s: cannot be written: %s", self._path, error.strerror)
            self.trouble = f"{self._path}: does not have every exchange: {error.strerror}"
        else:
            self._end, self._between = self._end + len(text), b",\n"

    def close(self) -> None:
        """Close the file."""
        self._file.close()

    def _write(self, text: bytes, at: int) -> None:
        """Write a text and the tail after it.

        Raises:
            OSError: there is no room for it; the file is as before.
        """
        descriptor = self._file.fileno()
        try:
            if os.pwrite(descriptor, text + _TAIL, at) < len(text + _TAIL):
                raise OSError(0, "only a part of it was written")
        except OSError:
            os.ftruncate(descriptor, at)
            if at:
                os.pwrite(descriptor, _TAIL, at)
            raise

    def _is_record(self, size: int) -> bool:
        descriptor = self._file.fileno()
        begins = os.pread(descriptor, len(_HEAD), 0) == _HEAD
        return begins and os.pread(descriptor, len(_TAIL), size - len(_TAIL)) == _TAIL
