"""Passes valid requests on to a real server, and finds where its answers and the document disagree."""

from __future__ import annotations

import asyncio
import logging
import re
from collections.abc import AsyncIterator, Collection, Iterator
from dataclasses import replace
from functools import cache
from http import HTTPStatus
from typing import TYPE_CHECKING
from urllib.parse import quote

from ventia_document.operations import content
from ventia_document.schemas import Schema
from ventia_document.source import Json
from ventia_mock.operations.authentication import BLOT, held
from ventia_mock.operations.refusals import outside
from ventia_mock.operations.responses import Answer
from ventia_mock.operations.served import Served
from ventia_mock.operations.validation import Received, Refused, Valid, decode

if TYPE_CHECKING:
    import httpx

_log = logging.getLogger("ventia_mock")

TIMEOUT = 60.0
"""Seconds for an answer."""

_LARGEST_ANSWER = 4 << 20  # bytes
_STATUSES = range(200, 600)
_PASSED_ON = frozenset(
    ("accept", "accept-language", "content-type", "prefer", "traceparent", "tracestate", "user-agent", "x-request-id")
)
"""The headers that the server gets: those that cannot make it take the request for another."""

_NOT_PASSED_BACK = frozenset(
    ("connection", "content-length", "content-type", "date", "keep-alive", "proxy-authenticate", "transfer-encoding")
)


class Upstream:
    """A real server, and who may be messaged through it.

    No redirect is followed, no proxy of the environment used, and no request sent twice.

    Args:
        url: of the server, with its base path: `https://api.getventia.com/api/v1.0`.
        contacts: identifiers of the only contacts for whom anything is passed on.

    Raises:
        ValueError: the URL is none of a server, or no contact is given.
    """

    def __init__(self, url: str, contacts: Collection[str]) -> None:
        if not _is_server(url):
            raise ValueError(
                f"--upstream: {_shown(url)!r} is no URL of a server; give one such as https://host/api/v1.0"
            )
        if not contacts:
            raise ValueError("--upstream: messages reach real people; name those who may get any: --allow-contact ID")
        self.url, self._contacts = url.rstrip("/"), frozenset(contacts)
        self._transport: httpx.AsyncHTTPTransport | None = None

    async def pass_on(self, served: Served, asked: Received, valid: Valid) -> tuple[Answer, list[str]]:
        """The server's answer to a valid request, and each discrepancy between it and the document."""
        contacts = served.naming.every("contact", valid)
        if not contacts or not self._contacts.issuperset(contacts):
            why = f"contact: Must be on the allow-list; start with --allow-contact for each (it is {contacts})"
            return replace(outside(HTTPStatus.FORBIDDEN, why), rule="contact_is_on_the_allow_list"), []
        try:
            async with asyncio.timeout(TIMEOUT):
                answer = await self._ask(served, asked)
        except TimeoutError:
            answer = _unknown(f"no whole answer in {TIMEOUT:g} s")
        except asyncio.CancelledError:
            _log.warning("upstream=%s why=%s", self.url, '"stopped before its answer; it may have been delivered"')
            raise
        return answer, list(_discrepancies(served, asked, answer))

    async def close(self) -> None:
        """Close the connections to the server."""
        if self._transport:
            await self._transport.aclose()

    async def _ask(self, served: Served, asked: Received) -> Answer:
        import httpx  # here, since it takes a third of the time to start, and only a proxy needs it

        self._transport = self._transport or httpx.AsyncHTTPTransport(retries=0)
        # Not through httpx.Client, which logs the URL, and so the key.
        names = {name: quote(texts[0], safe="") for name, texts in asked.parameters["path"].items()}
        request = httpx.Request(
            asked.method,
            f"{self.url}{served.operation.path.format_map(names)}?{asked.query}",
            headers=[*_passed(asked), (b"accept-encoding", b"identity")],
            content=asked.body,
            extensions={"timeout": httpx.Timeout(TIMEOUT).as_dict()},
        )
        try:
            response = await self._transport.handle_async_request(request)
            try:
                body = b"".join([part async for part in _bounded(response.aiter_raw())])
            finally:
                await response.aclose()
        except (httpx.ConnectError, httpx.ConnectTimeout) as error:
            return outside(HTTPStatus.BAD_GATEWAY, f"upstream: cannot be reached, so nothing was sent: {error}")
        except (httpx.HTTPError, OverflowError) as error:
            return _unknown(type(error).__name__)
        if response.status_code not in _STATUSES:
            return _unknown(f"its status was {response.status_code}")
        headers = [(name.decode("latin-1").lower(), value.decode("latin-1")) for name, value in response.headers.raw]
        kept = tuple((name, value) for name, value in headers if name not in _NOT_PASSED_BACK)
        media_type = next((value for name, value in headers if name == "content-type"), None)
        return Answer(response.status_code, media_type=media_type, value=_value(body), headers=kept, raw=body)


def _is_server(url: str) -> bool:
    match = _SERVER.fullmatch(url)
    return match is not None and int(match["port"] or 443) in range(1, 65536)


_SERVER = re.compile(r"https?://(\[[0-9a-fA-F:.]+\]|[\w.-]+)(:(?P<port>\d{1,9}))?(/[\w.~%/-]*)?", re.ASCII)


def _shown(url: str) -> str:
    return re.sub(r"//[^/]*@", f"//{BLOT}@", url)


def _passed(asked: Received) -> Iterator[tuple[bytes, bytes]]:
    for name in _PASSED_ON & asked.headers.keys():
        yield from ((name.encode(), value.encode("latin-1")) for value in asked.headers[name])


async def _bounded(parts: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
    """The parts of an answer.

    Raises:
        OverflowError: they are too many.
    """
    size = 0
    async for part in parts:
        size += len(part)
        if size > _LARGEST_ANSWER:
            raise OverflowError
        yield part


def _unknown(what: str) -> Answer:
    why = f"upstream: gave no answer to pass back, and the message may have been delivered: {what}"
    return outside(HTTPStatus.GATEWAY_TIMEOUT, why)


def _value(body: bytes) -> Json:
    try:
        return decode(body, "answer")
    except Refused:
        return None


def _discrepancies(served: Served, asked: Received, answer: Answer) -> Iterator[str]:
    """Where an answer is not what the document says, a sentence each."""
    if answer.raw is None:  # no answer of the server's
        yield answer.why
        return
    told = " ".join([answer.raw.decode("utf-8", "replace"), *(value for _, value in answer.headers)])
    if held(told, served.gate.given(asked.parameters)):
        yield "the answer repeats the API key"
    documented = served.operation.responses
    fitting = [key for key in (str(answer.status), f"{answer.status // 100}XX", "default") if key in documented]
    if not fitting:
        yield f"status: Must be one of {', '.join(documented)}; got {answer.status}"
        return
    if answer.status == HTTPStatus.BAD_REQUEST:
        yield "the server refuses as invalid what the document accepts"
    media_types = {part.name: part for part in content(served.operation.document, documented[fitting[0]])}
    given = (answer.media_type or "").partition(";")[0].strip().lower()
    if media_types and given not in media_types:
        yield f"Content-Type: Must be {' or '.join(media_types)}; got {answer.media_type!r}"
    elif media_types:
        yield from _discrepancies_of_body(answer.raw, _schema(served, media_types[given].at))


def _discrepancies_of_body(body: bytes, schema: Schema) -> Iterator[str]:
    try:
        yield from (fault.within("answer") for fault in schema.broken(decode(body, "answer")))
    except Refused as refused:
        yield str(refused)
    except ValueError as error:  # of the validator, which goes only so deep
        yield f"answer: Must be JSON that can be validated: {error}"


@cache
def _schema(served: Served, at: str) -> Schema:
    return Schema(served.operation.document, at + "/schema")
