"""Groups the failures of a run by what caused them."""

from __future__ import annotations

import re
from collections.abc import Iterable

from contract_tests.report.model import Failure, Fault

_VARYING = re.compile(r"'[^']*'|\"[^\"]*\"|\b[0-9a-f]{8,}\b")
_NUMBERS = re.compile(r"\d[\d,]*")
_STATUS = re.compile(r"answered (\d)\d\d\b")
_SUCCESSES = re.compile(r"\b2\d\d(?: or 2\d\d)*$")
_MANY = 8
"""Rules that a server breaks by one status before that counts as one fault; of fewer, each may have its own cause."""


def faults(failures: Iterable[Failure]) -> list[Fault]:
    """One fault for all failures with one cause, whichever rules they break; the most frequent first."""
    causes: dict[str, dict[str, list[Failure]]] = {}
    for failure in failures:
        causes.setdefault(_cause(failure.complaint), {}).setdefault(failure.rule, []).append(failure)
    found = []
    for cause, by_rule in causes.items():
        if len(by_rule) >= (_MANY if _STATUS.match(cause) else 2):
            found.append(_fault([failure for group in by_rule.values() for failure in group]))
        else:
            complaints: dict[tuple[str, str], list[Failure]] = {}
            for failure in (failure for group in by_rule.values() for failure in group):
                complaints.setdefault((failure.rule, _VARYING.sub("", failure.complaint)), []).append(failure)
            found += map(_fault, complaints.values() if _STATUS.match(cause) else by_rule.values())
    return sorted(found, key=lambda fault: -fault.count)


def _cause(complaint: str) -> str:
    """The part that complaints of one cause share: the status, if it is a failure, or the first clause."""
    if status := _STATUS.match(complaint):
        return status[0] if status[1] == "5" else _SUCCESSES.sub("a success", _VARYING.sub("", complaint))
    return _NUMBERS.sub("", _VARYING.sub("", complaint)).partition(";")[0]


def _fault(failures: list[Failure]) -> Fault:
    rules = tuple(dict.fromkeys(failure.rule for failure in failures))
    return Fault(min(failures, key=_size), len(failures), rules)


def _size(failure: Failure) -> int:
    return sum(map(len, failure.requests))
