"""Picks the response of a refusal: the documented one where there is one, or else a `Problem`.

Two of them are guesses: that a request above the rate limit gets a `Retry-After`, and that 401 and 429 look like a
`Problem` where the document has no response for them. So are the 404 and 405 of `served.py`.
"""

from __future__ import annotations

from dataclasses import replace
from http import HTTPStatus

from ventia_mock.http.problems import problem, with_details
from ventia_mock.http.response import Response, with_retry_after
from ventia_mock.operations.responses import DocumentedResponses


def invalid(documented: DocumentedResponses, why: str, rule: str) -> Response:
    """The refusal of a request that breaks a rule.

    Args:
        rule: a JSON pointer in the document, or the name of a platform rule.
    """
    response = documented.refusal("invalidRequestBody", HTTPStatus.BAD_REQUEST) or Response(HTTPStatus.BAD_REQUEST)
    return replace(with_details(response, why), rule=rule)


def unknown_key(documented: DocumentedResponses) -> Response:
    """The refusal of a request without a known API key."""
    why = "no known API key, or more than one"
    response = documented.refusal("invalidApiKey", HTTPStatus.UNAUTHORIZED)
    return replace(response, why=why) if response else problem(HTTPStatus.UNAUTHORIZED, why)


def too_many(documented: DocumentedResponses, limit: object, wait: int) -> Response:
    """The refusal of a request above the rate limit.

    Args:
        limit: the limit in words.
        wait: seconds until another request may pass.
    """
    status = HTTPStatus.TOO_MANY_REQUESTS
    response = documented.refusal("rateLimitExceeded", status) or problem(status, "")
    return replace(with_retry_after(response, wait), why=f"more than {limit}; try again in {wait} s")
