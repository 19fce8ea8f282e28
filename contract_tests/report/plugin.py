"""The pytest plugin that collects the results of a run, and reports them on the terminal and in files."""

from __future__ import annotations

import os
import sys
import time
from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from contract_tests.report import account
from contract_tests.report.counters import Counters, read
from contract_tests.report.markdown import markdown
from contract_tests.report.model import Difference, Failure, RunReport
from contract_tests.report.page import page
from contract_tests.report.plan import plan
from contract_tests.report.progress import Bar
from contract_tests.report.screen import screen
from contract_tests.run import SOURCE, Run
from ventia_document.source import Json


class ReportPlugin:
    """Makes the report of a run, in the process that started it.

    Args:
        folder: where to write the page and the summary; None to write neither.
    """

    def __init__(self, config: pytest.Config, run: Run, folder: Path | None) -> None:
        self._config, self._run, self._folder = config, run, folder
        self._counters: Counters = Counter()
        self._failures: list[Failure] = []
        self._differences: dict[str, Difference] = {}
        self._skipped: dict[str, str] = {}
        self._ended = ""
        self._has_begun = False
        self._of = 0
        self._started = time.time()
        self._bar = Bar() if sys.stderr.isatty() else None

    def pytest_sessionstart(self) -> None:
        """Print before the first request what the run may send."""
        for line in plan(self._run):
            self._config.get_terminal_writer().line(line)

    def pytest_report_teststatus(self, report: pytest.TestReport) -> tuple[str, str, str] | None:
        """Print no dots where there is a progress bar."""
        return (report.outcome if report.when == "call" else "", "", "") if self._bar and not report.failed else None

    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        """Note how many tests there are, in a run without workers."""
        self._of = len(items)

    def pytest_xdist_node_collection_finished(self, ids: list[str]) -> None:
        """Note how many tests there are, in a run with workers."""
        self._of = len(ids)

    def pytest_sessionfinish(self) -> None:
        """End the bar."""
        if self._bar:
            self._bar.end()

    def pytest_runtest_logstart(self) -> None:
        """Have pytest print no failures from the first test on: the report has them."""
        self._has_begun = True
        self._config.option.tbstyle, self._config.option.reportchars = "no", ""

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Add the result of one test."""
        contract: dict[str, Json] = getattr(report, "contract", {})
        self._counters.update(read(contract.get("counters", [])))
        if self._bar and report.when == "teardown":
            self._bar.show(self._of, self._counters["requests",], len(self._failures))
        for difference in contract.get("differences", ()):
            self._add_difference(report.nodeid, difference)
        if "violation" in contract:
            violation = contract["violation"]
            self._failures.append(Failure(test=report.nodeid, **violation | {"requests": tuple(violation["requests"])}))
        elif report.failed:
            text, again = str(report.longrepr), f"{self._run.again} SEED={self._run.seed}"
            self._failures.append(
                Failure(report.nodeid, "", report.nodeid, "a test failed otherwise", (), text[-4000:], again)
            )
        if report.skipped and isinstance(report.longrepr, tuple):
            name = report.nodeid.partition("[")[2].removesuffix("]").removesuffix(", the rest")
            self._skipped[name] = report.longrepr[2].removeprefix("Skipped: ")
            if "budget" in report.longrepr[2]:
                self._ended = report.longrepr[2].removeprefix("Skipped: ")

    def _add_difference(self, test: str, value: dict[str, Json]) -> None:
        """Add a difference, or count it where it was seen before."""
        of_fact = {name: value[name] for name in ("fact", "standing", "count")}
        rest = {name: part for name, part in value.items() if name not in (*of_fact, "at")}
        first = Failure(test=test, **rest | {"requests": tuple(rest["requests"])})
        new = Difference(**of_fact, at=tuple(value["at"]), first=first)
        before = self._differences.get(new.fact)
        self._differences[new.fact] = replace(before, count=before.count + new.count) if before else new

    def report(self) -> RunReport:
        """The report of the run so far."""
        run, counters = self._run, self._counters
        return RunReport(
            server="a stand-in that the run started" if run.is_own else run.target.base_url,
            version=SOURCE.value["info"]["version"],
            seed=run.seed,
            started=datetime.fromtimestamp(self._started, UTC).isoformat(timespec="seconds"),
            seconds=time.time() - self._started,
            requests=counters["requests",],
            messages=counters["messages",],
            most=run.target.safety.max_messages if run.target.safety else None,
            rules=account.rules(run, counters, self._skipped),
            responses=account.responses(counters),
            **account.parts(run, counters),
            statuses=account.statuses(run, counters),
            other=account.searches(counters, run.rows),
            failures=tuple(self._failures),
            differences=tuple(self._differences.values()),
            ended=self._ended,
            notes=account.notes(run),
        )

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        """Print the report, and write its files."""
        if not self._has_begun:
            return
        report = self.report()
        terminalreporter.section("contract")
        terminalreporter.write_line(screen(report, terminalreporter._tw.fullwidth))
        if self._folder:
            self._folder.mkdir(parents=True, exist_ok=True)
            (self._folder / "report.html").write_text(page(report), encoding="utf-8")
            (self._folder / "summary.md").write_text(markdown(report), encoding="utf-8")
            terminalreporter.write_line(f"report: {self._folder / 'report.html'}")
            if job := os.environ.get("GITHUB_STEP_SUMMARY"):
                with Path(job).open("a", encoding="utf-8") as summary:
                    summary.write(markdown(report))
