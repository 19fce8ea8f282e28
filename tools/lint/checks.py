"""The table of rules, and what a document breaks of it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import TypeAlias

from tools.generate import service
from tools.lint import component_checks, description_checks, operation_checks, schema_checks
from ventia_document.check import Fault, invalid_examples, references_astray, structure
from ventia_document.source import Json

Rule: TypeAlias = Callable[[Json], Iterator[Fault]]

ALONE: tuple[Rule, ...] = (
    schema_checks.misspelt_keywords,
    schema_checks.keywords_of_another_type,
    schema_checks.patterns_that_python_cannot_read,
    schema_checks.enums_without_choice,
    schema_checks.bounds_that_cross,
    schema_checks.discriminators_astray,
    schema_checks.example_beside_examples,
    schema_checks.fields_of_requests_and_of_answers_alone,
    operation_checks.operations_without_an_id,
    operation_checks.ids_of_two_operations,
    operation_checks.operations_without_a_success,
    operation_checks.paths_that_are_no_templates,
    operation_checks.path_variables_that_stand_twice,
    operation_checks.paths_that_a_request_cannot_tell_apart,
    operation_checks.paths_without_an_operation,
    operation_checks.tags_that_are_not_declared,
    operation_checks.tags_that_no_operation_has,
    operation_checks.links_without_an_operation,
    operation_checks.servers_that_end_in_a_slash,
    operation_checks.servers_with_other_variables,
    operation_checks.variables_with_another_default,
    service.what_no_client_could_work_with,
    description_checks.operations_without_a_summary,
)
"""Rules for a document of sound structure."""

FOLLOWING: tuple[Rule, ...] = (
    invalid_examples,
    schema_checks.constants_that_break_their_schema,
    schema_checks.defaults_that_break_their_schema,
    schema_checks.required_names_without_a_property,
    schema_checks.fields_of_examples_that_no_schema_names,
    operation_checks.path_variables_without_a_parameter,
    operation_checks.path_parameters_without_a_variable,
    component_checks.unused_components,
    description_checks.parts_without_a_description,
    description_checks.properties_without_a_description,
)
"""Rules that follow references, for a document in which each leads somewhere."""


def broken(document: Json) -> list[Fault]:
    """Every rule that a document breaks, each once.

    A document of unsound structure is told that alone, and one with a reference astray nothing that needs to follow it.
    """
    if unsound := _all([structure], document):
        return unsound
    if astray := _all([references_astray], document):
        return [*astray, *_all(ALONE, document)]
    return _all([*ALONE, *FOLLOWING], document)


def is_sound(document: Json) -> bool:
    """Whether a document is sound enough to be held to every rule."""
    return not _all([structure], document) and not _all([references_astray], document)


def _all(rules: Iterable[Rule], document: Json) -> list[Fault]:
    found: dict[Fault, None] = {}
    for rule in rules:
        try:
            found |= dict.fromkeys(rule(document))
        except ValueError as error:  # of the validator, which goes only so deep
            found[Fault("", str(error))] = None
    return list(found)
