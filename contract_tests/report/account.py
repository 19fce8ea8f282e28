"""Makes the account of a run of what its tests have shown."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from contract_tests.oracle.responses import AnswerRules
from contract_tests.report.counters import INVALID, VALID, Shown, keywords, properties
from contract_tests.report.model import RuleTold, Seen, Told
from contract_tests.rules.drawing import Row
from contract_tests.run import SOURCE, Run

_OTHERWISE = "nothing that the target file names, and no request, provokes it"


def rules(run: Run, shown: Shown, skipped: Mapping[str, str]) -> tuple[RuleTold, ...]:
    """What was shown of each row of the table.

    Args:
        skipped: why the requests of a rule were not all made, by its name.
    """
    return tuple(
        RuleTold(
            row.name,
            row.sentence,
            row.at,
            _told(shown, "rule", row.name, "kept"),
            _told(shown, "rule", row.name, "broken"),
            row.why_not or skipped.get(row.name) or _unasked(shown, row),
            is_inferred="(inferred" in row.sentence or "assumed)" in row.sentence,
        )
        for row in run.rows
    )


def _unasked(shown: Shown, row: Row) -> str:
    sides = {"kept": row.kept, "broken": row.broken}
    missed = [side for side, probes in sides.items() if probes and not shown["rule", row.name, side, "asked"]]
    return "no test of it was run" if missed else ""


def searches(shown: Shown, rows: Sequence[Row]) -> tuple[tuple[str, int], ...]:
    """What was shown beyond the table: what, and how often."""
    known = {row.name for row in rows}
    found = {name: count for (kind, name, *_, what), count in _rules_shown(shown) if name not in known}
    return (*found.items(), *((f"{key[1]}: {key[2]}", count) for key, count in shown.items() if key[0] == "other"))


def _rules_shown(shown: Shown) -> Iterator[tuple[tuple[str, ...], int]]:
    return ((key, count) for key, count in shown.items() if key[0] == "rule" and key[-1] == "right")


def answers(shown: Shown) -> tuple[RuleTold, ...]:
    """What was shown of each rule of the answers."""
    return tuple(
        RuleTold(
            rule.name, rule.sentence, (), _told(shown, "answer", rule.name), Told(), "", "(inferred)" in rule.sentence
        )
        for rule in AnswerRules().rules
    )


def _told(shown: Shown, *key: str) -> Told:
    return Told(shown[*key, "asked"], shown[*key, "right"])


def parts(run: Run, shown: Shown) -> dict[str, tuple[Seen, ...]]:
    """How often each field, enum value and keyword was exercised."""
    if run.knowledge is None:
        return {}
    operation = run.knowledge.operation
    fields = properties(operation)
    values = [f"{name}: {value}" for name, schema in fields.items() for value in schema.get("enum", ())]
    return {
        "fields": tuple(_seen(shown, "field", name) for name in fields),
        "values": tuple(_seen(shown, "value", value) for value in values),
        "keywords": tuple(_seen(shown, "keyword", at) for at in keywords(operation)),
    }


def _seen(shown: Shown, kind: str, name: str) -> Seen:
    return Seen(name, shown[kind, name, VALID], shown[kind, name, INVALID])


def statuses(run: Run, shown: Shown) -> tuple[tuple[str, int, str], ...]:
    """How often each status was answered, and why one never was."""
    documented = run.knowledge.operation.responses if run.knowledge else {}
    seen = {key[1]: count for key, count in shown.items() if key[0] == "status"}
    told = [(status, seen.pop(status, 0)) for status in documented]
    return tuple(
        (status, count, "" if count else _why_unseen(status)) for status, count in [*told, *sorted(seen.items())]
    )


def _why_unseen(status: str) -> str:
    limit = SOURCE.value.get("x-rate-limit")
    if status == "429" and limit:
        return f"the run stays below {limit['requests']} requests in {limit['seconds']} s, or the server has no limit"
    return _OTHERWISE


def notes(run: Run) -> tuple[str, ...]:
    """What a reader should know of the run."""
    if run.knowledge is None:
        return ("the document has no operation that a target file tells of",)
    return ("each rule is shown by a few requests only",) if run.is_thin else ()
