"""Finds where the response of a server differs from the document."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from http import HTTPStatus

from ventia_document.operations import content
from ventia_document.validation import Schema
from ventia_document.wire.media import is_json, plain_type
from ventia_mock.http.json_text import InvalidJson, decode
from ventia_mock.http.request import Request
from ventia_mock.http.response import Response
from ventia_mock.journal.redaction import keys_in
from ventia_mock.operations.served import ServedOperation


def discrepancies(served: ServedOperation, request: Request, response: Response) -> Iterator[str]:
    """The discrepancies between a response and the document, a sentence each."""
    if response.raw is None:  # it is the stand-in's own, for want of one from the server
        yield response.why
        return
    text = " ".join([response.readable.decode("utf-8", "replace"), *(value for _, value in response.headers)])
    if keys_in(text, served.authentication.keys(request.parameters)):
        yield "the answer repeats the API key"
    operation = served.operation
    documented = operation.response(response.status)
    if documented is None:
        yield f"status: Must be one of {', '.join(operation.responses)}; got {response.status}"
        return
    if response.status == HTTPStatus.BAD_REQUEST:
        yield "the server refuses as invalid what the document accepts"
    media_types = {plain_type(part.name): part for part in content(operation.document, documented)}
    media_type = plain_type(response.media_type or "")
    if media_types and media_type not in media_types:
        yield f"Content-Type: Must be {' or '.join(media_types)}; got {response.media_type!r}"
    elif media_types and is_json(media_type):
        yield from _of_body(response, _schema(served, media_types[media_type].at))


def _of_body(response: Response, schema: Schema) -> Iterator[str]:
    if response.why:
        yield f"answer: {response.why}"
        return
    try:
        yield from (violation.within("answer") for violation in schema.quick_violations(decode(response.readable)))
    except InvalidJson as error:
        yield f"answer: {error}"
    except ValueError as error:  # of the validator, which goes only so deep
        yield f"answer: Must be JSON that can be validated: {error}"


@cache
def _schema(served: ServedOperation, at: str) -> Schema:
    return Schema(served.operation.document, at + "/schema")
