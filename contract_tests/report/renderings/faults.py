"""Groups the failures of a run by what caused them."""

from __future__ import annotations

import re
from collections.abc import Iterable

from contract_tests.report.model import Failure, Fault

_VARYING = re.compile(r"'[^']*'|\"[^\"]*\"|\b[0-9a-f]{8,}\b")


def faults(failures: Iterable[Failure]) -> list[Fault]:
    """One fault for all failures that break one rule by the same complaint; the most frequent first."""
    groups: dict[tuple[str, str], list[Failure]] = {}
    for failure in failures:
        groups.setdefault((failure.rule, _VARYING.sub("", failure.complaint)), []).append(failure)
    found = [Fault(min(group, key=_size), len(group)) for group in groups.values()]
    return sorted(found, key=lambda fault: -fault.count)


def _size(failure: Failure) -> int:
    return sum(map(len, failure.requests))
