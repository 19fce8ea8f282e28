"""Lies about how a request is read: its content type, its JSON, its fields, what it accepts."""

from __future__ import annotations

import re
from dataclasses import replace
from urllib.parse import parse_qsl

from contract_tests.mutants.registry import Answer, Asked, misanswers, misreads
from contract_tests.mutants.servers.vocabulary import CHANNEL, MEDIA, SENDERS, accepted, has_key, senders, spoilt

# Content types.


def _as_json(asked: Asked) -> Asked:
    return asked.with_header("content-type", "application/json")


@misreads
def accepts_any_content_type(asked: Asked) -> Asked:
    """Reads JSON whatever the content type says."""
    return _as_json(asked)


@misreads
def accepts_a_missing_content_type(asked: Asked) -> Asked:
    """Reads JSON where no content type is given."""
    return asked if asked.header("content-type") else _as_json(asked)


@misreads
def accepts_form_bodies(asked: Asked) -> Asked:
    """Reads the fields of a form as those of a message."""
    if asked.header("content-type") != "application/x-www-form-urlencoded":
        return asked
    return _as_json(asked).with_json(dict(parse_qsl(asked.body.decode("utf-8", "replace"))))


@misanswers
def answers_html_to_those_who_accept_it(asked: Asked, answer: Answer) -> Answer:
    """Calls its answer HTML where the request accepts HTML."""
    return answer.with_header("content-type", "text/html") if "text/html" in asked.header("accept") else answer


# JSON.


def _mended(asked: Asked, body: bytes) -> Asked:
    """The same with this body where its own is no JSON."""
    mended = replace(asked, body=body)
    return mended if asked.json is None and mended.json is not None else asked


@misreads
def accepts_json_with_a_trailing_comma(asked: Asked) -> Asked:
    """Accepts a comma before the last brace."""
    return _mended(asked, re.sub(rb",\s*}", b"}", asked.body))


@misreads
def accepts_json_in_single_quotes(asked: Asked) -> Asked:
    """Accepts texts in single quotes."""
    return _mended(asked, asked.body.replace(b"'", b'"'))


@misreads
def accepts_json_that_lacks_its_last_brace(asked: Asked) -> Asked:
    """Accepts a body without its last character."""
    return _mended(asked, asked.body + b"}")


@misreads
def keeps_escaped_characters_as_they_are(asked: Asked) -> Asked:
    """Reads a character that is escaped in JSON as its escape sequence."""
    return replace(asked, body=asked.body.replace(b"\\u", b"\\\\u"))


@misreads
def accepts_an_empty_body(asked: Asked) -> Asked:
    """Answers an empty body as if a message had been sent."""
    return accepted(asked) if not asked.body and has_key(asked) else asked


@misreads
def accepts_a_list_of_one_message(asked: Asked) -> Asked:
    """Accepts a list of one message."""
    return asked.with_json(asked.json[0]) if isinstance(asked.json, list) and len(asked.json) == 1 else asked


# Fields.


@misreads
def refuses_a_field_that_the_document_does_not_know(asked: Asked) -> Asked:
    """Refuses a body with a field that it does not know."""
    others = ("medium", "text", *MEDIA, "mimetype", "fileName", "caption", "template", "replyMessage", "localId")
    return spoilt(asked, CHANNEL) if asked.fields.keys() - {*SENDERS, *others} else asked


@misreads
def refuses_a_sender_that_is_not_the_first_field(asked: Asked) -> Asked:
    """Refuses a body whose fields come in another order than the document's."""
    return spoilt(asked, CHANNEL) if senders(asked) and next(iter(asked.fields)) not in SENDERS else asked
