"""The client's own checks say what the document says: the same verdicts, the same words as the stand-in's refusals."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from itertools import product
from typing import Any

import attrs
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from tools.generate.checked_schemas import CHECKED, python_patterns
from ventia_client import errors
from ventia_client._runtime.messages import checks
from ventia_client._runtime.schemas import PATTERNS
from ventia_client._runtime.schemas import SCHEMAS as SCHEMAS_OF_THE_CLIENT
from ventia_client.models import ChannelMessage, UserIntegrationMessage, UserMessage
from ventia_client.types import UNSET
from ventia_document import DOCUMENT
from ventia_document.source import Json, read
from ventia_document.validation import Schema

VENTIA = read(DOCUMENT).value
MESSAGE = "/components/schemas/Message"
ORACLE = Schema(VENTIA, MESSAGE)
FIELDS = VENTIA["components"]["schemas"]["Message"]["properties"]
GOOD = {
    "channelId": "656b0e1f8e5a2c001f3a9d12",
    "userId": "64f1c2a97b3e4d0012ab34cd",
    "userIntegrationId": "65a0d4e2c9f8b7001e6f5a43",
    "medium": "whatsapp_business",
    "mediaType": "image",
    "mediaUrl": "https://files.example.com/a.png",
}


def refusals(value: Json, at: str = MESSAGE) -> set[str]:
    """The sentences in which the client refuses a value."""
    try:
        checks.require(at, value)
    except errors.InvalidMessage as error:
        return {f"{field}: {rule}" for field, rule in error.violations}
    return set()


def details(value: Json, oracle: Schema = ORACLE) -> set[str]:
    """The sentences in which the stand-in refuses it."""
    return {broken.within("body") for broken in oracle.violations(value)}


def test_every_combination_of_fields_is_judged_in_the_words_of_the_stand_in() -> None:
    names = ("channelId", "userId", "userIntegrationId", "medium", "text", "mediaType", "mediaUrl", "template")
    for given_fields in product([True, False], repeat=len(names)):
        for medium in VENTIA["components"]["schemas"]["Medium"]["enum"]:
            values = {**GOOD, "medium": medium, "text": "Hi!", "template": "order_confirmation"}
            body = {name: values[name] for name, is_given in zip(names, given_fields, strict=True) if is_given}
            assert details(body) == refusals(body), body


texts = st.text(max_size=30) | st.sampled_from([*GOOD.values(), "unofficial_wpp", "0" * 24, "0" * 24 + "\n", "a b:c"])
anything = st.recursive(st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | texts, st.lists)
bodies = st.dictionaries(st.sampled_from([*FIELDS, "other"]), texts | anything, max_size=8)


@settings(suppress_health_check=[HealthCheck.too_slow])  # of a busy machine it says nothing
@given(body=bodies | anything)
@example(body=[])
@example(body={"channelId": True})
def test_every_body_is_judged_in_the_words_of_the_stand_in(body: Json) -> None:
    """But for a URI, of which the client sees only the plainest faults."""
    ours, theirs = refusals(body), details(body)
    assert ours <= theirs
    assert {"mediaUrl: Must be a valid uri"} >= theirs - ours


@pytest.mark.parametrize(
    "url", ["files.example.com/a.png", "", "https://a b", "https://é.example.com", "http:/\\x", "%"]
)
def test_what_is_plainly_no_uri_is_refused(url: str) -> None:
    with pytest.raises(errors.InvalidMessage, match="mediaUrl: Must be a valid uri"):
        ChannelMessage(GOOD["channelId"], media_type="image", media_url=url)


SCHEMAS: dict[str, tuple[Json, list[Json]]] = {
    "$ref": ({"x-rule": "own words", "$ref": "#/components/schemas/Small"}, [1, 9, "a"]),
    "type": ({"type": ["null", "integer"]}, [1, 1.0, 1.5, True, None, "1", [], {}]),
    "const": ({"const": 1}, [1, 1.0, True, "1", None]),
    "enum": ({"enum": [1, "a", {"b": [True]}, None]}, [1, True, "a", {"b": [True]}, {"b": [1]}, {"b": []}, [None]]),
    "pattern": ({"pattern": "^a\\$$"}, ["a$", "a$\n", "a", 1]),
    "format": ({"format": "uri"}, ["http://a", "no uri", 1]),
    "minLength": ({"minLength": 2}, ["", "a", "ab", "é😀", 1]),
    "maxLength": ({"maxLength": 2}, ["ab", "abc", "é😀", 1]),
    "minimum": ({"minimum": 2}, [1, 2, 1.9, "1", True]),
    "maximum": ({"maximum": 2}, [2, 3, 2.1, "3"]),
    "exclusiveMinimum": ({"exclusiveMinimum": 2}, [2, 3, "1"]),
    "exclusiveMaximum": ({"exclusiveMaximum": 2}, [2, 1, "3"]),
    "multipleOf": ({"multipleOf": 0.01}, [0.29, 1.1, 19.99, 19.995, 3, 1e300, 1e-9, "a"]),
    "minItems": ({"minItems": 1}, [[], [1], "a"]),
    "maxItems": ({"maxItems": 1}, [[1, 2], [1], "ab"]),
    "uniqueItems": ({"uniqueItems": True}, [[1, 1], [1, True], [{"a": 1}, {"a": 1}], [], "aa"]),
    "anyOf": ({"anyOf": [{"type": "string"}, {"minimum": 3}]}, ["a", 3, 2, None]),
    "oneOf": ({"oneOf": [{"minimum": 1}, {"maximum": 3}]}, [0, 2, 4, "a"]),
    "not": ({"not": {"type": "string"}}, ["a", 1]),
    "allOf": ({"allOf": [{"minimum": 1}, {"x-rule": "few", "maximum": 3}]}, [0, 2, 4]),
    "if": ({"if": {"required": ["a"]}, "then": {"required": ["b"]}, "else": {"required": ["c"]}}, [{}, {"a": 1}, 1]),
    "then": ({"if": {"minimum": 2}, "then": {"maximum": 4}}, [1, 3, 5]),
    "else": ({"if": {"minimum": 2}, "else": {"multipleOf": 7}}, [1, 0, 3]),
    "required": ({"required": ["a", "b"]}, [{}, {"a": 1}, {"a": 1, "b": 2}, []]),
    "properties": ({"properties": {"a": {"properties": {"b": {"type": "string"}}}}}, [{"a": {"b": 1}}, {"a": {}}, 1]),
    "additionalProperties": (
        {"properties": {"a": {}}, "additionalProperties": {"type": "string"}},
        [{"a": 1, "b": 1, "c": "x"}, {}, 1],
    ),
    "items": ({"items": {"type": "string"}}, [["a", 1, None], [], 1]),
    "prefixItems": ({"prefixItems": [{"type": "string"}], "items": {"minimum": 3}}, [["a", 1], [1], ["a", 3], [], {}]),
    "contains": ({"contains": {"type": "string"}}, [[1], [], ["a", 1], "a"]),
    "minContains": ({"contains": {"type": "string"}, "minContains": 2}, [["a"], [], ["a", "b"], 1]),
    "maxContains": ({"contains": {"type": "string"}, "maxContains": 1}, [["a", "b"], [], ["a"]]),
    "minProperties": ({"minProperties": 1}, [{}, {"a": 1}, []]),
    "maxProperties": ({"maxProperties": 1}, [{"a": 1, "b": 1}, {"a": 1}, []]),
    "propertyNames": ({"propertyNames": {"maxLength": 2}}, [{"abc": 1}, {"ab": 1}, "abc"]),
    "patternProperties": (
        {"properties": {"c": {}}, "patternProperties": {"^a": {"type": "string"}}, "additionalProperties": False},
        [{"ab": 1, "b": 1}, {"ab": "x"}, {"c": 1}, []],
    ),
    "dependentRequired": ({"dependentRequired": {"a": ["b", "c"]}}, [{"a": 1}, {"a": 1, "b": 1, "c": 1}, {}, 1]),
    "dependentSchemas": ({"dependentSchemas": {"a": {"maxItems": 0, "required": ["b"]}}}, [{"a": 1}, {}, 1]),
    "x-rule": ({"x-rule": "Must be small", "maximum": 3}, [4, 3]),
    "false": ({"properties": {"a": False}, "additionalProperties": False}, [{"a": 1}, {"b": 1, "c": 2}, {}]),
}


@contextmanager
def schemas(added: dict[str, Json]) -> Iterator[None]:
    SCHEMAS_OF_THE_CLIENT.update(added)
    PATTERNS.update(python_patterns(added))
    try:
        yield
    finally:
        for at in added:
            del SCHEMAS_OF_THE_CLIENT[at]


@pytest.mark.parametrize("keyword", SCHEMAS)
def test_a_keyword_is_judged_as_by_the_stand_in(keyword: str) -> None:
    schema, values = SCHEMAS[keyword]
    small = {"maximum": 5}
    document = {"components": {"schemas": {"Small": small, "S": schema}}}
    oracle = Schema(document, "/components/schemas/S")
    ours = {**schema, "$ref": "/components/schemas/Small"} if "$ref" in schema else schema
    with schemas({"/components/schemas/S": ours, "/components/schemas/Small": small}):
        for value in values:
            assert details(value, oracle) == refusals(value, "/components/schemas/S"), value
        assert any(details(value, oracle) for value in values)
        assert not all(details(value, oracle) for value in values)


def test_every_keyword_that_the_generator_lets_pass_is_checked() -> None:
    assert CHECKED == SCHEMAS.keys() - {"false"}


ILLEGAL: list[tuple[Any, dict[str, Any], str, str]] = [
    (ChannelMessage, {"channel_id": GOOD["channelId"]}, "body", "Must have text, mediaType with mediaUrl, or template"),
    (ChannelMessage, {"channel_id": "x", "text": "Hi!"}, "channelId", "Must be a valid ObjectId"),
    (ChannelMessage, {"channel_id": None, "text": "Hi!"}, "channelId", "Must be a valid ObjectId"),
    (
        ChannelMessage,
        {"channel_id": GOOD["channelId"], "media_type": "image"},
        "mediaUrl",
        "Must be given with mediaType",
    ),
    (
        UserIntegrationMessage,
        {
            "user_integration_id": GOOD["userIntegrationId"],
            "template": "t",
            "media_type": "image",
            "media_url": GOOD["mediaUrl"],
        },
        "mediaType",
        "Must not be given with template",
    ),
    (
        UserMessage,
        {"user_id": GOOD["userId"], "medium": "unofficial_wpp", "template": "t"},
        "medium",
        "Must not be unofficial_wpp when template is given",
    ),
    (
        UserMessage,
        {"user_id": GOOD["userId"], "medium": "sms", "text": "Hi!"},
        "medium",
        "Must be one of unofficial_wpp, whatsapp_business",
    ),
    (ChannelMessage, {"channel_id": GOOD["channelId"], "text": 5}, "text", "Must be of type string"),
]


@pytest.mark.parametrize(("model", "fields", "field", "rule"), ILLEGAL)
def test_an_illegal_message_is_not_constructed(model: Any, fields: dict[str, Any], field: str, rule: str) -> None:
    with pytest.raises(errors.InvalidMessage) as raised:
        model(**fields)
    assert (field, rule, "not_sent") == (raised.value.field, raised.value.rule, raised.value.outcome)
    assert isinstance(raised.value, ValueError)


@pytest.mark.parametrize("model", [ChannelMessage, UserMessage, UserIntegrationMessage])
@pytest.mark.parametrize("body", [{}, {"text": "Hi!"}, {**GOOD, "text": "Hi!"}, {"channelId": 1, "other": None}])
def test_an_illegal_message_is_not_read(model: Any, body: Json) -> None:
    with pytest.raises(errors.InvalidMessage):
        model.from_dict(body)


def test_two_senders_cannot_be_constructed() -> None:
    with pytest.raises(TypeError):
        ChannelMessage(GOOD["channelId"], text="Hi!", user_id=GOOD["userId"])  # type: ignore[call-arg]  # which is the point
    with pytest.raises(TypeError):
        UserMessage(GOOD["userId"], text="Hi!")  # type: ignore[call-arg]  # which is the point


def test_only_what_identifies_the_sender_is_taken_by_its_place() -> None:
    with pytest.raises(TypeError, match="positional arguments"):
        ChannelMessage(GOOD["channelId"], "Hi!")  # type: ignore[call-arg]  # which is the point


def test_a_change_that_breaks_a_rule_is_found() -> None:
    message = ChannelMessage(GOOD["channelId"], text="Hi!")
    message.channel_id = "x"
    with pytest.raises(errors.InvalidMessage, match="channelId"):
        message.check()
    message.channel_id = GOOD["channelId"]
    message.check()
    message["userId"] = GOOD["userId"]
    with pytest.raises(errors.InvalidMessage, match="Must have exactly one of"):
        message.check()
    with pytest.raises(errors.InvalidMessage, match="Must have text"):
        attrs.evolve(ChannelMessage(GOOD["channelId"], text="Hi!"), text=UNSET)
