"""Makes the parts of a report from the counters of its tests."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from contract_tests.oracle.responses import ResponseRules
from contract_tests.report.counters import INVALID, VALID, Counters, keywords, properties
from contract_tests.report.model import PartCoverage, RuleResult, Tally
from contract_tests.rules.drawing import Row
from contract_tests.run import SOURCE, Run

_OTHERWISE = "nothing that the target file names, and no request, causes it"


def rules(run: Run, counters: Counters, skipped: Mapping[str, str]) -> tuple[RuleResult, ...]:
    """The result of each row of the table of rules.

    Args:
        skipped: why some requests of a rule were not sent, by the name of the rule.
    """
    return tuple(
        RuleResult(
            row.name,
            row.sentence,
            row.at,
            _tally(counters, "rule", row.name, "kept"),
            _tally(counters, "rule", row.name, "broken"),
            row.why_not or skipped.get(row.name) or _unasked(counters, row),
            is_inferred="(inferred" in row.sentence or "assumed)" in row.sentence,
        )
        for row in run.rows
    )


def rule_names(run: Run) -> list[str]:
    """The names of all rules of requests and of responses."""
    return [*(row.name for row in run.rows), *(rule.name for rule in ResponseRules().rules)]


def _unasked(counters: Counters, row: Row) -> str:
    sides = {"kept": row.kept, "broken": row.broken}
    missed = [side for side, probes in sides.items() if probes and not counters["rule", row.name, side, "checked"]]
    return "no test of it was run" if missed else ""


def searches(counters: Counters, rows: Sequence[Row]) -> tuple[tuple[str, int], ...]:
    """The searches beyond the table, with how often each passed."""
    row_names = {row.name for row in rows}
    passed = {name: count for (kind, name, *_, what), count in _rule_counts(counters) if name not in row_names}
    return (*passed.items(), *((f"{key[1]}: {key[2]}", count) for key, count in counters.items() if key[0] == "other"))


def _rule_counts(counters: Counters) -> Iterator[tuple[tuple[str, ...], int]]:
    return ((key, count) for key, count in counters.items() if key[0] == "rule" and key[-1] == "passed")


def responses(counters: Counters) -> tuple[RuleResult, ...]:
    """The result of each rule of responses."""
    return tuple(
        RuleResult(
            rule.name,
            rule.sentence,
            (),
            _tally(counters, "response", rule.name),
            Tally(),
            "",
            "(inferred)" in rule.sentence,
        )
        for rule in ResponseRules().rules
    )


def _tally(counters: Counters, *key: str) -> Tally:
    return Tally(counters[*key, "checked"], counters[*key, "passed"])


def parts(run: Run, counters: Counters) -> dict[str, tuple[PartCoverage, ...]]:
    """How often valid and invalid requests had each field, enum value and keyword."""
    if run.knowledge is None:
        return {}
    operation = run.knowledge.operation
    fields = properties(operation)
    values = [f"{name}: {value}" for name, schema in fields.items() for value in schema.get("enum", ())]
    return {
        "fields": tuple(_seen(counters, "field", name) for name in fields),
        "values": tuple(_seen(counters, "value", value) for value in values),
        "keywords": tuple(_seen(counters, "keyword", at) for at in keywords(operation)),
    }


def _seen(counters: Counters, kind: str, name: str) -> PartCoverage:
    return PartCoverage(name, counters[kind, name, VALID], counters[kind, name, INVALID])


def statuses(run: Run, counters: Counters) -> tuple[tuple[str, int, str], ...]:
    """Each status with how often it was received, and why if never."""
    documented = run.knowledge.operation.responses if run.knowledge else {}
    seen = {key[1]: count for key, count in counters.items() if key[0] == "status"}
    listed = [(status, seen.pop(status, 0)) for status in documented]
    return tuple(
        (status, count, "" if count else _why_unseen(status)) for status, count in [*listed, *sorted(seen.items())]
    )


def _why_unseen(status: str) -> str:
    limit = SOURCE.value.get("x-rate-limit")
    if status == "429" and limit:
        return f"the run stays below {limit['requests']} requests in {limit['seconds']} s, or the server has no limit"
    return _OTHERWISE


def notes(run: Run) -> tuple[str, ...]:
    """Remarks on the run for its reader."""
    if run.knowledge is None:
        return ("the document has no operation that target files are about",)
    few = ["each rule is tested by a few requests only"] if run.is_thin else []
    return (*few, *run.untested)
