"""Faulty responses: status, headers, shape, words."""

from __future__ import annotations

from base64 import b32encode, b64encode, urlsafe_b64encode
from dataclasses import replace

from contract_tests.mutants.registry import misanswers
from contract_tests.mutants.servers.vocabulary import KEY, channel_type, has, has_key, sent, silent, telling, word
from contract_tests.wire.request import Request
from contract_tests.wire.response import Response
from ventia_mock.world.file import SAMPLE_KEY

# What was sent, and what was queued.


@misanswers
def leaves_the_interaction_id_out(_: Request, response: Response) -> Response:
    """Leaves `interactionId` out of 200."""
    return silent(response, "interactionId") if response.status == 200 else response


@misanswers
def has_an_interaction_id_that_is_always_the_same(_: Request, response: Response) -> Response:
    """Has the same `interactionId` in each 200."""
    return telling(response, interactionId="66f3a9b11c4d8e0023b7c9a1") if response.status == 200 else response


@misanswers
def has_an_interaction_id_of_23_digits(_: Request, response: Response) -> Response:
    """Has an `interactionId` in 200 that lacks a digit."""
    return telling(response, interactionId=response.fields["interactionId"][1:]) if response.status == 200 else response


@misanswers
def says_the_interaction_of_what_is_queued(_: Request, response: Response) -> Response:
    """Has an `interactionId` in 202 too."""
    return telling(response, interactionId=sent().fields["interactionId"]) if response.status == 202 else response


@misanswers
def says_the_interaction_of_what_is_refused(_: Request, response: Response) -> Response:
    """Has an `interactionId` in 400, as if something had been sent."""
    return telling(response, interactionId=sent().fields["interactionId"]) if response.status == 400 else response


@misanswers
def says_queued_too(_: Request, response: Response) -> Response:
    """Has `queued` true in 200 too."""
    return telling(response, queued=True) if response.status == 200 else response


@misanswers
def says_success_as_the_text_true_with_200(_: Request, response: Response) -> Response:
    """Says `success` as the text true in 200."""
    return telling(response, success="true") if response.status == 200 else response


@misanswers
def says_success_true_with_400(_: Request, response: Response) -> Response:
    """Says `success` true in 400."""
    return telling(response, success=True) if response.status == 400 else response


# Refusals.


@misanswers
def leaves_details_out(_: Request, response: Response) -> Response:
    """Leaves `details` out of 400."""
    return silent(response, "details") if response.status == 400 else response


@misanswers
def has_details_that_are_null(_: Request, response: Response) -> Response:
    """Has `details` in 400 that are null."""
    return telling(response, details=None) if response.status == 400 else response


@misanswers
def has_details_that_name_another_field(_: Request, response: Response) -> Response:
    """Has `details` in 400 that name localId for the field that is wrong."""
    if response.status != 400:
        return response
    return telling(response, details="localId:" + response.fields["details"].partition(":")[2])


@misanswers
def has_details_with_a_stack_trace(_: Request, response: Response) -> Response:
    """Has `details` in 400 that end with a stack trace."""
    trace = "\n    at validate (/app/src/routes/interactions.js:112:15)"
    return telling(response, details=response.fields["details"] + trace) if response.status == 400 else response


@misanswers
def says_the_error_bad_request_with_400(_: Request, response: Response) -> Response:
    """Has another `error` in 400 than the documented one."""
    return telling(response, error="Bad Request") if response.status == 400 else response


@misanswers
def answers_422_for_400(_: Request, response: Response) -> Response:
    """Answers 422 where 400 is documented."""
    return replace(response, status=422) if response.status == 400 else response


@misanswers
def answers_418_to_a_reply_to_instagram(request: Request, response: Response) -> Response:
    """Answers a reply through Instagram with 418, which is not documented."""
    is_reply = has(request, "replyMessage") and channel_type(request) == "ig"
    return replace(response, status=418) if response.status == 200 and is_reply else response


# Content types and encodings.


@misanswers
def calls_errors_html(_: Request, response: Response) -> Response:
    """Has the content type text/html in errors."""
    return response if response.accepts else response.with_header("content-type", "text/html; charset=utf-8")


@misanswers
def calls_a_session_that_is_offline_plain_text(_: Request, response: Response) -> Response:
    """Has the content type text/plain in 409."""
    return response.with_header("content-type", "text/plain") if response.status == 409 else response


@misanswers
def answers_latin_1(_: Request, response: Response) -> Response:
    """Encodes its responses in Latin-1."""
    return replace(response, body=response.body.decode().encode("latin-1", "replace"))


@misanswers
def begins_answers_with_a_byte_order_mark(_: Request, response: Response) -> Response:
    """Begins each response with a byte order mark."""
    return replace(response, body=b"\xef\xbb\xbf" + response.body)


# The key in answers.


def _quoting(response: Response, key: str) -> Response:
    """The response with a key in the details of 400."""
    if response.status != 400:
        return response
    return telling(response, details=f"{response.fields['details']} (POST ?{KEY}={key})")


@misanswers
def echoes_the_key_in_details(_: Request, response: Response) -> Response:
    """Has the key in the details of 400."""
    return _quoting(response, SAMPLE_KEY)


@misanswers
def echoes_the_key_percent_encoded(_: Request, response: Response) -> Response:
    """Has the key in the details of 400, percent-encoded."""
    return _quoting(response, SAMPLE_KEY.replace("-", "%2D"))


@misanswers
def echoes_the_key_in_a_header(_: Request, response: Response) -> Response:
    """Has the URL, with the key, in a header of every response to the right key."""
    return response if response.status == 401 else response.with_header("x-request-url", f"/message?{KEY}={SAMPLE_KEY}")


@misanswers
def quotes_the_key_that_stands_in_a_field(request: Request, response: Response) -> Response:
    """Has in the details of 400 the key that stands in a field by mistake."""
    return _quoting(response, SAMPLE_KEY) if SAMPLE_KEY in request.fields.values() else response


@misanswers
def quotes_the_percent_encoded_key_that_stands_in_a_field(request: Request, response: Response) -> Response:
    """Has in the details of 400 the key that stands in a field by mistake, if it is percent-encoded there."""
    encoded = SAMPLE_KEY.replace("-", "%2D")
    return _quoting(response, encoded) if encoded in request.fields.values() else response


@misanswers
def quotes_the_escaped_key_that_stands_in_a_field(request: Request, response: Response) -> Response:
    """Has in the details of 400 the key that stands in a field by mistake, if it is escaped there."""
    escaped = SAMPLE_KEY.replace("-", r"\u002d")
    return _quoting(response, escaped) if escaped in request.fields.values() else response


@misanswers
def refuses_in_the_language_of_the_client(request: Request, response: Response) -> Response:
    """Says in Portuguese what is wrong to clients that prefer it."""
    is_translated = response.status == 400 and request.header("accept-language").startswith("pt")
    return response.with_json({**response.fields, "error": "Pedido inválido"}) if is_translated else response


@misanswers
def refuses_in_xml_where_that_is_wanted(request: Request, response: Response) -> Response:
    """Answers refusals as XML to clients that accept it before all else."""
    is_wanted = request.header("accept").startswith(("application/xml", "text/xml"))
    if response.status != 401 or not is_wanted:
        return response
    return replace(response.with_header("content-type", "application/xml"), body=b"<error>Invalid key</error>")


@misanswers
def echoes_the_local_id_cut(request: Request, response: Response) -> Response:
    """Repeats a `localId` in a success, cut to twenty characters."""
    is_echoed = response.accepts and has(request, "localId")
    local = word(request, "localId")[:20]
    return response.with_json({**response.fields, "localId": local}) if is_echoed else response


@misanswers
def shows_the_key_in_hexadecimal(request: Request, response: Response) -> Response:
    """Has a header with the key in hexadecimal."""
    return response.with_header("x-account", SAMPLE_KEY.encode().hex()) if has_key(request) else response


@misanswers
def shows_the_key_in_a_token(request: Request, response: Response) -> Response:
    """Has a cookie with a token whose Base64url holds the key."""
    token = urlsafe_b64encode(f'{{"key":"{SAMPLE_KEY}"}}'.encode()).decode().rstrip("=")
    return response.with_header("set-cookie", f"session={token}; HttpOnly") if has_key(request) else response


@misanswers
def names_the_error_of_its_database(_: Request, response: Response) -> Response:
    """Begins details with the name of an exception of a database's driver."""
    is_changed = response.status == 400 and "details" in response.fields
    details = f"MongoServerError: {response.fields.get('details')}"
    return response.with_json({**response.fields, "details": details}) if is_changed else response


@misanswers
def shows_the_address_of_its_worker(_: Request, response: Response) -> Response:
    """Has a private address in `details` of 400."""
    details = f"{response.fields.get('details')} (from 10.0.3.7:8080)"
    return telling(response, details=details) if _is_invalid(response) else response


@misanswers
def shows_a_statement_of_its_database(_: Request, response: Response) -> Response:
    """Has SQL in `details` of 400."""
    details = [response.fields.get("details"), "SELECT id FROM contact WHERE id = 7"]
    return telling(response, details=": ".join(map(str, details))) if _is_invalid(response) else response


# The key in other encodings.


@misanswers
def quotes_the_key_as_a_list_of_bytes(_: Request, response: Response) -> Response:
    """Has the key's bytes in the body of 400, as Node writes a buffer."""
    buffer = {"type": "Buffer", "data": [*SAMPLE_KEY.encode()]}
    return telling(response, key=buffer) if _is_invalid(response) else response


@misanswers
def quotes_the_key_in_base32(_: Request, response: Response) -> Response:
    """Has the key in Base32 in the body of 400."""
    return telling(response, key=b32encode(SAMPLE_KEY.encode()).decode()) if _is_invalid(response) else response


@misanswers
def quotes_the_key_without_dashes(_: Request, response: Response) -> Response:
    """Has the key without its dashes in the body of 400."""
    return telling(response, key=SAMPLE_KEY.replace("-", "")) if _is_invalid(response) else response


@misanswers
def quotes_the_key_in_base64_twice(_: Request, response: Response) -> Response:
    """Has the Base64 of the key's Base64 in the body of 400."""
    encoded = b64encode(b64encode(SAMPLE_KEY.encode())).decode()
    return telling(response, key=encoded) if _is_invalid(response) else response


def _is_invalid(response: Response) -> bool:
    return response.status == 400
