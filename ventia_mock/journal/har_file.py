"""A HAR 1.2 file that is whole after each exchange."""

from __future__ import annotations

import json
import os
from pathlib import Path

from ventia_document.source import Json

_HEAD = b'{"log": {"version": "1.2", "creator": {"name": "ventia_mock", "version": "1"}, "entries": ['
_TAIL = b"\n]}}\n"


class HarFile:
    """A HAR file; a record that the stand-in made before goes on.

    Raises:
        OSError: the file cannot be opened, or has something else in it.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        try:
            self._file = os.fdopen(os.open(path, os.O_RDWR | os.O_CREAT, 0o600), "r+b", buffering=0)
        except OSError as error:
            raise OSError(f"{path}: cannot be used for a record: {error.strerror}; name another file") from None
        size = os.fstat(self._file.fileno()).st_size
        if size and not self._is_record(size):
            self._file.close()
            raise OSError(f"{path}: cannot be used for a record: something else is in it; name another file")
        self._end, self._between = (size - len(_TAIL), b",\n") if size else (len(_HEAD), b"\n")
        if not size:
            self._file.write(_HEAD + _TAIL)
        elif self._end == len(_HEAD):
            self._between = b"\n"

    def add(self, entry: Json) -> None:
        """Append an exchange.

        Raises:
            OSError: it could not be written; the record stays as it was.
        """
        text = self._between + json.dumps(entry).encode()
        try:
            if os.pwrite(self._file.fileno(), text + _TAIL, self._end) < len(text + _TAIL):
                raise OSError(0, "only a part of it was written")
        except OSError as error:
            os.ftruncate(self._file.fileno(), self._end)
            os.pwrite(self._file.fileno(), _TAIL, self._end)
            raise OSError(f"{self._path}: cannot be written: {error.strerror}") from None
        self._end, self._between = self._end + len(text), b",\n"

    def close(self) -> None:
        """Close the file."""
        self._file.close()

    def _is_record(self, size: int) -> bool:
        descriptor = self._file.fileno()
        begins = os.pread(descriptor, len(_HEAD), 0) == _HEAD
        return begins and os.pread(descriptor, len(_TAIL), size - len(_TAIL)) == _TAIL
