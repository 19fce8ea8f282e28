"""Refusals, in the one shape that the document gives them (its schema `Problem`).

That a request above the rate limit is told in a `Retry-After` when to come back, and that unknown paths and methods are
refused with 404 and 405, are assumptions.
"""

from __future__ import annotations

from dataclasses import replace
from http import HTTPStatus

from ventia_mock.operations.responses import Answer, Answers
from ventia_mock.operations.validation import Refused


def invalid(answers: Answers, refused: Refused) -> Answer:
    """The refusal of a request that breaks a rule."""
    answer = answers.of(HTTPStatus.BAD_REQUEST) or Answer(HTTPStatus.BAD_REQUEST)
    return replace(_explained(answer, str(refused)), rule=refused.rule)


def unknown_key(answers: Answers) -> Answer:
    """The refusal of a request without a known API key."""
    why = "no known API key, given once"
    documented = answers.of(HTTPStatus.UNAUTHORIZED)
    return replace(documented, why=why) if documented else outside(HTTPStatus.UNAUTHORIZED, why)


def too_many(answers: Answers, limit: object, wait: int) -> Answer:
    """The refusal of a request above the rate limit.

    Args:
        limit: in words.
        wait: seconds until another request may pass.
    """
    documented = answers.of(HTTPStatus.TOO_MANY_REQUESTS) or outside(HTTPStatus.TOO_MANY_REQUESTS, "")
    return replace(documented, headers=(("Retry-After", str(wait)),), why=f"more than {limit}; try again in {wait} s")


def outside(status: HTTPStatus, why: str, *headers: tuple[str, str]) -> Answer:
    """A refusal for which the document has no answer."""
    return _explained(Answer(status, headers=headers), why)


def _explained(answer: Answer, why: str) -> Answer:
    shape = answer.value or {"success": False, "error": HTTPStatus(answer.status).phrase}
    if not isinstance(shape, dict) or "error" not in shape:  # a shape of the operation's own, which stays as documented
        return replace(answer, why=why)
    return replace(answer, media_type="application/json", value={**shape, "details": why}, why=why)
