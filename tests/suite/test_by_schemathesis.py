from __future__ import annotations

import pytest
import schemathesis

from contract_tests.cases import by_schemathesis
from contract_tests.run import OPERATIONS
from ventia_document.source import Json


@pytest.mark.parametrize("contact", [["#"], ["?"], {"a": "?b#c"}, ["%"]])
def test_a_case_goes_to_its_operation_whatever_stands_in_its_path(contact: Json) -> None:
    operation = next(each for each in OPERATIONS if each.sends)
    cases = schemathesis.openapi.from_dict(operation.document)[operation.path][operation.method]
    request = by_schemathesis.request_of(cases.Case(path_parameters={"idcontact": contact}))
    assert request.path.startswith("/contact/")
    assert request.path.endswith("/message")
    assert request.path.count("/") == 3
