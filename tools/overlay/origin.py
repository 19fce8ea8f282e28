"""A document under an overlay, and the overlay action that each finding comes from."""

from __future__ import annotations

from collections.abc import Callable
from copy import copy
from functools import cached_property, partial
from typing import NamedTuple

from tools.overlay.engine import Step, apply, steps
from ventia_document.check import findings
from ventia_document.source import DocumentError, Finding, Json, Source, lookup, parts, pointer
from ventia_document.structure import is_within


class CheckResult(NamedTuple):
    """The findings of a check, and whether it was complete: some checks need a document that is sound in itself."""

    findings: list[Finding]
    is_complete: bool


def check_basics(document: Json) -> CheckResult:
    """The checks of `ventia_document.check`."""
    found = findings(document)
    return CheckResult(found, is_complete=not found)


class Overlaid:
    """A document under an overlay.

    Args:
        check: makes the findings whose origin is wanted.

    Attributes:
        document: the document with all actions applied.
        overlay: the overlay.

    Raises:
        OverlayError: the overlay is invalid, or does not fit the document.
    """

    def __init__(
        self,
        document: Json,
        overlay: Source,
        check: Callable[[Json], CheckResult] = check_basics,
        *,
        allow_unmatched: bool = False,
    ) -> None:
        self.overlay, self._original = overlay, document
        self._check, self._allow_unmatched = check, allow_unmatched
        self.document = apply(document, overlay, allow_unmatched=allow_unmatched)

    def checked_by(self, check: Callable[[Json], CheckResult]) -> Overlaid:
        """The same document, with another check."""
        other = copy(self)
        other.__dict__.pop("checked", None)
        other.__dict__.pop("_stages", None)
        other._check = check
        return other

    @cached_property
    def checked(self) -> CheckResult:
        """The findings in the document with all actions applied."""
        return self._check(self.document)

    @cached_property
    def _stages(self) -> list[Stage]:
        """The document after each action, of which a sound one has no need."""
        taken = steps(self._original, self.overlay, allow_unmatched=self._allow_unmatched)
        return [Stage(step, self._check) for step in taken]

    def place(self, finding: Finding) -> str:
        """Where in the overlay a finding comes from: the action since which it has been there.

        A finding that `check` did not make, as another tool's, comes from the action since which the part of the
        document has been as it is now.
        """
        is_there = self._has_finding if finding in self.checked.findings else self._has_part
        step = self._first(partial(is_there, finding))
        return self.overlay.place(pointer(*step.action.at) + _origin(step, finding.at))

    def _first(self, is_there: Callable[[Stage], bool | None]) -> Step:
        """The first action of the last ones in a row after which something is there."""
        first = self._stages[-1]
        for stage in reversed(self._stages):
            there = is_there(stage)
            if there is False:
                break
            first = stage if there else first
        return first.step

    def _has_finding(self, finding: Finding, stage: Stage) -> bool | None:
        """Whether a finding is there after an action; None if other findings kept the check from being complete."""
        return finding in stage.checked.findings or (False if stage.checked.is_complete else None)

    def _has_part(self, finding: Finding, stage: Stage) -> bool:
        return _part(stage.step.after, finding.at) == _part(self.document, finding.at)


class Stage:
    """The document after an action, checked when that is needed."""

    def __init__(self, step: Step, check: Callable[[Json], CheckResult]) -> None:
        self.step = step
        self._check = check

    @cached_property
    def checked(self) -> CheckResult:
        """The findings after the action."""
        return self._check(self.step.after)


def likeness(finding: Finding) -> tuple[str, str]:
    """What a finding shares with the same finding in a copy of the part."""
    return finding.at.rpartition("/")[2], finding.message


def sound(document: Json, overlay: Source) -> Overlaid:
    """A document under an overlay, checked.

    Raises:
        DocumentError: the overlay is invalid, does not fit the document, or makes an unsound one of it.
    """
    overlaid = Overlaid(document, overlay)
    if found := overlaid.checked.findings:
        raise DocumentError("\n".join(finding.line(overlaid.place(finding)) for finding in found))
    return overlaid


def _part(document: Json, at: str) -> list[Json]:
    try:
        return [lookup(document, at)]
    except LookupError:
        return []


def _origin(step: Step, at: str) -> str:
    """JSON pointer, from an action on, of the key that made a part of the document."""
    fields = step.action.fields
    if fields.get("remove") or "update" not in fields:
        return "/copy" if "copy" in fields else "/target"
    # The longest target first: an update may be merged into a part and into another inside it.
    for target in sorted(step.targets, key=len, reverse=True):
        if is_within(at, target):
            return "/update" + _in_update(lookup(step.before, target), fields["update"], parts(at[len(target) :]))
    return "/update"


def _in_update(before: Json, update: Json, keys: list[str]) -> str:
    """JSON pointer of what the keys lead to in an update, which was merged into the value before, as far as they do."""
    if not keys:
        return ""
    key, *rest = keys
    if isinstance(before, list):
        if not isinstance(update, list):  # a single item, which was appended
            return _in_update(None, update, rest)
        key = str(int(key) - len(before))
    try:
        inner = lookup(update, pointer(key))
    except (LookupError, TypeError):
        return ""
    return pointer(key) + _in_update(before.get(key) if isinstance(before, dict) else None, inner, rest)
