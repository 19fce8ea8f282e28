"""A hostile request as bytes, with the statuses that are right for it."""

from __future__ import annotations

import json
from collections.abc import Sequence
from functools import cache
from typing import NamedTuple

from tests.support.stand_in import BASE, OPERATION, TEXT, VENTIA
from ventia_document.operations import content
from ventia_document.source import Json
from ventia_document.validation import Schema

SECRET = "FUZZKEY-1B2C3D4-5E6F7G8-9H0I1J2"  # noqa: S105 - of this test's own server
HUGE = 10 << 20
JSON_HEADER = ("Content-Type", "application/json")
OTHER_COMPANY = "company=globex"
"""Whose faults may be planned, for nobody here has its key."""

ANSWERS = {
    int(status): [Schema(VENTIA, media_type.at + "/schema") for media_type in content(VENTIA, response)]
    for status, response in OPERATION.responses.items()
}

SENT_ONLY, REFUSED, NO_KEY = frozenset((200,)), frozenset((400,)), frozenset((401,))
DECIDED = frozenset((200, 202, 400, 409, 422))
DOCUMENTED = frozenset(ANSWERS) - {500}
ANYWHERE = DOCUMENTED | {404, 405}
OWN = frozenset((200, 201, 400, 403, 404, 405))

Headers = Sequence[tuple[str | bytes, str | bytes]]


class HostileRequest(NamedTuple):
    """One request, and what is right to answer.

    Attributes:
        certain: it must be answered; else the server may hang up.
        ends: nothing after it on its connection need be answered.
        own: it is for a control route.
        gone: the caller hangs up, without waiting for an answer.
        pause: seconds between its parts, which are sent one by one.
        waits: the body is sent after `100 Continue`, and not after any other answer.
    """

    kind: str
    data: bytes
    statuses: frozenset[int]
    method: str = "POST"
    certain: bool = True
    ends: bool = False
    own: bool = False
    gone: bool = False
    pause: float = 0.0
    waits: bool = False


def raw(value: str | bytes) -> bytes:
    return value if isinstance(value, bytes) else value.encode("utf-8", "surrogatepass")


def head(method: str | bytes, target: str | bytes, headers: Headers = (), version: str | bytes = "HTTP/1.1") -> bytes:
    lines = [b" ".join(map(raw, (method, target, version))), *(raw(name) + b": " + raw(text) for name, text in headers)]
    return b"\r\n".join([*lines, b"", b""])


def target(contact: str = "string", query: str = f"api-key={SECRET}") -> str:
    return BASE + OPERATION.path.format(idcontact=contact) + ("?" + query if query else "")


def message(
    body: bytes,
    at: str | bytes | None = None,
    more: Headers = (),
    *,
    typed: bool = True,
    method: str = "POST",
    version: str = "HTTP/1.1",
) -> bytes:
    headers = [("Host", "localhost"), ("Content-Length", str(len(body))), *more, *([JSON_HEADER] if typed else [])]
    return head(method, at or target(), headers, version) + body


def encoded(value: Json) -> bytes:
    return json.dumps(value, ensure_ascii=False).encode("utf-8", "surrogatepass")


GOOD = encoded(TEXT)


@cache
def filled(size: int) -> bytes:
    """A valid body of a size."""
    empty = encoded(TEXT | {"text": ""})
    return empty.replace(b'""', b'"' + b"x" * (size - len(empty)) + b'"')


@cache
def huge(filling: bytes) -> bytes:
    return filling * (HUGE // len(filling))


def within(text: str, name: str = "more") -> bytes:
    """A valid body with one field more, of which the JSON is given."""
    return GOOD[:-1] + f', "{name}": {text}}}'.encode()


@cache
def many_keys(number: int) -> bytes:
    return within("0", '": 0, "'.join(f"k{each}" for each in range(number)))
