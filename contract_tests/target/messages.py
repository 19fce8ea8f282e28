"""Messages put together from what the document says and what the target knows."""

from __future__ import annotations

import itertools
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

from contract_tests.target.knowledge import INVALID, NAMED, Knowledge, Sender
from contract_tests.wire.request import API_KEY, Request
from ventia_document.operations import resolve
from ventia_document.samples import sample
from ventia_document.schemas import Schema
from ventia_document.source import Json, pointer


@dataclass(frozen=True)
class Message:
    """A message that the document accepts.

    Attributes:
        sender: its name.
        content: in words.
        expected: the statuses with which the server may answer it.
    """

    sender: str
    content: str
    body: Mapping[str, Json] = field(hash=False)
    expected: frozenset[int]

    @property
    def name(self) -> str:
        """Its sender and its content."""
        return f"{self.sender} with {self.content}"


class Messages:
    """What can be sent to the server under test."""

    def __init__(self, knowledge: Knowledge) -> None:
        self.knowledge = knowledge
        self.document = knowledge.operation.document
        self.at = knowledge.schema.at
        self.schema = Schema(self.document, self.at)
        self.properties = {name: resolve(self.document, f"{self.at}/properties{pointer(name)}") for name in self._names}

    @property
    def _names(self) -> Mapping[str, Json]:
        names: Mapping[str, Json] = self.knowledge.schema.value["properties"]
        return names

    def is_known(self, name: str) -> bool:
        """Whether a field identifies nothing on the platform, or something that the target names."""
        return name not in self.knowledge.fields.values() or self.value(name) in self.knowledge.target.things.values()

    def value(self, name: str) -> Json:
        """A value for a field: what the target knows, or the document's sample."""
        kind = self._names[name].get("x-identifies", "")
        if kind in NAMED and (named := self.knowledge.named(kind)):
            return named
        if kind in self.knowledge.fields and kind not in NAMED:
            senders = [sender.fields[name] for sender in self.knowledge.senders if name in sender.fields]
            return [*senders, *self.knowledge.target.things.values(), self.knowledge.target.contact][0]
        return sample(self.document, f"{self.at}/properties{pointer(name)}")

    @cached_property
    def contents(self) -> list[dict[str, Json]]:
        """The least that is a message, but for the sender: what the document asks for, with each of its enum values."""
        [needed] = [part["anyOf"] for part in self.knowledge.schema.value["allOf"] if "anyOf" in part]
        return [content for choice in needed for content in self._filled(choice["required"])]

    def _filled(self, names: list[str]) -> list[dict[str, Json]]:
        values = [self.properties[name].value.get("enum", [self.value(name)]) for name in names]
        return [dict(zip(names, chosen, strict=True)) for chosen in itertools.product(*values)]

    def of(self, sender: Sender, content: Mapping[str, Json]) -> Message | None:
        """The message of a sender; None if the document refuses it, or the target does not know what it names."""
        body = {**sender.fields, **content}
        if not self.knowledge.names_template_of(body) or not self.schema.accepts(body):
            return None
        return Message(sender.name, told(content), body, self.knowledge.expected(body))

    @cached_property
    def sendable(self) -> list[Message]:
        """Every sender that sends, with every content that it takes: what all else is a variation of."""
        refused = self.knowledge.statuses([INVALID])
        sending = [sender for sender in self.knowledge.senders if self.knowledge.sends(sender)]
        made = [self.of(sender, content) for content in self.contents for sender in sending]
        return [message for message in made if message and not message.expected & refused]

    def request(self, body: Json) -> Request:
        """The request with a body, as JSON."""
        return self.raw(json.dumps(body, ensure_ascii=False).encode("utf-8", "surrogatepass"))

    def raw(self, body: bytes) -> Request:
        """The request with a body as it goes onto the wire."""
        operation = self.knowledge.operation
        [media_type] = operation.media_types
        [[key]] = operation.security
        return Request(
            operation.method,
            self.knowledge.path,
            ((key["name"], API_KEY),),
            (("Content-Type", media_type.name),),
            body,
        )


def told(body: Mapping[str, Json]) -> str:
    """The fields of a body in a few words; of a field with a choice of values, the value."""
    words = [
        f"{name} {value!r:.40}" if isinstance(value, str) and value.isalnum() else name for name, value in body.items()
    ]
    return ", ".join(words) or "nothing"
