"""The table of the lint's checks, and the findings that a document has by them."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TypeAlias

from tools.generate import service
from tools.lint import component_checks, description_checks, operation_checks, schema_checks
from tools.overlay.origin import CheckResult
from ventia_document.check import (
    broken_references,
    invalid_examples,
    sound,
    unbroken,
    unsound_structure,
    unusable_parts,
    within,
)
from ventia_document.source import Finding, Json
from ventia_document.support.refusals import unsupported
from ventia_document.support.rest import untouched

Check: TypeAlias = Callable[[Json], Iterable[Finding]]

PLAIN: tuple[Check, ...] = (
    unsupported,
    schema_checks.misspelt_keywords,
    schema_checks.keywords_of_another_type,
    schema_checks.enums_without_choice,
    schema_checks.example_beside_examples,
    schema_checks.fields_that_are_never_sent,
    operation_checks.paths_without_an_operation,
    operation_checks.undeclared_tags,
    operation_checks.unused_tags,
    operation_checks.broken_links,
    service.unusable_service,
)
"""Checks of a document with a sound structure."""

OF_THE_WHOLE: tuple[Check, ...] = (
    operation_checks.undeclared_tags,
    operation_checks.unused_tags,
    operation_checks.broken_links,
    component_checks.unused_components,
)
"""Checks that find something wrong with a part for want of another."""

FOLLOWING: tuple[Check, ...] = (
    invalid_examples,
    schema_checks.constants_that_violate_their_schema,
    schema_checks.defaults_that_violate_their_schema,
    schema_checks.required_names_without_a_property,
    schema_checks.undescribed_fields_of_examples,
    component_checks.unused_components,
    description_checks.parts_without_a_description,
    description_checks.properties_without_a_description,
)
"""Checks that follow references, of a document in which each leads somewhere."""


def check(document: Json) -> CheckResult:
    """The findings of a document, each once.

    Parts of an unsound structure, and broken references, are left out of the checks that could only follow from them.
    """
    unsound = _findings([unsound_structure], document)
    broken = _findings([broken_references], sound(document))
    plain = [each for each in PLAIN if not (unsound and each in OF_THE_WHOLE)]
    following = [each for each in FOLLOWING if not ((unsound or broken) and each in OF_THE_WHOLE)]
    left = unbroken(document)
    found = [*_findings(plain, sound(document)), *within(untouched(document, left), _findings(following, left))]
    return CheckResult([*unsound, *broken, *found], is_complete=not (unsound or broken))


def check_plain(document: Json) -> CheckResult:
    """The findings of a document without an overlay, which the stand-in and the suite read."""
    found, is_complete = check(document)
    serious = [each for each in found if not is_for_readers(each)]
    return CheckResult([*found, *unusable_parts(document, serious)], is_complete)


def is_for_readers(finding: Finding) -> bool:
    """Whether a finding is only that a text for readers is missing."""
    return finding.message.startswith("has no ")


def _findings(checks: Iterable[Check], document: Json) -> list[Finding]:
    found: dict[Finding, None] = {}
    for each in checks:
        try:
            found |= dict.fromkeys(each(document))
        except ValueError as error:  # the validator's, of a document that is nested too deep
            found[Finding("", str(error))] = None
    return list(found)
