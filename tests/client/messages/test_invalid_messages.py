"""InvalidMessage: in the words of the service, with what arrived and what would do, and the same out of any store."""

from __future__ import annotations

import json
import pickle
import re
from collections import Counter
from typing import Any

import pytest

from tests.client.messages.broken_bodies import ORACLE, broken_bodies
from tests.support.stand_in import BASE, KEY, OPERATION, client_of, explained, stand_in, without_mends
from ventia_client import errors
from ventia_client._runtime.messages import checks
from ventia_client._runtime.schemas import SCHEMAS
from ventia_client.errors import InvalidMessage
from ventia_client.models import ChannelMessage, UserIntegrationMessage, UserMessage
from ventia_client.types import UNSET
from ventia_document.source import Json, lookup
from ventia_document.validation import SchemaViolation

MESSAGE = "/components/schemas/Message"
CHANNEL, USER = "656b0e1f8e5a2c001f3a9d12", "64f1c2a97b3e4d0012ab34cd"
GOOD = {"channelId": CHANNEL, "text": "Hi!"}


def refusal(make: Any, *arguments: Any, **fields: Any) -> InvalidMessage:
    with pytest.raises(InvalidMessage) as raised:
        make(*arguments, **fields)
    return raised.value


def test_each_body_of_the_table_is_refused_with_advice_that_mends_it() -> None:
    told = Counter[tuple[str, str]]()
    for value, broken in broken_bodies():
        error = refusal(checks.require, MESSAGE, value)
        assert ((broken.field or "body", broken.rule),) == error.violations, value
        assert is_quoted(value, broken, str(error)), (value, str(error))
        assert broken not in ORACLE.violations(mended(value, error)), (value, str(error))
        told[error.violations[0]] += 1
    assert 20 < len(told)
    assert 5_000 < told.total()


def is_quoted(value: Json, broken: SchemaViolation, text: str) -> bool:
    """Whether the value of a field that offends is in a text, as far as 100 characters of it."""
    try:
        got = lookup(value, broken.at)
    except LookupError:
        return True
    written = json.dumps(got, ensure_ascii=False).encode(errors="backslashreplace").decode()
    return not broken.path or "leave it out" in text or f"(it is {written[:100]}" in text


def mended(value: Json, error: InvalidMessage) -> Json:
    """A body of which the advice of a refusal is followed."""
    advice = without_names(error).removeprefix(f"{error.field}: {error.rule} (")
    if "leave it out" in advice:
        return {name: part for name, part in value.items() if name != error.field}
    if such_as := re.fullmatch(r"(?:it is .*: pass|add) one such as (.*)\)", advice, re.DOTALL):
        return {**value, error.field: json.loads(such_as[1])}
    if too_many := re.fullmatch(r"leave out all but one of (.*)\)", advice):
        _, *others = too_many[1].split(", ")
        return {name: part for name, part in value.items() if name not in others}
    if missing := re.fullmatch(r"add (.*?)(, or .*)?\)", advice):
        return {**value, **{name: GOOD[name] for name in missing[1].split(" and ")}}
    assert "body: Must be of type object" == f"{error.field}: {error.rule}"
    return {}


def test_each_rule_is_told_as_the_stand_in_tells_it() -> None:
    """Where one of several alternatives was begun, the stand-in reports only what is missing from it."""
    of_each_rule = {(broken.field, broken.rule): value for value, broken in broken_bodies() if isinstance(value, dict)}
    with client_of(stand_in()) as client:
        for (field, rule), value in of_each_rule.items():
            told = explained(client.post(BASE + OPERATION.path.format(idcontact="string"), params=KEY, json=value))
            ours = refusal(checks.require, MESSAGE, value)
            assert [f"{field or 'body'}: {rule}"] == [f"{ours.field}: {ours.rule}"]
            if "mediaUrl" not in value or not rule.startswith("Must have text"):
                assert f"{field or 'body'}: {rule}" == without_mends(told)
                assert such_as(told) in ("", such_as(without_names(ours)))


def without_names(error: InvalidMessage) -> str:
    """The text of a refusal without the fields that the document does not name."""
    text, comma, _ = str(error).partition("; the document names no field ")
    return text + ")" * bool(comma)


def such_as(text: str) -> str:
    return text.rpartition("one such as ")[2] if "one such as " in text else ""


@pytest.mark.parametrize(
    ("model", "fields", "expected"),
    [
        (
            ChannelMessage,
            {"channel_id": "12345", "text": "Hi!"},
            'channelId: Must be a valid ObjectId (it is "12345": pass one such as "656b0e1f8e5a2c001f3a9d12")',
        ),
        (
            ChannelMessage,
            {"channel_id": None, "text": "Hi!"},
            'channelId: Must be a valid ObjectId (it is None: pass one such as "656b0e1f8e5a2c001f3a9d12")',
        ),
        (
            ChannelMessage,
            {"channel_id": UNSET, "text": "Hi!"},
            "channelId: Must be a valid ObjectId (it is of the type Unset: pass one such as"
            ' "656b0e1f8e5a2c001f3a9d12")',
        ),
        (
            ChannelMessage,
            {"channel_id": CHANNEL, "text": None},
            "text: Must be of type string (it is None: leave it out, or pass UNSET)",
        ),
        (
            ChannelMessage,
            {"channel_id": CHANNEL, "media_url": "https://a.example"},
            "body: Must have text, mediaType with mediaUrl, or template (add text, or mediaType, or template)",
        ),
        (
            UserMessage,
            {"user_id": USER, "medium": "sms", "text": "Hi!"},
            'medium: Must be one of unofficial_wpp, whatsapp_business (it is "sms": pass one such as "unofficial_wpp")',
        ),
        (
            UserMessage,
            {"user_id": USER, "medium": "unofficial_wpp", "template": "t"},
            'medium: Must not be unofficial_wpp when template is given (it is "unofficial_wpp": pass one such as'
            ' "whatsapp_business")',
        ),
        (
            UserIntegrationMessage,
            {"user_integration_id": USER, "template": "t", "media_type": "image", "media_url": "https://a.example"},
            "mediaType: Must not be given with template (leave it out); mediaUrl: Must not be given with template"
            " (leave it out)",
        ),
    ],
)
def test_a_refusal_quotes_what_arrived_and_says_what_would_do(
    model: Any, fields: dict[str, Any], expected: str
) -> None:
    assert expected == str(refusal(model, **fields))


def test_what_a_class_requires_is_told_like_what_the_document_requires() -> None:
    body = {"userId": USER, "medium": "whatsapp_business", "text": "Hi!"}
    told = str(refusal(ChannelMessage.from_dict, body))
    assert f'channelId: Must be given (add one such as "{CHANNEL}")' == told


DEEP: Any = []
for _ in range(100_000):
    DEEP = [DEEP]


@pytest.mark.parametrize(
    "text", [["x" * 10_000], ["é\ud800" * 10_000], {"a": "x" * 10_000}, b"x" * 10_000, object(), DEEP]
)
def test_what_is_quoted_is_short_and_can_be_written_anywhere(text: Any) -> None:
    told = str(refusal(ChannelMessage, CHANNEL, text=text))
    assert len(told.encode()) < 400
    assert "text: Must be of type string (it is " == told[:36]


def test_a_body_that_is_nested_too_deeply_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    recursive = {"items": {"$ref": "/recursive"}}
    monkeypatch.setitem(SCHEMAS, "/recursive", recursive)
    assert "body: Must be nested less deeply" == str(refusal(checks.require, "/recursive", DEEP))


REFUSALS = [
    refusal(ChannelMessage, "x", text=None),
    refusal(ChannelMessage, CHANNEL),
    InvalidMessage([("timeout", "Must be more than 0 seconds")]),
]


@pytest.mark.parametrize("error", REFUSALS)
def test_a_refusal_is_the_same_out_of_a_result_store_a_pickle_and_its_repr(error: InvalidMessage) -> None:
    stored = InvalidMessage(*json.loads(json.dumps(error.args)))
    pickled = pickle.loads(pickle.dumps(error))  # noqa: S301 - its own
    for same in (stored, pickled, eval(repr(error), {"InvalidMessage": InvalidMessage})):  # noqa: S307 - its own
        assert type(error) is type(same)
        assert (error.field, error.rule, error.violations) == (same.field, same.rule, same.violations)
        assert (str(error), error.args, repr(error)) == (str(same), same.args, repr(same))


def test_a_refusal_is_one_of_not_sent_and_of_value() -> None:
    assert isinstance(REFUSALS[0], errors.NotSent)
    assert isinstance(REFUSALS[0], ValueError)
    assert ("channelId", "Must be a valid ObjectId") == (REFUSALS[0].field, REFUSALS[0].rule)
    assert (("channelId", "Must be a valid ObjectId"), ("text", "Must be of type string")) == REFUSALS[0].violations
