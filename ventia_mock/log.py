"""The log on stderr: a line of `name=value` for each request."""

from __future__ import annotations

import asyncio
import logging
import sys
import time
from collections.abc import Callable
from functools import partial
from typing import TextIO

_log = logging.getLogger("ventia_mock")

_PAUSE = 0.05  # seconds that lines may wait for others, since each write by itself takes a tenth of a request's time


class _Formatter(logging.Formatter):
    """Formats the time once a second, and not for each line."""

    def __init__(self) -> None:
        super().__init__()
        self._second, self._time = 0, ""

    def format(self, record: logging.LogRecord) -> str:
        """A line such as `time=2026-11-22T12:00:00+0000 level=INFO method=POST ...`, and a traceback after an error."""
        line = self.line(record.created, record.levelname, record.getMessage)
        return f"{line}\n{self.formatException(record.exc_info)}" if record.exc_info else line

    def line(self, moment: float, level: str, message: Callable[[], str]) -> str:
        """A line of the log."""
        if (second := int(moment)) != self._second:
            self._second, self._time = second, time.strftime("%Y-%m-%dT%H:%M:%S%z", time.localtime(second))
        return f"time={self._time} level={level} {message()}"


_formatter = _Formatter()


class _Handler(logging.StreamHandler[TextIO]):
    """Writes a line at once, or within an event loop soon and together with those that came meanwhile."""

    def __init__(self) -> None:
        super().__init__(sys.stderr)
        self.setFormatter(_formatter)
        self._waiting: list[Callable[[], str]] = []

    def emit(self, record: logging.LogRecord) -> None:
        """Take one line."""
        line = self.format(record)
        self.take(lambda: line)

    def take(self, line: Callable[[], str]) -> None:
        """Take one line, which is made when it is written."""
        self._waiting.append(line)
        if len(self._waiting) > 1:
            return
        try:
            asyncio.get_running_loop().call_later(_PAUSE, self.flush)
        except RuntimeError:
            self.flush()

    def flush(self) -> None:
        """Write the waiting lines."""
        lines, self._waiting = self._waiting, []
        if lines:
            self.stream.write("\n".join([line() for line in lines]) + "\n")
        self.stream.flush()


def log_request(moment: float, line: Callable[[], str]) -> None:
    """Log a request; to stderr without a LogRecord, which takes a tenth of the request's time."""
    for handler in logging.getLogger().handlers:
        if isinstance(handler, _Handler):
            handler.take(partial(_formatter.line, moment, "INFO", line))
            return
    if _log.isEnabledFor(logging.INFO):
        _log.info(line())


def log_to_stderr() -> None:
    """Log from INFO up, without collecting what the lines do not show (see the logging HOWTO, Optimization)."""
    logging.logThreads = logging.logProcesses = logging.logMultiprocessing = False
    logging._srcfile = None
    logging.basicConfig(level=logging.INFO, handlers=[_Handler()])


def flush_log() -> None:
    """Write the waiting lines of the log."""
    for handler in logging.getLogger().handlers:
        handler.flush()
