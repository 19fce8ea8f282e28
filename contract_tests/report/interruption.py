"""Ends an interrupted run between two tests where it cannot be ended at once, so that it has its report."""

from __future__ import annotations

import signal
from collections.abc import Generator
from types import FrameType

import pytest


class InterruptionPlugin:
    """Holds Ctrl-C and SIGTERM back where pytest cannot take them.

    That is while it reports a test, where they look like a defect of its own, and in a step of Python without a line,
    which it fails to show.
    """

    def __init__(self) -> None:
        self._reporting = 0
        self._held_back = False
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, self._interrupt)

    def _interrupt(self, _: int, frame: FrameType | None) -> None:
        has_a_line = frame is not None and frame.f_lineno is not None
        if (self._reporting or not has_a_line) and not self._held_back:
            self._held_back = True
        else:  # a second one is not held back
            raise KeyboardInterrupt

    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_runtest_makereport(self) -> Generator[None, object, object]:
        """Hold back."""
        return (yield from self._held())

    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_runtest_logreport(self) -> Generator[None, object, object]:
        """Hold back."""
        return (yield from self._held())

    def pytest_runtest_logstart(self) -> None:
        """Interrupt before the next test."""
        self._interrupt_late()

    def pytest_runtest_logfinish(self) -> None:
        """Interrupt after the test."""
        self._interrupt_late()

    def _held(self) -> Generator[None, object, object]:
        self._reporting += 1
        try:
            return (yield)
        finally:
            self._reporting -= 1

    def _interrupt_late(self) -> None:
        if self._held_back:
            self._held_back = False
            raise KeyboardInterrupt
