"""Finds the messages that someone looks for, and tells of the nearest ones what differs."""

from __future__ import annotations

import difflib
from collections.abc import Collection, Iterable, Iterator, Mapping
from re import Pattern

from ventia_document.source import Json
from ventia_mock.journal.record import Record

ACCEPTED = ("sent", "queued")
"""The outcomes of messages that the platform took, which alone are looked for unless others are asked for."""

OUTCOMES = (*ACCEPTED, "refused", "failed")
RECORD_FIELDS = ("contact", "fault", "interaction", "operation", "outcome", "rule", "status")
"""What a record can be found by, besides the fields of its message."""

_NEAREST = 3


def wanted(given: Mapping[str, Json], fields: Collection[str]) -> dict[str, Json]:
    """What is looked for: a value or a pattern for each field, `outcome` among them.

    Args:
        fields: the names that the fields of a message can have.

    Raises:
        ValueError: a name is no field of a record or a message, or an outcome is none.
    """
    known = sorted({*RECORD_FIELDS, *fields})
    for name in given:
        if name not in known:
            raise ValueError(f"{name}: Must be one of {', '.join(known)}")
    if given.get("outcome", "any") not in (*OUTCOMES, "any"):
        raise ValueError(f"outcome: Must be one of {', '.join(OUTCOMES)} or any; got {given['outcome']!r}")
    return {"outcome": ACCEPTED, **given} if given.get("outcome") != "any" else {**given, "outcome": OUTCOMES}


def differences(record: Record, looked_for: Mapping[str, Json]) -> list[dict[str, Json]]:
    """Where a record is not what is looked for: field, what was expected, what it has."""
    body = record.message()
    fields = body if isinstance(body, dict) else {}
    found = []
    for name, expected in looked_for.items():
        got = getattr(record, name) if name in RECORD_FIELDS else fields.get(name)
        if not _fits(expected, got):
            found.append({"field": name, "expected": _shown(expected), "got": got, **_because(name, record)})
    return found


def nearest(records: Iterable[Record], looked_for: Mapping[str, Json]) -> list[Json]:
    """The records that differ least, the nearest first, each with its `differences`."""
    found = [(record, differing) for record in records if (differing := differences(record, looked_for))]
    near = sorted(found, key=lambda each: _distance(each[1]))[:_NEAREST]
    return [{"message": record.shown(), "differences": differing} for record, differing in near]


def holds(record: Record, words: str) -> bool:
    """Whether words stand anywhere in a record's message, contact, sender or reason, in any case."""
    told = [record.message(), record.contact, record.sender, record.interaction, record.why, record.rule]
    return any(words.casefold() in text.casefold() for text in _texts(told))


def _fits(expected: Json, got: Json) -> bool:
    if isinstance(expected, tuple) and got in expected:
        return True
    if isinstance(expected, Pattern):
        return isinstance(got, str) and expected.search(got) is not None
    return bool(expected == got or (isinstance(expected, str) and got is not None and expected == str(got)))


def _shown(expected: Json) -> Json:
    if isinstance(expected, tuple):
        return " or ".join(expected)
    return f"/{expected.pattern}/" if isinstance(expected, Pattern) else expected


def _because(name: str, record: Record) -> dict[str, str]:
    return {"why": record.why} if name == "outcome" and record.why else {}


def _distance(told: Collection[Json]) -> tuple[int, float]:
    """How many fields differ, and then how little alike they are."""
    alike = [difflib.SequenceMatcher(None, str(each["expected"]), str(each["got"])).quick_ratio() for each in told]
    return len(told), -sum(alike)


def _texts(value: Json) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    for part in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        yield from _texts(part)
