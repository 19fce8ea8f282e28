"""Compares records with the fields of a query, and finds the nearest ones to a query without a match."""

from __future__ import annotations

import difflib
from collections.abc import Collection, Iterable, Iterator, Mapping
from re import Pattern

from ventia_document.source import Json
from ventia_mock.journal.record import Record

ACCEPTED = ("sent", "queued")
"""The outcomes of messages that the platform took: the only ones that a query without `outcome` finds."""

OUTCOMES = (*ACCEPTED, "answered", "refused", "failed")
RECORD_FIELDS = ("contact", "fault", "interaction", "operation", "outcome", "rule", "status")
"""Fields of a record that a query can name, besides the fields of its message."""

_NEAREST = 3


def checked(query: Mapping[str, Json], fields: Collection[str]) -> dict[str, Json]:
    """A query with valid names, and with the outcomes that it finds: a value or a pattern for each field.

    Args:
        fields: the names that the fields of a message can have.

    Raises:
        ValueError: a name is no field of a record or a message, or the outcome is unknown.
    """
    names = sorted({*RECORD_FIELDS, *fields})
    for name in query:
        if name not in names:
            raise ValueError(f"{name}: Must be one of {', '.join(names)}")
    outcomes = {"any": OUTCOMES} | {name: (name,) for name in OUTCOMES}
    if query.get("outcome", "any") not in outcomes:
        raise ValueError(f"outcome: Must be one of {', '.join(OUTCOMES)} or any; got {query['outcome']!r}")
    return {**query, "outcome": outcomes[query["outcome"]] if "outcome" in query else ACCEPTED}


def differences(record: Record, query: Mapping[str, Json]) -> list[dict[str, Json]]:
    """The fields of a query that a record does not match: field, expected value, actual value."""
    body = record.message()
    fields = body if isinstance(body, dict) else {}
    different = []
    for name, expected in query.items():
        got = getattr(record, name) if name in RECORD_FIELDS else fields.get(name)
        if not _fits(expected, got):
            different.append({"field": name, "expected": _printable(expected), "got": got, **_because(name, record)})
    return different


def nearest(records: Iterable[Record], query: Mapping[str, Json]) -> list[Json]:
    """The records that differ least, the nearest first, each with its `differences`."""
    different = [(record, differing) for record in records if (differing := differences(record, query))]
    near = sorted(different, key=lambda each: _distance(each[1]))[:_NEAREST]
    return [{"message": record.to_json(), "differences": differing} for record, differing in near]


def holds(record: Record, words: str) -> bool:
    """Whether a record's message, contact, sender, outcome or reason contains words, in any case."""
    fields = [record.message(), record.contact, record.sender, record.interaction, record.why, record.rule]
    fields += [record.outcome, str(record.status or ""), "" if record.outcome in ACCEPTED else record.answer]
    return any(words.casefold() in text.casefold() for text in _texts(fields))


def _fits(expected: Json, got: Json) -> bool:
    if isinstance(expected, tuple) and got in expected:
        return True
    if isinstance(expected, Pattern):
        return isinstance(got, str) and expected.search(got) is not None
    return bool(expected == got or (isinstance(expected, str) and got is not None and expected == str(got)))


def _printable(expected: Json) -> Json:
    if isinstance(expected, tuple):
        return " or ".join(expected)
    return f"/{expected.pattern}/" if isinstance(expected, Pattern) else expected


def _because(name: str, record: Record) -> dict[str, str]:
    return {"why": record.why} if name == "outcome" and record.why else {}


def _distance(differing: Collection[Json]) -> tuple[int, float]:
    """Sorts by the number of fields that differ, and then by how little alike they are."""
    alike = [difflib.SequenceMatcher(None, str(each["expected"]), str(each["got"])).quick_ratio() for each in differing]
    return len(differing), -sum(alike)


def _texts(value: Json) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    for part in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        yield from _texts(part)
