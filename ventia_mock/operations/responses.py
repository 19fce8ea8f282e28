"""The documented responses of an operation: the examples of the document, word for word."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from http import HTTPStatus

from ventia_document.operations import Operation, Part, content, examples
from ventia_document.samples import samples
from ventia_document.source import Json
from ventia_document.wire.headers import described_headers, header_text
from ventia_document.wire.media import is_binary
from ventia_mock.http.response import Response
from ventia_mock.operations.validation import InvalidRequest, ValidRequest


class DocumentedResponses:
    """The documented responses of one operation.

    Attributes:
        success: the success with the lowest status.
    """

    def __init__(self, operation: Operation) -> None:
        self._responses = list(_documented(operation))
        self._request_examples = list(_request_examples(operation))
        self._operation = operation
        successes = [response for response in self._responses if response.status in operation.successes]
        self.success = min(successes, key=lambda response: response.status)

    def __iter__(self) -> Iterator[Response]:
        return iter(self._responses)

    def refusal(self, name: str, status: HTTPStatus) -> Response | None:
        """The documented response with the name of an example, whatever its status, or else the first for a status."""
        named = (response for response in self._responses if response.example == name)
        exact = (response for response in self._responses if response.status == status)
        return next(named, None) or next(exact, None) or self._general(status)

    def _general(self, status: HTTPStatus) -> Response | None:
        """The response of a range or of `default`, with a status of these."""
        part = self._operation.response(status)
        numbers = [number for number, each in self._operation.numbered_responses if each is part]
        found = next((response for response in self._responses if response.status in numbers), None)
        return replace(found, status=status) if found else None

    def find(self, name: str | int) -> Response:
        """The response with a status, or with the name of an example.

        Raises:
            ValueError: there is none; the message lists the documented ones.
        """
        for response in self._responses:
            if name in (response.status, str(response.status), response.example):
                return response
        documented = ", ".join(f"{response.status} {response.example}".strip() for response in self._responses)
        raise ValueError(f"answer: Must be a documented one, by status or by name: {documented}; got {name!r}")

    def preferred(self, preferences: Mapping[str, str]) -> Response:
        """The response that a `Prefer` header names.

        Args:
            preferences: `code`, a documented status, or `example`, the name of a response example, or both.

        Raises:
            InvalidRequest: no documented response has both.
        """
        for response in self._responses:
            if preferences.items() <= {"code": str(response.status), "example": response.example}.items():
                return response
        documented = ", ".join(f"code={response.status} example={response.example}" for response in self._responses)
        raise InvalidRequest(f"Prefer: Must name a documented answer: {documented}")

    def namesake(self, request: ValidRequest) -> Response | None:
        """The response example with the same name as the request example that the request equals."""
        names = {name for at, name, value in self._request_examples if request.values.get(at) == value}
        return next((response for response in self._responses if response.example in names), None)


def _documented(operation: Operation) -> Iterator[Response]:
    for status, response in operation.numbered_responses:
        media_types = content(operation.document, response)
        headers = tuple(_headers(operation.document, response))
        if not media_types:
            yield Response(status, headers=headers)
        for media_type in media_types:
            for each in _examples(operation, status, media_type):
                yield replace(each, headers=headers)


def _headers(document: Json, response: Part) -> Iterator[tuple[str, str]]:
    for name, header in described_headers(document, response).items():
        yield name, header_text(header, next(iter(samples(document, header).values())))


def _examples(operation: Operation, status: int, media_type: Part) -> Iterator[Response]:
    values = samples(operation.document, media_type)
    if is_binary(media_type.name):
        values = values or {"": "bytes"}
    for name, value in values.items():
        yield Response(status, name, media_type.name, value)


def _request_examples(operation: Operation) -> Iterator[tuple[str, str, Json]]:
    """The named examples of the parameters and bodies: JSON pointer of the part, name, value."""
    for part in [*operation.parameters, *operation.media_types]:
        for name, value in examples(operation.document, part).items():
            if name:
                yield part.at, name, value
