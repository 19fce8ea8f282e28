"""Applies an OpenAPI Overlay to a document, action by action.

An action whose target selects nothing is an error: an outdated overlay must not pass for one that worked.
"""

from __future__ import annotations

import functools
import operator
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, TypeAlias

import jsonpath_rfc9535

from tools.overlay.document import OverlayError, OverlayPart, quote, read_actions
from tools.overlay.merging import MismatchError, kind, merged
from ventia_document.source import Json, Source, pointer

Location: TypeAlias = tuple[Any, ...]
"""The keys and indices that lead to a value."""


def apply(document: Json, overlay: Source, *, allow_unmatched: bool = False) -> Json:
    """A copy of a document with an overlay's actions applied, one after another.

    Raises:
        OverlayError: the overlay is invalid, or an action does not fit the document after the actions before it.
    """
    box = [_copy(document)]  # so that the root has a parent too
    for _ in _steps(box, overlay, allow_unmatched=allow_unmatched):
        pass
    return box[0]


@dataclass(frozen=True)
class Step:
    """An action that was applied, the JSON pointers of its targets, and the document before and after it."""

    action: OverlayPart
    targets: list[str]
    before: Json
    after: Json


def steps(document: Json, overlay: Source, *, allow_unmatched: bool = False) -> Iterator[Step]:
    """Apply an overlay, action by action.

    Raises:
        OverlayError: as by `apply`, when the action is reached.
    """
    box = [_copy(document)]
    before = document
    for action, targets in _steps(box, overlay, allow_unmatched=allow_unmatched):
        after = _copy(box[0])
        yield Step(action, [pointer(*location[1:]) for location in targets], before, after)
        before = after


def _steps(box: list[Json], overlay: Source, *, allow_unmatched: bool) -> Iterator[tuple[OverlayPart, list[Location]]]:
    for action in read_actions(overlay):
        targets = _select(action, "target", box)
        if not targets and not allow_unmatched:
            raise action.error(
                "selects nothing; mend the target, leave the action out, or allow this with --allow-unmatched", "target"
            )
        _act(action, box, targets)
        yield action, targets


def _copy(value: Json) -> Json:
    """A copy in which no two places share an object or array, unlike one by `copy.deepcopy`."""
    if isinstance(value, dict):
        return {key: _copy(item) for key, item in value.items()}
    return [_copy(item) for item in value] if isinstance(value, list) else value


def _select(action: OverlayPart, key: str, box: list[Json]) -> list[Location]:
    """The locations of the values that an action's JSONPath selects, each once."""
    path = action.fields[key]
    try:
        nodes = jsonpath_rfc9535.find(path, box[0])
    except jsonpath_rfc9535.JSONPathRecursionError:
        raise action.error(f"has a {key} that goes too deep into the document; write the path out", key) from None
    # The library's own error, and those that it does not catch for numbers and nestings that are too big.
    except (jsonpath_rfc9535.JSONPathError, ArithmeticError, RecursionError, ValueError) as error:
        raise action.error(
            f"has a {key} that cannot be read as an RFC 9535 JSONPath, {quote(path)}: {error.args[0]}; "
            "write a name with other characters than A-Z, a-z, 0-9 and _ in brackets, as in $..['x-internal']",
            key,
        ) from None
    return list(dict.fromkeys((0, *node.location) for node in nodes))


def _act(action: OverlayPart, box: list[Json], targets: list[Location]) -> None:
    if action.fields.get("remove"):
        _remove(action, box, targets)
    elif "update" in action.fields:
        _merge_into(action, box, targets, "update", action.fields["update"])
    elif "copy" in action.fields:
        _merge_into(action, box, targets, "copy", _source(action, box))


def _remove(action: OverlayPart, box: list[Json], targets: list[Location]) -> None:
    # From the last to the first: no index shifts, and a value goes after those inside it. Where two locations differ,
    # both have keys of the same object, or indices of the same array, and so can be compared.
    for *parent, last in sorted(targets, reverse=True):
        if not parent:
            raise action.error("would remove the whole document; choose a target inside it", "target")
        del _at(box, parent)[last]


def _source(action: OverlayPart, box: list[Json]) -> Json:
    sources = _select(action, "copy", box)
    if len(sources) != 1:
        raise action.error(
            f"copies from {quote(action.fields['copy'])}, which selects {len(sources)} values; it must select one",
            "copy",
        )
    return _copy(_at(box, sources[0]))  # a copy, since a target may be the source, contain it or be inside it


def _merge_into(action: OverlayPart, box: list[Json], targets: list[Location], key: str, value: Json) -> None:
    _check_one_kind(action, box, targets)
    for location in targets:
        *parent, last = location
        holder = _at(box, parent)
        item = [value] if isinstance(holder[last], list) and not isinstance(value, list) else value
        try:
            holder[last] = merged(holder[last], _copy(item))
        except MismatchError as mismatch:
            raise _mismatched(action, key, location, mismatch) from None


def _check_one_kind(action: OverlayPart, box: list[Json], targets: list[Location]) -> None:
    kinds: dict[str, str] = {}
    for location in targets:
        kinds.setdefault(kind(_at(box, location)), _path(location))
    if len(kinds) > 1:
        found = " and ".join(f"{kind} at {path}" for kind, path in kinds.items())
        raise action.error(
            f"selects {found}; all must be of one kind: narrow the target, or split the action", "target"
        )


def _mismatched(action: OverlayPart, key: str, location: Location, mismatch: MismatchError) -> OverlayError:
    old, new = mismatch.old, mismatch.new
    return action.error(
        f"would merge {kind(new)}, {quote(new)}, into {kind(old)}, {quote(old)}, at {_path(location + mismatch.at)}; "
        f"give {kind(old)}, or first remove the old value in an action of its own",
        key,
        *mismatch.at,
    )


def _at(box: list[Json], location: Iterable[Any]) -> Json:
    return functools.reduce(operator.getitem, location, box)


def _path(location: Location) -> str:
    return "$" + "".join(f"[{part!r}]" for part in location[1:])
