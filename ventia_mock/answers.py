"""Which documented answer a valid request gets: an example of the document, word for word."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from ventia_document.operations import Operation, Part, content, examples
from ventia_document.samples import samples
from ventia_document.source import Json
from ventia_mock.requests import Refused, Valid
from ventia_mock.unserved import Unserved


@dataclass(frozen=True)
class Answer:
    """What goes back to the caller.

    Attributes:
        example: the name of the document's example that it is, '' where that has none.
        media_type: with `value`, None where the document gives the response no content.
        why: what was wrong with the request, for the log.
    """

    status: int
    example: str = ""
    media_type: str | None = None
    value: Json = None
    headers: Mapping[str, str] = field(default_factory=dict)
    why: str = ""


class Answers:
    """The documented answers of one operation.

    Raises:
        Unserved: it documents no success, or content without an example of it.
    """

    def __init__(self, operation: Operation) -> None:
        self._answers = list(_documented(operation))
        self._examples = list(_request_examples(operation))
        successes = [answer for answer in self._answers if answer.status // 100 == 2]
        if not successes:
            raise Unserved(operation.at + "/responses", "no response of 2xx; say what a success is answered with")
        self._success = min(successes, key=lambda answer: answer.status)

    def to(self, request: Valid, prefer: Mapping[str, str]) -> Answer:
        """What the caller prefers, else the namesake of the example that the request is, else success.

        Args:
            prefer: of the `Prefer` header: `code`, a documented status, and `example`, the name of a response example.

        Raises:
            Refused: no documented answer is what the caller prefers.
        """
        if prefer:
            return self._preferred(prefer)
        return self._namesake(request) or self._success

    def of(self, status: int) -> Answer | None:
        """The first documented answer of a status."""
        return next((answer for answer in self._answers if answer.status == status), None)

    def _preferred(self, prefer: Mapping[str, str]) -> Answer:
        for answer in self._answers:
            if prefer.items() <= {"code": str(answer.status), "example": answer.example}.items():
                return answer
        known = ", ".join(f"code={answer.status} example={answer.example}" for answer in self._answers)
        raise Refused(f"Prefer: Must name a documented answer: {known}")

    def _namesake(self, request: Valid) -> Answer | None:
        names = {name for part, name, value in self._examples if request.values.get(part) == value}
        return next((answer for answer in self._answers if answer.example in names), None)


def _documented(operation: Operation) -> Iterator[Answer]:
    for status, response in operation.responses.items():
        if status == "default":  # which names no status to answer with
            continue
        number = int(status.replace("X", "0"))
        media_types = content(operation.document, response)
        if not media_types:
            yield Answer(number)
        for media_type in media_types:
            yield from _answers(operation, number, media_type)


def _answers(operation: Operation, status: int, media_type: Part) -> Iterator[Answer]:
    known = samples(operation.document, media_type)
    if not known:
        raise Unserved(media_type.at, "no example to answer with, and its schema makes none; give one under `examples`")
    for name, value in known.items():
        yield Answer(status, name, media_type.name, value)


def _request_examples(operation: Operation) -> Iterator[tuple[str, str, Json]]:
    """The named examples of the parameters and bodies: JSON pointer of the part, name, value."""
    for part in [*operation.parameters, *operation.media_types]:
        for name, value in examples(operation.document, part).items():
            if name:
                yield part.at, name, value
