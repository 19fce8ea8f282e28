"""Faulty servers: each is the stand-in, which keeps the contract, but for exactly one lie.

A lie is a function in one of the modules here. Its name is the mutant's, its docstring the lie in a sentence, and its
decorator what it lies about: `misreads` has the correct server asked something else than what was asked, `misanswers`
answers something else than what it answered, and `lies` does as it likes, with a state of its own if it needs one.
"""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass, replace
from functools import cached_property
from urllib.parse import parse_qsl, urlencode

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from ventia_document.source import Json


@dataclass(frozen=True)
class Asked:
    """A request as a server has it before it.

    Attributes:
        path: with the base path, still percent-encoded.
        query: pairs, decoded.
        headers: pairs, the names in lower case.
    """

    method: str
    path: str
    query: tuple[tuple[str, str], ...]
    headers: tuple[tuple[str, str], ...]
    body: bytes

    @cached_property
    def json(self) -> Json:
        """The body as JSON; None where it is none."""
        try:
            return json.loads(self.body)
        except (ValueError, RecursionError):
            return None

    @property
    def fields(self) -> dict[str, Json]:
        """The fields of the body; none where it is no object."""
        return self.json if isinstance(self.json, dict) else {}

    def header(self, name: str) -> str:
        """The first header of a name, '' without one."""
        return next((value for known, value in self.headers if known == name.lower()), "")

    def parameter(self, name: str) -> str | None:
        """The first query parameter of a name."""
        return next((value for known, value in self.query if known == name), None)

    def with_json(self, value: Json) -> Asked:
        """The same with another body."""
        return replace(self, body=json.dumps(value).encode())

    def with_fields(self, **fields: Json) -> Asked:
        """The same with these fields in its body; those that are None are taken out."""
        known = {**self.fields, **fields}
        return self.with_json({name: value for name, value in known.items() if value is not None})

    def with_parameter(self, name: str, value: str) -> Asked:
        """The same with one query parameter of that name."""
        return replace(self, query=(*(pair for pair in self.query if pair[0] != name), (name, value)))

    def with_header(self, name: str, value: str) -> Asked:
        """The same with one header of that name."""
        kept = (pair for pair in self.headers if pair[0] != name.lower())
        return replace(self, headers=(*kept, (name.lower(), value)))


@dataclass(frozen=True)
class Answer:
    """An answer as it goes out; `headers` are pairs with names in lower case, without a content-length."""

    status: int
    headers: tuple[tuple[str, str], ...]
    body: bytes

    @cached_property
    def json(self) -> Json:
        """The body as JSON; None where it is none."""
        try:
            return json.loads(self.body)
        except (ValueError, RecursionError):
            return None

    @property
    def accepts(self) -> bool:
        """Whether it says that the message was taken."""
        return 200 <= self.status < 300

    def with_json(self, value: Json, status: int | None = None) -> Answer:
        """The same with another body, and perhaps another status."""
        return replace(self, body=json.dumps(value, ensure_ascii=False).encode(), status=status or self.status)

    def with_header(self, name: str, value: str) -> Answer:
        """The same with one header of that name."""
        kept = (pair for pair in self.headers if pair[0] != name.lower())
        return replace(self, headers=(*kept, (name.lower(), value)))


Server = Callable[[Asked], Awaitable[Answer]]


@dataclass(frozen=True)
class Mutant:
    """A lie.

    Attributes:
        room: the module that it stands in.
        sentence: what it does wrong.
        around: the lying server, made of the correct one.
    """

    name: str
    room: str
    sentence: str
    around: Callable[[Server], Server]


def registered() -> list[Mutant]:
    """The faulty servers of the modules that are imported so far."""
    return list(_known.values())


def lies(around: Callable[[Server], Server]) -> Callable[[Server], Server]:
    """A function that makes the lying server of the correct one."""
    name = around.__name__.replace("_", " ")
    sentence = " ".join((around.__doc__ or "").split())
    if name in _known:
        raise ValueError(f"mutant {name!r}: Must have a name of its own")
    _known[name] = Mutant(name, around.__module__.rpartition(".")[2], sentence, around)
    return around


def misreads(reading: Callable[[Asked], Asked]) -> Callable[[Asked], Asked]:
    """A function that says what the server takes a request for."""

    def around(correct: Server) -> Server:
        async def server(asked: Asked) -> Answer:
            return await correct(reading(asked))

        return server

    lies(_named_as(reading, around))
    return reading


def misanswers(spoilt: Callable[[Asked, Answer], Answer]) -> Callable[[Asked, Answer], Answer]:
    """A function that says what the server answers, given the right answer."""

    def around(correct: Server) -> Server:
        async def server(asked: Asked) -> Answer:
            return spoilt(asked, await correct(asked))

        return server

    lies(_named_as(spoilt, around))
    return spoilt


_known: dict[str, Mutant] = {}


def _named_as(lie: Callable[..., object], around: Callable[[Server], Server]) -> Callable[[Server], Server]:
    around.__name__, around.__doc__, around.__module__ = lie.__name__, lie.__doc__, lie.__module__
    return around


def application(correct: ASGIApp, around: Callable[[Server], Server]) -> ASGIApp:
    """A lying server as an ASGI application; the stand-in's own routes, below `/_mock`, tell the truth."""

    async def ask(asked: Asked) -> Answer:
        return await _asked_of(correct, asked)

    lying = around(ask)

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["path"].startswith("/_mock"):
            await correct(scope, receive, send)
            return
        answer = await lying(await _received(scope, receive))
        length = ("content-length", str(len(answer.body)))
        await send({"type": "http.response.start", "status": answer.status, "headers": _raw([*answer.headers, length])})
        await send({"type": "http.response.body", "body": answer.body})

    return app


async def _received(scope: Scope, receive: Receive) -> Asked:
    body = b""
    while (event := await receive())["type"] == "http.request":
        body += event.get("body", b"")
        if not event.get("more_body"):
            break
    return Asked(
        scope["method"],
        scope["raw_path"].decode("ascii", "replace"),
        tuple(parse_qsl(scope["query_string"].decode("latin-1"), keep_blank_values=True)),
        tuple((name.decode("latin-1").lower(), value.decode("latin-1")) for name, value in scope["headers"]),
        body,
    )


async def _asked_of(correct: ASGIApp, asked: Asked) -> Answer:
    sent: list[Message] = []
    pending: list[Message] = [{"type": "http.request", "body": asked.body}]

    async def receive() -> Message:
        return pending.pop() if pending else {"type": "http.disconnect"}

    async def send(event: Message) -> None:  # ASGI awaits it
        sent.append(event)

    scope = {
        "type": "http",
        "method": asked.method,
        "path": asked.path,
        "raw_path": asked.path.encode("ascii", "replace"),
        "query_string": urlencode(asked.query).encode("ascii"),
        "headers": _raw(asked.headers),
    }
    await correct(scope, receive, send)
    start, *parts = sent
    headers = tuple((name.decode("latin-1"), value.decode("latin-1")) for name, value in start["headers"])
    kept = tuple(pair for pair in headers if pair[0] != "content-length")
    return Answer(start["status"], kept, b"".join(part.get("body", b"") for part in parts))


def _raw(headers: Iterable[tuple[str, str]]) -> list[tuple[bytes, bytes]]:
    return [(name.encode("latin-1"), value.encode("latin-1")) for name, value in headers]
