"""What a refusal says: the rule, where, what arrived there, and what would do, of the one branch that was meant."""

from __future__ import annotations

import httpx
import pytest

from tests.support.stand_in import BASE, BODY, KEY, MESSAGE, OPERATION, TEXT, VENTIA, explained
from ventia_document.operations import resolve
from ventia_document.source import Json
from ventia_document.validation import Schema
from ventia_mock.operations.hints import Hints
from ventia_mock.world.file import SAMPLE_KEY

CHANNEL = {"channelId": TEXT["channelId"]}


def refusal(client: httpx.Client, body: Json, contact: str = "string") -> str:
    return explained(client.post(BASE + OPERATION.path.format(idcontact=contact), params=KEY, json=body))


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (
            {"channelId": "abc", "text": "Hi"},
            'channelId: Must be a valid ObjectId (/channelId is "abc": send one such as "656b0e1f8e5a2c001f3a9d12")',
        ),
        (
            CHANNEL | {"text": 1},
            'text: Must be of type string (/text is 1: send one such as "Hi! Just following up on your inquiry.")',
        ),
        (
            {"userId": "64f1c2a97b3e4d0012ab34cd", "medium": "sms", "text": "Hi"},
            'medium: Must be one of unofficial_wpp, whatsapp_business (/medium is "sms")',
        ),
        (
            CHANNEL | {"template": "a", "mediaUrl": "https://example.com/a"},
            "mediaUrl: Must not be given with template (leave out /mediaUrl)",
        ),
        (
            CHANNEL | {"mediaType": "image"},
            'mediaUrl: Must be given with mediaType (add /mediaUrl such as "https://files.example.com/quotes/1042.pdf")',
        ),
        (
            CHANNEL | {"mediaUrl": "https://example.com/a"},
            'mediaType: Must be given with mediaUrl (add /mediaType such as "image")',
        ),
        (
            {"userId": "64f1c2a97b3e4d0012ab34cd", "template": "a"},
            'medium: Must be given with userId (add /medium such as "whatsapp_business")',
        ),
        (
            {"userId": "64f1c2a97b3e4d0012ab34cd", "template": "a", "medium": "unofficial_wpp"},
            "medium: Must not be unofficial_wpp when template is given"
            ' (/medium is "unofficial_wpp": send one such as "whatsapp_business")',
        ),
        (
            CHANNEL | {"template": "a", "mediaType": "image"},
            "mediaType: Must not be given with template (leave out /mediaType)",
        ),
        (CHANNEL | {"text": "Hi", "caption": None}, "caption: Must be of type string (/caption is null: leave it out)"),
        (
            CHANNEL,
            "body: Must have text, mediaType with mediaUrl, or template"
            " (add /text or /mediaType and /mediaUrl or /template)",
        ),
        (
            CHANNEL | {"userIntegrationId": "65a0d4e2c9f8b7001e6f5a43", "text": "Hi"},
            "body: Must have exactly one of channelId, userId and userIntegrationId"
            " (leave out all but one of /channelId, /userIntegrationId)",
        ),
    ],
)
def test_refusal_names_the_rule_the_pointer_and_the_mend(client: httpx.Client, body: Json, expected: str) -> None:
    assert expected == refusal(client, body)


def test_refusal_of_a_parameter_says_what_arrived(client: httpx.Client) -> None:
    assert (
        'idcontact: Must be a valid ObjectId (it is "nobody": send one such as "66f1a2b33c4d5e0067f8a9b0")'
        == refusal(client, TEXT, "nobody")
    )


def test_every_mend_that_adds_a_field_mends_its_rule(client: httpx.Client) -> None:
    """Following the advice, a person comes to a message that is accepted."""
    schema = Schema(VENTIA, BODY.at + "/schema")
    for body in (CHANNEL | {"mediaType": "image"}, CHANNEL | {"mediaUrl": "https://example.com/a"}):
        [_, advice] = refusal(client, body).split("(add /")
        name, value = advice.removesuffix(")").split(" such as ")
        assert schema.accepts(body | {name: value.strip('"')})


def test_long_values_are_cut_short(client: httpx.Client) -> None:
    assert len(refusal(client, CHANNEL | {"text": ["x" * 10_000]})) < 400


def test_key_that_stands_in_a_wrong_place_is_not_repeated(client: httpx.Client) -> None:
    for name in MESSAGE.value["properties"]:
        assert SAMPLE_KEY not in refusal(client, CHANNEL | {"text": 1, name: [SAMPLE_KEY]})
    assert SAMPLE_KEY not in refusal(client, TEXT, SAMPLE_KEY)


CODE = {"type": "string", "pattern": "^[A-Z]{3}[0-9]$"}


@pytest.mark.parametrize(
    ("schema", "value", "hint"),
    [
        (CODE, "a", 'it is "a": send another'),
        (CODE | {"examples": ["ABC1"]}, "a", 'it is "a": send one such as "ABC1"'),
        ({"type": "null"}, "a", 'it is "a": send one such as null'),
        ({"properties": {"it": CODE}}, {"it": "a"}, '/it is "a": send another'),
        ({"properties": {"it": {"items": CODE}}}, {"it": ["a"]}, '/it/0 is "a": send another'),
        ({"properties": {"it": {"items": {"type": "integer"}}}}, {"it": ["a"]}, '/it/0 is "a": send one such as 0'),
    ],
)
def test_a_hint_names_a_valid_value_if_one_is_known(schema: Json, value: Json, hint: str) -> None:
    document = {"body": {"schema": schema}}
    compiled = Schema(document, "/body/schema")
    hints = Hints(document, resolve(document, "/body"), compiled)
    assert [hint] == [each for _, each in hints.of(compiled.violations(value), value)]
