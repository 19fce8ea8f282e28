"""Faulty checks of the API key."""

from __future__ import annotations

import unicodedata
from base64 import b64encode
from dataclasses import replace
from urllib.parse import unquote

from contract_tests.mutants.registry import Server, misanswers, misreads, mutant
from contract_tests.mutants.servers.vocabulary import KEY, has_key, keys, silent, spoilt, with_key
from contract_tests.wire.request import Request
from contract_tests.wire.response import Response
from ventia_mock.world.file import SAMPLE_KEY


@misreads
def ignores_the_key(request: Request) -> Request:
    """Needs no key."""
    return with_key(request)


@misreads
def accepts_a_key_that_begins_as_the_right_one_does(request: Request) -> Request:
    """Accepts the first characters of the key for the whole."""
    is_taken = len(keys(request)) == 1 and keys(request) != [""] and SAMPLE_KEY.startswith(keys(request)[0])
    return with_key(request) if is_taken else request


@misreads
def accepts_a_key_that_is_empty(request: Request) -> Request:
    """Accepts a key of no characters."""
    return with_key(request) if keys(request) == [""] else request


@misreads
def accepts_a_key_in_any_case(request: Request) -> Request:
    """Accepts the key in small letters."""
    return with_key(request) if [key.upper() for key in keys(request)] == [SAMPLE_KEY] else request


@misreads
def accepts_a_key_with_blanks_around_it(request: Request) -> Request:
    """Trims the key."""
    return with_key(request) if [key.strip() for key in keys(request)] == [SAMPLE_KEY] else request


@misreads
def accepts_a_key_of_the_right_length(request: Request) -> Request:
    """Looks only at the length of a key."""
    return with_key(request) if [len(key) for key in keys(request)] == [len(SAMPLE_KEY)] else request


@misreads
def takes_the_first_of_two_keys(request: Request) -> Request:
    """Accepts two keys of which the first is right."""
    return with_key(request) if keys(request)[:1] == [SAMPLE_KEY] else request


@misreads
def takes_the_last_of_two_keys(request: Request) -> Request:
    """Accepts two keys of which the last is right."""
    return with_key(request) if keys(request)[-1:] == [SAMPLE_KEY] else request


@misreads
def takes_the_key_from_a_header_too(request: Request) -> Request:
    """Takes the key from a header X-API-Key where the query has none."""
    return with_key(request) if not keys(request) and request.header("x-api-key") == SAMPLE_KEY else request


@misreads
def takes_the_key_from_a_bearer_token_too(request: Request) -> Request:
    """Takes the key from the authorization where the query has none."""
    return (
        with_key(request)
        if not keys(request) and request.header("authorization") == f"Bearer {SAMPLE_KEY}"
        else request
    )


@mutant
def looks_at_the_body_before_the_key(correct: Server) -> Server:
    """Refuses a request with a wrong key and a wrong body for the body."""

    async def server(request: Request) -> Response:
        if has_key(request):
            return await correct(request)
        refusal = await correct(spoilt(with_key(request), "localId"))  # so that nothing is delivered
        is_body_wrong = "; " in str(refusal.fields.get("details"))
        return refusal if is_body_wrong else await correct(request)

    return server


@misanswers
def answers_a_wrong_key_with_403(_: Request, response: Response) -> Response:
    """Answers 403 for 401, which is not documented."""
    return replace(response, status=403) if response.status == 401 else response


@misanswers
def says_no_error_of_a_wrong_key(_: Request, response: Response) -> Response:
    """Leaves `error` out of 401."""
    return silent(response, "error") if response.status == 401 else response


@misreads
def accepts_a_key_with_underscores(request: Request) -> Request:
    """Takes underscores in a key for dashes."""
    return with_key(request) if [key.replace("_", "-") for key in keys(request)] == [SAMPLE_KEY] else request


@misreads
def decodes_a_key_twice(request: Request) -> Request:
    """Decodes percent-encoding in a key once more."""
    return with_key(request) if [unquote(key) for key in keys(request)] == [SAMPLE_KEY] else request


@misreads
def normalises_a_key(request: Request) -> Request:
    """Takes full-width characters of a key for plain ones."""
    normalised = [unicodedata.normalize("NFKC", key) for key in keys(request)]
    return with_key(request) if normalised == [SAMPLE_KEY] else request


@misreads
def takes_the_key_from_the_password_of_basic_authorization(request: Request) -> Request:
    """Takes the key from basic authorization, as a password without a name, where the query has none."""
    credentials = f"Basic {b64encode(f':{SAMPLE_KEY}'.encode()).decode()}"
    return with_key(request) if not keys(request) and request.header("authorization") == credentials else request


@misreads
def takes_the_key_from_the_name_of_basic_authorization(request: Request) -> Request:
    """Takes the key from basic authorization, as a name without a password, where the query has none."""
    credentials = f"Basic {b64encode(f'{SAMPLE_KEY}:'.encode()).decode()}"
    return with_key(request) if not keys(request) and request.header("authorization") == credentials else request


@misreads
def takes_the_key_after_a_word_in_small_letters(request: Request) -> Request:
    """Takes the key from the authorization, after `bearer` in small letters, where the query has none."""
    is_there = request.header("authorization") == f"bearer {SAMPLE_KEY}"
    return with_key(request) if is_there and not keys(request) else request


@misreads
def joins_the_keys(request: Request) -> Request:
    """Takes several parameters for the parts of one key."""
    return with_key(request) if "".join(keys(request)) == SAMPLE_KEY else request


@misreads
def takes_the_key_from_the_authorization_of_a_proxy(request: Request) -> Request:
    """Takes the key from the header Proxy-Authorization where the query has none."""
    return with_key(request) if not keys(request) and request.header("proxy-authorization") == SAMPLE_KEY else request


@misreads
def takes_an_element_of_a_list_for_the_key(request: Request) -> Request:
    """Takes the key from the parameter `api-key[0]`."""
    return with_key(request) if request.parameters(f"{KEY}[0]") == [SAMPLE_KEY] else request


@misreads
def cuts_a_key_at_a_semicolon(request: Request) -> Request:
    """Takes what stands before a semicolon for the key."""
    return with_key(request) if [key.partition(";")[0] for key in keys(request)] == [SAMPLE_KEY] else request


@misreads
def cuts_a_key_at_a_hash(request: Request) -> Request:
    """Takes what stands before a hash for the key."""
    return with_key(request) if [key.partition("#")[0] for key in keys(request)] == [SAMPLE_KEY] else request


@misreads
def needs_no_key_from_the_own_machine(request: Request) -> Request:
    """Needs no key where a header says that a proxy has the request from the server's own machine."""
    is_own = "127.0.0.1" in request.header("x-forwarded-for")
    return with_key(request) if is_own and not keys(request) else request


@misreads
def takes_the_key_from_the_page_before(request: Request) -> Request:
    """Takes the key from the query of the referer where the query has none."""
    return with_key(request) if not keys(request) and SAMPLE_KEY in request.header("referer") else request


@misreads
def takes_the_key_from_a_forwarded_address(request: Request) -> Request:
    """Takes the key from the query that a proxy says there was."""
    return with_key(request) if not keys(request) and SAMPLE_KEY in request.header("x-forwarded-uri") else request


@misreads
def takes_the_key_from_the_body(request: Request) -> Request:
    """Takes the key from a field `apiKey` where the query has none."""
    return with_key(request) if not keys(request) and request.fields.get("apiKey") == SAMPLE_KEY else request
