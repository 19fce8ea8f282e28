"""Requests and answers made of the document's samples."""

from __future__ import annotations

from dataclasses import dataclass

from ventia_document.operations import Operation, content
from ventia_document.samples import samples
from ventia_document.source import Json


@dataclass(frozen=True)
class ExampleRequest:
    """A request of the document's samples.

    Attributes:
        name: of the example that it is, '' where that has none.
        parameters: values by name.
        body: None without one.
    """

    name: str
    parameters: dict[str, Json]
    body: Json


@dataclass(frozen=True)
class ExampleResponse:
    """An answer of the document's samples, with the name of the example."""

    name: str
    status: int
    value: Json


def requests(operation: Operation) -> list[ExampleRequest]:
    """One request for each example of the body and of a parameter; none where one cannot be made up.

    A parameter has the value of its example of the same name or, where it must be given, of its first.
    """
    known = dict(bodies(operation))
    first = next(iter(known.values()), None)
    names = dict.fromkeys([*known, *(name for name in _names(operation) if name or not known)])
    made = [ExampleRequest(name, _parameters(operation, name), known.get(name, first)) for name in names]
    required = {part.value["name"] for part in operation.parameters if part.value.get("required")}
    return [request for request in made if required <= request.parameters.keys()]


def responses(operation: Operation) -> list[ExampleResponse]:
    """Every sample of a response to the operation; the value is None for one without content."""
    numbered = operation.numbered_responses
    documented = [
        ExampleResponse(name, status, value)
        for status, response in numbered
        for media_type in content(operation.document, response)
        for name, value in samples(operation.document, media_type).items()
    ]
    return documented + [
        ExampleResponse("", status, None) for status, response in numbered if not response.value.get("content")
    ]


def bodies(operation: Operation) -> list[tuple[str, Json]]:
    """Every sample of the body of the operation, with its name."""
    return [item for media_type in operation.media_types for item in samples(operation.document, media_type).items()]


def _names(operation: Operation) -> dict[str, None]:
    named = [name for part in operation.parameters for name in samples(operation.document, part)]
    return dict.fromkeys(named or [""])


def _parameters(operation: Operation, name: str) -> dict[str, Json]:
    values = {}
    for part in operation.parameters:
        known = samples(operation.document, part)
        if name in known or (part.value.get("required") and known):
            values[part.value["name"]] = known.get(name, next(iter(known.values())))
    return values
