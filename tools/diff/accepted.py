"""Breaking changes that a maintainer accepts, with the reason, in a file beside the document."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

from tools.diff.changes import Change, Effect
from ventia_document.source import DocumentError, read
from ventia_document.validation import Schema

_RULE = "Must have a list `accepted` of objects with the texts `change`, `at` and `reason`"
_TEXTS = {"required": ["change", "at", "reason"], "maxProperties": 3, "additionalProperties": {"type": "string"}}
_LISTED = {"accepted": {"type": "array", "items": {"type": "object", **_TEXTS}}}
_FORM = {"x-rule": _RULE, "type": "object", "required": [*_LISTED], "properties": _LISTED, "maxProperties": 1}


class Entry(NamedTuple):
    """A change that is accepted: its name, its place in the document or the package, why, and where this is written."""

    change: str
    at: str
    reason: str
    place: str


def entries(path: Path) -> list[Entry]:
    """The entries of a file; none if there is no file.

    Raises:
        DocumentError: the file cannot be read, or has another form.
    """
    if not path.exists():
        return []
    source = read(path)
    for broken in Schema(_FORM, "").violations(source.value):
        raise DocumentError(f"{source.place(broken.at)}: {broken.within(path.name)}")
    listed = enumerate(source.value["accepted"])
    return [Entry(**value, place=source.place(f"/accepted/{index}")) for index, value in listed]


def marked(changes: Sequence[Change], entries: Sequence[Entry]) -> list[Change]:
    """The changes, those that an entry accepts with its reason."""
    reasons = {(each.change, each.at): each.reason for each in entries}
    return [
        replace(each, accepted=reasons.get((each.id, each.at), "")) if each.effect is Effect.BREAKING else each
        for each in changes
    ]


def stale(changes: Sequence[Change], entries: Sequence[Entry]) -> list[str]:
    """A line for each entry that accepts no breaking change."""
    used = {(each.id, each.at) for each in changes if each.accepted}
    return [
        f"{each.place}: {each.change} at {each.at} is no breaking change any more; remove the entry"
        for each in entries
        if (each.change, each.at) not in used
    ]
