"""`body_from_dict` makes the message that a JSON object is, and `to_dict` gives the JSON object back."""

from __future__ import annotations

import copy
import importlib
import sys
from collections.abc import Iterator
from pathlib import Path
from types import MappingProxyType, ModuleType
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from contract_tests import run
from contract_tests.client import calls
from tests.client.messages.broken_bodies import broken_bodies
from tests.support.stand_in import REQUESTS
from tools.generate.package import build
from ventia_client._runtime.messages.bodies import body_of
from ventia_client.api.interactions import create_message
from ventia_client.errors import InvalidMessage
from ventia_client.models import ChannelMessage, UserIntegrationMessage, UserMessage
from ventia_document import DOCUMENT
from ventia_document.source import Json, dump, read

ROOT = Path(__file__).parents[3]
CHANNEL = "656b0e1f8e5a2c001f3a9d12"
OPERATION = next(each for each in run.OPERATIONS if each.sends)
CLASSES = {
    "channelText": ChannelMessage,
    "channelTemplate": ChannelMessage,
    "userFile": UserMessage,
    "userIntegrationReply": UserIntegrationMessage,
}


@pytest.mark.parametrize("name", CLASSES)
def test_a_message_is_of_the_class_of_its_sender(name: str) -> None:
    body = REQUESTS[name]
    message = create_message.body_from_dict(body)
    assert CLASSES[name] is type(message)
    assert body == message.to_dict()


@settings(max_examples=50, deadline=None, suppress_health_check=list(HealthCheck))
@given(body=st.deferred(lambda: calls.messages(OPERATION)))
def test_every_message_comes_back(body: Json) -> None:
    before = copy.deepcopy(body)
    message = create_message.body_from_dict(body)
    assert calls.message(OPERATION, body) == message
    assert before == body == message.to_dict()
    assert message == create_message.body_from_dict(message.to_dict())


def test_each_rule_of_the_document_is_told_in_its_words() -> None:
    for value, broken in {broken.within("body"): (value, broken) for value, broken in broken_bodies()}.values():
        if isinstance(value, dict):
            with pytest.raises(InvalidMessage) as raised:
                create_message.body_from_dict(value)
            assert ((broken.field or "body", broken.rule),) == raised.value.violations


@pytest.mark.parametrize("value", [None, [], "{}", 5, ChannelMessage("656b0e1f8e5a2c001f3a9d12", text="Hi!")])
def test_what_is_no_mapping_is_a_mistake_of_the_type(value: Any) -> None:
    with pytest.raises(TypeError, match=f"^body must be a mapping such as a dict, not {type(value).__name__}$"):
        create_message.body_from_dict(value)


def test_any_mapping_is_taken() -> None:
    body = REQUESTS["channelText"]
    assert body == create_message.body_from_dict(MappingProxyType(body)).to_dict()


def test_what_fits_no_class_is_told_of_the_nearest() -> None:
    """So that a document whose classes leave something out names what is missing."""
    body = REQUESTS["userIntegrationReply"]
    for classes in ((UserMessage, ChannelMessage), (ChannelMessage, UserMessage)):
        with pytest.raises(InvalidMessage) as raised:
            body_of(body, *classes)
        assert (("channelId", "Must be given"),) == raised.value.violations


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        (
            {"channelId": CHANNEL, "texxt": "Hi!"},
            "body: Must have text, mediaType with mediaUrl, or template (add text, or mediaType and mediaUrl, or"
            ' template; the document names no field "texxt": write "text")',
        ),
        (
            {"chanelId": CHANNEL, "text": "Hi!", "campaign": 7},
            "body: Must have exactly one of channelId, userId and userIntegrationId (add channelId, or userId, or"
            ' userIntegrationId; the document names no field "chanelId": write "channelId"; the document names no field'
            ' "campaign")',
        ),
        (
            {"userId": CHANNEL, "text": "Hi!", "Medium": "whatsapp_business"},
            'medium: Must be given with userId (add one such as "unofficial_wpp"; the document names no field "Medium":'
            ' write "medium")',
        ),
        (
            {"channelId": "x", "text": "Hi!", "campaign": 7},
            f'channelId: Must be a valid ObjectId (it is "x": pass one such as "{CHANNEL}")',
        ),
    ],
)
def test_fields_that_the_document_does_not_name_are_reported_where_one_is_missing(
    fields: dict[str, Any], said: str
) -> None:
    with pytest.raises(InvalidMessage) as raised:
        create_message.body_from_dict(fields)
    assert said == str(raised.value)


def edited(document: Json) -> Json:
    """The document with a field that is a time, and with other bodies in other operations."""
    fields = document["components"]["schemas"]["Message"]["properties"]
    fields["sendAt"] = {"description": "When to send it.", "type": "string", "format": "date-time"}
    note = {"type": "object", "required": ["words"], "properties": {"words": {"type": "string"}}}
    document["components"]["schemas"]["Note"] = note
    listed = {"type": "array", "items": {"$ref": "#/components/schemas/Note"}}
    contents = {
        "sendNote": {"application/json": {"schema": {"$ref": "#/components/schemas/Note"}}},
        "sendList": {"application/json": {"schema": listed}},
        "sendNothing": {},
    }
    for name, content in contents.items():
        body = {"requestBody": {"required": True, "content": content}} if content else {}
        answers = document["paths"]["/contact/{idcontact}/message"]["post"]["responses"]
        operation = {"operationId": name, "summary": "Do it", "tags": ["Interactions"], "responses": answers, **body}
        document["paths"][f"/{name}"] = {"post": operation}
    return document


@pytest.fixture(scope="module")
def package(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    folder = tmp_path_factory.mktemp("edited")
    (folder / "ventia.yaml").write_text(dump(edited(read(DOCUMENT).value)), encoding="utf-8")
    build(ROOT, folder / "ventia.yaml", folder / "client_of_bodies")
    sys.path.insert(0, str(folder))
    yield "client_of_bodies"
    sys.path.remove(str(folder))


def operation(package: str, name: str) -> ModuleType:
    return importlib.import_module(f"{package}.api.interactions.{name}")


def test_a_body_of_one_class_is_made_too(package: str) -> None:
    note = operation(package, "send_note").body_from_dict({"words": "Hi!", "more": 1})
    assert ("Note", {"words": "Hi!", "more": 1}) == (type(note).__name__, note.to_dict())


def test_a_body_with_a_value_of_another_format_is_refused(package: str) -> None:
    module = operation(package, "create_message")
    body = {**REQUESTS["channelText"], "sendAt": "2026-01-01T00:00:00+00:00"}
    assert body == module.body_from_dict(body).to_dict()
    with pytest.raises(ValueError, match=r"^sendAt: Must be a valid date-time") as raised:
        module.body_from_dict({**body, "sendAt": "tomorrow"})
    assert "InvalidMessage" == type(raised.value).__name__


@pytest.mark.parametrize("name", ["send_list", "send_nothing"])
def test_there_is_none_where_the_body_is_no_json_object(name: str, package: str) -> None:
    assert not hasattr(operation(package, name), "body_from_dict")


def test_a_body_of_another_kind_is_a_mistake_of_the_type_there_too(package: str) -> None:
    client = importlib.import_module(package).Client("k")
    with pytest.raises(TypeError, match=r"^body must be list, not dict$"):
        operation(package, "send_list").sync(client=client, body={"words": "Hi!"})
