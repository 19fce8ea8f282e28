"""Threads that send commands to Redis, so that a call can end while Redis hangs.

No pool or future of the standard library: the handler of a signal that raises in the middle of their Conditions leaves
these locked, or raises another error.
"""

from __future__ import annotations

from _thread import start_new_thread
from collections import deque
from collections.abc import Callable
from contextlib import suppress
from queue import SimpleQueue

from ..outcomes import OutOfTime
from .slots import Wait

_MOST = 32


class Answer:
    """The answer of Redis to a command, once there is one.

    Attributes:
        is_wanted: whether a call waits for it.

    Args:
        command: sends it.
        wake: wakes the call, from another thread.
    """

    def __init__(self, command: Callable[[], Wait | None], wake: Callable[[], object]) -> None:
        self.is_wanted = True
        self._command, self._wake = command, wake
        self._results: list[Wait | BaseException | None] = []

    def get(self) -> None:
        """Send the command, unless its call has ended, and keep the answer."""
        if self.is_wanted:
            try:
                self._results.append(self._command())
            except BaseException as error:
                self._results.append(error)
            with suppress(RuntimeError):  # the event loop of the call is closed
                self._wake()

    def result(self) -> Wait | None:
        """The answer, or OutOfTime if there is none; raises the error of the command."""
        if not self._results:
            raise OutOfTime("the Redis of the account's rate limit did not answer before the call's deadline")
        result = self._results.pop()
        if not isinstance(result, BaseException):
            return result
        try:
            raise result
        finally:
            del result  # or the error would hold its own traceback, until the garbage collector comes


class Senders:
    """The threads, which are started when they are needed."""

    def __init__(self) -> None:
        self._answers: SimpleQueue[Answer] = SimpleQueue()
        self._idle: deque[None] = deque()
        self._started = 0

    def put(self, answer: Answer) -> None:
        """Have a thread get an answer; raises RuntimeError if none can be started, since the interpreter is ending."""
        try:
            self._idle.pop()
        except IndexError:
            if self._started < _MOST:
                start_new_thread(self._run, ())
                self._started += 1
        self._answers.put(answer)

    def _run(self) -> None:
        while True:
            self._answers.get().get()
            self._idle.append(None)
