"""Ends an interrupted run between two tests where it cannot be ended at once, so that it has its report."""

from __future__ import annotations

import signal
from collections.abc import Generator
from types import FrameType

import pytest


class InterruptionPlugin:
    """Holds Ctrl-C and SIGTERM back while pytest reports a test: raised in there, they look like a defect of pytest."""

    def __init__(self) -> None:
        self._reporting = 0
        self._held_back = False
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, self._interrupt)

    def _interrupt(self, _: int, __: FrameType | None) -> None:
        if self._reporting and not self._held_back:
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
