"""Faulty reading of a request: content type, JSON, names of fields, accepted types."""

from __future__ import annotations

import re
from dataclasses import replace
from urllib.parse import parse_qsl

from contract_tests.mutants.registry import misanswers, misreads
from contract_tests.mutants.servers.vocabulary import CHANNEL, MEDIA, SENDERS, accepted, has_key, senders, sent, spoilt
from contract_tests.wire.request import Request
from contract_tests.wire.response import Response

# Content types.


def _as_json(request: Request) -> Request:
    return request.with_header("content-type", "application/json")


@misreads
def accepts_any_content_type(request: Request) -> Request:
    """Reads JSON whatever the content type says."""
    return _as_json(request)


@misreads
def accepts_a_missing_content_type(request: Request) -> Request:
    """Reads JSON where no content type is given."""
    return request if request.header("content-type") else _as_json(request)


@misreads
def accepts_form_bodies(request: Request) -> Request:
    """Reads the fields of a form as those of a message."""
    if request.header("content-type") != "application/x-www-form-urlencoded":
        return request
    return _as_json(request).with_json(dict(parse_qsl(request.body.decode("utf-8", "replace"))))


@misanswers
def answers_html_to_those_who_accept_it(request: Request, response: Response) -> Response:
    """Has the content type text/html in responses to requests that accept HTML."""
    return response.with_header("content-type", "text/html") if "text/html" in request.header("accept") else response


# JSON.


def _mended(request: Request, body: bytes) -> Request:
    """The request with this body, if its own is not JSON and this one is."""
    mended = replace(request, body=body)
    return mended if request.json is None and mended.json is not None else request


@misreads
def accepts_json_with_a_trailing_comma(request: Request) -> Request:
    """Accepts a comma before the last brace."""
    return _mended(request, re.sub(rb",\s*}", b"}", request.body))


@misreads
def accepts_json_in_single_quotes(request: Request) -> Request:
    """Accepts texts in single quotes."""
    return _mended(request, request.body.replace(b"'", b'"'))


@misreads
def accepts_json_that_lacks_its_last_brace(request: Request) -> Request:
    """Accepts a body without its last character."""
    return _mended(request, request.body + b"}")


@misreads
def keeps_escaped_characters_as_they_are(request: Request) -> Request:
    """Reads a character that is escaped in JSON as its escape sequence."""
    return replace(request, body=request.body.replace(b"\\u", b"\\\\u"))


@misreads
def accepts_an_empty_body(request: Request) -> Request:
    """Answers an empty body as if a message had been sent."""
    return accepted(request) if not request.body and has_key(request) else request


@misreads
def accepts_a_list_of_one_message(request: Request) -> Request:
    """Accepts a list of one message."""
    return request.with_json(request.json[0]) if isinstance(request.json, list) and len(request.json) == 1 else request


# Fields.


@misreads
def refuses_a_field_that_the_document_does_not_know(request: Request) -> Request:
    """Refuses a body with a field that the document does not list."""
    others = ("medium", "text", *MEDIA, "mimetype", "fileName", "caption", "template", "replyMessage", "localId")
    return spoilt(request, CHANNEL) if request.fields.keys() - {*SENDERS, *others} else request


@misreads
def refuses_a_sender_that_is_not_the_first_field(request: Request) -> Request:
    """Refuses a body whose fields come in another order than the document's."""
    return spoilt(request, CHANNEL) if senders(request) and next(iter(request.fields)) not in SENDERS else request


@misreads
def sends_on_get(request: Request) -> Request:
    """Takes a GET with a body for a POST."""
    return replace(request, method="POST") if request.method == "GET" and request.body else request


@misreads
def sends_what_stands_in_the_query(request: Request) -> Request:
    """Takes a GET whose query has the fields of a message for a POST."""
    fields = {name: value for name, value in request.query if name in (*SENDERS, "text", "medium", *MEDIA, "template")}
    if request.method != "GET" or not fields:
        return request
    query = tuple(pair for pair in request.query if pair[0] not in fields)
    return _as_json(replace(request, method="POST", query=query)).with_json(dict(fields))


@misreads
def lets_a_header_override_the_method(request: Request) -> Request:
    """Takes a GET with the header X-HTTP-Method-Override for what the header says."""
    method = request.header("x-http-method-override")
    return replace(request, method=method) if method else request


@misreads
def sends_on_put(request: Request) -> Request:
    """Takes a PUT for a POST."""
    return replace(request, method="POST") if request.method == "PUT" else request


@misreads
def sends_on_options(request: Request) -> Request:
    """Takes an OPTIONS for a POST, and delivers a message that no one sent."""
    return replace(request, method="POST") if request.method == "OPTIONS" else request


@misreads
def refuses_a_body_of_a_mib(request: Request) -> Request:
    """Refuses a body of 1,048,576 bytes, which is no more than any server must accept."""
    return spoilt(request, "localId") if len(request.body) >= 1 << 20 else request


@misreads
def lets_the_query_override_the_method(request: Request) -> Request:
    """Takes a GET for the method that a parameter `_method` names."""
    method = "".join(request.parameters("_method"))
    return replace(request, method=method) if method and request.method == "GET" else request


@misreads
def takes_propfind_for_post(request: Request) -> Request:
    """Takes a PROPFIND for a POST."""
    return replace(request, method="POST") if request.method == "PROPFIND" else request


@misanswers
def says_that_options_sends(request: Request, response: Response) -> Response:
    """Answers OPTIONS as a message that was sent, though it sends none."""
    return sent() if request.method == "OPTIONS" else response
