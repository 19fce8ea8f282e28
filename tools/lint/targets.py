"""The documents that are linted: the project's own, and that under each overlay."""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property

from tools.lint import checks
from tools.overlay.origin import CheckResult, Overlaid
from ventia_document.source import Finding, Json, Source

FILL_IN = ("contract",)
"""Overlays whose actions may match nothing, since they add what an operation may have already."""


class LintTarget:
    """A document to lint.

    Attributes:
        place: makes the place of a finding, in the document's file or in the overlay's.
        overlaid: it under an overlay; None for the document itself.
    """

    def __init__(
        self,
        document: Json,
        checked: Callable[[], CheckResult],
        place: Callable[[Finding], str],
        overlaid: Overlaid | None = None,
    ) -> None:
        self.document = document
        self.place = place
        self.overlaid = overlaid
        self._checked = checked

    @cached_property
    def checked(self) -> CheckResult:
        """The findings of our own checks."""
        return self._checked()

    @cached_property
    def validator_errors(self) -> list[Finding]:
        """The errors of openapi-spec-validator, if our checks found the document sound enough for it.

        A document under an overlay has none, since the validator takes a third of the lint's time.
        """
        from tools.lint.validator import errors  # importing it takes most of the lint's time

        return list(errors(self.document)) if self.checked.is_complete and not self.overlaid else []


def plain(source: Source) -> LintTarget:
    """The document itself."""
    return LintTarget(
        source.value,
        lambda: checks.check_plain(source.value),
        lambda finding: source.place(finding.at),
    )


def overlaid(source: Source, overlay: Source) -> LintTarget:
    """A document under an overlay.

    Raises:
        OverlayError: the overlay is invalid, or does not fit the document.
    """
    result = Overlaid(source.value, overlay, checks.check, allow_unmatched=overlay.path.stem in FILL_IN)

    def place(finding: Finding) -> str:
        # A text that the overlay lost is written in the document, beside the reference that had another.
        is_written = checks.is_for_readers(finding) and finding.at in source.places
        return source.place(finding.at) if is_written else result.place(finding)

    return LintTarget(result.document, lambda: result.checked, place, result)
