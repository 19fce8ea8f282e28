"""What every account of a run says alike: its verdict and facts, the state of a rule, and texts that do no harm."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from typing import Literal, get_args

from contract_tests.report.model import Report, RuleTold, Seen

State = Literal["lie", "partly", "not tested", "holds"]

STATES: tuple[State, ...] = get_args(State)
"""What needs a look comes first."""

_IN_A_TALLY: dict[State, str] = {
    "lie": "broken by the server",
    "partly": "tested in part",
    "not tested": "not tested",
    "holds": "held",
}

# Control characters, those that turn the direction of writing, and halves of characters.
_HARMFUL = re.compile(
    r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff\ufffe\uffff]"
)


def state(report: Report, rule: RuleTold) -> State:
    """What the run has shown of a rule of the requests or of the answers."""
    told = (rule.kept, rule.broken)
    if not all(each.is_right for each in told) or rule.name in {failure.rule for failure in report.failures}:
        return "lie"
    if not any(each.asked for each in told):
        return "not tested"
    return "partly" if rule.why_not else "holds"


def worst_first(report: Report, rules: Sequence[RuleTold]) -> list[RuleTold]:
    """The rules by their state; those of one state stay in their order."""
    return sorted(rules, key=lambda rule: STATES.index(state(report, rule)))


def lies(report: Report) -> int:
    """How many: the failures, and the rules that the server broke without one."""
    told = {failure.rule for failure in report.failures}
    untold = [rule for rule in _all_rules(report) if rule.name not in told and state(report, rule) == "lie"]
    return len(report.failures) + len(untold)


def verdict(report: Report) -> str:
    """The run in a few words."""
    if count := lies(report):
        return f"{count:,} {'lie' if count == 1 else 'lies'}"
    if all(state(report, rule) == "not tested" for rule in _all_rules(report)):
        return "Nothing was tested"
    return "No lie, but it ended early" if report.ended else "Holds the contract"


def facts(report: Report) -> list[tuple[str, str]]:
    """What was run, with names."""
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


def tally(report: Report, rules: Sequence[RuleTold]) -> str:
    """How many rules are in each state."""
    counts = Counter(state(report, rule) for rule in rules)
    return ", ".join(f"{counts[each]} {_IN_A_TALLY[each]}" for each in STATES if counts[each]) or "none"


def untested(report: Report) -> dict[str, list[str]]:
    """The names of the rules that were not tested, or not in full, by the reason."""
    found: dict[str, list[str]] = {}
    for rule in _all_rules(report):
        if state(report, rule) == "not tested" or rule.why_not:
            found.setdefault(rule.why_not or "no reason is given", []).append(rule.name)
    return found


def is_seen(part: Seen) -> bool:
    """Whether a part of the document was in valid requests and in invalid ones."""
    return bool(part.valid and part.invalid)


def seen(parts: Sequence[Seen]) -> int:
    """How many parts of the document were in valid requests and in invalid ones."""
    return sum(map(is_seen, parts))


def unseen_first(parts: Sequence[Seen]) -> list[Seen]:
    """The parts of the document, those first that were not in valid requests, or not in invalid ones."""
    return sorted(parts, key=is_seen)


def coverage(report: Report) -> list[tuple[str, Sequence[Seen]]]:
    """The parts of the document that requests are made of, with what they are called."""
    return [("Fields", report.fields), ("Enum values", report.values), ("Keywords", report.keywords)]


def visible(text: str) -> str:
    """A text whose control characters are shown, and do nothing."""
    return _HARMFUL.sub(lambda match: f"\\u{ord(match[0]):04x}", text.replace("\r\n", "\n"))


def cut(text: str, most: int) -> str:
    """A text of so many characters at the most, which says how many more there were."""
    left_out = len(text) - most
    return text if left_out <= 0 else f"{text[:most]}... [{left_out:,} more characters]"


def _all_rules(report: Report) -> tuple[RuleTold, ...]:
    return report.rules + report.answers


def _duration(seconds: float) -> str:
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes} min {rest} s" if minutes else f"{seconds:.1f} s"
