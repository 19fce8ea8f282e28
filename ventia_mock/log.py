"""The log on stderr: a line of `name=value` for each request."""

from __future__ import annotations

import asyncio
import logging
import sys
import time
from typing import TextIO

_PAUSE = 0.05  # seconds that lines may wait for others, since each write by itself takes a tenth of a request's time


class _Formatter(logging.Formatter):
    """Formats the time once a second, and not for each line."""

    def __init__(self) -> None:
        super().__init__()
        self._second, self._time = 0, ""

    def format(self, record: logging.LogRecord) -> str:
        """A line such as `time=2026-11-22T12:00:00+0000 level=INFO method=POST ...`, and a traceback after an error."""
        if (second := int(record.created)) != self._second:
            self._second, self._time = second, time.strftime("%Y-%m-%dT%H:%M:%S%z", time.localtime(second))
        line = f"time={self._time} level={record.levelname} {record.getMessage()}"
        return f"{line}\n{self.formatException(record.exc_info)}" if record.exc_info else line


class _Handler(logging.StreamHandler[TextIO]):
    """Writes a line at once, or within an event loop soon and together with those that came meanwhile."""

    def __init__(self) -> None:
        super().__init__(sys.stderr)
        self.setFormatter(_Formatter())
        self._waiting: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        """Take one line."""
        self._waiting.append(self.format(record))
        try:
            loop = asyncio.get_running_loop()
        except RuntimeError:
            self.flush()
        else:
            if len(self._waiting) == 1:
                loop.call_later(_PAUSE, self.flush)

    def flush(self) -> None:
        """Write the waiting lines."""
        lines, self._waiting = self._waiting, []
        if lines:
            self.stream.write("\n".join(lines) + "\n")
        self.stream.flush()


def log_to_stderr() -> None:
    """Log from INFO up, without collecting what the lines do not show (see the logging HOWTO, Optimization)."""
    logging.logThreads = logging.logProcesses = logging.logMultiprocessing = False
    logging._srcfile = None
    logging.basicConfig(level=logging.INFO, handlers=[_Handler()])


def flush_log() -> None:
    """Write the waiting lines of the log."""
    for handler in logging.getLogger().handlers:
        handler.flush()
