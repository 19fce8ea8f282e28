"""Renders a report for the terminal: what is wrong first, then what was shown, in a screen."""

from __future__ import annotations

import math
import textwrap
from collections.abc import Sequence

from contract_tests.report.model import Difference, Failure, Fault, RuleResult, RunReport
from contract_tests.report.renderings import words
from contract_tests.report.renderings.faults import faults

_FEW = 3
"""Faults that need no table of contents."""
_GAP = 3
_INDENT = 2
_SHORT_NAME = 22
"""Characters of a name that must fit, before another column is squeezed in."""
_MOST_VIOLATED = 10
"""Rules that get a line each."""
_MOST_CHARACTERS = 2_000
"""Of a request, which is readable and can be copied."""
_MOST_OF_A_RESPONSE = 600


def screen(report: RunReport, width: int) -> str:
    """A report in lines of at most `width`, except for what is to be copied; the faults come before all else."""
    server, *facts = [f"{name}: {value}" for name, value in words.facts(report)]
    lines = [words.headline(report), *_wrapped(server, width), *_wrapped("; ".join(facts), width)]
    found = faults(report.failures)
    lines += [""] if len(found) > _FEW else []
    lines += [_in_a_line(number, fault, width) for number, fault in enumerate(found, 1) if len(found) > _FEW]
    lines += _violated(report, width)
    for number, fault in enumerate(found, 1):
        lines += ["", *_fault(number, fault, width)]
    for failure in (*report.silences, *report.of_the_client, *report.of_the_suite):
        lines += ["", *_other(failure, width)]
    lines += [""] if found or report.silences or report.of_the_client or report.of_the_suite else []
    for difference in report.differences:
        lines += _difference(difference, width)
    return "\n".join([*lines, *_held(report, width, is_short=bool(found)), *_counts(report, width)]) + "\n"


def _violated(report: RunReport, width: int) -> list[str]:
    """How many rules hold, and the violated ones with what was sent for each."""
    lines = [""]
    for title, rules in (("requests", report.rules), ("responses", report.responses)):
        lines += _wrapped(f"rules of {title}: {words.tally(report, rules)}", width)
        violated = [rule for rule in rules if words.state(report, rule) == "violated"]
        if len(violated) > _MOST_VIOLATED:
            lines += _wrapped(f"VIOLATED {', '.join(rule.name for rule in violated)}", width, " " * _INDENT)
        else:
            for rule in violated:
                tallies = [("kept", rule.kept), ("broken", rule.broken)]
                counts = ", ".join(f"{side} {it.passed:,}/{it.checked:,}" for side, it in tallies if it.checked)
                lines += _wrapped(f"VIOLATED {rule.name} ({counts})", width, " " * _INDENT)
    return lines


def _held(report: RunReport, width: int, *, is_short: bool) -> list[str]:
    """The rules that hold, in columns, and those that were not tested, with the reasons."""
    lines = []
    for rules in (report.rules, report.responses) if not is_short else ():
        held = [rule for rule in rules if words.state(report, rule) in ("holds", "partly")]
        are_broken = any(rule.broken.checked for rule in held)
        lines += _columns([(_line(rule.name), _request(rule, are_broken=are_broken)) for rule in held], width)
    for why, names in words.untested(report).items():
        lines += _wrapped(f"not tested, or not in full: {', '.join(names)}: {why}", width)
    return lines


def _request(rule: RuleResult, *, are_broken: bool) -> str:
    return f"{rule.kept.checked:,}" + (f" {rule.broken.checked:>4,}" if are_broken else "")


def _columns(cells: Sequence[tuple[str, str]], width: int) -> list[str]:
    """Names with their counts, column by column."""
    longest = max((len(name) for name, _ in cells), default=0)
    counts = max((len(count) for _, count in cells), default=0)
    room = width - _INDENT + _GAP
    columns = max(1, room // (min(longest, _SHORT_NAME) + 1 + counts + _GAP))
    name_width = min(longest, max(_SHORT_NAME, room // columns - _GAP - 1 - counts))
    lines = [f"{_cut(name, name_width):<{name_width}} {count:>{counts}}" for name, count in cells]
    rows = math.ceil(len(lines) / columns)
    return [" " * _INDENT + (" " * _GAP).join(lines[row::rows]) for row in range(rows)]


def _counts(report: RunReport, width: int) -> list[str]:
    statuses = ", ".join(f"{status} x {count:,}" for status, count, _ in report.statuses if count)
    lines = _wrapped(f"answered: {statuses or 'nothing'}", width)
    unseen: dict[str, list[str]] = {}
    for status, count, why in report.statuses:
        if not count:
            unseen.setdefault(why or "no reason is given", []).append(status)
    for why, names in unseen.items():
        lines += _wrapped(f"not answered: {', '.join(names)}: {why}", width)
    seen = [f"{words.seen(parts)} of {len(parts)} {of}" for of, parts in words.coverage(report)]
    lines += _wrapped(f"seen valid and invalid: {', '.join(seen).lower()}", width)
    if report.other:
        lines += _wrapped(f"also checked: {', '.join(f'{what} {count:,}' for what, count in report.other)}", width)
    return lines + [line for note in words.notes(report) for line in _wrapped(f"note: {note}", width)]


def _difference(difference: Difference, width: int) -> list[str]:
    lines = _wrapped(f"differs, {difference.count:,} x, from what is {difference.standing}: {difference.fact}", width)
    lines += _wrapped(f"{difference.first.rule}: {difference.first.complaint}", width, "   ")
    where = ", ".join(difference.at)
    return [*lines, *_wrapped(f"if the server is right, correct the document at {where}", width, "   ")]


def _in_a_line(number: int, fault: Fault, width: int) -> str:
    return _cut(f"{number:>{_INDENT + 2}}. {fault.title}: {_line(fault.first.complaint)}", width)


def _fault(number: int, fault: Fault, width: int) -> list[str]:
    # What is to be copied is not indented: a line within quotes would change.
    first, often = fault.first, f" ({fault.count:,} x)" if fault.count > 1 else ""
    lines = _wrapped(f"{number}. {fault.title}{often}: {words.cut(fault.breaks, 300) or first.sentence}", width)
    lines += _wrapped(f"{f'{first.name}: ' if first.name else ''}{first.complaint}", width, "   ")
    lines += [_copied(request) for request in first.requests]
    lines += [textwrap.indent(_copied(first.response, _MOST_OF_A_RESPONSE), "   ")] if first.response else []
    return [*lines, f"replay: {_copied(first.replay)}"]


def _other(failure: Failure, width: int) -> list[str]:
    """What no fault of the server is: no answer, or a failed test of the client or the suite."""
    lines = _wrapped(f"{failure.rule}: {failure.sentence or failure.test}", width)
    lines += [line for text in failure.complaint.splitlines() for line in _wrapped(text, width, "   ")]
    return [*lines, *(_copied(request) for request in failure.requests), f"again: {_copied(failure.replay)}"]


def _line(text: str) -> str:
    return " ".join(words.visible(words.cut(text, 1000)).split())


def _cut(text: str, most: int) -> str:
    return text if len(text) <= most else text[: most - 1] + "…"


def _copied(text: str, most: int = _MOST_CHARACTERS) -> str:
    return words.visible(words.cut(text, most)).rstrip()


def _wrapped(text: str, width: int, indent: str = "") -> list[str]:
    return textwrap.wrap(_line(text), max(width, 20), initial_indent=indent, subsequent_indent=indent + "  ")
