"""The table of rules, and what a document breaks of it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import TypeAlias

from tools.lint import components, descriptions, operations, schemas, service
from ventia_document.check import Fault, invalid_examples, references_astray, structure
from ventia_document.source import Json

Rule: TypeAlias = Callable[[Json], Iterator[Fault]]

ALONE: tuple[Rule, ...] = (
    schemas.misspelt_keywords,
    schemas.keywords_of_another_type,
    schemas.patterns_that_python_cannot_read,
    schemas.enums_without_choice,
    schemas.bounds_that_cross,
    schemas.discriminators_astray,
    schemas.example_beside_examples,
    schemas.fields_of_requests_and_of_answers_alone,
    operations.operations_without_an_id,
    operations.ids_of_two_operations,
    operations.operations_without_a_success,
    operations.paths_that_are_no_templates,
    operations.path_variables_that_stand_twice,
    operations.paths_that_a_request_cannot_tell_apart,
    operations.paths_without_an_operation,
    operations.tags_that_are_not_declared,
    operations.tags_that_no_operation_has,
    operations.links_without_an_operation,
    operations.servers_that_end_in_a_slash,
    operations.servers_with_other_variables,
    operations.variables_with_another_default,
    service.what_no_client_could_work_with,
    descriptions.operations_without_a_summary,
)
"""Rules for a document of sound structure."""

FOLLOWING: tuple[Rule, ...] = (
    invalid_examples,
    schemas.constants_that_break_their_schema,
    schemas.defaults_that_break_their_schema,
    schemas.required_names_without_a_property,
    schemas.fields_of_examples_that_no_schema_names,
    operations.path_variables_without_a_parameter,
    operations.path_parameters_without_a_variable,
    components.unused_components,
    descriptions.parts_without_a_description,
    descriptions.properties_without_a_description,
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
