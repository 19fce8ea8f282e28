"""All findings in a document, and in it under each of its overlays."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from tools.lint import checks, redocly
from tools.lint.description_checks import actions_without_a_description
from tools.lint.targets import LintTarget, overlaid, plain
from tools.overlay.origin import check_basics, likeness
from tools.places import ROOT
from ventia_document.source import DocumentError, Finding, Source, read
from ventia_document.structure import is_within

LAYERS = ROOT / "overlays/package"
"""The templates and runtime modules of the client, which refuse some documents too."""


@dataclass
class LintReport:
    """The findings of a run of the lint.

    Attributes:
        findings: lines by the name of the document.
        not_run: why redocly lint was not run; empty if it was.
    """

    findings: dict[str, list[str]] = field(default_factory=dict)
    not_run: str = ""

    def lines(self) -> list[str]:
        """The report as lines of text."""
        found = [line for name, lines in self.findings.items() for line in lines or [f"{name}: nothing wrong"]]
        redocly_line = f"not run: {self.not_run}" if self.not_run else f"run too: {redocly.PACKAGE}"
        return [*found, f"redocly lint was {redocly_line}"]


def lint(document: Path, overlays: Iterable[Path]) -> LintReport:
    """Lint a document, by itself and under each overlay.

    Raises:
        DocumentError: the document cannot be read.
    """
    source = read(document)
    report = LintReport({str(document): []})
    targets = {str(document): plain(source)}
    for path in overlays:
        name = f"{document} with {path}"
        try:
            overlay = read(path)
            targets[name] = overlaid(source, overlay)
            report.findings[name] = _of_actions(overlay)
        except DocumentError as error:
            report.findings[name] = [str(error)]
    with redocly.running([target.document for target in targets.values()]) as run:
        for target in targets.values():
            _ = target.checked, target.validator_errors  # computed while redocly runs, as the refusals are
        refusals = _refusals(source, targets)
        _add_findings(report, targets, _by_redocly(report, run, len(targets)))
    for name, lines in refusals.items():
        known = {line for lines in report.findings.values() for line in lines}
        report.findings[name] += sorted((line for line in lines if line not in known), key=_line_number)
    return report


def _refusals(source: Source, targets: dict[str, LintTarget]) -> dict[str, list[str]]:
    """The lines in which `make generate` refuses the document beside the findings, by target."""
    document, *_ = targets.values()
    serious = [each for each in document.checked.findings if not checks.is_for_readers(each)]
    known = {likeness(each) for each in document.checked.findings}
    of_client = [name for name, target in targets.items() if _is_client(target) and _has_no_own_findings(target, known)]
    if not of_client:
        return {}
    from tools.generate.package import refused  # importing the generator takes a second

    places = [each.at for each in serious]
    overlaid = [(name, whole) for name in of_client if (whole := targets[name].overlaid)]
    return {
        name: refused(source, whole.overlay, LAYERS, places, whole.checked_by(check_basics)) for name, whole in overlaid
    }


def _is_client(target: LintTarget) -> bool:
    return target.overlaid is not None and target.overlaid.overlay.path.stem == "client"


def _has_no_own_findings(target: LintTarget, known: set[tuple[str, str]]) -> bool:
    """Whether an overlay adds nothing wrong, so that the generator reports no consequences of it."""
    return all(checks.is_for_readers(each) or likeness(each) in known for each in target.checked.findings)


def _of_actions(overlay: Source) -> list[str]:
    return [finding.line(overlay.place(finding.at)) for finding in actions_without_a_description(overlay.value)]


def _add_findings(report: LintReport, targets: dict[str, LintTarget], by_redocly: Iterable[list[Finding]]) -> None:
    """Add the findings of each target; those in the document are not repeated for it under an overlay."""
    known: set[tuple[str, str]] = set()
    for (name, target), redoclys in zip(targets.items(), by_redocly, strict=True):
        every = _without_repeats(_without_repeats(target.checked.findings, target.validator_errors), redoclys)
        new = [finding for finding in every if likeness(finding) not in known]
        lines = [*report.findings[name], *(finding.line(target.place(finding)) for finding in new)]
        report.findings[name] = sorted(dict.fromkeys(lines), key=_line_number)
        if not target.overlaid:
            known |= {likeness(finding) for finding in new}


def _by_redocly(report: LintReport, run: redocly.Redocly, count: int) -> list[list[Finding]]:
    try:
        return run.findings()
    except redocly.NotRun as why:
        report.not_run = str(why)
        return [[] for _ in range(count)]


def _without_repeats(findings: list[Finding], others: Iterable[Finding]) -> list[Finding]:
    """Findings, and those of another tool that are at none of their places, nor around one."""
    return [*findings, *(each for each in others if not any(is_within(known.at, each.at) for known in findings))]


def _line_number(line: str) -> tuple[int, ...]:
    found = re.match(r".*?:(\d+):(\d+): ", line)
    return tuple(map(int, found.groups())) if found else ()
