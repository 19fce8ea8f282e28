"""Renders a report for the terminal: one screen, and every failure."""

from __future__ import annotations

import math
import textwrap
from collections.abc import Sequence

from contract_tests.report import words
from contract_tests.report.model import Difference, Failure, RuleResult, RunReport

_GAP = 3
_INDENT = 2
_SHORT_NAME = 22
"""Characters of a name that must fit, before another column is squeezed in."""
_MOST_CHARACTERS = 2_000
"""Of a request or a response."""


def screen(report: RunReport, width: int) -> str:
    """A report in lines of at most `width`, except for what is to be copied."""
    server, *facts = [f"{name}: {value}" for name, value in words.facts(report)]
    lines = [words.headline(report), *_wrapped(server, width), *_wrapped("; ".join(facts), width)]
    lines += _wrapped(f"ended before its plan did: {report.ended}", width) if report.ended else []
    tally = f"rules of requests: {words.tally(report, report.rules)} (and how many keep and break each)"
    lines += ["", *_wrapped(tally, width), *_rules(report, report.rules, width)]
    tally = f"rules of responses: {words.tally(report, report.responses)}"
    lines += [*_wrapped(tally, width), *_rules(report, report.responses, width)]
    for why, names in words.untested(report).items():
        lines += _wrapped(f"not tested, or not in full: {', '.join(names)}: {why}", width)
    lines += _counts(report, width)
    lines += [line for difference in report.differences for line in _difference(difference, width)]
    for number, failure in enumerate(report.failures, 1):
        lines += ["", *_failure(number, failure, width)]
    return "\n".join(lines) + "\n"


def _rules(report: RunReport, rules: Sequence[RuleResult], width: int) -> list[str]:
    """Violated rules, each in lines of its own; then the rules that hold, in columns."""
    lines = []
    for rule in rules:
        if words.state(report, rule) == "violated":
            tallies = [("kept", rule.kept), ("broken", rule.broken)]
            counts = ", ".join(f"{side} {it.passed:,}/{it.checked:,}" for side, it in tallies if it.checked)
            lines += _wrapped(f"VIOLATED {rule.name}: {rule.sentence} ({counts})", width, " " * _INDENT)
    held = [rule for rule in rules if words.state(report, rule) in ("holds", "partly")]
    are_broken = any(rule.broken.checked for rule in held)
    return lines + _columns([(_line(rule.name), _request(rule, are_broken=are_broken)) for rule in held], width)


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
    return lines + [line for note in report.notes for line in _wrapped(f"note: {note}", width)]


def _difference(difference: Difference, width: int) -> list[str]:
    lines = _wrapped(f"differs, {difference.count:,} x, from what is {difference.standing}: {difference.fact}", width)
    lines += _wrapped(f"{difference.first.rule}: {difference.first.complaint}", width, "   ")
    where = ", ".join(difference.at)
    return [*lines, *_wrapped(f"if the server is right, correct the document at {where}", width, "   ")]


def _failure(number: int, failure: Failure, width: int) -> list[str]:
    # What is to be copied is not indented: a line within quotes would change.
    lines = _wrapped(f"{number}. {failure.rule}: {failure.sentence}", width)
    lines += _wrapped(failure.complaint, width, "   ")
    lines += [_copied(request) for request in failure.requests]
    lines += [textwrap.indent(_copied(failure.response), "   ")] if failure.response else []
    return [*lines, f"replay: {_copied(failure.replay)}"]


def _line(text: str) -> str:
    return " ".join(words.visible(words.cut(text, 1000)).split())


def _cut(text: str, most: int) -> str:
    return text if len(text) <= most else text[: most - 1] + "…"


def _copied(text: str) -> str:
    return words.visible(words.cut(text, _MOST_CHARACTERS))


def _wrapped(text: str, width: int, indent: str = "") -> list[str]:
    return textwrap.wrap(_line(text), max(width, 20), initial_indent=indent, subsequent_indent=indent + "  ")
