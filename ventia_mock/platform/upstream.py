"""Passes valid requests on to a real server."""

from __future__ import annotations

import asyncio
import logging
import re
from collections.abc import AsyncIterator, Collection, Iterator, Sequence
from dataclasses import replace
from http import HTTPStatus
from typing import TYPE_CHECKING
from urllib.parse import quote

from ventia_document.source import Json
from ventia_mock.http.encodings import decoded
from ventia_mock.http.json_text import InvalidJson, decode
from ventia_mock.http.problems import problem
from ventia_mock.http.request import Request
from ventia_mock.http.response import Response
from ventia_mock.journal.redaction import BLOT
from ventia_mock.operations.served import ServedOperation
from ventia_mock.operations.validation import ValidRequest
from ventia_mock.platform.discrepancies import discrepancies

if TYPE_CHECKING:
    import httpx

_log = logging.getLogger("ventia_mock")

TIMEOUT = 60.0
"""Seconds for a response."""

_CONNECTING = 10.0  # seconds to connect, TLS included: until then nothing was sent
_LARGEST_RESPONSE = 4 << 20  # bytes
_STATUSES = range(200, 600)
_PASSED_ON = frozenset(
    ("accept", "accept-language", "content-type", "prefer", "traceparent", "tracestate", "user-agent", "x-request-id")
)
"""The headers that the server gets: those that cannot make it take the request for another."""

_NOT_PASSED_BACK = frozenset(
    (
        "connection",
        "content-length",
        "content-type",
        "date",
        "keep-alive",
        "proxy-authenticate",
        "proxy-connection",
        "te",
        "trailer",
        "transfer-encoding",
        "upgrade",
    )
)


class Upstream:
    """A real server, and the contacts who may be messaged through it.

    It follows no redirect, uses no proxy of the environment, and sends no request twice.

    Args:
        url: the URL of the server, with its base path: `https://api.getventia.com/api/v1.0`.
        contacts: identifiers of the only contacts for whom requests are passed on.

    Raises:
        ValueError: the URL is not that of a server, or there is no contact.
    """

    def __init__(self, url: str, contacts: Collection[str]) -> None:
        if not _is_server(url):
            shown = re.sub(r"//[^/]*@", f"//{BLOT}@", url)
            raise ValueError(f"--upstream: {shown!r} is no URL of a server; give one such as https://host/api/v1.0")
        if not contacts:
            raise ValueError("--upstream: messages reach real people; name those who may get any: --allow-contact ID")
        self.url, self._contacts = url.rstrip("/"), frozenset(contacts)
        self._transport: httpx.AsyncHTTPTransport | None = None

    async def pass_on(
        self, served: ServedOperation, request: Request, valid: ValidRequest
    ) -> tuple[Response, tuple[str, ...]]:
        """The server's response to a valid request, and each discrepancy between it and the document."""
        contacts = served.identifiers.all_of_kind("contact", valid)
        if not contacts or not self._contacts.issuperset(contacts):
            got = ", ".join(map(repr, contacts)) or "none"
            why = f"contact: Must be on the allow-list; got {got}: start with --allow-contact for each"
            return replace(problem(HTTPStatus.FORBIDDEN, why), rule="contact_is_on_the_allow_list"), ()
        try:
            async with asyncio.timeout(TIMEOUT):
                response = await self._send(served, request)
        except TimeoutError:
            response = _unknown(f"no whole answer in {TIMEOUT:g} s")
        except asyncio.CancelledError:
            _log.warning("upstream=%s why=%s", self.url, '"stopped before its answer; it may have been delivered"')
            raise
        return response, tuple(discrepancies(served, request, response))

    async def close(self) -> None:
        """Close the connections to the server."""
        if self._transport:
            await self._transport.aclose()

    async def _send(self, served: ServedOperation, request: Request) -> Response:
        import httpx  # here, since it takes a third of the time to start, and only a proxy needs it

        self._transport = self._transport or httpx.AsyncHTTPTransport(retries=0)
        # Not through httpx.Client, which logs the URL, and so the key.
        names = {name: quote(texts[0], safe="") for name, texts in request.parameters["path"].items()}
        passed_on = httpx.Request(
            request.method,
            f"{self.url}{served.operation.path.format_map(names)}?{request.query}",
            headers=[*_passed_on(request), (b"accept-encoding", b"identity")],
            content=request.body,
            extensions={"timeout": httpx.Timeout(TIMEOUT, connect=_CONNECTING).as_dict()},
        )
        try:
            response = await self._transport.handle_async_request(passed_on)
            try:
                body = b"".join([part async for part in _bounded(response.aiter_raw())])
            finally:
                await response.aclose()
        except (httpx.ConnectError, httpx.ConnectTimeout) as error:
            reason = str(error) or f"no connection in {_CONNECTING:g} s"
            return problem(HTTPStatus.BAD_GATEWAY, f"upstream: cannot be reached, so nothing was sent: {reason}")
        except httpx.ProtocolError:
            return _unknown("its answer is cut off, or no HTTP/1.1")
        except httpx.HTTPError:
            return _unknown("the connection broke")
        except OverflowError:
            return _unknown(f"its answer has more than {_LARGEST_RESPONSE} bytes")
        if response.status_code not in _STATUSES:
            return _unknown(f"its status was {response.status_code}")
        return _passed_back(response, body, served)


def _is_server(url: str) -> bool:
    match = _SERVER.fullmatch(url)
    return match is not None and int(match["port"] or 443) in range(1, 65536)


_SERVER = re.compile(r"https?://(\[[0-9a-fA-F:.]+\]|[\w.-]+)(:(?P<port>\d{1,9}))?(/[\w.~%/-]*)?", re.ASCII)


def _passed_on(request: Request) -> Iterator[tuple[bytes, bytes]]:
    for name in _PASSED_ON & request.headers.keys():
        yield from ((name.encode(), value.encode("latin-1")) for value in request.headers[name])


def _passed_back(response: httpx.Response, body: bytes, served: ServedOperation) -> Response:
    headers = [(name.decode("latin-1").lower(), value.decode("latin-1")) for name, value in response.headers.raw]
    of_connection = ",".join(value for name, value in headers if name == "connection").lower()
    dropped = _NOT_PASSED_BACK.union(each.strip() for each in of_connection.split(","))
    kept = tuple((name, value) for name, value in headers if name not in dropped)
    media_type = next((value for name, value in headers if name == "content-type"), None)
    status = response.status_code
    example = next((each.example for each in served.responses if each.status == status), "")
    try:  # a server may encode although nobody asked for it
        readable, why = decoded(body, _encodings(headers), _LARGEST_RESPONSE), ""
    except ValueError as error:
        readable, why = None, str(error)
    value = _value(body if readable is None else readable)
    return Response(status, example, media_type, value, kept, why, raw=body, decoded=readable)


def _encodings(headers: Sequence[tuple[str, str]]) -> list[str]:
    applied = ",".join(value for name, value in headers if name == "content-encoding").lower()
    return [each.strip() for each in applied.split(",") if each.strip()]


async def _bounded(parts: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
    """The parts of a body.

    Raises:
        OverflowError: they are too large together.
    """
    size = 0
    async for part in parts:
        size += len(part)
        if size > _LARGEST_RESPONSE:
            raise OverflowError
        yield part


def _unknown(reason: str) -> Response:
    why = f"upstream: gave no answer to pass back, and the message may have been delivered: {reason}"
    return problem(HTTPStatus.GATEWAY_TIMEOUT, why)


def _value(body: bytes) -> Json:
    try:
        return decode(body)
    except InvalidJson:
        return None
