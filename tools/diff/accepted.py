"""Breaking changes that a maintainer accepts, with the reason, in a file beside the document."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

from tools.diff.changes import Change, Effect
from ventia_document.source import DocumentError, Json, Source, read

_FORM = "write a list `accepted` of objects with the texts `change`, `at` and `reason`"


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
    listed = source.value.get("accepted") if isinstance(source.value, dict) else None
    if not isinstance(listed, list) or len(source.value) > 1:
        raise DocumentError(f"{source.place('')}: {path.name} has another form; {_FORM}")
    return [_entry(source, f"/accepted/{index}", value) for index, value in enumerate(listed)]


def _entry(source: Source, at: str, value: Json) -> Entry:
    keys = ("change", "at", "reason")
    if not isinstance(value, dict) or {*value} != {*keys} or not all(isinstance(value[key], str) for key in keys):
        raise DocumentError(f"{source.place(at)}: {value!r} accepts no change; {_FORM}")
    return Entry(value["change"], value["at"], value["reason"], source.place(at))


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
