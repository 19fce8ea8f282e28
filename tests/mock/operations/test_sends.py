"""Which operations send a message is said by the document, whatever their names are."""

from __future__ import annotations

import copy
from typing import Any

import httpx
import pytest

from tests.support.stand_in import BASE, CURL, JSON_TYPE, KEY, OPERATION, SOURCE, TEXT, stand_in
from ventia_document.operations import operations
from ventia_document.source import DocumentError, Json, Source, lookup
from ventia_mock.fixture import serve

GET = {
    "operationId": "getContact",
    "parameters": [{"$ref": "#/components/parameters/ContactId"}],
    "responses": {"200": {"description": "Known.", "content": {"application/json": {"example": {"name": "Ana"}}}}},
}


def edited(**changes: Json) -> Source:
    """The project's document with changed keys of its operation; one that is None is left out."""
    document = copy.deepcopy(SOURCE.value)
    operation = lookup(document, OPERATION.at)
    for name, value in changes.items():
        operation[name.replace("_", "-")] = value
        if value is None:
            del operation[name.replace("_", "-")]
    document["paths"]["/contact/{idcontact}"] = {"get": GET}
    return Source(SOURCE.path, document, {})


def sending(source: Source) -> list[str]:
    return [each.method for each in operations(source.value) if each.sends]


def test_a_get_is_answered_and_is_no_message() -> None:
    with serve(stand_in(edited())) as server:
        mock = server.open()
        key = {"api-key": mock.api_key}
        assert {"name": "Ana"} == httpx.get(f"{mock.url}/contact/string", params=key).json()
        assert 200 == httpx.post(f"{mock.url}/contact/string/message", params=key, json=TEXT).status_code
        assert [TEXT] == mock.messages
        assert [("GET", "answered"), ("POST", "sent")] == [
            (each["request"]["method"], each["outcome"]) for each in mock.requests
        ]


@pytest.mark.parametrize("changes", [{"operationId": "sendIt"}, {"operationId": "sendIt", "x_sends": None}])
def test_a_renamed_operation_keeps_the_rules_of_the_platform(changes: dict[str, Any]) -> None:
    body = TEXT | {"channelId": "0" * 24}
    with serve(stand_in(edited(**changes))) as server, httpx.Client(params=KEY, headers=JSON_TYPE) as client:
        answer = client.post(server.url.removesuffix(BASE) + CURL[0].partition(".com")[2], json=body)
    assert "channelId: Must be a channel of the company" in answer.json()["details"]


def test_an_operation_says_itself_that_it_sends_nothing() -> None:
    assert ["POST"] == sending(edited()) == sending(edited(x_sends=None))
    assert [] == sending(edited(x_sends=False))
    with serve(stand_in(edited(x_sends=False))) as server:
        mock = server.open()
        httpx.post(f"{mock.url}/contact/string/message", params={"api-key": mock.api_key}, json=TEXT)
        assert [] == mock.messages


def test_an_operation_that_sends_needs_the_answers_of_the_rules() -> None:
    responses = {status: each for status, each in OPERATION.value["responses"].items() if status != "409"}
    with pytest.raises(DocumentError, match=r"responses: no example named 'sessionNotOnline'.*x-sends: false"):
        stand_in(edited(responses=responses))
