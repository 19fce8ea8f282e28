"""Compares two documents."""

from __future__ import annotations

from collections.abc import Iterator

from tools.diff.changes import CHANGES, NOTES, Change
from tools.diff.objects import paths
from tools.diff.objects.walk import Walk
from tools.diff.schemas.differences import MISSING, Difference, differences
from tools.diff.schemas.verdicts import Verdicts
from tools.diff.words import sentence
from ventia_document.source import Source, lookup
from ventia_document.structure import is_within, reached


def compare(base: Source, now: Source) -> list[Change]:
    """Every change from one document to another, the worst first, then in the documents' order.

    Both documents should be sound (`ventia_document.check`): of others, changes may be described less well.
    """
    walk = Walk(base, now)
    paths.compare(walk)
    known = {change.at for change in walk.changes.values()}
    left = [each for each in differences(base.value, now.value) if not any(is_within(each.at, at) for at in known)]
    judged = Verdicts(base, now, [each for each in left if each.is_in_schema]).changes(walk.sites)
    rest = _rest(walk, [each for each in left if not each.is_in_schema], known | {change.at for change in judged})
    return sorted([*walk.changes.values(), *judged, *rest], key=lambda change: -change.effect)


def _rest(walk: Walk, left: list[Difference], known: set[str]) -> Iterator[Change]:
    """The differences that are no change by the rules, and those that no rule has seen: no change goes unreported."""
    used = reached(walk.base.value) & reached(walk.now.value)
    for each in left:
        if any(is_within(at, each.at) for at in known):
            continue
        source = walk.base if each.now is MISSING else walk.now
        message, place = sentence(source.value, each.at, each.base, each.now), source.place(each.at)
        is_unused = each.at.startswith("/components/") and not any(is_within(each.at, at) for at in used)
        is_ignored = _is_beside_reference(source, each)
        if not is_ignored and any(is_within(each.at, at) for at in walk.seen if at.count("/") > 1 or not is_unused):
            yield Change("api-rewritten", NOTES, f"{message}, which means the same", each.at, place)
        else:
            said = f"{message}; the effect of this is unknown, so it counts as breaking"
            yield Change("unclassified-change", CHANGES, said, each.at, place)


def _is_beside_reference(source: Source, difference: Difference) -> bool:
    """Whether a part stands beside a reference, where the standard knows none but these."""
    around = lookup(source.value, difference.at.rpartition("/")[0])
    return "$ref" in around and difference.key not in ("$ref", "summary", "description")
