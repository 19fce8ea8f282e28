"""Composes messages from the document's samples and the identifiers in the target file."""

from __future__ import annotations

import itertools
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

from contract_tests.target.knowledge import INVALID, NAMED, Knowledge, Sender
from contract_tests.wire.keys import with_keys
from contract_tests.wire.request import API_KEY, Request
from ventia_document.operations import resolve
from ventia_document.samples import sample
from ventia_document.source import Json, pointer
from ventia_document.validation import Schema


@dataclass(frozen=True)
class Message:
    """A message that the document accepts.

    Attributes:
        sender: the sender's name.
        content: the content in words.
        expected: the statuses with which the server may answer.
    """

    sender: str
    content: str
    body: Mapping[str, Json] = field(hash=False)
    expected: frozenset[int]

    @property
    def name(self) -> str:
        """Sender and content in words."""
        return f"{self.sender} with {self.content}"


class Messages:
    """Composes messages for the server under test."""

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
        """Whether there is a valid value for a field; of one that identifies something, in the target file."""
        if name in self.knowledge.fields.values():
            return self.value(name) in self.knowledge.target.things.values()
        return Schema(self.document, f"{self.at}/properties{pointer(name)}").accepts(self.value(name))

    def value(self, name: str) -> Json:
        """A value for a field: an identifier in the target file, or the document's sample."""
        kind = self._names[name].get("x-identifies", "")
        if kind in NAMED and (named := self.knowledge.named(kind)):
            return named
        if kind in self.knowledge.fields and kind not in NAMED:
            senders = [sender.fields[name] for sender in self.knowledge.senders if name in sender.fields]
            return [*senders, *self.knowledge.target.things.values(), self.knowledge.target.contact][0]
        return sample(self.document, f"{self.at}/properties{pointer(name)}")

    @cached_property
    def contents(self) -> list[dict[str, Json]]:
        """The smallest contents of a message, without a sender: the required fields, with each of their enum values."""
        schema = self.knowledge.schema.value
        choices = [
            [choice.get("required", []) for choice in part["anyOf"]]
            for part in schema.get("allOf", [])
            if "anyOf" in part
        ]
        needed = [[*schema.get("required", []), *itertools.chain(*chosen)] for chosen in itertools.product(*choices)]
        names = [
            list(dict.fromkeys(name for name in each if name not in self.knowledge.sender_fields)) for each in needed
        ]
        return [content for each in names for content in self._filled(each)]

    def _filled(self, names: list[str]) -> list[dict[str, Json]]:
        values = [self.properties[name].value.get("enum", [self.value(name)]) for name in names]
        return [self._fetchable(dict(zip(names, chosen, strict=True))) for chosen in itertools.product(*values)]

    def _fetchable(self, content: dict[str, Json]) -> dict[str, Json]:
        """A content with a URL that the server can fetch, where the target file names one for its media type."""
        urls = [url for value in content.values() if (url := self.knowledge.media_url(value))]
        return {name: urls[0] if urls and name in self.knowledge.url_fields else each for name, each in content.items()}

    def of(self, sender: Sender, content: Mapping[str, Json]) -> Message | None:
        """A sender's message; None if the document refuses it, or the target file lacks what it names."""
        body = {**sender.fields, **content}
        if not self.knowledge.names_template_of(body) or not self.schema.accepts(body):
            return None
        return Message(sender.name, description(content), body, self.knowledge.expected(body))

    @cached_property
    def sendable(self) -> list[Message]:
        """Every sender that sends, with every content that it accepts; the other requests are variations of these."""
        refused = self.knowledge.statuses([INVALID])
        sending = [sender for sender in self.knowledge.senders if self.knowledge.sends(sender)]
        made = [self.of(sender, content) for content in self.contents for sender in sending]
        return [message for message in made if message and not message.expected & refused]

    def request(self, body: Json) -> Request:
        """The request with a JSON body."""
        return self.raw(json.dumps(body, ensure_ascii=False).encode("utf-8", "surrogatepass"))

    def raw(self, body: bytes) -> Request:
        """The request with a body in bytes."""
        operation = self.knowledge.operation
        [media_type] = operation.media_types
        [[scheme]] = operation.security
        content_type = ("Content-Type", media_type.name)
        return with_keys(Request(operation.method, self.knowledge.path, (), (content_type,), body), scheme, API_KEY)


def description(body: Mapping[str, Json]) -> str:
    """A body in a few words: its fields, with those values that are single words."""
    words = [
        f"{name} {value!r:.40}" if isinstance(value, str) and value.isalnum() else name for name, value in body.items()
    ]
    return ", ".join(words) or "nothing"
