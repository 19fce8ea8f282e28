"""The stand-in over a real socket: what it answers to requests of the document's operation."""

from __future__ import annotations

import contextlib
import json
import re
import socket
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote, unquote, unquote_plus

import httpx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests import stand_in
from tests.stand_in import (
    ANSWERS,
    BASE,
    CURL,
    DETAILED_PROBLEM,
    INVALID_BODY,
    INVALID_KEY,
    JSON_TYPE,
    KEY,
    MESSAGE,
    NASTY_KEY,
    OPERATION,
    REQUESTS,
    RULES,
    SENT,
    TEXT,
    VENTIA,
    Send,
    client_of,
    details,
    encodings,
    got,
)
from ventia_document.operations import resolve
from ventia_document.source import Json, dump, lookup, read
from ventia_mock.http.limits import LARGEST_BODY
from ventia_mock.http.server import listen
from ventia_mock.stand_in import StandIn
from ventia_mock.world.file import SAMPLE_KEY, WORLD, read_world


@pytest.fixture(scope="module")
def client() -> Iterator[httpx.Client]:
    with client_of(stand_in.stand_in()) as client:
        yield client


@pytest.fixture(scope="module")
def send(client: httpx.Client) -> Send:
    """Sends a request to the operation: the sample key, a valid body and a valid contact, but for what is given."""

    def send_request(contact: str = "string", *, key: Any = None, method: str = "POST", **more: Any) -> httpx.Response:
        if "content" not in more:
            more.setdefault("json", TEXT)
        more.setdefault("headers", JSON_TYPE)
        path = BASE + OPERATION.path.format_map(dict.fromkeys(OPERATION.path_names, contact))
        return client.request(method, path, params=KEY if key is None else key, **more)

    return send_request


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
def test_documented_answer_can_be_asked_for(send: Send, name: str, prefer: str) -> None:
    status, value = ANSWERS[name]
    asked = {"Prefer": prefer.format(status, name)}
    assert (status, value) == got(send(headers=JSON_TYPE | asked))


def test_answer_can_be_asked_for_in_two_headers(send: Send) -> None:
    status, value = ANSWERS["rateLimitExceeded"]
    code, example = ("Prefer", f"code={status}"), ("Prefer", "example=rateLimitExceeded")
    for asked in ([code, example], [("Prefer", "wait=5"), code], [example, ("Prefer", "")]):
        assert (status, value) == got(send(headers=[*asked, *JSON_TYPE.items()]))


@pytest.mark.parametrize("prefer", ["code=204", "example=sent", "code=200, example=messageQueued", "code=2", "code=x"])
def test_unknown_answer_is_refused_with_the_known_ones(send: Send, prefer: str) -> None:
    told = details(send(headers=JSON_TYPE | {"Prefer": prefer}))
    assert told.startswith("Prefer: Must name a documented answer: ")
    for name, (status, _) in ANSWERS.items():
        assert f"code={status} example={name}" in told


@pytest.mark.parametrize("prefer", ["respond-async", "wait=10", "return=minimal; code", "x-code=500", ""])
def test_other_preferences_change_nothing(send: Send, prefer: str) -> None:
    assert SENT == got(send(headers=JSON_TYPE | {"Prefer": prefer}))


def test_preferred_success_is_not_given_to_an_invalid_request(send: Send) -> None:
    asked = JSON_TYPE | {"Prefer": f"code={SENT[0]}"}
    assert INVALID_KEY == got(send(headers=asked, key={}))
    assert "text: Must be of type string" == details(send(headers=asked, json=TEXT | {"text": 1}))


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
"""Each rule of the document: bodies, by the names of their fields, that break no other, and the field told of it."""


def test_every_rule_of_the_body_is_broken_here() -> None:
    assert list(RULES) == list(BREAKING)


@pytest.mark.parametrize(
    ("title", "fields", "told"), [(title, *case) for title, cases in BREAKING.items() for case in cases]
)
def test_broken_rule_is_told_with_its_field(send: Send, title: str, fields: str, told: str) -> None:
    body = {name: sample(name) for name in fields.split()}
    assert f"{told}: {RULES[title]}" == details(send(json=body))


@pytest.mark.parametrize("name", MESSAGE.value["properties"])
def test_field_of_a_wrong_type_is_told(send: Send, name: str) -> None:
    """With the rule of its schema in words, where it has one."""
    rule = resolve(VENTIA, f"{MESSAGE.at}/properties/{name}").value.get("x-rule", "Must be of type string")
    values: list[Json] = [1, None, True, ["a"], {}]
    for value in values:
        told = details(send(json=TEXT | {"userId": sample("userId"), "medium": sample("medium")} | {name: value}))
        assert f"{name}: {rule}" in told.split("; ")


@pytest.mark.parametrize(
    "name", [name for name in MESSAGE.value["properties"] if name.endswith("Id") and name != "localId"]
)
def test_malformed_identifier_is_told_in_the_words_of_the_page(send: Send, name: str) -> None:
    body = {name: sample(name)[:-1], "medium": sample("medium"), "text": "Hi"}
    assert INVALID_BODY[1]["details"].replace("channelId", name) == details(send(json=body))


@pytest.mark.parametrize(
    "name",
    [
        name
        for name in MESSAGE.value["properties"]
        if "enum" in resolve(VENTIA, f"{MESSAGE.at}/properties/{name}").value
    ],
)
def test_unknown_value_of_an_enum_is_told_with_the_known_ones(send: Send, name: str) -> None:
    known = resolve(VENTIA, f"{MESSAGE.at}/properties/{name}").value["enum"]
    body = TEXT | {"mediaUrl": sample("mediaUrl"), name: known[0].upper()}
    assert f"{name}: Must be one of {', '.join(known)}" == details(send(json=body))


def test_all_broken_rules_are_told_at_once(send: Send) -> None:
    told = details(send(json={"channelId": 1, "text": 2, "mediaType": "Image", "mediaUrl": "a b"}))
    assert {"channelId", "text", "mediaType", "mediaUrl"} == {fault.partition(":")[0] for fault in told.split("; ")}
    assert {f"body: {RULES[title]}" for title in ("one sender", "some content")} == set(
        details(send(json={})).split("; ")
    )


@pytest.mark.parametrize(
    "contact", ["String", "1", "66f1a2b33c4d5e0067f8a9b", "66f1a2b33c4d5e0067f8a9b0%0A", "%00", "ä", "%FF"]
)
def test_malformed_contact_is_told_before_the_body(send: Send, contact: str) -> None:
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


def test_key_in_the_encoded_part_of_a_path_is_no_key(send: Send) -> None:
    assert INVALID_KEY == got(send(f"string%3Fapi-key={SAMPLE_KEY}&a=", key={}))


DEEP = {depth: "[" * depth + "]" * depth for depth in (300, 600, 100_000)}


@pytest.mark.parametrize(
    ("body", "told"),
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
def test_body_that_is_no_json_object_is_refused_with_a_problem(send: Send, body: bytes, told: str) -> None:
    assert details(send(content=body)).startswith(told)


def test_body_of_the_largest_size_is_accepted(send: Send) -> None:
    empty = json.dumps(TEXT | {"text": ""}).encode()
    body = empty.replace(b'""', b'"' + b"x" * (LARGEST_BODY - len(empty)) + b'"')
    assert LARGEST_BODY == len(body)
    assert SENT == got(send(content=body))


@pytest.mark.parametrize("line", [b"GET /\xe9", b"GET /a b", b"BREW /", b"GET"])
def test_what_is_no_http_is_refused_with_a_problem_too(client: httpx.Client, line: bytes) -> None:
    address = (client.base_url.host, client.base_url.port or 80)
    with socket.create_connection(address, timeout=5) as connection, connection.makefile("rb") as answer:
        connection.sendall(line + b" HTTP/1.1\r\nHost: x\r\n\r\n")
        head, _, body = answer.read().partition(b"\r\n\r\n")
    assert head.startswith(b"HTTP/1.1 400 ")
    assert b"application/json" in head
    assert stand_in.PROBLEM.broken(json.loads(body)) == []


def exchanged(client: httpx.Client, data: bytes) -> bytes:
    """What comes back for bytes on a connection of their own, until it is closed or silent."""
    address = (client.base_url.host, client.base_url.port or 80)
    with socket.create_connection(address, timeout=1) as connection:
        connection.sendall(data)
        came = b""
        with contextlib.suppress(TimeoutError, ConnectionResetError):
            while part := connection.recv(65536):
                came += part
        return came


def whole(body: Json = TEXT, headers: str = "") -> bytes:
    """A request as bytes."""
    content = json.dumps(body).encode()
    path = f"{BASE}/contact/string/message?api-key={SAMPLE_KEY}"
    head = f"POST {path} HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: {len(content)}\r\n"
    return f"{head}{headers}\r\n".encode() + content


def statuses(came: bytes) -> list[str]:
    return re.findall(r"HTTP/1\.1 (\d+) ", came.decode())


def test_endless_head_is_refused(client: httpx.Client) -> None:
    assert ["400"] == statuses(exchanged(client, b"GET / HTTP/1.1\r\n" + b"X: y\r\n" * 60_000))


def test_what_came_before_something_unreadable_is_answered_first(client: httpx.Client) -> None:
    came = exchanged(client, whole() + whole({}) + b"\0\1 nonsense\r\n\r\n")
    assert ["200", "400", "400"] == statuses(came)
    assert b"request: Must be HTTP/1.1" in came


def test_body_that_becomes_unreadable_is_refused(client: httpx.Client) -> None:
    path = f"{BASE}/contact/string/message?api-key={SAMPLE_KEY}"
    head = f"POST {path} HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n".encode()
    assert ["200", "400"] == statuses(exchanged(client, whole() + head + b"5\r\nabcde\r\nnonsense\r\n"))


@pytest.mark.parametrize("value", ["h2c", "websocket", "TLS/1.0, h2c"])
def test_wish_to_upgrade_is_passed_over(client: httpx.Client, value: str) -> None:
    """As curl --http2 and Java's client send it with every request."""
    upgrade = f"Connection: Upgrade, HTTP2-Settings\r\nUpgrade: {value}\r\nHTTP2-Settings: AAMAAABkAAQAoAAAAAIAAAAA\r\n"
    came = exchanged(client, whole(headers=upgrade) + whole() + whole({}, upgrade))
    assert ["200", "200", "400"] == statuses(came)


def test_many_wishes_to_upgrade_are_answered_each(client: httpx.Client) -> None:
    one = b"GET /x HTTP/1.1\r\nHost: x\r\nConnection: upgrade\r\nUpgrade: h2c\r\n\r\n"
    assert ["404"] * 600 == statuses(exchanged(client, one * 600))


def test_tunnel_is_refused(client: httpx.Client) -> None:
    assert ["400"] == statuses(exchanged(client, b"CONNECT localhost:1 HTTP/1.1\r\nHost: x\r\n\r\n"))


def test_connection_can_be_kept_after_a_refusal(client: httpx.Client) -> None:
    with httpx.Client(base_url=client.base_url, trust_env=False) as kept:
        for body, headers in ((b"x" * (2 * LARGEST_BODY), JSON_TYPE), (b"{", {}), (b"{", JSON_TYPE)):
            details(kept.post(f"{BASE}/contact/string/message", params=KEY, content=body, headers=headers))
        assert SENT == got(kept.post(f"{BASE}/contact/string/message", params=KEY, json=TEXT))


def test_caller_who_hangs_up_is_no_fault(client: httpx.Client, caplog: pytest.LogCaptureFixture) -> None:
    """The stand-in serves the next caller, and logs no error."""
    with socket.create_connection((client.base_url.host, client.base_url.port or 80)) as caller:
        path = BASE + OPERATION.path.format(idcontact="string")
        caller.sendall(f"POST {path} HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\n{{".encode())
        time.sleep(0.05)
    time.sleep(0.05)
    assert SENT == got(client.post(path, params=KEY, json=TEXT))
    assert [] == [record for record in caplog.records if record.levelname in ("WARNING", "ERROR")]


def test_answers_on_a_kept_connection_are_not_delayed() -> None:
    """Without TCP_NODELAY each of them waits 40 ms, for the acknowledgement of the one before."""
    with listen("127.0.0.1", 0) as listening, socket.create_connection(listening.getsockname()[:2]):
        accepted, _ = listening.accept()
        with accepted:
            # asyncio sets the option for sockets that say that they are TCP's
            assert accepted.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY) or accepted.proto == socket.IPPROTO_TCP


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
        told = details(send(content=body, headers=headers))
        assert "Content-Type: Must be application/json" == told


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


@pytest.mark.parametrize(
    "path",
    [
        BASE,
        f"{BASE}/contact",
        f"{BASE}/contact/string",
        f"{BASE}/contact/string/message/",
        f"{BASE}/contact//message",
        f"{BASE}/contact/a/b/message",
        f"{BASE}/contact/string/messages",
        f"{BASE}/Contact/string/message",
        f"/x{BASE}/contact/string/message",
        "/api/v1x0/contact/string/message",
        "/contact/string/message",
        f"{BASE}/contact/string%2Fmessage",
        f"{BASE}/contact/string/message%0A",
        "/docs",
        "/openapi.json",
    ],
)
def test_unknown_path_is_told_the_known_one(client: httpx.Client, path: str) -> None:
    status, value = got(client.post(path, params=KEY, json=TEXT))
    assert 404 == status
    assert [] == DETAILED_PROBLEM.broken(value)
    assert "Not Found" == value["error"]
    assert f"path: Must be {BASE}{OPERATION.path}" == value["details"]


@pytest.mark.parametrize("method", ["GET", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE"])
def test_unknown_method_is_told_the_known_one(send: Send, method: str) -> None:
    response = send(method=method)
    status, value = got(response)
    assert (405, "POST") == (status, response.headers["allow"])
    assert [] == DETAILED_PROBLEM.broken(value)
    assert "method: Must be POST" == value["details"]


@pytest.mark.parametrize("body", [TEXT, {}, 1], ids=["valid", "invalid", "of a wrong type"])
@pytest.mark.parametrize(
    "key",
    [
        {},
        {"api-key": ""},
        {"api-key": SAMPLE_KEY[:-1]},
        {"api-key": SAMPLE_KEY[:7]},
        {"api-key": SAMPLE_KEY[1:]},
        {"api-key": SAMPLE_KEY + "A"},
        {"api-key": SAMPLE_KEY + " "},
        {"api-key": SAMPLE_KEY + "\0"},
        {"api-key": SAMPLE_KEY.lower()},
        {"api-key": SAMPLE_KEY.replace("-", "")},
        {"api-key": "schlüssel"},
        {"api-key": [SAMPLE_KEY, SAMPLE_KEY]},
        {"api-key": [SAMPLE_KEY, "other"]},
        {"api-key": ["other", SAMPLE_KEY]},
        {"api-key": [SAMPLE_KEY, ""]},
        {"Api-Key": SAMPLE_KEY},
        {"api_key": SAMPLE_KEY},
        {"key": SAMPLE_KEY},
    ],
    ids=str,
)
def test_request_without_the_one_known_key_is_refused_whatever_else_it_holds(send: Send, key: Any, body: Json) -> None:
    assert INVALID_KEY == got(send(key=key, json=body))


@pytest.mark.parametrize("name", ["api-key", "Authorization", "Cookie"])
def test_key_in_a_header_is_no_key(send: Send, name: str) -> None:
    for value in (SAMPLE_KEY, f"Bearer {SAMPLE_KEY}", f"api-key={SAMPLE_KEY}"):
        assert INVALID_KEY == got(send(key={}, headers=JSON_TYPE | {name: value}))


def test_refused_key_is_told_before_all_else(send: Send) -> None:
    assert INVALID_KEY == got(send("nobody", key={}, content=b"{", headers={"Prefer": "code=0"}))
    assert INVALID_KEY == got(send(key={}, content=b"x" * (2 * LARGEST_BODY)))


def test_other_query_parameters_change_nothing(send: Send) -> None:
    assert SENT == got(send(key=[("a", "1"), ("api-key", SAMPLE_KEY), ("a", "2"), ("text", "")]))


def test_each_known_key_opens_whatever_its_characters(tmp_path: Path) -> None:
    path = BASE + OPERATION.path.format(idcontact="string")
    world = read(WORLD).value
    world["companies"][0]["api_keys"] = ["first", NASTY_KEY]
    (tmp_path / "world.yaml").write_text(dump(world), encoding="utf-8")
    with client_of(StandIn(stand_in.SOURCE, read_world(tmp_path / "world.yaml"))) as client:
        for key in ("first", NASTY_KEY):
            assert SENT == got(client.post(path, params={"api-key": key}, json=TEXT))
        for key in (SAMPLE_KEY, quote(NASTY_KEY, safe="")):
            assert INVALID_KEY == got(client.post(path, params={"api-key": key}, json=TEXT))


@pytest.mark.parametrize("key", [SAMPLE_KEY, NASTY_KEY])
def test_log_tells_what_was_asked_and_answered_and_never_the_key(key: str, caplog: pytest.LogCaptureFixture) -> None:
    """Wherever in the request the key stands, and however it is percent-encoded there."""
    caplog.set_level("DEBUG", "ventia_mock")
    caplog.set_level("DEBUG", "uvicorn")
    path = BASE + OPERATION.path.format(idcontact="string")
    forms = [form for form in encodings(key) if key in (unquote(form), unquote_plus(form))]
    with client_of(stand_in.stand_in(key=key)) as client:
        assert SENT == got(client.post(path, params={"api-key": key}, json=TEXT))
        for form in forms:
            client.post(f"{path}?api-key={form}&again={form}", json=TEXT)
            client.post(f"{BASE}/contact/{form}/message?api-key={form}", json=TEXT)
            client.post(f"/{form}?api-key={form}", json=TEXT)
        for headers in ({"Prefer": f"example={quote(key)}"}, {"api-key": quote(key)}):
            client.post(path, params={"api-key": key}, json=TEXT | {"text": key, "medium": key}, headers=headers)
    lines = [record.getMessage() for record in caplog.records if record.name != "httpx"]
    assert f"method=POST path={path} status={SENT[0]} outcome=sent company=acme" in lines
    assert 3 + 3 * len(forms) == len(lines)
    for line in lines:
        assert key not in line
        assert key not in unquote(line)
        assert key not in unquote_plus(line)


def test_log_tells_why_a_request_was_refused(send: Send, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("INFO", "ventia_mock")
    send(json=TEXT | {"text": 1})
    [line] = [record.getMessage() for record in caplog.records if record.name == "ventia_mock"]
    assert f"method=POST path={BASE}/contact/string/message status={INVALID_BODY[0]} outcome=refused" in line
    assert 'rule="/components/schemas/Message/properties/text/type"' in line
    assert 'why="text: Must be of type string (/text is 1' in line
