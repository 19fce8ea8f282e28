"""The words that every rendering of a report shares: headline, facts, states of rules, and harmless texts."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from typing import Literal, get_args

from contract_tests.report.model import Failure, PartCoverage, RuleResult, RunReport
from contract_tests.report.renderings.faults import faults

State = Literal["violated", "accepted", "partly", "not tested", "holds"]

STATES: tuple[State, ...] = get_args(State)
"""The worst first."""

_IN_A_TALLY: dict[State, str] = {
    "violated": "violated by the server",
    "accepted": "with an accepted deviation",
    "partly": "tested in part",
    "not tested": "not tested",
    "holds": "held",
}

# Control characters, those that turn the direction of writing, and halves of characters.
_HARMFUL = re.compile(
    r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff\ufffe\uffff]"
)


def state(report: RunReport, rule: RuleResult) -> State:
    """The state of a rule of requests or of responses."""
    tallies = (rule.kept, rule.broken)
    if rule.name in {failure.rule for failure in report.failures}:
        return "violated"
    if rule.name in {each.rule for each in report.accepted}:
        return "accepted"
    if not all(each.is_passed for each in tallies):
        return "violated"
    if not any(each.checked for each in tallies):
        return "not tested"
    return "partly" if rule.why_not else "holds"


def worst_first(report: RunReport, rules: Sequence[RuleResult]) -> list[RuleResult]:
    """The rules sorted by their states, the worst first; stable."""
    return sorted(rules, key=lambda rule: STATES.index(state(report, rule)))


def violations(report: RunReport) -> int:
    """The number of faults, and of violated rules without a failure."""
    failed = {failure.rule for failure in report.failures}
    others = [rule for rule in _all_rules(report) if rule.name not in failed and state(report, rule) == "violated"]
    return len(faults(report.failures)) + len(others)


def headline(report: RunReport) -> str:
    """The outcome of a run in one line."""
    client = f"; {_counted(len(report.of_the_client), 'failure')} of the client" if report.of_the_client else ""
    return " ".join(visible(_of_the_server(report) + client).split())


def _of_the_server(report: RunReport) -> str:
    count, why = violations(report), cut(report.ended, 200)
    unfinished = f"Not everything was tested ({why})" if report.ended else ""
    if count:
        return ". ".join(filter(None, [_counted(count, "violation"), unfinished]))
    if unfinished:
        return f"{unfinished}: no violation so far"
    if all(state(report, rule) == "not tested" for rule in _all_rules(report)):
        return "Nothing was tested"
    accepted = f", but for {_counted(len(report.accepted), 'accepted deviation')}" if report.accepted else ""
    differs = f", and differs in {len(report.differences)} of its assumptions" if report.differences else ""
    return f"Holds the contract{accepted}{differs}"


def outcome(report: RunReport) -> State:
    """The state of the whole run."""
    if violations(report) or report.of_the_client or report.of_the_suite:
        return "violated"
    return "holds" if headline(report) == "Holds the contract" else "partly"


def _counted(count: int, what: str) -> str:
    return f"{count:,} {what}{'' if count == 1 else 's'}"


def others(report: RunReport) -> list[tuple[str, tuple[Failure, ...]]]:
    """What failed and is no fault of the server, by what it is of."""
    groups = [("No answer", report.silences), ("The client", report.of_the_client), ("The suite", report.of_the_suite)]
    return [(group, failures) for group, failures in groups if failures]


def notes(report: RunReport) -> list[str]:
    """Remarks for the reader; accepted deviations come first."""
    deviations = [f"accepted until {it.until}, seen {it.count:,} x: {it.rule}: {it.reason}" for it in report.accepted]
    return [*deviations, *report.notes]


def facts(report: RunReport) -> list[tuple[str, str]]:
    """Server, seed and the like, by name."""
    budget = "with no budget" if report.most is None else f"of {report.most:,} allowed"
    return [
        ("Server", report.server),
        ("Document", f"version {report.version}"),
        ("Seed", str(report.seed)),
        ("Requests", f"{report.requests:,}"),
        ("Messages", f"{report.messages:,} {budget}"),
        ("Started", report.started.replace("T", " ")),
        ("Took", _duration(report.seconds)),
    ]


def tally(report: RunReport, rules: Sequence[RuleResult]) -> str:
    """How many rules are in each state, in words."""
    counts = Counter(state(report, rule) for rule in rules)
    return ", ".join(f"{counts[each]} {_IN_A_TALLY[each]}" for each in STATES if counts[each]) or "none"


def untested(report: RunReport) -> dict[str, list[str]]:
    """The names of the rules that were not tested, or only in part, by the reason."""
    names: dict[str, list[str]] = {}
    for rule in _all_rules(report):
        if state(report, rule) == "not tested" or rule.why_not:
            names.setdefault(rule.why_not or "no reason is given", []).append(rule.name)
    return names


def is_seen(part: PartCoverage) -> bool:
    """Whether a part of the document was in both valid and invalid requests."""
    return bool(part.valid and part.invalid)


def seen(parts: Sequence[PartCoverage]) -> int:
    """How many parts of the document were in both valid and invalid requests."""
    return sum(map(is_seen, parts))


def unseen_first(parts: Sequence[PartCoverage]) -> list[PartCoverage]:
    """The parts of the document; first those that were not in both valid and invalid requests."""
    return sorted(parts, key=is_seen)


def coverage(report: RunReport) -> list[tuple[str, Sequence[PartCoverage]]]:
    """The kinds of parts of the document, each with its parts."""
    return [("Fields", report.fields), ("Enum values", report.values), ("Keywords", report.keywords)]


def visible(text: str) -> str:
    """A text with its control characters escaped, so that they do nothing."""
    return _HARMFUL.sub(lambda match: f"\\u{ord(match[0]):04x}", text.replace("\r\n", "\n"))


def cut(text: str, most: int) -> str:
    """A text cut to a length, with the number of characters that were left out."""
    left_out = len(text) - most
    return text if left_out <= 0 else f"{text[:most]}... [{left_out:,} more characters]"


def _all_rules(report: RunReport) -> tuple[RuleResult, ...]:
    return report.rules + report.responses


def _duration(seconds: float) -> str:
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes} min {rest} s" if minutes else f"{seconds:.1f} s"
