"""An interruption of a run waits for the end of a report, and for nothing else."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

import pytest

from contract_tests.report.interruption import InterruptionPlugin


@pytest.fixture
def plugin() -> Iterator[InterruptionPlugin]:
    before = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}
    yield InterruptionPlugin()
    for number, handler in before.items():
        signal.signal(number, handler)


@pytest.mark.usefixtures("plugin")
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_within_a_test_it_comes_at_once(number: signal.Signals) -> None:
    with pytest.raises(KeyboardInterrupt):
        os.kill(os.getpid(), number)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_within_a_report_it_waits_for_the_end_of_the_test(plugin: InterruptionPlugin, number: signal.Signals) -> None:
    reporting = plugin.pytest_runtest_makereport()
    next(reporting)
    os.kill(os.getpid(), number)
    with pytest.raises(StopIteration) as ended:
        reporting.send("the report")
    assert "the report" == ended.value.value
    with pytest.raises(KeyboardInterrupt):
        plugin.pytest_runtest_logfinish()
    plugin.pytest_runtest_logstart()  # it is over


def test_in_a_step_without_a_line_it_waits_for_the_next_test(plugin: InterruptionPlugin) -> None:
    """Python 3.11 has such steps at the beginning of `with`, and pytest raises a TypeError when it shows one."""
    handler: Any = signal.getsignal(signal.SIGTERM)
    handler(signal.SIGTERM, SimpleNamespace(f_lineno=None))
    with pytest.raises(KeyboardInterrupt):
        plugin.pytest_runtest_logstart()


def test_a_second_one_does_not_wait(plugin: InterruptionPlugin) -> None:
    next(reporting := plugin.pytest_runtest_logreport())
    os.kill(os.getpid(), signal.SIGINT)
    with pytest.raises(KeyboardInterrupt):
        os.kill(os.getpid(), signal.SIGINT)
    reporting.close()
