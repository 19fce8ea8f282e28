"""Requests and responses made of the document's examples.

(`ventia_document.samples` makes single values.)
"""

from __future__ import annotations

from dataclasses import dataclass

from ventia_document.operations import Operation, Part, content
from ventia_document.samples import samples
from ventia_document.source import Json
from ventia_document.wire.media import is_binary


@dataclass(frozen=True)
class ExampleRequest:
    """A request made of the document's examples.

    Attributes:
        name: the name of the example; '' without one.
        parameters: values by the JSON pointer of the parameter.
        media_type: of the body; None without one.
    """

    name: str
    parameters: dict[str, Json]
    body: Json = None
    media_type: str | None = None


@dataclass(frozen=True)
class ExampleResponse:
    """A response made of the document's examples.

    Attributes:
        name: of the example; '' without one.
        media_type: of the body; None without content.
    """

    name: str
    status: int
    value: Json = None
    media_type: str | None = None


def requests(operation: Operation) -> list[ExampleRequest]:
    """One request for each example of the body or of a parameter; none if something required has no value.

    A parameter has the value of its example of the same name or, if it is required, of its first example.
    """
    named = dict(bodies(operation))
    names = dict.fromkeys([*named, *(name for name in _names(operation) if name or not named)])
    if not named and operation.body and operation.body.value.get("required"):
        return []
    made = [_request(operation, name, named) for name in names]
    required = {part.at for part in operation.parameters if part.value.get("required")}
    return [request for request in made if required <= request.parameters.keys()]


def _request(operation: Operation, name: str, named: dict[str, Json]) -> ExampleRequest:
    parameters = _parameters(operation, name)
    if not named:
        return ExampleRequest(name, parameters)
    body = named.get(name, next(iter(named.values())))
    return ExampleRequest(name, parameters, body, operation.media_types[0].name)


def responses(operation: Operation) -> list[ExampleResponse]:
    """Every example of a response to the operation; the value is None for one without content."""
    numbered = operation.numbered_responses
    documented = [
        ExampleResponse(name, status, value, media_type.name)
        for status, response in numbered
        for media_type in content(operation.document, response)
        for name, value in _values(operation, media_type).items()
    ]
    return documented + [
        ExampleResponse("", status) for status, response in numbered if not response.value.get("content")
    ]


def _values(operation: Operation, media_type: Part) -> dict[str, Json]:
    made = samples(operation.document, media_type)
    return made or ({"": "bytes"} if is_binary(media_type.name) else {})


def bodies(operation: Operation) -> list[tuple[str, Json]]:
    """Every example of the operation's body, with its name."""
    return [item for media_type in operation.media_types for item in samples(operation.document, media_type).items()]


def _names(operation: Operation) -> dict[str, None]:
    named = [name for part in operation.parameters for name in samples(operation.document, part)]
    return dict.fromkeys(named or [""])


def _parameters(operation: Operation, name: str) -> dict[str, Json]:
    values = {}
    for part in operation.parameters:
        named = samples(operation.document, part)
        if name in named or (part.value.get("required") and named):
            values[part.at] = named.get(name, next(iter(named.values())))
    return values
