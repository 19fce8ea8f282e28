"""Faulty clients: each is the generated client, which keeps the contract, but for exactly one defect.

A defect is a function here that patches `ventia_client` in the running process. Its name is the mutant's, its docstring
the defect in a sentence.
"""

from __future__ import annotations

import functools
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

import httpx
import pytest

from ventia_client import errors
from ventia_client._runtime import answers
from ventia_client._runtime.document import API_KEY
from ventia_client._runtime.messages import parameters
from ventia_client._runtime.network.credentials import Credentials
from ventia_client._runtime.network.exchange import Exchanges
from ventia_client.api.interactions import create_message
from ventia_client.models import MessageQueued, MessageSent
from ventia_client.types import Response
from ventia_document.source import Json

Fields = dict[str, Json]
Patch = Callable[[pytest.MonkeyPatch], None]


@dataclass(frozen=True)
class ClientMutant:
    """A faulty client.

    Attributes:
        sentence: its defect.
        patch: makes the client of the running process faulty, until the patch is undone.
    """

    name: str
    sentence: str
    patch: Patch


def client_mutants() -> list[ClientMutant]:
    """Every faulty client."""
    return list(_registered.values())


_registered: dict[str, ClientMutant] = {}


def client_mutant(patch: Patch) -> Patch:
    """Register a function that makes the client faulty."""
    name = patch.__name__.replace("_", " ")
    if name in _registered:
        raise ValueError(f"mutant {name!r}: Must have a name of its own")
    _registered[name] = ClientMutant(name, " ".join((patch.__doc__ or "").split()), patch)
    return patch


# What is written.


def _writes(patch: pytest.MonkeyPatch, defect: Callable[[Fields], Fields]) -> None:
    """Have every message written as something else."""
    _asks(patch, lambda arguments: {**arguments, "json": defect(arguments["json"])})


def _asks(patch: pytest.MonkeyPatch, defect: Callable[[Fields], Fields]) -> None:
    """Have the request of every call made of other arguments."""
    correct = create_message._get_kwargs
    patch.setattr(create_message, "_get_kwargs", lambda *args, **kwargs: defect(correct(*args, **kwargs)))


def _with_text(patch: pytest.MonkeyPatch, name: str, defect: Callable[[str], Json]) -> None:
    """Have the text of one field written as something else, where it is given."""
    _writes(patch, lambda fields: {**fields, name: defect(fields[name])} if name in fields else fields)


@client_mutant
def drops_the_caption(patch: pytest.MonkeyPatch) -> None:
    """The caption is not sent."""
    _writes(patch, lambda fields: {name: value for name, value in fields.items() if name != "caption"})


@client_mutant
def sends_an_empty_text_for_none(patch: pytest.MonkeyPatch) -> None:
    """A text that is not given is sent as an empty one."""
    _writes(patch, lambda fields: {"text": "", **fields})


@client_mutant
def sends_null_for_no_file_name(patch: pytest.MonkeyPatch) -> None:
    """A file name that is not given is sent as null."""
    _writes(patch, lambda fields: {"fileName": None, **fields})


@client_mutant
def sends_the_medium_as_python_shows_it(patch: pytest.MonkeyPatch) -> None:
    """The medium is sent as the `str` of an enum's member."""
    _with_text(patch, "medium", lambda medium: f"Medium.{medium.upper()}")


@client_mutant
def loses_characters_beyond_the_basic_plane(patch: pytest.MonkeyPatch) -> None:
    """Characters of four bytes in UTF-8, such as emoji, are not sent."""
    _with_text(patch, "text", lambda text: "".join(character for character in text if character <= "\uffff"))


@client_mutant
def keeps_the_caption_of_the_message_before(patch: pytest.MonkeyPatch) -> None:
    """A message without a caption is sent with the last one that was given."""
    kept: Fields = {}

    def defect(fields: Fields) -> Fields:
        kept.update({"caption": fields["caption"]} if "caption" in fields else {})
        return {**kept, **fields}

    _writes(patch, defect)


# Where it goes, and how.


@client_mutant
def takes_any_contact(patch: pytest.MonkeyPatch) -> None:
    """A contact goes into the path, whatever rule it breaks."""
    patch.setattr(parameters, "_require", lambda *_: None)


@client_mutant
def remembers_the_first_contact(patch: pytest.MonkeyPatch) -> None:
    """All messages go to the contact of the first."""
    urls: list[str] = []

    def defect(arguments: Fields) -> Fields:
        urls.append(arguments["url"])
        return {**arguments, "url": urls[0]}

    _asks(patch, defect)


@client_mutant
def calls_another_path(patch: pytest.MonkeyPatch) -> None:
    """Messages go to `messages`."""
    _asks(patch, lambda arguments: {**arguments, "url": arguments["url"] + "s"})


@client_mutant
def calls_its_json_a_text(patch: pytest.MonkeyPatch) -> None:
    """The content type of a message is text/plain."""
    _asks(patch, lambda arguments: {**arguments, "headers": {"Content-Type": "text/plain"}})


@client_mutant
def sends_twice(patch: pytest.MonkeyPatch) -> None:
    """A request is sent, and sent again."""
    _sends_again(patch, lambda _: True)


@client_mutant
def sends_again_after_a_server_error(patch: pytest.MonkeyPatch) -> None:
    """A message that may have been sent is sent once more."""
    _sends_again(patch, lambda answer: answer.status_code == 500)


def _sends_again(patch: pytest.MonkeyPatch, doubts: Callable[[httpx.Response], bool]) -> None:
    """Have a call send a second time after some answers."""
    waiting, awaiting = httpx.Client.send, httpx.AsyncClient.send

    def send(self: httpx.Client, request: httpx.Request) -> httpx.Response:
        answer = waiting(self, request)
        return waiting(self, request) if doubts(answer) else answer

    async def send_async(self: httpx.AsyncClient, request: httpx.Request) -> httpx.Response:
        answer = await awaiting(self, request)
        return await awaiting(self, request) if doubts(answer) else answer

    patch.setattr(httpx.Client, "send", send)
    patch.setattr(httpx.AsyncClient, "send", send_async)


# The key.


def _signs(patch: pytest.MonkeyPatch, defect: Callable[[Credentials], str]) -> None:
    """Have every request signed with something else than the quoted key of its client."""

    def target(self: Credentials, _: Any, target: bytes) -> bytes:
        return target + f"?{API_KEY[1]}={defect(self)}".encode()

    patch.setattr(Credentials, "_target", target)


@client_mutant
def signs_with_the_first_key(patch: pytest.MonkeyPatch) -> None:
    """The key of the first client is that of all."""
    keys: list[str] = []

    def defect(credentials: Credentials) -> str:
        keys.append(credentials._key.reveal_quoted())
        return keys[0]

    _signs(patch, defect)


@client_mutant
def sends_the_key_in_a_header_as_well(patch: pytest.MonkeyPatch) -> None:
    """The key goes into the query, and into a header."""
    correct = Exchanges.outgoing

    def outgoing(self: Exchanges, call: Any, request: httpx.Request) -> httpx.Request:
        request.headers["X-Api-Key"] = self._credentials._key.reveal_quoted()
        return correct(self, call, request)

    patch.setattr(Exchanges, "outgoing", outgoing)


# What is answered.


def _reads(patch: pytest.MonkeyPatch, defect: Callable[[Any, Response[Any]], Any]) -> None:
    """Have every documented answer read as something else."""
    correct = create_message._parse
    patch.setattr(create_message, "_parse", lambda response: defect(correct(response), response))


@client_mutant
def reads_what_is_queued_as_sent(patch: pytest.MonkeyPatch) -> None:
    """A message that waits to be sent is returned as a MessageSent."""

    def defect(parsed: Any, response: Response[Any]) -> Any:
        queued = isinstance(parsed, MessageQueued)
        return MessageSent.from_dict({"interactionId": "", **response.json()}) if queued else parsed

    _reads(patch, defect)


@client_mutant
def drops_fields_of_an_answer_that_it_does_not_know(patch: pytest.MonkeyPatch) -> None:
    """The additional properties of an answer are not returned."""

    def defect(parsed: Any, _: Response[Any]) -> Any:
        parsed.additional_properties = {}
        return parsed

    _reads(patch, defect)


@client_mutant
def swallows_errors(patch: pytest.MonkeyPatch) -> None:
    """A call that is refused returns None."""
    correct = answers.success

    def success(*args: Any) -> Any:
        try:
            return correct(*args)
        except errors.AnswerError:
            return None

    patch.setattr(create_message, "success", success)


@client_mutant
def swallows_errors_when_awaited(patch: pytest.MonkeyPatch) -> None:
    """A call that is awaited returns None where one that waits raises."""
    correct: Callable[..., Awaitable[Any]] = create_message.asyncio

    @functools.wraps(correct)
    async def asyncio(*args: Any, **kwargs: Any) -> Any:
        try:
            return await correct(*args, **kwargs)
        except errors.AnswerError:
            return None

    patch.setattr(create_message, "asyncio", asyncio)


@client_mutant
def raises_the_error_of_another_status(patch: pytest.MonkeyPatch) -> None:
    """A missing integration is raised as a session that is not online."""
    responses = dict(create_message._ANSWERS.responses)
    responses["422"] = responses["409"]
    patch.setattr(create_message, "_ANSWERS", create_message._ANSWERS._replace(responses=responses))


@client_mutant
def calls_a_server_error_not_sent(patch: pytest.MonkeyPatch) -> None:
    """After a server error the message counts as not sent."""
    patch.setattr(errors.InternalServerError, "outcome", "not_sent")


@client_mutant
def believes_an_interaction_of_any_type(patch: pytest.MonkeyPatch) -> None:
    """A success is read whatever types its fields have."""
    patch.setattr(answers, "is_shaped", lambda _, __: True)
