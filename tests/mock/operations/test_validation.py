"""Validation by the document: parameters, content type, JSON and body."""

from __future__ import annotations

import json

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.support.stand_in import (
    INVALID_BODY,
    INVALID_KEY,
    MESSAGE,
    OPERATION,
    RULES,
    SENT,
    TEXT,
    VENTIA,
    Send,
    details,
    got,
)
from ventia_document.operations import resolve
from ventia_document.source import Json, lookup
from ventia_mock.http.limits import LARGEST_BODY


def sample(name: str) -> Json:
    """A value of a field of the body, from the document."""
    part = resolve(VENTIA, f"{MESSAGE.at}/properties/{name}").value
    written = lookup(VENTIA, f"{MESSAGE.at}/properties/{name}")
    return (written.get("examples") or part.get("enum") or part["examples"])[0]


BREAKING = {
    "one sender": [
        ("text", "body"),
        ("channelId userId medium text", "body"),
        ("channelId userIntegrationId text", "body"),
        ("userId medium userIntegrationId text", "body"),
        ("channelId userId medium userIntegrationId text", "body"),
    ],
    "user with medium": [("userId text", "medium")],
    "some content": [
        ("channelId", "body"),
        ("channelId caption mimetype fileName replyMessage localId", "body"),
        ("userId medium", "body"),
        ("userIntegrationId", "body"),
    ],
    "media type with URL": [("channelId text mediaType", "mediaUrl")],
    "template without media": [("channelId template mediaUrl", "mediaUrl")],
    "template on WhatsApp Business": [("userId medium template", "medium")],
}

"""Each rule of the page: bodies that break no other, by the names of their fields, and the offending field."""


@pytest.mark.parametrize(
    ("title", "fields", "offender"), [(title, *case) for title, cases in BREAKING.items() for case in cases]
)
def test_broken_rule_is_named_with_its_field(send: Send, title: str, fields: str, offender: str) -> None:
    body = {name: sample(name) for name in fields.split()}
    assert f"{offender}: {RULES[title]}" == details(send(json=body))


SCHEMAS = {name: resolve(VENTIA, f"{MESSAGE.at}/properties/{name}").value for name in MESSAGE.value["properties"]}
VALUES: Json = {"string": "a", "number": 1, "null": None, "boolean": True, "array": ["a"], "object": {}}


@pytest.mark.parametrize("name", [name for name, schema in SCHEMAS.items() if isinstance(schema.get("type"), str)])
def test_field_of_a_wrong_type_is_named(send: Send, name: str) -> None:
    """With the rule of its schema in words, where it has one."""
    own = SCHEMAS[name]["type"]
    rule = SCHEMAS[name].get("x-rule", f"Must be of type {own}")
    for value in (value for kind, value in VALUES.items() if kind != own.replace("integer", "number")):
        refusal = details(send(json=TEXT | {"userId": sample("userId"), "medium": sample("medium")} | {name: value}))
        assert f"{name}: {rule}" in refusal.split("; ")


@pytest.mark.parametrize("name", ["channelId", "userId", "userIntegrationId"])
def test_malformed_identifier_is_refused_in_the_words_of_the_page(send: Send, name: str) -> None:
    body = {name: sample(name)[:-1], "medium": sample("medium"), "text": "Hi"}
    assert INVALID_BODY[1]["details"].replace("channelId", name) == details(send(json=body))


@pytest.mark.parametrize("name", ["medium", "mediaType"])
def test_unknown_value_of_an_enum_is_refused_with_the_valid_ones(send: Send, name: str) -> None:
    known = SCHEMAS[name]["enum"]
    body = TEXT | {"mediaUrl": sample("mediaUrl"), name: known[0].upper()}
    assert f"{name}: Must be one of {', '.join(known)}" == details(send(json=body))


def test_all_broken_rules_are_named_at_once(send: Send) -> None:
    refusal = details(send(json={"channelId": 1, "text": 2, "mediaType": "Image", "mediaUrl": "a b"}))
    assert {"channelId", "text", "mediaType", "mediaUrl"} == {fault.partition(":")[0] for fault in refusal.split("; ")}
    assert {f"body: {RULES[title]}" for title in ("one sender", "some content")} == set(
        details(send(json={})).split("; ")
    )


@pytest.mark.parametrize(
    "contact", ["String", "1", "66f1a2b33c4d5e0067f8a9b", "66f1a2b33c4d5e0067f8a9b0%0A", "%00", "ä", "%FF"]
)
def test_malformed_contact_is_refused_before_the_body(send: Send, contact: str) -> None:
    [name] = OPERATION.path_names
    for body in (TEXT, {}):
        assert f"{name}: Must be a valid ObjectId" == details(send(contact, json=body))


@pytest.mark.parametrize("contact", ["string", "66f1a2b33c4d5e0067f8a9b0"])
def test_contact_is_the_same_however_it_is_percent_encoded(send: Send, contact: str) -> None:
    every = "".join(f"%{ord(letter):02X}" for letter in contact)
    some = contact.replace(contact[0], f"%{ord(contact[0]):02x}")
    for form in (contact, every, every.lower(), some):
        assert SENT == got(send(form))


@pytest.mark.parametrize("contact", ["a%2Fb", "a%3Fb", "a%23b", "%3Fapi-key=x", "..%2F..", "a;b", "a%26api-key=x"])
def test_encoded_character_does_not_end_the_path(send: Send, contact: str) -> None:
    """It stays in the one variable: neither another path nor another query comes of it."""
    assert "idcontact: Must be a valid ObjectId" == details(send(contact))
    assert INVALID_KEY == got(send(contact, key={}))


DEEP = {depth: "[" * depth + "]" * depth for depth in (300, 600, 100_000)}


@pytest.mark.parametrize(
    ("body", "refusal"),
    [
        (b"", "body: Must be JSON"),
        (b" ", "body: Must be JSON"),
        (b"{", "body: Must be JSON; line 1, column 2"),
        (b'{"text":\n  "Hi"', "body: Must be JSON; line 2, column 7"),
        (b"{'text': 'Hi'}", "body: Must be JSON; line 1, column 2"),
        (b'{"text": "Hi"} {}', "body: Must be JSON; line 1, column 16"),
        (b"text=Hi", "body: Must be JSON; line 1, column 1"),
        (b'{"text": "a\nb"}', "body: Must be JSON; line 1, column 12"),
        (b"\xef\xbb\xbf{}", "body: Must be JSON"),
        (b'{"text": "\xff"}', "body: Must be encoded as UTF-8"),
        (b'{"text": "\xed\xa0\x80"}', "body: Must be encoded as UTF-8"),
        ("{}".encode("utf-16"), "body: Must be encoded as UTF-8"),
        (rb'{"text": "\ud83d"}', "body: Must hold both halves of every surrogate pair"),
        (rb'{"text": "Hi", "\ude00": 1}', "body: Must hold both halves of every surrogate pair"),
        (b"NaN", "body: Must be JSON, which has no NaN"),
        (b'{"text": "Hi", "more": [Infinity]}', "body: Must be JSON, which has no Infinity"),
        (b'{"text": "Hi", "more": -Infinity}', "body: Must be JSON, which has no -Infinity"),
        (b'{"more": ' + b"1" * 5000 + b"}", "body: Must be JSON less deep and with shorter numbers"),
        (DEEP[300].encode(), "body: Must be "),
        (DEEP[600].encode(), "body: Must be "),
        (f'{{"text": {DEEP[300]}}}'.encode(), ""),
        (DEEP[100_000].encode(), "body: Must be JSON less deep and with shorter numbers"),
        (b"[" * 100_000, "body: Must be JSON less deep and with shorter numbers"),
        (b'{"a":' * 100_000, "body: Must be JSON less deep and with shorter numbers"),
        *[(text, "body: Must be of type object") for text in (b"null", b"[]", b'""', b"1", b"true", b"[{}]")],
        (b"x" * (LARGEST_BODY + 1), f"body: Must have at most {LARGEST_BODY} bytes"),
        (b"x" * (3 * LARGEST_BODY), f"body: Must have at most {LARGEST_BODY} bytes"),
    ],
    ids=lambda case: case[:30].decode("latin-1") if isinstance(case, bytes) else case[:30],
)  # fmt: skip
def test_body_that_is_no_json_object_is_refused_with_a_problem(send: Send, body: bytes, refusal: str) -> None:
    assert details(send(content=body)).startswith(refusal)


def test_body_of_the_largest_size_is_accepted(send: Send) -> None:
    empty = json.dumps(TEXT | {"text": ""}).encode()
    body = empty.replace(b'""', b'"' + b"x" * (LARGEST_BODY - len(empty)) + b'"')
    assert LARGEST_BODY == len(body)
    assert SENT == got(send(content=body))


def test_body_may_come_in_chunks(send: Send) -> None:
    text = json.dumps(TEXT).encode()
    assert SENT == got(send(content=(text[at : at + 7] for at in range(0, len(text), 7))))
    assert details(send(content=(b"x" * 65536 for _ in range(40)))).startswith("body: Must have at most")


def test_text_of_any_language_is_accepted(send: Send) -> None:
    text = "Größe \U0001f600 \u2028 \x00 \\ud83d \U0010ffff"
    for body in (json.dumps(TEXT | {"text": text}), json.dumps(TEXT | {"text": text}, ensure_ascii=False)):
        assert SENT == got(send(content=body.encode()))


@pytest.mark.parametrize(
    "content_type",
    [None, "", "text/plain", "application/jsonp", "application/x-www-form-urlencoded", "application", "*/*"],
)
def test_body_of_another_content_type_is_refused(send: Send, content_type: str | None) -> None:
    headers = {} if content_type is None else {"content-type": content_type}
    for body in (json.dumps(TEXT).encode(), b"", b"{"):
        refusal = details(send(content=body, headers=headers))
        assert "Content-Type: Must be application/json" == refusal


@pytest.mark.parametrize(
    "content_type", ["application/json; charset=utf-8", "Application/JSON", "application/json ;a=b"]
)
def test_content_type_may_have_parameters_and_capitals(send: Send, content_type: str) -> None:
    assert SENT == got(send(headers={"content-type": content_type}))


_ANY_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(st.characters()),
    lambda parts: st.lists(parts, max_size=3) | st.dictionaries(st.text(max_size=5), parts, max_size=3),
    max_leaves=8,
)


_BODIES = st.one_of(
    st.binary(max_size=40),
    _ANY_JSON.map(json.dumps).map(str.encode),
    st.dictionaries(st.sampled_from(list(MESSAGE.value["properties"])), _ANY_JSON | st.sampled_from(["Hi", "a" * 24]))
    .map(json.dumps)
    .map(str.encode),
)


@given(body=_BODIES)
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whatever_the_body_the_answer_is_a_documented_one(send: Send, body: bytes) -> None:
    response = send(content=body)
    if response.status_code != SENT[0]:
        details(response)
