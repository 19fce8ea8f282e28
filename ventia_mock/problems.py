"""Refusals in the one shape that the document gives them (its schema `Problem`)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from http import HTTPStatus

from ventia_mock.answers import Answer


def explained(answer: Answer, details: str) -> Answer:
    """A documented refusal that says what was wrong with this request."""
    return replace(answer, value={**(answer.value or _problem(answer.status)), "details": details}, why=details)


def outside(status: HTTPStatus, details: str, headers: Mapping[str, str] | None = None) -> Answer:
    """The refusal of a request to no operation of the document, for which it documents no answer."""
    return explained(Answer(status, media_type="application/json", headers=headers or {}), details)


def _problem(status: int) -> dict[str, object]:
    return {"success": False, "error": HTTPStatus(status).phrase}
