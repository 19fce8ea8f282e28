"""What is linted, the document and what it is under an overlay, and where in a file a fault of it comes from."""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property, partial
from typing import TypeAlias

from tools.lint.checks import broken, is_sound
from tools.overlay.engine import Step, steps
from ventia_document.check import Fault, faults
from ventia_document.source import DocumentError, Json, Source, lookup, pointer

FILL_IN = ("contract",)
"""Overlays whose actions may select nothing: they fill in what an operation may well have."""


class Judged:
    """A document, and what is wrong with it by our own rules and by the second opinion."""

    def __init__(self, document: Json) -> None:
        self.document = document

    @cached_property
    def broken(self) -> list[Fault]:
        """Every rule that it breaks."""
        return broken(self.document)

    @cached_property
    def is_sound(self) -> bool:
        """Whether it could be held to every rule."""
        return is_sound(self.document)

    @cached_property
    def second_opinion(self) -> list[Fault]:
        """Every error of openapi-spec-validator, which needs a sound document."""
        from tools.lint.openapi_validator import second_opinion  # which takes most of the time

        return list(second_opinion(self.document)) if self.is_sound else []


class Plain(Judged):
    """The document itself."""

    def __init__(self, source: Source) -> None:
        super().__init__(source.value)
        self._source = source

    def place(self, fault: Fault) -> str:
        """Where a fault of it is."""
        return self._source.place(fault.at)


class Overlaid(Judged):
    """The document under an overlay, and how it came about.

    Raises:
        OverlayError: the overlay is none, or does not fit the document.
    """

    def __init__(self, document: Json, overlay: Source) -> None:
        self._overlay = overlay
        self._steps = list(steps(document, overlay, allow_unmatched=overlay.path.stem in FILL_IN))
        self._halfway = [Judged(step.after) for step in self._steps]
        super().__init__(self._steps[-1].after)

    def place(self, fault: Fault) -> str:
        """Where in the overlay a fault comes from: in the action after which it was there for good.

        What only others find, which are asked about the result alone, is placed in the action after which the part of
        the document was as it is.
        """
        is_there = self._is_broken if fault in self.broken else self._is_alike
        step = self._first_for_good(partial(is_there, fault))
        return self._overlay.place(pointer(*step.action.at) + _place(step, fault.at))

    def _first_for_good(self, is_there: Callable[[Judged], bool | None]) -> Step:
        first = self._steps[-1]
        for step, after in reversed(list(zip(self._steps, self._halfway, strict=True))):
            there = is_there(after)
            if there is False:
                break
            first = step if there else first
        return first

    def _is_broken(self, fault: Fault, after: Judged) -> bool | None:
        """Whether a fault is there after an action; None if too much else is wrong, halfway, to say that it is not."""
        return fault in after.broken or (False if after.is_sound else None)

    def _is_alike(self, fault: Fault, after: Judged) -> bool:
        return _part(after.document, fault.at) == _part(self.document, fault.at)


def checked(document: Json, overlay: Source) -> Overlaid:
    """A sound document under an overlay.

    Raises:
        DocumentError: the overlay is none, does not fit the document, or makes an unsound one of it.
    """
    overlaid = Overlaid(document, overlay)
    if found := faults(overlaid.document):
        raise DocumentError("\n".join(fault.told(overlaid.place(fault)) for fault in found))
    return overlaid


Linted: TypeAlias = Plain | Overlaid


def _part(document: Json, at: str) -> list[Json]:
    try:
        return [lookup(document, at)]
    except LookupError:
        return []


def _place(step: Step, at: str) -> str:
    """Where in an action a part of the document comes from, as a JSON pointer from the action on."""
    fields = step.action.fields
    if fields.get("remove") or "update" not in fields:
        return "/copy" if "copy" in fields else "/target"
    for target in sorted(step.targets, key=len, reverse=True):
        if f"{at}/".startswith(f"{target}/"):
            return "/update" + _written(lookup(step.before, target), fields["update"], at[len(target) :].split("/")[1:])
    return "/update"


def _written(before: Json, update: Json, parts: list[str]) -> str:
    """How far the parts lead into an update, which was merged into what was there before."""
    if not parts:
        return ""
    part, *rest = parts
    if isinstance(before, list):
        if not isinstance(update, list):  # which was appended as it is
            return _written(None, update, rest)
        part = str(int(part) - len(before))
    try:
        inner = lookup(update, f"/{part}")
    except (LookupError, TypeError):
        return ""
    return f"/{part}" + _written(before.get(_plain(part)) if isinstance(before, dict) else None, inner, rest)


def _plain(part: str) -> str:
    return part.replace("~1", "/").replace("~0", "~")
