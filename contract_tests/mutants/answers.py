"""Lies about what an answer looks like: its status, its headers, its shape, its words."""

from __future__ import annotations

from dataclasses import replace

from contract_tests.mutants import Answer, Asked, misanswers
from contract_tests.mutants._vocabulary import KEY, channel_type, has, sent, silent, telling, told
from ventia_mock.world.file import SAMPLE_KEY

# What was sent, and what was queued.


@misanswers
def leaves_the_interaction_id_out(_: Asked, answer: Answer) -> Answer:
    """Leaves `interactionId` out of 200."""
    return silent(answer, "interactionId") if answer.status == 200 else answer


@misanswers
def has_an_interaction_id_that_is_always_the_same(_: Asked, answer: Answer) -> Answer:
    """Has the same `interactionId` in each 200."""
    return telling(answer, interactionId="66f3a9b11c4d8e0023b7c9a1") if answer.status == 200 else answer


@misanswers
def has_an_interaction_id_of_23_digits(_: Asked, answer: Answer) -> Answer:
    """Has an `interactionId` in 200 that lacks a digit."""
    return telling(answer, interactionId=told(answer)["interactionId"][1:]) if answer.status == 200 else answer


@misanswers
def says_the_interaction_of_what_is_queued(_: Asked, answer: Answer) -> Answer:
    """Has an `interactionId` in 202 too."""
    return telling(answer, interactionId=told(sent())["interactionId"]) if answer.status == 202 else answer


@misanswers
def says_the_interaction_of_what_is_refused(_: Asked, answer: Answer) -> Answer:
    """Has an `interactionId` in 400, as if something had been sent."""
    return telling(answer, interactionId=told(sent())["interactionId"]) if answer.status == 400 else answer


@misanswers
def says_queued_too(_: Asked, answer: Answer) -> Answer:
    """Has `queued` true in 200 too."""
    return telling(answer, queued=True) if answer.status == 200 else answer


@misanswers
def says_success_as_the_text_true_with_200(_: Asked, answer: Answer) -> Answer:
    """Says `success` as the text true in 200."""
    return telling(answer, success="true") if answer.status == 200 else answer


@misanswers
def says_success_true_with_400(_: Asked, answer: Answer) -> Answer:
    """Says `success` true in 400."""
    return telling(answer, success=True) if answer.status == 400 else answer


# Refusals.


@misanswers
def leaves_details_out(_: Asked, answer: Answer) -> Answer:
    """Leaves `details` out of 400."""
    return silent(answer, "details") if answer.status == 400 else answer


@misanswers
def has_details_that_are_null(_: Asked, answer: Answer) -> Answer:
    """Has `details` in 400 that are null."""
    return telling(answer, details=None) if answer.status == 400 else answer


@misanswers
def has_details_that_name_another_field(_: Asked, answer: Answer) -> Answer:
    """Has `details` in 400 that name localId for the field that is wrong."""
    if answer.status != 400:
        return answer
    return telling(answer, details="localId:" + told(answer)["details"].partition(":")[2])


@misanswers
def has_details_with_a_stack_trace(_: Asked, answer: Answer) -> Answer:
    """Has `details` in 400 that end with a stack trace."""
    trace = "\n    at validate (/app/src/routes/interactions.js:112:15)"
    return telling(answer, details=told(answer)["details"] + trace) if answer.status == 400 else answer


@misanswers
def says_the_error_bad_request_with_400(_: Asked, answer: Answer) -> Answer:
    """Has another `error` in 400 than the documented one."""
    return telling(answer, error="Bad Request") if answer.status == 400 else answer


@misanswers
def answers_422_for_400(_: Asked, answer: Answer) -> Answer:
    """Answers 422 where 400 is documented."""
    return replace(answer, status=422) if answer.status == 400 else answer


@misanswers
def answers_418_to_a_reply_to_instagram(asked: Asked, answer: Answer) -> Answer:
    """Answers a reply through Instagram with 418, which is not documented."""
    is_reply = has(asked, "replyMessage") and channel_type(asked) == "ig"
    return replace(answer, status=418) if answer.status == 200 and is_reply else answer


# Content types and encodings.


@misanswers
def calls_errors_html(_: Asked, answer: Answer) -> Answer:
    """Has the content type text/html in errors."""
    return answer if answer.accepts else answer.with_header("content-type", "text/html; charset=utf-8")


@misanswers
def calls_a_session_that_is_offline_plain_text(_: Asked, answer: Answer) -> Answer:
    """Has the content type text/plain in 409."""
    return answer.with_header("content-type", "text/plain") if answer.status == 409 else answer


@misanswers
def answers_latin_1(_: Asked, answer: Answer) -> Answer:
    """Writes its answers in Latin-1, what they quote included."""
    return replace(answer, body=answer.body.decode().encode("latin-1", "replace"))


@misanswers
def begins_answers_with_a_byte_order_mark(_: Asked, answer: Answer) -> Answer:
    """Begins each answer with a byte order mark."""
    return replace(answer, body=b"\xef\xbb\xbf" + answer.body)


# The key in answers.


def _quoting(answer: Answer, key: str) -> Answer:
    """The same with a key in the details of 400."""
    if answer.status != 400:
        return answer
    return telling(answer, details=f"{told(answer)['details']} (POST ?{KEY}={key})")


@misanswers
def echoes_the_key_in_details(_: Asked, answer: Answer) -> Answer:
    """Has the key in the details of 400."""
    return _quoting(answer, SAMPLE_KEY)


@misanswers
def echoes_the_key_percent_encoded(_: Asked, answer: Answer) -> Answer:
    """Has the key in the details of 400, percent-encoded."""
    return _quoting(answer, SAMPLE_KEY.replace("-", "%2D"))


@misanswers
def echoes_the_key_in_a_header(_: Asked, answer: Answer) -> Answer:
    """Has the URL, with the key, in a header of every answer that the key opens."""
    return answer if answer.status == 401 else answer.with_header("x-request-url", f"/message?{KEY}={SAMPLE_KEY}")
