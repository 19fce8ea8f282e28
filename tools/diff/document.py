"""Compares two documents."""

from __future__ import annotations

from collections.abc import Iterator

from tools.diff.changes import CHANGES, NOTES, UNKNOWN, Change
from tools.diff.objects.walk import Walk
from tools.diff.schemas.differences import MISSING, Difference, around, differences
from tools.diff.schemas.verdicts import Verdicts
from tools.diff.words import sentence
from ventia_document.source import Source, lookup
from ventia_document.structure import reached


def compare(base: Source, now: Source) -> list[Change]:
    """Every change from one document to another, the worst first, then in the documents' order.

    Both documents should be sound (`ventia_document.check`): of others, changes may be described less well.
    """
    walk = Walk(base, now)
    known = {change.at for change in walk.changes.values()}
    left = [each for each in differences(base.value, now.value) if known.isdisjoint(around(each.at))]
    judged = Verdicts(base, now, [each for each in left if each.is_in_schema]).changes(walk.sites)
    holders = {at for changed in (known, {each.at for each in judged}) for inner in changed for at in around(inner)}
    others = [each for each in left if not each.is_in_schema and each.at not in holders]
    rest = _rest(base, now, others, walk.seen)
    return sorted([*walk.changes.values(), *judged, *rest], key=lambda change: -change.effect)


def _rest(base: Source, now: Source, left: list[Difference], seen: set[str]) -> Iterator[Change]:
    """The differences that are no change by the rules, and those that no rule has seen: no change goes unreported."""
    used = reached(base.value) & reached(now.value)
    for each in left:
        source = base if each.now is MISSING else now
        message, place = sentence(source.value, each.at, each.base, each.now), source.place(each.at)
        places = set(around(each.at))
        if each.at.startswith("/components/") and used.isdisjoint(places):
            places = {at for at in places if at.count("/") > 1}
        # Beside a reference the standard knows no key but these.
        is_ignored = "$ref" in lookup(source.value, each.at.rpartition("/")[0])
        if seen.isdisjoint(places) or (is_ignored and each.key not in ("$ref", "summary", "description")):
            yield Change("unclassified-change", CHANGES, message + UNKNOWN, each.at, place)
        else:
            yield Change("api-rewritten", NOTES, f"{message}, which means the same", each.at, place)
