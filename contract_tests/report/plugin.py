"""The pytest plugin that collects the results of a run, and reports them on the terminal and in files."""

from __future__ import annotations

import difflib
import os
import re
import sys
import time
import traceback
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from contract_tests.report import from_counters
from contract_tests.report.counters import Counters, read
from contract_tests.report.model import Accepted, Difference, Failure, RunReport
from contract_tests.report.plan import plan
from contract_tests.report.progress import Bar
from contract_tests.report.renderings.junit import junit
from contract_tests.report.renderings.markdown import markdown
from contract_tests.report.renderings.page import page
from contract_tests.report.renderings.screen import screen
from contract_tests.run import SOURCE, Run
from ventia_document.source import Json

_ENDINGS = ("the budget of ", "the server gave no answer to ")
"""Reasons of skipped tests after which nothing more is sent."""
_CLIENTS_TESTS = "test_client.py"
_UNFINISHED = "it has not come to its end, or was killed"


def error_text(error: BaseException) -> str:
    """An exception in a few lines, without what changes from run to run."""
    last = (traceback.extract_tb(error.__traceback__) or [None])[-1]
    where = f" ({Path(last.filename).name}:{last.lineno})" if last else ""
    text = re.sub(r" at 0x[0-9a-fA-F]+", "", f"{type(error).__name__}: {error}")
    return "\n".join([*text.splitlines()[:10], *([where.strip()] if where else [])])


class ReportPlugin:
    """Makes the report of a run, in the process that started it.

    Args:
        folder: where to write the report's files; None to write none.
    """

    def __init__(self, config: pytest.Config, run: Run, folder: Path | None) -> None:
        self._config, self._run, self._folder = config, run, folder
        self._counters: Counters = Counter()
        self._failures: dict[str, list[Failure]] = {"violations": [], "silences": [], "client": [], "suite": []}
        self._differences: dict[str, Difference] = {}
        self._skipped: dict[str, str] = {}
        self._accepted: Counter[str] = Counter()
        self._endings: list[str] = []
        self._has_begun = False
        self._of = self._done = 0
        self._started = time.time()
        self._bar = Bar() if sys.stderr.isatty() else None

    def pytest_sessionstart(self) -> None:
        """Print before the first request what the run may send, and let no report of an earlier run stand."""
        for line in plan(self._run):
            self._config.get_terminal_writer().line(line)
        if self._folder and not self._config.option.collectonly:
            self._write(replace(self.report(), ended=_UNFINISHED))

    def pytest_report_teststatus(self, report: pytest.TestReport) -> tuple[str, str, str] | None:
        """Print no dots where there is a progress bar."""
        return (report.outcome if report.when == "call" else "", "", "") if self._bar and not report.failed else None

    def pytest_collection_finish(self, session: pytest.Session) -> None:
        """Note how many tests there are, in a run without workers."""
        self._of = len(session.items)

    def pytest_xdist_node_collection_finished(self, ids: list[str]) -> None:
        """Note how many tests there are, in a run with workers."""
        self._of = len(ids)

    def pytest_keyboard_interrupt(self) -> None:
        """Note that the run was interrupted."""
        self._endings.append(f"interrupted after {self._done} of {self._of} tests")

    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        """End the bar, and let no run pass in which the server went away, or with an old deviation."""
        if self._bar:
            self._bar.end()
        if not self._ended():
            self._failures["violations"] += self._old_deviations()
        is_gone = any(each.startswith(_ENDINGS[1]) for each in self._endings)
        if session.exitstatus == pytest.ExitCode.OK and (is_gone or self._failures["violations"]):
            session.exitstatus = pytest.ExitCode.TESTS_FAILED

    def pytest_runtest_logstart(self) -> None:
        """Have pytest print no failures from the first test on: the report has them."""
        self._has_begun = True
        self._config.option.tbstyle, self._config.option.reportchars = "no", ""

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Add the result of one test."""
        contract: dict[str, Json] = getattr(report, "contract", {})
        self._counters.update(read(contract.get("counters", [])))
        self._done += report.when == "teardown"
        if self._bar and report.when == "teardown":
            self._bar.show(self._of, self._counters["requests",], len(self._failures["violations"]))
        for difference in contract.get("differences", ()):
            self._add_difference(report.nodeid, difference)
        self._accepted.update(contract.get("accepted", ()))
        for kind in ("violations", "silences"):
            self._failures[kind] += [_failure(report.nodeid, each) for each in contract.get(kind, ())]
        if report.failed and not contract.keys() & {"violations", "silences"}:
            self._add_error(report, contract.get("error", "it ended without a word"))
        if report.skipped and isinstance(report.longrepr, tuple):
            self._add_skip(report.nodeid, report.longrepr[2].removeprefix("Skipped: "))

    def _add_error(self, report: pytest.TestReport, text: str) -> None:
        name = report.nodeid.rpartition("::")[2]
        again = f"{self._run.again} SEED={self._run.seed}"
        kind = "client" if _CLIENTS_TESTS in report.nodeid else "suite"
        self._failures[kind].append(Failure(name, "", report.nodeid, text, (), "", again))

    def _add_skip(self, test: str, why: str) -> None:
        self._skipped[test.partition("[")[2].removesuffix("]").removesuffix(", the rest")] = why
        if why.startswith(_ENDINGS) and why not in self._endings:
            self._endings.append(why)

    def _ended(self) -> str:
        """Why not everything that was planned was asked."""
        reasons = [*self._endings]
        if self._run.replay:
            reasons.append("one failure was replayed, and nothing else was tested")
        reasons += [f"only the tests that match {words!r} were run" for words in [self._config.option.keyword] if words]
        if only := [Path(each).name for each in self._config.args if Path(each.partition("::")[0]).suffix == ".py"]:
            reasons.append(f"only {', '.join(only)} was run")
        if silences := len(self._failures["silences"]):
            reasons.append(f"{silences:,} {'request' if silences == 1 else 'requests'} got no answer")
        if failed := len(self._failures["suite"]):
            reasons.append(f"{failed:,} {'test' if failed == 1 else 'tests'} failed by an error of the suite")
        if self._done < self._of and not self._endings:
            reasons.append(f"only {self._done} of {self._of} tests were run")
        return "; ".join(reasons)

    def _old_deviations(self) -> Iterator[Failure]:
        """Accepted deviations that are to be taken out of the target file."""
        for each in self._run.target.accepted:
            if each.rule not in self._run.accepted:
                why = f"was accepted until {each.until}; mend the server, or accept it for longer"
            elif not self._accepted[each.rule]:
                near = difflib.get_close_matches(each.rule, from_counters.rule_names(self._run), n=1)
                misspelt = f", or is it {near[0]!r}?" if near and near[0] != each.rule else ""
                why = f"no longer occurs; take it out of the target file{misspelt}"
            else:
                continue
            name = f"the accepted deviation from {each.rule!r}"
            yield Failure(name, each.reason, "[[accepted]]", why, (), "", self._run.again)

    def _add_difference(self, test: str, value: dict[str, Json]) -> None:
        """Add a difference, or count it where it was seen before."""
        of_fact = {name: value[name] for name in ("fact", "standing", "count")}
        first = _failure(test, {name: part for name, part in value.items() if name not in (*of_fact, "at")})
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
            rules=from_counters.rules(run, counters, self._skipped),
            responses=from_counters.responses(counters),
            **from_counters.parts(run, counters),
            statuses=from_counters.statuses(run, counters),
            other=from_counters.searches(counters, run.rows),
            failures=tuple(self._failures["violations"]),
            accepted=tuple(
                Accepted(each.rule, each.reason, str(each.until), self._accepted[each.rule])
                for each in run.target.accepted
                if each.rule in self._accepted
            ),
            silences=tuple(self._failures["silences"]),
            of_the_client=tuple(self._failures["client"]),
            of_the_suite=tuple(self._failures["suite"]),
            differences=tuple(self._differences.values()),
            ended=self._ended(),
            notes=from_counters.notes(run),
        )

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        """Print the report, and write its files."""
        if not (self._has_begun or self._endings):
            return
        report = self.report()
        terminalreporter.section("contract")
        terminalreporter.write_line(screen(report, terminalreporter._tw.fullwidth))
        if self._folder:
            self._write(report)
            terminalreporter.write_line(f"report: {self._folder / 'report.html'}")
        if job := os.environ.get("GITHUB_STEP_SUMMARY") if self._folder else None:
            with Path(job).open("a", encoding="utf-8") as summary:
                summary.write(markdown(report))

    def _write(self, report: RunReport) -> None:
        if self._folder:
            self._folder.mkdir(parents=True, exist_ok=True)
            texts = {"report.html": page(report), "summary.md": markdown(report), "junit.xml": junit(report)}
            for name, text in texts.items():
                (self._folder / name).write_text(text, encoding="utf-8")


def _failure(test: str, details: dict[str, Json]) -> Failure:
    return Failure(test=test, **details | {"requests": tuple(details["requests"])})
