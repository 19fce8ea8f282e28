"""Matches an answer to a documented response, and parses it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple, TypeVar

from ..types import Response
from .messages.checks import is_shaped
from .outcomes import AnswerError, UnreadableAnswer, unexpected

T = TypeVar("T")


class Documented(NamedTuple):
    """A response of the document.

    Attributes:
        schema: the JSON pointer of its body's schema; None without a body.
        error: the class of the error that it is; None for a success.
    """

    schema: str | None = None
    error: type[AnswerError] | None = None


Responses = Mapping[str, Documented]
"""The responses of an operation, by the document's keys for them: a status, or `4XX` or the like."""


def read(response: Response[Any], responses: Responses, parse: Callable[[Response[Any]], T | None]) -> Response[T]:
    """The answer with its parsed body; that of an error is None if it cannot be read.

    Raises:
        UnexpectedStatus: the document does not list the status.
        UnreadableAnswer: it is a success whose body is not what the document says.
    """
    documented = _documented(response.status_code, responses)
    if documented is None:
        raise unexpected(response)
    parsed, is_read = _parsed(response, documented, parse)
    if not is_read and documented.error is None:
        raise UnreadableAnswer.of(response)
    return Response(response.status_code, response.content, response.headers, parsed, response.complete)


def success(response: Response[T], responses: Responses) -> T | None:
    """The parsed answer of a success.

    Raises:
        AnswerError: the answer is an error of the document.
    """
    documented = _documented(response.status_code, responses)
    if documented is not None and documented.error is not None:
        raise documented.error.of(response)
    return response.parsed


def _documented(status_code: int, responses: Responses) -> Documented | None:
    keys = (str(status_code), f"{status_code // 100}XX")
    return next((responses[key] for key in keys if key in responses), None)


def _parsed(
    response: Response[Any], documented: Documented, parse: Callable[[Response[Any]], T | None]
) -> tuple[T | None, bool]:
    if documented.schema is None:
        return None, True
    try:
        if is_shaped(documented.schema, response.json()):
            return parse(response), True
    except (ArithmeticError, AttributeError, LookupError, RecursionError, TypeError, ValueError):
        pass  # whatever a parser trips over, the answer is not what the document says
    return None, False
