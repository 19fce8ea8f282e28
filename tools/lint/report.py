"""All that is wrong with a document, and with it under each of its overlays."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from tools.lint import redocly
from tools.lint.description_checks import actions_without_a_description
from tools.lint.targets import Linted, Overlaid, Plain
from ventia_document.check import Fault
from ventia_document.source import DocumentError, Source, read


@dataclass
class Report:
    """What was linted, with what is wrong with each, a line a fault, and why a part of the linting was not done."""

    faults: dict[str, list[str]] = field(default_factory=dict)
    not_run: str = ""

    def lines(self) -> list[str]:
        """The whole of it in lines."""
        told = [line for name, faults in self.faults.items() for line in faults or [f"{name}: nothing wrong"]]
        return [
            *told,
            f"redocly lint was {f'not run: {self.not_run}' if self.not_run else f'run too: {redocly.PACKAGE}'}",
        ]


def lint(document: Path, overlays: Iterable[Path]) -> Report:
    """Lint a document, and what it is under each overlay.

    Raises:
        DocumentError: the document cannot be read.
    """
    source = read(document)
    report = Report({str(document): []})
    linted: dict[str, Linted] = {str(document): Plain(source)}
    for path in overlays:
        name = f"{document} with {path}"
        try:
            overlay = read(path)
            linted[name] = Overlaid(source.value, overlay)
            report.faults[name] = _of_actions(overlay)
        except DocumentError as error:
            report.faults[name] = [str(error)]
    _tell(report, linted)
    return report


def _of_actions(overlay: Source) -> list[str]:
    return [fault.told(overlay.place(fault.at)) for fault in actions_without_a_description(overlay.value)]


def _tell(report: Report, linted: dict[str, Linted]) -> None:
    """Tell the faults of each, but none of the document again of what an overlay makes of it."""
    found = _redoclys(report, list(linted.values()))
    known: set[tuple[str, str]] = set()
    for (name, each), redoclys in zip(linted.items(), found, strict=True):
        every = _untold(redoclys, _untold(each.second_opinion, each.broken))
        new = [fault for fault in every if _likeness(fault) not in known]
        told = [*report.faults[name], *(fault.told(each.place(fault)) for fault in new)]
        report.faults[name] = sorted(dict.fromkeys(told), key=_line)
        known |= {_likeness(fault) for fault in new if isinstance(each, Plain)}


def _redoclys(report: Report, linted: Sequence[Linted]) -> list[list[Fault]]:
    try:
        with redocly.running([each.document for each in linted]) as run:
            for each in linted:
                _ = each.broken, each.second_opinion  # in the meantime
            return run.faults()
    except redocly.NotRun as why:
        report.not_run = str(why)
        return [[] for _ in linted]


def _untold(others: Iterable[Fault], told: list[Fault]) -> list[Fault]:
    """What is told, and of others' faults those that lie elsewhere: neither there nor around it."""
    return [*told, *(other for other in others if not any(f"{each.at}/".startswith(f"{other.at}/") for each in told))]


def _likeness(fault: Fault) -> tuple[str, str]:
    """What a fault has in common with the same one in a copy of the part."""
    return fault.at.rpartition("/")[2], fault.rule


def _line(told: str) -> tuple[int, ...]:
    found = re.match(r".*?:(\d+):(\d+): ", told)
    return tuple(map(int, found.groups())) if found else ()
