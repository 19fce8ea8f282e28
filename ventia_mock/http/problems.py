"""Refusals without a documented response, in the shape that the document gives to all others (its schema `Problem`)."""

from __future__ import annotations

from dataclasses import replace
from http import HTTPStatus

from ventia_mock.http.response import Response


def problem(status: HTTPStatus, why: str, *headers: tuple[str, str]) -> Response:
    """A refusal with a status for which the document has no response."""
    return with_details(Response(status, headers=headers), why)


def with_details(response: Response, why: str) -> Response:
    """A refusal with its reason in `details`; a body of another shape than `Problem` stays as documented."""
    body = response.value or {"success": False, "error": HTTPStatus(response.status).phrase}
    name = next((name for said, name in _DETAILS.items() if isinstance(body, dict) and said in body), None)
    if name is None:
        return replace(response, why=why)
    return replace(response, media_type=response.media_type or "application/json", value={**body, name: why}, why=why)


_DETAILS = {"error": "details", "title": "detail"}
"""The field of the details, by the field of what went wrong: of the document's `Problem`, and of RFC 9457."""
