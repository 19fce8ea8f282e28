"""What a server under test is sure to know: the identifiers of the document's examples."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from typing import Any, TypeAlias

import schemathesis
from schemathesis.core import NotSet

from contract_tests import run
from ventia_document.operations import Operation, content, nodes, operations
from ventia_document.samples import samples
from ventia_document.schemas import Schema
from ventia_document.source import Json, lookup
from ventia_mock.parameters import Parameter

AnyCase: TypeAlias = "schemathesis.Case[Any]"

_KEYWORD = "x-identifies"


def only_known(document: Json) -> Json:
    """A document in which everything that is identified on the platform is one of the document's own examples."""
    narrowed = copy.deepcopy(document)
    for at, examples in _identifying(document):
        lookup(narrowed, at)["enum"] = examples
    return narrowed


def is_valid(case: AnyCase) -> bool:
    """Whether the document, as it is, accepts the parameters and the body of a case."""
    [operation] = [each for each in run.OPERATIONS if str(each) == case.operation.label]
    return all(_parameters_are_valid(operation, case)) and _body_is_valid(operation, case)


def _identifying(document: Json) -> Iterator[tuple[str, list[Json]]]:
    """JSON pointer of each schema that identifies something, and examples of it."""
    for at, node in nodes(document):
        if _KEYWORD in node and isinstance(node.get("examples"), list):
            yield at, node["examples"]
    for operation in operations(document):
        for part in operation.parameters:
            schema = lookup(document, part.at + "/schema")
            if isinstance(schema, dict) and _KEYWORD in schema:
                yield part.at + "/schema", list(samples(document, part).values())


def _parameters_are_valid(operation: Operation, case: AnyCase) -> Iterator[bool]:
    places = {"path": case.path_parameters, "query": case.query, "header": case.headers, "cookie": case.cookies}
    for part in operation.parameters:
        given = {str(name).lower(): value for name, value in (places[part.value["in"]] or {}).items()}
        value = given.get(part.value["name"].lower())
        texts = [] if value is None else [value] if isinstance(value, str) else None
        yield texts is not None and not Parameter(operation.document, part).check(texts)[1]


def _body_is_valid(operation: Operation, case: AnyCase) -> bool:
    if operation.body is None:
        return True
    known = {part.name: part for part in content(operation.document, operation.body)}
    part = known.get(case.media_type or "")
    is_json = not isinstance(case.body, bytes | NotSet)
    return part is not None and is_json and Schema(operation.document, part.at + "/schema").accepts(case.body)
