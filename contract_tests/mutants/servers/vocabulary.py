"""Helpers for faulty servers: names of the document, and small changes of requests and responses."""

from __future__ import annotations

import secrets

from contract_tests.wire.request import Request
from contract_tests.wire.response import Response
from ventia_document.source import Json
from ventia_mock.keys import SAMPLE_KEY
from ventia_mock.world import read_world

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


def keys(request: Request) -> list[str]:
    """Every key in the query."""
    return request.parameters(KEY)


def has_key(request: Request) -> bool:
    """Whether there is one key, the right one."""
    return keys(request) == [SAMPLE_KEY]


def with_key(request: Request) -> Request:
    """The same with the right key."""
    return request.with_parameter(KEY, SAMPLE_KEY)


def word(request: Request, name: str) -> str:
    """A field of the body as a text; '' where it is none."""
    value = request.fields.get(name)
    return value if isinstance(value, str) else ""


def has(request: Request, *names: str) -> bool:
    """Whether the body has all of these fields."""
    return request.fields.keys() >= set(names)


def senders(request: Request) -> list[str]:
    """The sender fields of the body."""
    return [name for name in SENDERS if has(request, name)]


def channel_type(request: Request) -> str:
    """The type of the channel that is named; '' of none of the company's."""
    channel = _COMPANY.find("channel", word(request, CHANNEL))
    return channel.type if channel else ""


def has_content(request: Request) -> bool:
    """Whether the body has something to send."""
    return has(request, "text") or has(request, "template") or has(request, *MEDIA)


def without(request: Request, *names: str) -> Request:
    """The same without fields of the body."""
    return request.with_json({name: value for name, value in request.fields.items() if name not in names})


def changed(request: Request, **fields: Json) -> Request:
    """The same with these fields in its body; unlike `Asked.with_fields`, this leaves null alone."""
    return request.with_json({**request.fields, **fields})


def spoilt(request: Request, field: str) -> Request:
    """The same with a field that is refused."""
    return changed(request, **{field: 0})


def accepted(request: Request) -> Request:
    """The same with all that is valid but the contact."""
    plain = with_key(request).with_header("content-type", "application/json")
    return plain.with_json({CHANNEL: KNOWN[CHANNEL], "text": "Hi!"})


def answered(status: int, value: Json) -> Response:
    """An answer of JSON."""
    return Response(status, (("content-type", "application/json"),), b"").with_json(value)


def problem(status: int, error: str, **details: Json) -> Response:
    """A refusal."""
    return answered(status, {"success": False, "error": error, **details})


def failed() -> Response:
    """A failure of the platform."""
    return problem(500, "Internal Server Error", details="Something went wrong")


def sent() -> Response:
    """The answer to a message that was sent, which it was not."""
    return answered(200, {"success": True, "interactionId": secrets.token_hex(12)})


def telling(response: Response, **fields: Json) -> Response:
    """The same answer with other fields."""
    return response.with_json({**response.fields, **fields})


def silent(response: Response, name: str) -> Response:
    """The same answer without one of its fields."""
    return response.with_json({known: value for known, value in response.fields.items() if known != name})
