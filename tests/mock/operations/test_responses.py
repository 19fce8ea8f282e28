"""The documented responses: which one a request gets, and which one it can prefer."""

from __future__ import annotations

import json

import httpx
import pytest

from tests.support.stand_in import (
    ANSWERS,
    CURL,
    INVALID_KEY,
    JSON_TYPE,
    KEY,
    OPERATION,
    REQUESTS,
    SENT,
    TEXT,
    Send,
    details,
    got,
)


def test_curl_of_the_page_is_answered_with_the_answer_of_the_page(client: httpx.Client) -> None:
    """All that is added to the page's own request is the key, which it leaves out."""
    url, body, answer = CURL
    path = url.removeprefix("https://api.getventia.com")
    response = client.post(path, params=KEY, headers={"Content-Type": "application/json"}, content=body)
    assert (int(min(OPERATION.responses)), answer) == got(response)


@pytest.mark.parametrize("name", REQUESTS)
def test_example_gets_the_answer_of_its_name_or_the_first_success(send: Send, name: str) -> None:
    assert ANSWERS.get(name, SENT) == got(send(json=REQUESTS[name]))


def test_examples_of_requests_have_answers_of_their_names() -> None:
    """So the test before this one shows answers other than the first success."""
    assert {"messageQueued", "sessionNotOnline", "noActiveIntegration"} == REQUESTS.keys() & ANSWERS.keys()


def test_example_is_recognized_by_its_value_not_its_text(send: Send) -> None:
    body = json.dumps(dict(reversed(REQUESTS["messageQueued"].items())), indent=4)
    assert ANSWERS["messageQueued"] == got(send(content=body))


@pytest.mark.parametrize("name", ANSWERS)
@pytest.mark.parametrize("prefer", ["code={0}", "example={1}", "code={0}, example={1}", 'Code = "{0}"; wait=5'])
def test_documented_response_can_be_preferred(send: Send, name: str, prefer: str) -> None:
    status, value = ANSWERS[name]
    asked = {"Prefer": prefer.format(status, name)}
    assert (status, value) == got(send(headers=JSON_TYPE | asked))


def test_response_can_be_preferred_in_two_headers(send: Send) -> None:
    status, value = ANSWERS["rateLimitExceeded"]
    code, example = ("Prefer", f"code={status}"), ("Prefer", "example=rateLimitExceeded")
    for asked in ([code, example], [("Prefer", "wait=5"), code], [example, ("Prefer", "")]):
        assert (status, value) == got(send(headers=[*asked, *JSON_TYPE.items()]))


@pytest.mark.parametrize("prefer", ["code=204", "example=sent", "code=200, example=messageQueued", "code=2", "code=x"])
def test_undocumented_response_is_refused_with_the_documented_ones(send: Send, prefer: str) -> None:
    refusal = details(send(headers=JSON_TYPE | {"Prefer": prefer}))
    assert refusal.startswith("Prefer: Must name a documented answer: ")
    for name, (status, _) in ANSWERS.items():
        assert f"code={status} example={name}" in refusal


@pytest.mark.parametrize("prefer", ["respond-async", "wait=10", "return=minimal; code", "x-code=500", ""])
def test_other_preferences_change_nothing(send: Send, prefer: str) -> None:
    assert SENT == got(send(headers=JSON_TYPE | {"Prefer": prefer}))


def test_preferred_success_is_not_given_to_an_invalid_request(send: Send) -> None:
    asked = JSON_TYPE | {"Prefer": f"code={SENT[0]}"}
    assert INVALID_KEY == got(send(headers=asked, key={}))
    assert "text: Must be of type string" == details(send(headers=asked, json=TEXT | {"text": 1}))
