"""The documented answers of an operation: examples of the document, word for word."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from ventia_document.operations import Operation, Part, content, examples
from ventia_document.samples import samples
from ventia_document.source import Json
from ventia_mock.operations.unserved import Unserved
from ventia_mock.operations.validation import Refused, Valid


@dataclass(frozen=True)
class Answer:
    """What goes back to the caller.

    Attributes:
        example: the name of the document's example that it is, '' where that has none.
        media_type: with `value`, None where the document gives the response no content.
        why: what was wrong with the request, for the log and the journal.
        rule: the rule that it breaks (`Refused.rule`).
        raw: the body as it goes out, where that is not the value as JSON.
    """

    status: int
    example: str = ""
    media_type: str | None = None
    value: Json = None
    headers: tuple[tuple[str, str], ...] = ()
    why: str = ""
    rule: str = ""
    raw: bytes | None = None

    @cached_property
    def body(self) -> bytes:
        """What goes out."""
        if self.raw is not None:
            return self.raw
        return b"" if self.media_type is None else _encode(self.value).encode()

    def valued(self, value: Json) -> Answer:
        """The same answer with another value."""
        return Answer(self.status, self.example, self.media_type, value, self.headers, self.why, self.rule)


_encode = json.JSONEncoder(ensure_ascii=False).encode


class Answers:
    """The documented answers of one operation.

    Attributes:
        success: the one of the lowest status.

    Raises:
        Unserved: it documents no success, or content without an example of it.
    """

    def __init__(self, operation: Operation) -> None:
        self._answers = list(_documented(operation))
        self._examples = list(_request_examples(operation))
        successes = [answer for answer in self._answers if answer.status // 100 == 2]
        if not successes:
            raise Unserved(operation.at + "/responses", "no response of 2xx; say what a success is answered with")
        self.success = min(successes, key=lambda answer: answer.status)

    def __iter__(self) -> Iterator[Answer]:
        return iter(self._answers)

    def of(self, status: int) -> Answer | None:
        """The first documented answer of a status."""
        return next((answer for answer in self._answers if answer.status == status), None)

    def find(self, name: str | int) -> Answer:
        """The answer of a status, or of the name of an example.

        Raises:
            ValueError: no documented answer has it; the text lists those that are documented.
        """
        for answer in self._answers:
            if name in (answer.status, str(answer.status), answer.example):
                return answer
        known = ", ".join(f"{answer.status} {answer.example}".strip() for answer in self._answers)
        raise ValueError(f"answer: Must be a documented one, by status or by name: {known}; got {name!r}")

    def preferred(self, prefer: Mapping[str, str]) -> Answer:
        """The answer that a caller prefers.

        Args:
            prefer: of the `Prefer` header: `code`, a documented status, and `example`, the name of a response example.

        Raises:
            Refused: no documented answer is what the caller prefers.
        """
        for answer in self._answers:
            if prefer.items() <= {"code": str(answer.status), "example": answer.example}.items():
                return answer
        known = ", ".join(f"code={answer.status} example={answer.example}" for answer in self._answers)
        raise Refused(f"Prefer: Must name a documented answer: {known}")

    def namesake(self, request: Valid) -> Answer | None:
        """The answer of the same name as the example that a request is."""
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
