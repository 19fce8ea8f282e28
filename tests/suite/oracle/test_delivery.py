"""Comparing a delivered message with its request: each documented field, and the contact."""

from __future__ import annotations

import pytest

from contract_tests.oracle.delivery import difference
from contract_tests.wire.request import KEY_IN_A_BODY, Request
from ventia_document.source import Json

CONTACT = "66f1a2b33c4d5e0067f8a9b0"
MESSAGE = {"channelId": "656b0e1f8e5a2c001f3a9d12", "text": "Hi!"}
FIELDS = ("channelId", "userId", "text", "caption")


def compared(body: Json, contact: str = CONTACT, message: Json = None) -> str:
    request = Request("POST", f"/contact/{CONTACT}/message").with_json(message or MESSAGE)
    return difference(request, {"contact": contact, "body": body}, FIELDS)


@pytest.mark.parametrize("body", [MESSAGE, {**MESSAGE, "unknown": 1}])
def test_a_message_that_is_delivered_as_it_was_sent_differs_in_nothing(body: Json) -> None:
    assert "" == compared(body)
    assert "" == compared(body, CONTACT.upper())


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (
            {**MESSAGE, "text": "Hi"},
            "delivered the text 'Hi', by its own account, where the request has the text 'Hi!'",
        ),
        ({"channelId": MESSAGE["channelId"]}, "delivered no text, by its own account, where"),
        (
            {**MESSAGE, "caption": "a"},
            "delivered the caption 'a', by its own account, where the request has no caption",
        ),
        ({**MESSAGE, "text": "x" * 4096}, f"delivered the text '{'x' * 60}' of 4,096 characters, by its own account"),
    ],
)
def test_another_message_differs_in_a_field(body: Json, expected: str) -> None:
    assert compared(body).startswith(expected)


def test_another_contact_differs() -> None:
    assert "delivered to the contact 'another', which is not the request's" == compared(MESSAGE, "another")


def test_a_message_with_the_key_is_not_compared_since_an_inbox_shows_none() -> None:
    assert "" == compared(MESSAGE, message={**MESSAGE, "text": KEY_IN_A_BODY})
