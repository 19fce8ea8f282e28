"""The document's own examples: the server answers each as documented."""

from __future__ import annotations

import json

import pytest

from contract_tests.cases import examples
from contract_tests.cases.styles import written
from contract_tests.replay import Purpose
from contract_tests.run import OPERATIONS, Run
from contract_tests.trial import Trial
from ventia_document.operations import Operation

_EXAMPLES = [(operation, example) for operation in OPERATIONS for example in examples.requests(operation)]
_IDS = [f"{operation} {example.name}" for operation, example in _EXAMPLES]
_PURPOSE = Purpose(
    "examples", "Each example of the document is answered by the example of the same name, or accepted", "kept"
)


@pytest.mark.parametrize(("operation", "example"), _EXAMPLES, ids=_IDS)
def test_an_example_is_answered_as_documented(
    operation: Operation, example: examples.ExampleRequest, run: Run, trial: Trial
) -> None:
    """By the example of the same name, or else accepted, if the server knows what the example names."""
    named = [response for response in examples.responses(operation) if response.name]
    namesake = next((response for response in named if response.name == example.name), None)
    request = written(operation, example.parameters, example.media_type, example.body)
    if run.is_own:
        expected = frozenset([namesake.status]) if namesake else _accepting(operation)
    elif operation.sends and _is_known(run, example):
        expected = run.expected(trial.verdict(request)) or frozenset()
    else:
        pytest.skip("the target file does not name what the example does")
    response = trial.send(_PURPOSE, request, expected)
    if namesake and run.is_own and namesake.value != response.json:
        raise trial.violation(_PURPOSE, (request,), f"must answer {json.dumps(namesake.value)}", response.text)


def _accepting(operation: Operation) -> frozenset[int]:
    return operation.successes


def _is_known(run: Run, example: examples.ExampleRequest) -> bool:
    """Whether the target file names everything that an example does."""
    if run.knowledge is None or example.parameters != dict.fromkeys(example.parameters, run.target.contact):
        return False
    fields = run.knowledge.fields.values()
    return {value for name, value in example.body.items() if name in fields} <= run.target.named
