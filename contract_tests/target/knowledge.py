"""The identifiers that the server under test knows, and how it must answer a message that names them."""

from __future__ import annotations

import copy
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from urllib.parse import quote

from contract_tests.target.file import Target, TargetError
from ventia_document import platform
from ventia_document.operations import Operation, resolve
from ventia_document.platform import INTEGRATION, SESSION
from ventia_document.source import Json, lookup, pointer
from ventia_document.structure import nodes
from ventia_document.validation import Schema

SENT, QUEUED = "MessageSent", "MessageQueued"
INVALID, INVALID_KEY, LIMITED = "InvalidRequestBody", "InvalidApiKey", "RateLimitExceeded"
NOT_ONLINE, NOT_ACTIVE = "SessionNotOnline", "NoActiveIntegration"

_KINDS = {
    "channels": "channel",
    "users": "user",
    "user_integrations": "integration",
    "templates": "template",
    "messages": "message",
}
"""The document's `x-identifies` for each table of a target file."""

NAMED = {"template": ("templates", "approved"), "message": ("messages", "earlier")}
"""Table and key in a target file of the template and of the message to reply to."""


@dataclass(frozen=True)
class Sender:
    """A channel, user or integration through which a message can be sent.

    Attributes:
        name: table and key of the target file: `channels.fb`.
        fields: the fields of a message that name the sender.
        answers: names of the document's responses with which a text may be answered.
        template: names of the document's responses with which an approved template may be answered.
    """

    name: str
    fields: Mapping[str, Json] = field(hash=False)
    answers: tuple[str, ...]
    template: tuple[str, ...]

    def is_named_in(self, body: Mapping[str, Json]) -> bool:
        """Whether a message names this sender; identifiers may be in capitals."""
        return all(str(body.get(name)).lower() == str(value).lower() for name, value in self.fields.items())


class Knowledge:
    """The senders, template and message that a target file names for messages to `operation`.

    Attributes:
        fields: the fields of a message, by the kind of thing that they identify.
        medium: the field that a message with a user must have.

    Raises:
        TargetError: the target has an identifier that the document refuses.
    """

    def __init__(self, operation: Operation, target: Target) -> None:
        self.operation, self.target = operation, target
        [media_type] = operation.media_types
        self.schema = resolve(operation.document, media_type.at + "/schema")
        properties = self.schema.value["properties"]
        self.fields = platform.fields(operation.document, media_type)
        self.url_fields = [name for name in properties if self._property(name).get("format") == "uri"]
        self.medium = platform.medium(operation.document, media_type)
        self._check_identifiers()
        self._check_tables(properties)
        self.senders = list(self._senders())

    @property
    def sender_fields(self) -> list[str]:
        """The fields of a message that identify its sender."""
        return [self.fields[kind] for kind in ("channel", "user", "integration")]

    @cached_property
    def path(self) -> str:
        """The operation's path with the target's contact, percent-encoded."""
        [name] = self.operation.path_names
        return self.operation.path.format_map({name: quote(self.target.contact, safe="")})

    def statuses(self, names: Iterable[str]) -> frozenset[int]:
        """The statuses of the document's responses of these names."""
        return frozenset(status for status, part in self.operation.numbered_responses if part.name in names)

    @property
    def decided(self) -> frozenset[int]:
        """The statuses for a message that the document accepts, whatever it names."""
        return self.statuses((SENT, QUEUED, INVALID, NOT_ONLINE, NOT_ACTIVE))

    def expected(self, body: Mapping[str, Json]) -> frozenset[int]:
        """The statuses with which the server may answer a message that the document accepts."""
        sender = next((sender for sender in self.senders if sender.is_named_in(body)), None)
        if sender is None:
            return self.decided
        answers = set(sender.answers if body.get(self.fields["template"]) is None else sender.template)
        if any(body.get(self.fields[kind]) not in (None, self.named(kind)) for kind in NAMED):
            answers.add(INVALID)
        if self._may_be_unfetchable(body) or self._is_too_long(body):
            answers.add(INVALID)
        return self.statuses(answers)

    def media_url(self, media_type: Json) -> str | None:
        """The target file's URL of a media type that the server can fetch."""
        return self.target.media.get(media_type) if isinstance(media_type, str) else None

    def _may_be_unfetchable(self, body: Mapping[str, Json]) -> bool:
        urls = self.target.media.values()
        return bool(urls) and any(body.get(name) not in (None, *urls) for name in self.url_fields)

    def _is_too_long(self, body: Mapping[str, Json]) -> bool:
        return any(
            isinstance(body.get(name), str) and len(body[name]) > most for name, most in self.target.limits.items()
        )

    def named(self, kind: str) -> str | None:
        """The target file's template or message; None if it names none."""
        return self.target.things.get(NAMED[kind])

    def names_template_of(self, body: Mapping[str, Json]) -> bool:
        """Whether a message has no template, or the target file names one."""
        return self.fields["template"] not in body or self.named("template") is not None

    def sends(self, sender: Sender) -> bool:
        """Whether a sender sends texts."""
        return all(status < 300 for status in self.statuses(sender.answers))

    def sender(self, *names: str) -> Sender | None:
        """The first of these senders that the target file names; None if it names none of them."""
        return next((sender for name in names for sender in self.senders if sender.name == name), None)

    def _senders(self) -> Iterable[Sender]:
        things, sent = self.target.things, (SENT,) if ("channels", "queued") in self.target.things else (SENT, QUEUED)
        rows = [
            ("channels", INTEGRATION, "channel", None, sent, sent),
            ("channels", SESSION, "channel", None, sent, (INVALID,)),
            ("channels", "fb", "channel", None, sent, (INVALID,)),
            ("channels", "ig", "channel", None, sent, (INVALID,)),
            ("channels", "queued", "channel", None, (QUEUED,), (QUEUED, INVALID)),
            ("channels", "other_company", "channel", None, (INVALID,), (INVALID,)),
            ("users", "online", "user", SESSION, sent, ()),
            ("users", "offline", "user", SESSION, (NOT_ONLINE,), ()),
            ("users", "with_integration", "user", INTEGRATION, sent, sent),
            ("users", "without_integration", "user", INTEGRATION, (NOT_ACTIVE,), (NOT_ACTIVE,)),
            ("user_integrations", "active", "integration", None, sent, sent),
        ]
        for table, name, kind, medium, answers, template in rows:
            if (table, name) in things:
                fields = {self.fields[kind]: things[table, name]} | ({self.medium: medium} if medium else {})
                yield Sender(f"{table}.{name}", fields, answers, template)

    def _property(self, name: str) -> Mapping[str, Json]:
        value = resolve(self.operation.document, f"{self.schema.at}/properties{pointer(name)}").value
        return value if isinstance(value, dict) else {}

    def _check_tables(self, properties: Mapping[str, Json]) -> None:
        enums = [value for name in properties for value in self._property(name).get("enum", ())]
        media_types = {value for value in enums if isinstance(value, str)}
        for table, keys, known in (
            ("media", self.target.media, media_types),
            ("limits", self.target.limits, set(properties)),
        ):
            if others := [key for key in keys if key not in known]:
                raise TargetError(f"{table}.{others[0]}: Must be one of {', '.join(sorted(known))}")

    def _check_identifiers(self) -> None:
        places = [
            (table, name, f"{self.schema.at}/properties/{self.fields[_KINDS[table]]}", identifier)
            for (table, name), identifier in self.target.things.items()
        ]
        contact = [
            part
            for part in self.operation.parameters
            if lookup(self.operation.document, part.at + "/schema").get("x-identifies") == "contact"
        ]
        places += [("contact", "", part.at + "/schema", self.target.contact) for part in contact]
        for table, name, at, identifier in places:
            for broken in Schema(self.operation.document, at).violations(identifier):
                raise TargetError(f"{'.'.join(filter(None, [table, name]))}: {broken.rule}; got {identifier!r:.80}")


def narrowed(document: Json, target: Target) -> Json:
    """A document that accepts only identifiers in the target file."""
    identifiers = {"contact": [target.contact]}
    for (table, _), identifier in target.things.items():
        identifiers.setdefault(_KINDS[table], []).append(identifier)
    narrow = copy.deepcopy(document)
    for _, node in nodes(narrow):
        if node.get("x-identifies") in identifiers:
            node["enum"] = list(dict.fromkeys(identifiers[node["x-identifies"]]))
    return narrow
