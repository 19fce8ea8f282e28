"""Helpers for faulty servers: names of the document, and small changes of requests and responses."""

from __future__ import annotations

import secrets

from contract_tests.wire.request import Request
from contract_tests.wire.response import Response
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
"""A sender of each kind in the sample world."""


def keys(request: Request) -> list[str]:
    """Every key in the query."""
    return request.parameters(KEY)


def has_key(request: Request) -> bool:
    """Whether there is one key, the right one."""
    return keys(request) == [SAMPLE_KEY]


def with_key(request: Request) -> Request:
    """The request with the right key."""
    return request.with_parameter(KEY, SAMPLE_KEY)


def word(request: Request, name: str) -> str:
    """A field of the body; '' if it is not a text."""
    value = request.fields.get(name)
    return value if isinstance(value, str) else ""


def has(request: Request, *names: str) -> bool:
    """Whether the body has all of these fields."""
    return request.fields.keys() >= set(names)


def senders(request: Request) -> list[str]:
    """The sender fields of the body."""
    return [name for name in SENDERS if has(request, name)]


def channel_type(request: Request) -> str:
    """The type of the request's channel; '' if the company has no such channel."""
    channel = _COMPANY.find("channel", word(request, CHANNEL))
    return channel.type if channel else ""


def has_content(request: Request) -> bool:
    """Whether the body has something to send."""
    return has(request, "text") or has(request, "template") or has(request, *MEDIA)


def without(request: Request, *names: str) -> Request:
    """The request without some fields of its body."""
    return request.with_json({name: value for name, value in request.fields.items() if name not in names})


def changed(request: Request, **fields: Json) -> Request:
    """The request with these fields in its body."""
    return request.with_json({**request.fields, **fields})


def spoilt(request: Request, field: str) -> Request:
    """The request with a value in one field that must be refused."""
    return changed(request, **{field: 0})


def accepted(request: Request) -> Request:
    """The request with everything valid except for the contact."""
    plain = with_key(request).with_header("content-type", "application/json")
    return plain.with_json({CHANNEL: KNOWN[CHANNEL], "text": "Hi!"})


def answered(status: int, value: Json) -> Response:
    """A response with a JSON body."""
    return Response(status, (("content-type", "application/json"),), b"").with_json(value)


def problem(status: int, error: str, **details: Json) -> Response:
    """A response that refuses the message."""
    return answered(status, {"success": False, "error": error, **details})


def failed() -> Response:
    """A response that says the platform failed."""
    return problem(500, "Internal Server Error", details="Something went wrong")


def sent() -> Response:
    """A response that says the message was sent, though it was not."""
    return answered(200, {"success": True, "interactionId": secrets.token_hex(12)})


def telling(response: Response, **fields: Json) -> Response:
    """The response with other fields."""
    return response.with_json({**response.fields, **fields})


def silent(response: Response, name: str) -> Response:
    """The response without one of its fields."""
    return response.with_json({known: value for known, value in response.fields.items() if known != name})
