"""Interactions: what a message becomes on the platform, and how a response says so."""

from __future__ import annotations

import itertools
import secrets
import time

from ventia_document.source import Json
from ventia_mock.http.response import Response
from ventia_mock.world.business_rules import INTERACTION


def with_own_interaction(response: Response) -> Response:
    """A documented response with a new identifier of an interaction, if it has one: 24 hexadecimal digits."""
    if not isinstance(response.value, dict) or INTERACTION not in response.value:
        return response
    value = response.value | {INTERACTION: _new_identifier()}
    # dataclasses.replace takes three times as long.
    return Response(response.status, response.example, response.media_type, value, response.headers)


def interaction(value: Json) -> str | None:
    """The identifier of the interaction in the body of a response."""
    identifier = value.get(INTERACTION) if isinstance(value, dict) else None
    return identifier if isinstance(identifier, str) else None


def _new_identifier() -> str:
    return f"{int(time.time()):08x}{_PROCESS}{next(_counter) % (1 << 24):06x}"


# An ObjectId has the time, a number of its process, and a counter.
_PROCESS, _counter = secrets.token_hex(5), itertools.count(secrets.randbits(24))
