"""Renders a report in Markdown, for the summary of a GitHub job."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from contract_tests.report.model import Failure, Fault, RuleResult, RunReport, Tally
from contract_tests.report.renderings import words
from contract_tests.report.renderings.faults import faults

_MOST_BYTES = 1_000_000
"""GitHub takes 1 MiB."""
_MOST_OF_A_TABLE = 50_000
_MOST_CHARACTERS = 4_000
"""Of a request or a response."""

_SPECIAL = re.compile(r"[^\w\s.,;:/'()%=?-]|_|:(?=//)|(?<=www)\.|^[-=]|(?<=\d)[.)](?=\s)", re.ASCII)
"""Characters that are markup anywhere, and those that make a link, a list or a heading where they stand."""
_NEVER_A_LINK = "&#8203;"
"""A space of no width, after which GitHub makes no link of @user and #1."""


def markdown(report: RunReport) -> str:
    """A report in Markdown, below GitHub's limit however much failed."""
    head = "\n\n".join(_head(report))
    tail = "\n\n".join(_tail(report))
    failures = [_fault(number, fault) for number, fault in enumerate(faults(report.failures), 1)]
    for group, others in words.others(report):
        failures += [_failure(f"{group}: {_text(each.rule, 200)}", each) for each in others]
    room = _MOST_BYTES - _size(head) - _size(tail) - 1000
    return "\n\n".join([head, *_fitting(failures, room, "failures"), tail]) + "\n"


def _head(report: RunReport) -> list[str]:
    blocks = [f"# {_text(words.headline(report))}"]
    if report.ended:
        blocks.append(f"**Not everything was tested:** {_text(report.ended)}")
    tallies = f"Rules of requests: {words.tally(report, report.rules)}.  \n"
    tallies += f"Rules of responses: {words.tally(report, report.responses)}."
    return [*blocks, tallies, _table(["", ""], [(name, _text(value, 300)) for name, value in words.facts(report)])]


def _tail(report: RunReport) -> list[str]:
    blocks = [_differences(report)] if report.differences else []
    if untested := words.untested(report):
        blocks.append("## Not tested, or not in full")
        blocks.append(_list(f"{', '.join(map(_text, names))}: {_text(why)}" for why, names in untested.items()))
    blocks.append(_folded("Rules of requests", _rules(report, report.rules)))
    blocks.append(_folded("Rules of responses", _rules(report, report.responses)))
    blocks.append(_folded("Coverage", _coverage(report)))
    if report.other:
        blocks.append("## Also checked")
        blocks.append(_list(f"{_text(what)}: {count:,}" for what, count in report.other))
    if notes := words.notes(report):
        blocks.append("## Notes")
        blocks.append(_list(map(_text, notes)))
    return blocks


def _fault(number: int, fault: Fault) -> str:
    often = f" ({fault.count:,} x)" if fault.count > 1 else ""
    return _failure(f"{number}\\. {_text(fault.title, 200)}{often}", fault.first, fault.breaks)


def _failure(title: str, failure: Failure, breaks: str = "") -> str:
    blocks = [f"## {title}", *([_text(breaks)] if breaks else [])]
    blocks += [f"> {_text(failure.sentence)}"] if failure.sentence else []
    blocks += [f"The request: {_text(failure.name)}."] if failure.name else []
    blocks += [f"**{_text(failure.complaint)}**", *(_fenced(request, "sh") for request in failure.requests)]
    blocks += ["Response:", _fenced(failure.response, "http")] if failure.response else []
    return "\n\n".join([*blocks, "Replay:", _fenced(failure.replay, "sh"), f"Test: {_text(failure.test)}"])


def _differences(report: RunReport) -> str:
    """What differs from what the document infers or assumes."""
    blocks = []
    for each in report.differences:
        title = f"Differs {each.count:,} x from what is {_text(each.standing)}: {_text(each.fact)}"
        where = f"If the server is right, correct the document at {_text(', '.join(each.at))}."
        blocks += [_failure(title, each.first), where]
    return "\n\n".join(blocks)


def _rules(report: RunReport, rules: Sequence[RuleResult]) -> str:
    rows = []
    for rule in words.worst_first(report, rules):
        name = f"**{_text(rule.name, 200)}**{' (inferred)' if rule.is_inferred else ''}"
        state = words.state(report, rule) + (f": {_text(rule.why_not)}" if rule.why_not else "")
        row = [name, _text(rule.sentence), *map(_count, (rule.kept, rule.broken)), state, _text(", ".join(rule.at))]
        rows.append(row)
    return _table(["rule", "sentence", "kept", "broken", "state", "in the document"], rows)


def _coverage(report: RunReport) -> str:
    statuses = [(_text(status, 100), f"{count:,}", _text(why)) for status, count, why in report.statuses]
    blocks = [_table(["status", "responses", "why not"], statuses)]
    for title, parts in words.coverage(report):
        unseen_first = words.unseen_first(parts)
        rows = [(_text(it.name), f"{it.valid:,}", f"{it.invalid:,}", _text(it.why_not)) for it in unseen_first]
        blocks.append(_table([title.lower(), "valid", "invalid", "why not"], rows))
    return "\n\n".join(blocks)


def _count(tally: Tally) -> str:
    return f"{tally.passed:,}/{tally.checked:,}" if tally.checked else ""


def _text(text: str, most: int = 1000) -> str:
    """A text in one line, in which nothing is markup of Markdown or HTML."""
    line = " ".join(words.visible(words.cut(text, most)).split())
    return _SPECIAL.sub(_entity, line)


def _entity(match: re.Match[str]) -> str:
    if not match[0].isascii():
        return match[0]
    return f"&#{ord(match[0])};{_NEVER_A_LINK if match[0] in '@#' else ''}"


def _fenced(text: str, language: str) -> str:
    """A text in a fence that it cannot close."""
    content = words.visible(words.cut(text, _MOST_CHARACTERS))
    fence = "`" * max(3, 1 + max(map(len, re.findall("`+", content)), default=0))
    return f"{fence}{language}\n{content}\n{fence}"


def _table(headings: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [f"| {' | '.join(row)} |" for row in rows]
    head = [f"| {' | '.join(headings)} |", "|" + " --- |" * len(headings)]
    return "\n".join([*head, *_fitting(lines, _MOST_OF_A_TABLE, "rows")])


def _list(items: Iterable[str]) -> str:
    return "\n".join(_fitting([f"- {item}" for item in items], _MOST_OF_A_TABLE, "lines"))


def _folded(title: str, content: str) -> str:
    return f"<details><summary>{title}</summary>\n\n{content}\n\n</details>"


def _fitting(blocks: Sequence[str], room: int, kind: str) -> list[str]:
    """The first blocks that fit, and how many are left out."""
    fitting = 0
    while fitting < len(blocks) and (room := room - _size(blocks[fitting]) - 2) >= 0:
        fitting += 1
    left_out = len(blocks) - fitting
    return [*blocks[:fitting], *([f"\n{left_out:,} more {kind} are left out here.\n"] if left_out else [])]


def _size(text: str) -> int:
    return len(text.encode())
