"""One exchange with the service: a request goes out with the key, and its answer comes back whole, without it."""

from __future__ import annotations

import time
import zlib
from typing import Any

import httpx

from ..call import Call
from ..outcomes import NotSent
from .credentials import CREDENTIALS, Credentials, with_content
from .streams import seconds

LARGEST_ANSWER = 1 << 16
"""Bytes after which an answer counts as broken off."""

LARGEST_READ = 1 << 24
"""The same of a request that sends nothing, whose answer may be a long list or a file."""

UNSENT = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout, httpx.ProxyError, httpx.UnsupportedProtocol)
"""Errors after which nothing has gone out, of a transport that reports no more than an error."""


class _Timeouts(dict[str, float | None]):
    """The seconds that each step of a request may take, none of which ends after the call's deadline."""

    def __init__(self, steps: dict[str, float | None], call: Call) -> None:
        super().__init__(steps)
        self._call = call

    def get(self, step: str, default: Any = None) -> Any:
        """The seconds for a step that begins now."""
        return seconds(self._call, super().get(step, default))


class Exchanges:
    """The exchanges of a transport.

    Args:
        credentials: the key.
        has_pool: whether the transport below sends through pools of ours, which put the key on.

    Attributes:
        is_closed: set when nothing is to go out any more, not even a call that waits for the rate limit.
    """

    def __init__(self, credentials: Credentials, *, has_pool: bool) -> None:
        self._credentials = credentials
        self._has_pool = has_pool
        self.is_closed = False

    def begin(self, call: Call) -> None:
        """Begin an attempt; raises NotSent, or OutOfTime, if nothing may go out any more."""
        if self.is_closed:
            raise NotSent("the client was closed (nothing was sent)")
        call.begin()

    def outgoing(self, call: Call, request: httpx.Request) -> httpx.Request:
        """The request for the transport below; bound to no local variable, since tracebacks show those."""
        call.hand_over()
        timeouts = _Timeouts(request.extensions.get("timeout", {}), call)
        credentials = self._credentials.of(request)
        return httpx.Request(
            request.method,
            request.url if self._has_pool else credentials.in_url(request.url),
            headers=request.headers if self._has_pool else credentials.in_headers(request.url, request.headers.raw),
            stream=request.stream,
            extensions={**request.extensions, "timeout": timeouts, CREDENTIALS: credentials},
        )

    def failure(self, error: BaseException, call: Call, request: httpx.Request) -> BaseException:
        """The error without the key; `Call` later turns it into an outcome."""
        if not call.is_watched and call.status is None and isinstance(error, UNSENT):
            call.went_out = False
        self._credentials.clean(error, request, keeps_frames=self._has_pool)
        return error

    def end(self, response: httpx.Response, body: Body) -> httpx.Response:
        """The response with its body read, and without the key."""
        is_complete = True  # of a transport that made the answer up
        if not response.is_stream_consumed:
            content, is_complete = body.content(response)
            if "content-encoding" in response.headers:
                response = with_content(response, content)
            else:
                response.stream = httpx.ByteStream(content)
                response.read()
        response.extensions["complete"] = is_complete
        response.extensions.pop("network_stream", None)
        if not self._has_pool:
            self._credentials.hide_in_head(response)
        return self._credentials.hide_in_content(response)


class Body:
    """The body of an answer: it ends when the connection breaks, at the deadline, or at LARGEST_ANSWER."""

    def __init__(self, call: Call) -> None:
        self._deadline = call.deadline
        self._most = LARGEST_READ if call.is_safe else LARGEST_ANSWER
        self._chunks: list[bytes] = []
        self._size = 0
        self._is_late = False
        self.is_complete = False

    def read(self, stream: Any) -> None:
        """Read the raw bytes and end the exchange; httpx would decompress them without a bound."""
        try:
            self.is_complete = all(map(self._is_taken, stream))
        except httpx.TransportError:
            pass  # the status is known, and says more
        finally:
            stream.close()

    async def aread(self, stream: Any) -> None:
        """Read it, see `read`."""
        try:
            async for chunk in stream:
                if not self._is_taken(chunk):
                    return
            self.is_complete = True
        except httpx.TransportError:
            pass
        finally:
            await stream.aclose()

    def _is_taken(self, chunk: bytes) -> bool:
        if self._is_late or self._size + len(chunk) > self._most:
            return False
        self._chunks.append(chunk)
        self._size += len(chunk)
        self._is_late = time.monotonic() > self._deadline  # the last of it may still come
        return True

    def content(self, response: httpx.Response) -> tuple[bytes, bool]:
        """The bytes, and whether they are whole; decoded, if they came compressed although that was not asked for."""
        raw = b"".join(self._chunks)
        encoding = response.headers.get("content-encoding", "").strip().lower()
        if encoding in ("", "identity"):
            return raw, self.is_complete
        decoded = _inflated(raw, self._most) if encoding in ("gzip", "deflate") and self.is_complete else None
        return (b"", False) if decoded is None else (decoded, True)


def _inflated(content: bytes, most: int) -> bytes | None:
    """Content of gzip or deflate, if it is no longer than an answer may be."""
    inflating = zlib.decompressobj(wbits=47)  # tells the two apart
    try:
        decoded = inflating.decompress(content, most + 1)
    except zlib.error:
        return None
    return decoded if inflating.eof and len(decoded) <= most else None
