"""The kinds of things that belong to a company: contacts, channels, users, integrations, templates, messages."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypeAlias


@dataclass(frozen=True)
class Contact:
    """A contact, to whom messages can be sent.

    Attributes:
        answers: name of the documented response to every valid message to the contact; '' for the platform's own.
    """

    id: str
    name: str = ""
    answers: str = ""


@dataclass(frozen=True)
class Channel:
    """A shared channel of a company.

    Attributes:
        type: unofficial_wpp, whatsapp_business, fb or ig.
        queues: whether it takes messages to send them later.
        answers: name of the documented response that every valid message through it gets; '' for the platform's own.
    """

    id: str
    type: str
    name: str = ""
    queues: bool = False
    answers: str = ""


@dataclass(frozen=True)
class User:
    """A user of a company, with a personal WhatsApp session: online, offline or none."""

    id: str
    name: str = ""
    session: str = "none"


@dataclass(frozen=True)
class Integration:
    """A user's personal WhatsApp Business integration."""

    id: str
    user: str
    active: bool = True


@dataclass(frozen=True)
class Template:
    """A WhatsApp Business template."""

    id: str
    text: str = ""
    approved: bool = True


@dataclass(frozen=True)
class Message:
    """An earlier message, which one can reply to."""

    id: str
    text: str = ""


Thing: TypeAlias = Contact | Channel | User | Integration | Template | Message

KINDS: Mapping[str, type[Thing]] = {
    "contacts": Contact,
    "channels": Channel,
    "users": User,
    "integrations": Integration,
    "templates": Template,
    "messages": Message,
}
"""The kinds of things, by their keys in a world file."""


def normalized(identifier: str) -> str:
    """An identifier in the form in which it is compared: an ObjectId is the same in capitals."""
    return identifier.lower() if _OBJECT_ID.fullmatch(identifier) else identifier


_OBJECT_ID = re.compile(r"[0-9a-fA-F]{24}", re.ASCII)
