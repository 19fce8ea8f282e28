"""Lies about the API key."""

from __future__ import annotations

from dataclasses import replace

from contract_tests.mutants import Answer, Asked, Server, lies, misanswers, misreads
from contract_tests.mutants._vocabulary import has_key, keys, silent, spoilt, told, with_key
from ventia_mock.world.file import SAMPLE_KEY


@misreads
def ignores_the_key(asked: Asked) -> Asked:
    """Asks nobody for a key."""
    return with_key(asked)


@misreads
def accepts_a_key_that_begins_as_the_right_one_does(asked: Asked) -> Asked:
    """Accepts the first characters of the key for the whole."""
    is_taken = len(keys(asked)) == 1 and keys(asked) != [""] and SAMPLE_KEY.startswith(keys(asked)[0])
    return with_key(asked) if is_taken else asked


@misreads
def accepts_a_key_that_is_empty(asked: Asked) -> Asked:
    """Accepts a key of no characters."""
    return with_key(asked) if keys(asked) == [""] else asked


@misreads
def accepts_a_key_in_any_case(asked: Asked) -> Asked:
    """Accepts the key in small letters."""
    return with_key(asked) if [key.upper() for key in keys(asked)] == [SAMPLE_KEY] else asked


@misreads
def accepts_a_key_with_blanks_around_it(asked: Asked) -> Asked:
    """Trims the key."""
    return with_key(asked) if [key.strip() for key in keys(asked)] == [SAMPLE_KEY] else asked


@misreads
def accepts_a_key_of_the_right_length(asked: Asked) -> Asked:
    """Looks only at the length of a key."""
    return with_key(asked) if [len(key) for key in keys(asked)] == [len(SAMPLE_KEY)] else asked


@misreads
def takes_the_first_of_two_keys(asked: Asked) -> Asked:
    """Accepts two keys of which the first is right."""
    return with_key(asked) if keys(asked)[:1] == [SAMPLE_KEY] else asked


@misreads
def takes_the_last_of_two_keys(asked: Asked) -> Asked:
    """Accepts two keys of which the last is right."""
    return with_key(asked) if keys(asked)[-1:] == [SAMPLE_KEY] else asked


@misreads
def takes_the_key_from_a_header_too(asked: Asked) -> Asked:
    """Takes the key from a header X-API-Key where the query has none."""
    return with_key(asked) if not keys(asked) and asked.header("x-api-key") == SAMPLE_KEY else asked


@misreads
def takes_the_key_from_a_bearer_token_too(asked: Asked) -> Asked:
    """Takes the key from the authorization where the query has none."""
    return with_key(asked) if not keys(asked) and asked.header("authorization") == f"Bearer {SAMPLE_KEY}" else asked


@lies
def looks_at_the_body_before_the_key(correct: Server) -> Server:
    """Answers a wrong body with a wrong key as a wrong body."""

    async def server(asked: Asked) -> Answer:
        if has_key(asked):
            return await correct(asked)
        refusal = await correct(spoilt(with_key(asked), "localId"))  # so that nothing is delivered
        is_body_wrong = "; " in str(told(refusal).get("details"))
        return refusal if is_body_wrong else await correct(asked)

    return server


@misanswers
def answers_a_wrong_key_with_403(_: Asked, answer: Answer) -> Answer:
    """Answers 403 for 401, which is not documented."""
    return replace(answer, status=403) if answer.status == 401 else answer


@misanswers
def says_no_error_of_a_wrong_key(_: Asked, answer: Answer) -> Answer:
    """Leaves `error` out of 401."""
    return silent(answer, "error") if answer.status == 401 else answer
