"""The document's own examples: the server answers each as documented."""

from __future__ import annotations

import json
from urllib.parse import quote

import pytest

from contract_tests import run
from contract_tests.cases import examples
from contract_tests.target.knowledge import OPERATION
from contract_tests.trial import About, Trial
from contract_tests.wire.request import RIGHT, Asked, Text
from ventia_document.operations import Operation

_REQUESTS = [(operation, request) for operation in run.OPERATIONS for request in examples.requests(operation)]
_ABOUT = About("examples", "Each example of the document is answered as its namesake, or accepted", "kept")


@pytest.mark.parametrize(
    ("operation", "request_"), _REQUESTS, ids=[f"{operation} {request.name}" for operation, request in _REQUESTS]
)
def test_an_example_is_answered_as_documented(operation: Operation, request_: examples.Request, trial: Trial) -> None:
    """With its namesake, or else accepted, by a server that knows what the example names."""
    namesake = next(
        (known for known in examples.answers(operation) if known.name and known.name == request_.name), None
    )
    asked = _asked(operation, request_)
    if run.current.is_own:
        expected = frozenset([namesake.status]) if namesake else _accepting(operation)
    elif operation.id == OPERATION and _is_known(request_):
        expected = run.current.expected(trial.verdict(asked)) or frozenset()
    else:
        pytest.skip("the target file does not name what the example does")
    answer = trial.ask(_ABOUT, asked, expected)
    if namesake and run.current.is_own and namesake.value != answer.json:
        raise trial.lie(_ABOUT, (asked,), f"must answer {json.dumps(namesake.value)}", answer.text)


def _accepting(operation: Operation) -> frozenset[int]:
    return frozenset(status for status, _ in operation.numbered_responses if status < 300)


def _is_known(request: examples.Request) -> bool:
    """Whether the target file names everything that an example does."""
    knowledge = run.current.knowledge
    if knowledge is None or request.parameters != dict.fromkeys(request.parameters, run.current.target.contact):
        return False
    fields = knowledge.fields.values()
    return {value for name, value in request.body.items() if name in fields} <= run.current.target.named


def _asked(operation: Operation, request: examples.Request) -> Asked:
    values = request.parameters
    place = {part.value["name"]: part.value["in"] for part in operation.parameters}
    path = operation.path.format_map({name: quote(str(value), safe="") for name, value in values.items()})
    schemes = operation.security[0] if operation.security else []
    given: dict[str, list[tuple[str, Text]]] = {"query": [], "header": []}
    for name, value in values.items():
        given.get(place[name], []).extend((name, str(item)) for item in (value if isinstance(value, list) else [value]))
    for scheme in schemes:
        given.get(scheme["in"], []).append((scheme["name"], RIGHT))
    if request.body is None:
        return Asked(operation.method, path, tuple(given["query"]), tuple(given["header"]))
    content_type = ("Content-Type", operation.media_types[0].name)
    body = json.dumps(request.body, ensure_ascii=False).encode()
    return Asked(operation.method, path, tuple(given["query"]), (*given["header"], content_type), body)
