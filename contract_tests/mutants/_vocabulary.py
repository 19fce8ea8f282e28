"""What the lies are told with: names of the document, and requests and answers changed a little."""

from __future__ import annotations

import secrets

from contract_tests.mutants import Answer, Asked
from ventia_document.source import Json
from ventia_mock.world.file import SAMPLE_KEY, read_world

KEY = "api-key"
SENDERS = CHANNEL, USER, INTEGRATION = ("channelId", "userId", "userIntegrationId")
MEDIA = ("mediaType", "mediaUrl")
SESSION, BUSINESS = "unofficial_wpp", "whatsapp_business"
INVALID = "Invalid request body"

_COMPANY = read_world().companies[0]
KNOWN = {
    CHANNEL: next(each.id for each in _COMPANY.things["channels"].values()),
    USER: next(each.id for each in _COMPANY.things["users"].values()),
    INTEGRATION: next(each.id for each in _COMPANY.things["integrations"].values()),
}
"""A sender of each kind that the sample world has."""


def keys(asked: Asked) -> list[str]:
    """Every key in the query."""
    return [value for name, value in asked.query if name == KEY]


def has_key(asked: Asked) -> bool:
    """Whether there is one key, the right one."""
    return keys(asked) == [SAMPLE_KEY]


def with_key(asked: Asked) -> Asked:
    """The same with the right key."""
    return asked.with_parameter(KEY, SAMPLE_KEY)


def word(asked: Asked, name: str) -> str:
    """A field of the body as a text; '' where it is none."""
    value = asked.fields.get(name)
    return value if isinstance(value, str) else ""


def has(asked: Asked, *names: str) -> bool:
    """Whether the body has all of these fields."""
    return asked.fields.keys() >= set(names)


def senders(asked: Asked) -> list[str]:
    """The sender fields of the body."""
    return [name for name in SENDERS if has(asked, name)]


def channel_type(asked: Asked) -> str:
    """The type of the channel that is named; '' of none of the company's."""
    channel = _COMPANY.find("channel", word(asked, CHANNEL))
    return channel.type if channel else ""


def has_content(asked: Asked) -> bool:
    """Whether the body has something to send."""
    return has(asked, "text") or has(asked, "template") or has(asked, *MEDIA)


def without(asked: Asked, *names: str) -> Asked:
    """The same without fields of the body."""
    return asked.with_json({name: value for name, value in asked.fields.items() if name not in names})


def changed(asked: Asked, **fields: Json) -> Asked:
    """The same with these fields in its body; unlike `Asked.with_fields`, this leaves null alone."""
    return asked.with_json({**asked.fields, **fields})


def spoilt(asked: Asked, field: str) -> Asked:
    """The same with a field that is refused."""
    return changed(asked, **{field: 0})


def accepted(asked: Asked) -> Asked:
    """The same with all that is valid but the contact."""
    plain = with_key(asked).with_header("content-type", "application/json")
    return plain.with_json({CHANNEL: KNOWN[CHANNEL], "text": "Hi!"})


def answered(status: int, value: Json) -> Answer:
    """An answer of JSON."""
    return Answer(status, (("content-type", "application/json"),), b"").with_json(value)


def problem(status: int, error: str, **details: Json) -> Answer:
    """A refusal."""
    return answered(status, {"success": False, "error": error, **details})


def failed() -> Answer:
    """A failure of the platform."""
    return problem(500, "Internal Server Error", details="Something went wrong")


def sent() -> Answer:
    """The answer to a message that was sent, which it was not."""
    return answered(200, {"success": True, "interactionId": secrets.token_hex(12)})


def told(answer: Answer) -> dict[str, Json]:
    """The fields of an answer."""
    return answer.json if isinstance(answer.json, dict) else {}


def telling(answer: Answer, **fields: Json) -> Answer:
    """The same answer with other fields."""
    return answer.with_json({**told(answer), **fields})


def silent(answer: Answer, name: str) -> Answer:
    """The same answer without one of its fields."""
    return answer.with_json({known: value for known, value in told(answer).items() if known != name})
