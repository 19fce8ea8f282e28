"""Matches an answer to a documented response, and parses it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from http import HTTPStatus
from typing import Any, NamedTuple, TypeVar

from ..types import Response
from .messages.checks import is_shaped
from .outcomes import AnswerError, Failed, Refused, UnreadableAnswer, UnreadableRead, is_refusal, unexpected

T = TypeVar("T")


class Documented(NamedTuple):
    """A response of the document.

    Attributes:
        media_type: of its body; None without a body.
        schema: the JSON pointer of its body's schema; None where any bytes will do.
        refused: the class of the error that it is if nothing was sent.
        failed: the class of the error that it is if that is unknown.
    """

    media_type: str | None = None
    schema: str | None = None
    refused: type[AnswerError] = Refused
    failed: type[AnswerError] = Failed


class Answers(NamedTuple):
    """The answers to an operation.

    Attributes:
        responses: by the document's keys for them: a status, `4XX` or the like, or `default`.
        is_safe: whether the operation sends nothing, whatever is answered.
    """

    responses: Mapping[str, Documented]
    is_safe: bool

    def of(self, status_code: int) -> tuple[Documented | None, bool]:
        """The response of a status, and whether it is a success; None if the document has none."""
        keys = (str(status_code), f"{status_code // 100}XX", "default")
        key = next((key for key in keys if key in self.responses), "")
        is_success = status_code // 100 == HTTPStatus.OK // 100
        if key == "default" and any(other.startswith("2") for other in self.responses):
            is_success = False  # since the successes are documented, and this is none of them
        return self.responses.get(key), is_success


def read(response: Response[Any], answers: Answers, parse: Callable[[Response[Any]], T | None]) -> Response[T]:
    """The answer with its parsed body; that of an error is None if it cannot be read.

    Raises:
        UnexpectedStatus: the document does not list the status.
        UnreadableAnswer, UnreadableRead: it is a success whose body is not what the document says.
    """
    documented, is_success = answers.of(response.status_code)
    if documented is None:
        raise unexpected(response, is_safe=answers.is_safe)
    parsed, is_read = _parsed(response, documented, parse)
    if is_success and not is_read:
        raise (UnreadableRead if answers.is_safe else UnreadableAnswer).of(response)
    return Response(response.status_code, response.content, response.headers, parsed, response.complete)


def success(response: Response[T], answers: Answers) -> T | None:
    """The parsed answer of a success.

    Raises:
        AnswerError: the answer is an error of the document.
    """
    documented, is_success = answers.of(response.status_code)
    if documented is not None and not is_success:
        is_unsent = answers.is_safe or is_refusal(response.status_code)
        raise (documented.refused if is_unsent else documented.failed).of(response)
    return response.parsed


def _parsed(
    response: Response[Any], documented: Documented, parse: Callable[[Response[Any]], T | None]
) -> tuple[T | None, bool]:
    if documented.media_type is None:
        return None, True
    try:
        if _is_readable(response, documented):
            return parse(response), True
    except (ArithmeticError, AttributeError, LookupError, RecursionError, TypeError, ValueError):
        pass  # whatever a parser trips over, the answer is not what the document says
    return None, False


def _is_readable(response: Response[Any], documented: Documented) -> bool:
    """Whether a body is of the documented type and shape; JSON is known by itself, whatever its header says."""
    media_type = response.headers.get("content-type", "").partition(";")[0].strip().lower()
    if is_json(documented.media_type):
        return documented.schema is None or is_shaped(documented.schema, response.json())
    if not response.complete or media_type != documented.media_type:
        return False
    return documented.schema is None or is_shaped(documented.schema, response.text)


def is_json(media_type: str | None) -> bool:
    """Whether bodies of a media type are JSON."""
    return media_type is not None and (media_type == "application/json" or media_type.endswith("+json"))
