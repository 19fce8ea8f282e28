"""What stands between httpx and the network: the API key, the account's rate limit, and what is known of each call."""

from __future__ import annotations

import contextlib
import time
from collections.abc import AsyncIterator, Iterator
from typing import Any
from urllib.parse import quote

import httpx

from .call import Call
from .key import Key, hide_in_log
from .outcomes import NotSent

LARGEST_ANSWER = 1 << 16
"""Bytes after which an answer counts as broken off."""

UNCONNECTED = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout)
"""What httpx raises where no connection was made or free, so that nothing went out."""

UNSENT = (*UNCONNECTED, httpx.ProxyError, httpx.UnsupportedProtocol)
_LONGEST_STEP = 86_400.0  # seconds; a socket takes no infinity
for _name in ("connection", "http11", "http2", "proxy", "socks"):
    hide_in_log(f"httpcore.{_name}")  # at DEBUG these log the headers of answers, which may repeat the key
for _name in ("hpack.hpack", "hpack.table"):
    hide_in_log(_name)  # and with HTTP/2 these the headers of requests, whose path has it


class _Timeouts(dict[str, float | None]):
    """The seconds that each step of a request may take, none of which ends after the call's deadline."""

    def __init__(self, steps: dict[str, float | None], call: Call) -> None:
        super().__init__(steps)
        self._call = call

    def get(self, step: str, default: Any = None) -> Any:
        """The seconds for a step that begins now."""
        seconds = super().get(step, default)
        return min(_LONGEST_STEP if seconds is None else seconds, max(self._call.remaining(), 0.001), _LONGEST_STEP)


class _Body(httpx.SyncByteStream, httpx.AsyncByteStream):
    """The body of an answer as it comes in: it ends where the network, the deadline or its size breaks it off."""

    def __init__(self, response: httpx.Response, call: Call) -> None:
        self.complete = response.is_stream_consumed  # by a transport that made the answer up
        self._stream: Any = response.stream
        self._deadline = call.deadline
        self._is_late = False
        self._size = 0

    def __iter__(self) -> Iterator[bytes]:
        with contextlib.suppress(Exception):  # the status is known, and tells more than the error
            for chunk in self._stream:
                yield self._counted(chunk)
            self.complete = True

    async def __aiter__(self) -> AsyncIterator[bytes]:
        with contextlib.suppress(Exception):
            async for chunk in self._stream:
                yield self._counted(chunk)
            self.complete = True

    def _counted(self, chunk: bytes) -> bytes:
        self._size += len(chunk)
        if self._size > LARGEST_ANSWER or self._is_late:
            raise httpx.ReadError("too much, or too slow")
        self._is_late = time.monotonic() > self._deadline  # the last of it may still come
        return chunk

    def close(self) -> None:
        self._stream.close()

    async def aclose(self) -> None:
        await self._stream.aclose()


class Line:
    """The way to the service, which needs the key: what goes out has it, and what comes back does not show it.

    Args:
        origin: a URL with the scheme, host and port that may see the key.
        parameter: the name of the query parameter.
        key: the API key.

    Attributes:
        is_closed: set when nothing is to go out any more, not even what waits for the rate limit.
    """

    def __init__(self, origin: httpx.URL, parameter: str, key: Key) -> None:
        self._origin = (origin.scheme, origin.host, origin.port)
        self._parameter, self._quoted_parameter = parameter, quote(parameter, safe="")
        self._key = key
        self.is_closed = False

    def begin(self, call: Call) -> None:
        """Begin an attempt; raises NotSent if the client was closed meanwhile, OutOfTime if it is too late for one."""
        if self.is_closed:
            raise NotSent("the client was closed (nothing was sent)")
        call.begin()
        call.went_out = True

    def signed(self, request: httpx.Request, call: Call) -> httpx.Request:
        """The request with the key, if it goes to the origin; one to another, as after a redirect, goes without."""
        timeouts = _Timeouts(request.extensions.get("timeout", {}), call)
        return httpx.Request(
            request.method,
            self._signed(request.url),
            headers=request.headers,
            stream=request.stream,
            extensions={**request.extensions, "timeout": timeouts},
        )

    def _signed(self, url: httpx.URL) -> httpx.URL:
        if (url.scheme, url.host, url.port) != self._origin:
            return url
        if url.query:
            return url.copy_set_param(self._parameter, self._key.reveal())
        return httpx.URL(f"{url}?{self._quoted_parameter}={self._key.reveal_quoted()}")  # faster than a copy

    def shown(self, response: httpx.Response, body: _Body) -> httpx.Response:
        """The response as it may be shown; its extension `complete` says whether its body is whole."""
        for name, value in response.headers.items():
            if (shown := self._shown(name, value)) != value:
                response.headers[name] = shown
        if (content := self._key.hidden_in_bytes(response.content)) != response.content:
            response = _with_body(response, content)
        phrase = self._key.hidden_in_bytes(response.extensions.get("reason_phrase", b""))
        response.extensions |= {"reason_phrase": phrase, "complete": body.complete}
        return response

    def _shown(self, name: str, value: str) -> str:
        if name == "location" and self._parameter in value:
            with contextlib.suppress(httpx.InvalidURL):
                value = str(httpx.URL(value).copy_remove_param(self._parameter))
        return self._key.hidden_in(value)

    def cleaned(self, error: BaseException, request: httpx.Request) -> BaseException:
        """The error without what holds the request with the key: frames, causes, its text."""
        error.args = tuple(self._key.hidden_in(each) if isinstance(each, str) else each for each in error.args)
        error.__traceback__ = error.__cause__ = error.__context__ = None
        if isinstance(error, httpx.RequestError):
            error.request = request
        return error


def _with_body(response: httpx.Response, body: bytes) -> httpx.Response:
    described = ("content-encoding", "content-length", "transfer-encoding")
    headers = [(name, value) for name, value in response.headers.items() if name not in described]
    return httpx.Response(response.status_code, headers=headers, content=body, extensions=response.extensions)


class KeyTransport(httpx.BaseTransport):
    """Sends requests through another transport, with the API key, and reads the answers whole."""

    def __init__(self, inner: httpx.BaseTransport, line: Line) -> None:
        self._inner = inner
        self._line = line

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Send a request; errors are the inner transport's, but for the body, which may come out broken off."""
        call = Call.of(request)
        self._line.begin(call)
        try:
            return self._exchanged(request, call)
        except BaseException as error:
            call.went_out = not isinstance(error, UNSENT)
            failure = self._line.cleaned(error, request)
        raise failure

    def _exchanged(self, request: httpx.Request, call: Call) -> httpx.Response:
        response = self._inner.handle_request(self._line.signed(request, call))
        response.stream = body = _Body(response, call)
        try:
            response.read()
        except httpx.DecodingError:
            body.complete, response = False, _with_body(response, b"")
        call.status = response.status_code
        return self._line.shown(response, body)

    def close(self) -> None:
        """Close the inner transport."""
        self._inner.close()


class AsyncKeyTransport(httpx.AsyncBaseTransport):
    """KeyTransport for asyncio."""

    def __init__(self, inner: httpx.AsyncBaseTransport, line: Line) -> None:
        self._inner = inner
        self._line = line

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Send a request; errors are the inner transport's, but for the body, which may come out broken off."""
        call = Call.of(request)
        self._line.begin(call)
        try:
            return await self._exchanged(request, call)
        except BaseException as error:
            call.went_out = not isinstance(error, UNSENT)
            failure = self._line.cleaned(error, request)
        raise failure

    async def _exchanged(self, request: httpx.Request, call: Call) -> httpx.Response:
        response = await self._inner.handle_async_request(self._line.signed(request, call))
        response.stream = body = _Body(response, call)
        try:
            await response.aread()
        except httpx.DecodingError:
            body.complete, response = False, _with_body(response, b"")
        call.status = response.status_code
        return self._line.shown(response, body)

    async def aclose(self) -> None:
        """Close the inner transport."""
        await self._inner.aclose()
