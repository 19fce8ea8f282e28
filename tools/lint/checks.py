"""The table of the lint's checks, and the findings that a document has by them."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TypeAlias

from tools.generate import service
from tools.lint import component_checks, description_checks, operation_checks, schema_checks
from tools.overlay.origin import CheckResult
from ventia_document.check import broken_references, invalid_examples, unsound_structure
from ventia_document.source import Finding, Json
from ventia_document.structure import is_within
from ventia_document.support.refusals import unsupported
from ventia_document.support.serving import unserved, untested

Check: TypeAlias = Callable[[Json], Iterable[Finding]]

PLAIN: tuple[Check, ...] = (
    unsupported,
    schema_checks.misspelt_keywords,
    schema_checks.keywords_of_another_type,
    schema_checks.enums_without_choice,
    schema_checks.bounds_that_cross,
    schema_checks.example_beside_examples,
    schema_checks.fields_that_are_never_sent,
    operation_checks.paths_without_an_operation,
    operation_checks.undeclared_tags,
    operation_checks.unused_tags,
    operation_checks.broken_links,
    service.unusable_service,
)
"""Checks of a document with a sound structure."""

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

    An unsound structure is reported alone; a broken reference, without the checks that would follow it.
    """
    if unsound := _findings([unsound_structure], document):
        return CheckResult(unsound, is_complete=False)
    if broken := _findings([broken_references], document):
        return CheckResult([*broken, *_findings(PLAIN, document)], is_complete=False)
    return CheckResult(_findings([*PLAIN, *FOLLOWING], document), is_complete=True)


def check_plain(document: Json) -> CheckResult:
    """The findings of a document without an overlay, which the stand-in and the suite read."""
    found, is_complete = check(document)
    more = _findings([unserved, untested], document) if is_complete else []
    # What is wrong inside a part is why it has no example.
    return CheckResult([*found, *(each for each in more if not _is_explained(each, found))], is_complete)


def _is_explained(finding: Finding, by: Iterable[Finding]) -> bool:
    return any(is_within(each.at, finding.at) and each.at != finding.at and not is_for_readers(each) for each in by)


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
