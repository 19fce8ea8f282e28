"""What Python shows of the client: reprs without what is not set, and help that stands alone."""

from __future__ import annotations

import doctest
import inspect
import pydoc
import re
from collections import Counter
from types import FunctionType
from typing import Any

import pytest

from contract_tests import run
from contract_tests.client.recorder import Recorder
from tests.support.stand_in import OPERATION, REQUESTS, SENT
from ventia_client import models
from ventia_client.api.interactions import create_message
from ventia_client.models import ChannelMessage, MessageQueued, MessageSent, Problem, UserMessage
from ventia_mock.http.server import running

CHANNEL = "656b0e1f8e5a2c001f3a9d12"
CONTACT = "66f1a2b33c4d5e0067f8a9b0"
CALLS: list[Any] = [
    create_message.sync,
    create_message.asyncio,
    create_message.sync_detailed,
    create_message.asyncio_detailed,
]
CLIENT_DOCUMENT = run.overlaid("client")


def words(text: str | None) -> str:
    return " ".join((text or "").split())


def more(message: ChannelMessage, name: str, value: object) -> ChannelMessage:
    message[name] = value
    return message


@pytest.mark.parametrize(
    ("shown", "value"),
    [
        (f"ChannelMessage(channel_id='{CHANNEL}', text='Hi!')", ChannelMessage(CHANNEL, text="Hi!")),
        (
            f"ChannelMessage(channel_id='{CHANNEL}', text='Hi!', additional_properties={{'more': 1}})",
            more(ChannelMessage(CHANNEL, text="Hi!"), "more", 1),
        ),
        (
            f"UserMessage(user_id='{CHANNEL}', medium='unofficial_wpp', text='')",
            UserMessage(CHANNEL, "unofficial_wpp", text=""),
        ),
        (f"MessageSent(interaction_id='{CHANNEL}', success=True)", MessageSent(CHANNEL)),
        ("MessageQueued(success=True, queued=True)", MessageQueued()),
        ("Problem(error='No', success=False)", Problem("No")),
    ],
)
def test_a_repr_leaves_out_what_is_not_set(shown: str, value: object) -> None:
    assert shown == repr(value)


def test_a_repr_of_what_contains_itself_ends() -> None:
    message = ChannelMessage(CHANNEL, text="Hi!")
    message["again"] = message
    assert f"ChannelMessage(channel_id='{CHANNEL}', text='Hi!', additional_properties={{'again': ...}})" == repr(
        message
    )


@pytest.mark.parametrize("name", REQUESTS)
def test_a_repr_makes_the_message_again(name: str) -> None:
    message = create_message.body_from_dict(REQUESTS[name])
    assert message == eval(repr(message), vars(models))  # noqa: S307 - its own


NAMED = [vars(models)[name] for name in models.__all__ if name in CLIENT_DOCUMENT["components"]["schemas"]]
MODELS = [model for model in NAMED if hasattr(model, "to_dict")]


@pytest.mark.parametrize("model", MODELS)
def test_the_texts_of_fields_are_in_the_help_of_their_class_and_once_in_its_module(model: Any) -> None:
    shown = words(pydoc.plain(pydoc.render_doc(model)).replace(" |  ", ""))
    properties = CLIENT_DOCUMENT["components"]["schemas"][model.__name__].get("properties", {})
    texts = Counter(words(field["description"]) for field in properties.values() if "description" in field)
    assert texts == {text: words(inspect.getsource(model)).count(text) for text in texts}
    assert texts.keys() == {text for text in texts if text in shown}


def test_the_help_of_a_message_tells_its_fields_in_their_order() -> None:
    names = re.findall(r"^ {4}(\w+): ", inspect.getdoc(ChannelMessage) or "", re.M)
    fields = [field.name for field in ChannelMessage.__attrs_attrs__]
    assert fields == [*names, "additional_properties"]


@pytest.mark.parametrize("function", CALLS)
def test_the_help_of_each_call_stands_alone(function: FunctionType) -> None:
    told = words(function.__doc__)
    assert words(OPERATION.value["summary"]) in told
    for paragraph in OPERATION.value["description"].split("\n\n"):
        assert words(paragraph) in told
    for parameter in inspect.signature(function).parameters:
        assert re.search(rf"\b{parameter}( \([^)]*\))?: ", told), parameter
    for part in OPERATION.parameters:
        form = f"{part.value['schema']['x-rule']}, such as `{CONTACT}`."
        assert f"{part.value['name']} (str): {words(part.value['description'])} {form}" in told
    for status, response in OPERATION.responses.items():
        assert f"{status}: {words(response.value['description'])}" in told
    for error in ("errors.NotSent", "errors.DeliveryUnknown", "TypeError"):
        assert f"{error}: " in told
    assert not re.search(r"\b(As|see) `", told)


def test_what_is_awaited_says_the_same_as_what_is_not() -> None:
    for waits, awaited in ((CALLS[0], CALLS[1]), (CALLS[2], CALLS[3])):
        told = words(awaited.__doc__).replace(" To be awaited in an event loop of asyncio.", "")
        assert words(waits.__doc__).partition(" Example: ")[0] == told.partition(" Example: ")[0]


@pytest.mark.parametrize("function", CALLS[:2])
def test_the_example_of_a_call_runs(function: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    recorder = Recorder()
    recorder.answer_with(*SENT)
    with running(recorder) as url:
        monkeypatch.setenv("VENTIA_API_KEY", "AAAAAAA-BBBBBBB-CCCCCCC-DDDDDDD")
        monkeypatch.setenv("VENTIA_BASE_URL", url)
        [example] = doctest.DocTestFinder().find(function, globs={})
        assert len(example.examples) > 3
        assert 0 == doctest.DocTestRunner(optionflags=doctest.ELLIPSIS).run(example).failed
    [request] = recorder.requests
    assert 1 == request.body.count(b"channelId")
