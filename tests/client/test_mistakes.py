"""What a caller gets wrong is raised before anything is sent: a wrong type is a TypeError, a wrong value not."""

from __future__ import annotations

import asyncio
import importlib
import sys
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import httpx
import pytest

from tools.generate.package import build
from ventia_client import Client, errors
from ventia_client.api.interactions import create_message
from ventia_client.models import ChannelMessage, MessageSent
from ventia_client.types import UNSET
from ventia_document import DOCUMENT
from ventia_document.source import dump, read

ROOT = Path(__file__).parents[2]
KEY = "AAAAAAA-BBBBBBB-CCCCCCC-DDDDDDD"
CONTACT = "66f1a2b33c4d5e0067f8a9b0"
MESSAGE = ChannelMessage(channel_id="656b0e1f8e5a2c001f3a9d12", text="Hi!")
ANSWER = {"success": True, "interactionId": "66f3a9b11c4d8e0023b7c9a1"}


class Line(httpx.BaseTransport, httpx.AsyncBaseTransport):
    """Answers every request, and keeps it."""

    def __init__(self) -> None:
        self.requests: list[httpx.Request] = []

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        self.requests.append(request)
        return httpx.Response(200, json=ANSWER)

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        return self.handle_request(request)


@pytest.fixture
def line() -> Line:
    return Line()


Send = Callable[..., object]


def waiting(line: Line, module: Any, *arguments: Any, client_class: Any = Client, **fields: Any) -> object:
    with client_class(KEY, transport=line) as client:
        return module.sync(*arguments, client=client, **fields)


def awaiting(line: Line, module: Any, *arguments: Any, client_class: Any = Client, **fields: Any) -> object:
    async def main() -> object:
        async with client_class(KEY, async_transport=line) as client:
            return await module.asyncio(*arguments, client=client, **fields)

    return asyncio.run(main())


each_way = pytest.mark.parametrize("send", [waiting, awaiting])


@each_way
@pytest.mark.parametrize(
    ("body", "said"),
    [
        ({"channelId": "x"}, "not dict; body_from_dict makes one of it"),
        (None, "not NoneType"),
        ([MESSAGE], "not list"),
        (UNSET, "not Unset"),
        (MessageSent("66f3a9b11c4d8e0023b7c9a1"), "not MessageSent"),
        (ChannelMessage, "not type"),
    ],
)
def test_what_is_no_message_is_a_mistake_of_the_type(send: Send, body: Any, said: str, line: Line) -> None:
    with pytest.raises(TypeError) as raised:
        send(line, create_message, CONTACT, body=body)
    assert f"body must be ChannelMessage, UserMessage or UserIntegrationMessage, {said}" == str(raised.value)
    assert [] == line.requests


@each_way
@pytest.mark.parametrize("contact", [None, b"x", bytearray(b"x"), ["x"], {"id": "x"}, ("x",), UNSET, MESSAGE, object()])
def test_what_has_no_text_is_a_mistake_of_the_type(send: Send, contact: Any, line: Line) -> None:
    with pytest.raises(TypeError) as raised:
        send(line, create_message, contact, body=MESSAGE)
    kind = type(contact).__name__
    assert f'idcontact must be a text or a number such as "{CONTACT}", not {kind}' == str(raised.value)
    assert [] == line.requests


@each_way
@pytest.mark.parametrize(
    ("contact", "rule", "quoted"),
    [
        *((text, "Must be a valid ObjectId", f'"{text}"') for text in ("", ".", "..", "x")),
        ("a\ud800", "Must be a valid ObjectId", r'"a\ud800"'),
        *((value, "Must be a valid ObjectId", str(value)) for value in (7, 1.5)),
        (uuid.UUID(int=1), "Must be a valid ObjectId", f'"{uuid.UUID(int=1)}"'),
    ],
)
def test_a_contact_that_breaks_its_rule_is_refused(
    send: Send, contact: Any, rule: str, quoted: str, line: Line
) -> None:
    with pytest.raises(errors.InvalidMessage) as raised:
        send(line, create_message, contact, body=MESSAGE)
    assert ("idcontact", rule) == (raised.value.field, raised.value.rule)
    assert f'idcontact: {rule} (it is {quoted}: pass one such as "{CONTACT}")' == str(raised.value)
    assert [] == line.requests


def test_what_has_a_text_of_its_own_goes_into_the_path(line: Line) -> None:
    waiting(line, create_message, type("Identifier", (str,), {})(CONTACT), body=MESSAGE)
    assert [f"/api/v1.0/contact/{CONTACT}/message"] == [request.url.path for request in line.requests]


HEADERS = [
    {"name": "X-Trace", "in": "header", "description": "For tracing.", "schema": {"type": "string"}},
    {"name": "X-Count", "in": "header", "description": "How often.", "schema": {"type": "integer"}},
    {"name": "session", "in": "cookie", "description": "A session.", "schema": {"type": "string"}},
    {
        "name": "sender",
        "in": "query",
        "description": "Who\nsends.",
        "schema": {"$ref": "#/components/schemas/ObjectId"},
    },
    {"name": "mode", "in": "query", "description": "How.", "schema": {"enum": ["fast", "slow"]}},
    {"name": "until", "in": "query", "description": "When.", "schema": {"type": ["integer", "null"]}},
    {"name": "undescribed", "in": "query", "schema": {"type": "string", "description": "Any text."}},
]


@pytest.fixture(scope="module")
def with_headers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ModuleType]:
    """The client of a document with parameters in headers."""
    folder = tmp_path_factory.mktemp("edited")
    document = read(DOCUMENT).value
    document["paths"]["/contact/{idcontact}/message"]["post"]["parameters"] += HEADERS
    (folder / "ventia.yaml").write_text(dump(document), encoding="utf-8")
    build(ROOT, folder / "ventia.yaml", folder / "client_with_headers")
    sys.path.insert(0, str(folder))
    yield importlib.import_module("client_with_headers")
    sys.path.remove(str(folder))


def test_the_help_of_a_parameter_is_its_own_description_or_else_that_of_its_schema(with_headers: ModuleType) -> None:
    shown = " ".join(module_of(with_headers).sync.__doc__.split())
    for line in (
        "x_count (int | Unset): How often. session",
        f"sender (str | Unset): Who sends. Must be a valid ObjectId, such as `{CONTACT}`. mode",
        "undescribed (str | Unset): Any text. body",
    ):
        assert line in shown


def module_of(package: ModuleType) -> Any:
    return importlib.import_module(f"{package.__name__}.api.interactions.create_message")


def send_with(send: Send, package: ModuleType, line: Line, **headers: Any) -> object:
    module = module_of(package)
    body = module.body_from_dict(MESSAGE.to_dict())
    return send(line, module, CONTACT, client_class=package.Client, body=body, **headers)


@each_way
@pytest.mark.parametrize(
    "text", ["a\r\nX-Admin: 1", "a\rb", "a\nb", "a\n", "a\0b", "\0", "\u2028", "é", " a", "a ", "\t", "\x7f"]
)
@pytest.mark.parametrize(("parameter", "field"), [("x_trace", "X-Trace"), ("session", "session")])
def test_a_parameter_that_no_header_can_hold_is_refused(
    send: Send, text: str, parameter: str, field: str, with_headers: ModuleType, line: Line
) -> None:
    invalid = importlib.import_module(f"{with_headers.__name__}.errors").InvalidMessage
    with pytest.raises(invalid) as raised:
        send_with(send, with_headers, line, **{parameter: text})
    rules = {
        "X-Trace": "Must be a text of printable ASCII, with no space around it",
        "session": "Must be a text that a cookie can hold as it is",
    }
    assert (field, rules[field]) == raised.value.violations[0]
    assert "(it is " in str(raised.value)
    assert "\r" not in str(raised.value)
    assert [] == line.requests


@each_way
@pytest.mark.parametrize("text", ["", "a", "a b\tc", "~!"])
def test_a_parameter_that_a_header_can_hold_is_sent(
    send: Send, text: str, with_headers: ModuleType, line: Line
) -> None:
    send_with(send, with_headers, line, x_trace=text, x_count=3)
    [request] = line.requests
    assert (text, "3") == (request.headers["X-Trace"], request.headers["X-Count"])


@each_way
@pytest.mark.parametrize("value", [b"a", ["a"]])
def test_what_is_no_text_is_no_header(send: Send, value: Any, with_headers: ModuleType, line: Line) -> None:
    with pytest.raises(
        TypeError, match=f"^X-Trace must be a text or a number such as .string., not {type(value).__name__}$"
    ):
        send_with(send, with_headers, line, x_trace=value)
    assert [] == line.requests


@each_way
@pytest.mark.parametrize(
    ("parameter", "said"),
    [
        ("x_count", "X-Count: Must be of type integer"),
        ("session", "session: Must be of type string"),
        ("mode", "mode: Must be one of fast, slow"),
    ],
)
def test_none_is_no_way_to_leave_a_parameter_out(
    send: Send, parameter: str, said: str, with_headers: ModuleType, line: Line
) -> None:
    invalid = importlib.import_module(f"{with_headers.__name__}.errors").InvalidMessage
    with pytest.raises(invalid) as raised:
        send_with(send, with_headers, line, **{parameter: None})
    assert f"{said} (it is None: leave it out, or pass UNSET)" == str(raised.value)
    assert [] == line.requests


@each_way
def test_none_is_left_out_where_the_document_allows_null(send: Send, with_headers: ModuleType, line: Line) -> None:
    send_with(send, with_headers, line, until=None)
    assert [["api-key"]] == [list(request.url.params) for request in line.requests]
