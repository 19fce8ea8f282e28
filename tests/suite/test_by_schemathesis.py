from __future__ import annotations

import pytest
import schemathesis
from schemathesis.core.failures import FailureGroup

from contract_tests.cases import by_schemathesis
from contract_tests.run import OPERATIONS
from contract_tests.wire.response import Response
from ventia_document.source import Json


@pytest.mark.parametrize("contact", [["#"], ["?"], {"a": "?b#c"}, ["%"]])
def test_a_case_goes_to_its_operation_whatever_stands_in_its_path(contact: Json) -> None:
    operation = next(each for each in OPERATIONS if each.sends)
    cases = schemathesis.openapi.from_dict(operation.document)[operation.path][operation.method]
    request = by_schemathesis.request_of(cases.Case(path_parameters={"idcontact": contact}))
    assert request.path.startswith("/contact/")
    assert request.path.endswith("/message")
    assert request.path.count("/") == 3


@pytest.mark.parametrize(("status", "is_right"), [(200, True), (500, False)])
def test_a_schema_that_schemathesis_cannot_read_hides_nothing_else(status: int, *, is_right: bool) -> None:
    """A tuple in a response ended a run in an error of the suite."""
    answer = {"schema": {"type": "array", "prefixItems": [{"type": "integer"}, {"type": "string"}]}}
    responses = {"200": {"description": "It.", "content": {"application/json": answer}}}
    document = {
        "openapi": "3.1.0",
        "info": {"title": "A", "version": "1"},
        "paths": {"/a": {"get": {"responses": responses}}},
    }
    case = schemathesis.openapi.from_dict(document)["/a"]["GET"].Case()
    response = Response(status, (("content-type", "application/json"),), b'[1, "a"]')
    found = []
    try:
        by_schemathesis.validate(case, response)
    except FailureGroup as group:
        found = [*group.exceptions]
    assert is_right is (found == [])
