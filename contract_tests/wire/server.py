"""Sends requests to the server under test, over one connection or many, and keeps the API key out of its errors."""

from __future__ import annotations

import asyncio
import ssl
import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

import httpx

from contract_tests.oracle.leaks import concealed
from contract_tests.wire.guard import RULE, Blocked
from contract_tests.wire.request import Request
from contract_tests.wire.response import Response
from contract_tests.wire.traffic import Recorder

TIMEOUT = 10.0
"""Seconds in which a response must come."""
_MOST_WAITS, _LONGEST_WAIT = 5, 300.0  # of a server that limits the rate; seconds
_USUAL_WAIT = 60.0  # seconds, for a 429 that does not say how long

Wait = Callable[[float], None]
"""Waits so many seconds because the server limits the rate."""
Connect = Callable[[], httpx.AsyncBaseTransport]
"""Makes a transport that opens a new connection for each request."""


def new_connections() -> httpx.AsyncBaseTransport:
    """A transport that opens a new connection for each request."""
    return httpx.AsyncHTTPTransport(limits=httpx.Limits(max_keepalive_connections=0))


class NoResponse(Exception):
    """The server gave no response; the text says what happened instead.

    Attributes:
        advice: what its user can do about it.
    """

    def __init__(self, what: str, advice: str = "is the server well, and does it run?") -> None:
        super().__init__(what)
        self.advice = advice


class NotHttp(NoResponse):
    """What came back is not HTTP."""


class Server:
    """A server under test.

    Args:
        transport: the way to it, with a guard if it may reach real people.
        wait: called when it limits the rate; None to take a 429 as any other response.
        recorder: writes each request and its response down; None to write nothing.
        connect: the way to it over new connections; None behind a guard, which knows one connection.
    """

    def __init__(
        self,
        base_url: str,
        key: str,
        transport: httpx.BaseTransport,
        wait: Wait | None = None,
        recorder: Recorder | None = None,
        connect: Connect | None = None,
    ) -> None:
        self.base_url = base_url
        self._connect = connect
        self._key, self._wait, self._recorder = key, wait, recorder
        self._client = httpx.Client(transport=transport, timeout=TIMEOUT, follow_redirects=False, trust_env=False)
        self._base = httpx.URL(base_url)
        self._has_answered = False

    def send(self, request: Request, rule: str = "") -> Response:
        """The server's response to a request.

        Args:
            rule: the rule that the request is made for.

        Raises:
            NoResponse: there is no HTTP response.
            guard.Withheld: the guard did not let the request through.
        """
        for _ in range(_MOST_WAITS):
            response = self.send_once(request, rule)
            if self._wait is None or response.status != 429:
                return response
            seconds = _seconds(response)
            if seconds > _LONGEST_WAIT:
                raise NoResponse(f"the server answers 429 and says to wait {seconds:.0f} s", _SLOWER)
            self._wait(seconds)
        raise NoResponse(f"the server answers 429 after {_MOST_WAITS} waits", _SLOWER)

    def send_once(self, request: Request, rule: str = "") -> Response:
        """The server's response to a request, also if it limits the rate.

        Raises:
            NoResponse: there is no HTTP response.
            guard.Withheld: the guard did not let the request through.
        """
        began = time.monotonic()
        try:
            received = self._received(request, rule)
        except httpx.HTTPError as error:
            raise self.no_response(error) from None
        self._has_answered = True
        return self._response(request, rule, received, began)

    def send_at_once(self, requests: Sequence[Request], rule: str = "") -> list[Response]:
        """The responses to requests that are sent at the same time, each over a new connection.

        Raises:
            NoResponse: to one there is no HTTP response.
            guard.Blocked: the server is behind a guard.
        """
        if self._connect is None:
            raise Blocked("the guard lets through one request at a time, over one connection")
        try:
            responses = asyncio.run(self._gathered(self._connect(), requests, rule))
        except httpx.HTTPError as error:
            raise self.no_response(error) from None
        limited = [self._wait is not None and response.status == 429 for response in responses]
        every = zip(requests, responses, limited, strict=True)
        return [self.send(request, rule) if is_limited else response for request, response, is_limited in every]

    async def _gathered(
        self, transport: httpx.AsyncBaseTransport, requests: Sequence[Request], rule: str
    ) -> list[Response]:
        async with httpx.AsyncClient(transport=transport, timeout=TIMEOUT, trust_env=False) as client:

            async def response(request: Request) -> Response:
                began = time.monotonic()
                received = await client.send(self._outgoing(request, rule))
                return self._response(request, rule, received, began)

            return await asyncio.gather(*map(response, requests))

    def _response(self, request: Request, rule: str, received: httpx.Response, began: float) -> Response:
        headers = tuple((name.lower(), value) for name, value in received.headers.multi_items())
        response = Response(received.status_code, headers, received.content)
        if self._recorder:
            self._recorder.add(request, response, rule, time.monotonic() - began)
        return response

    def _received(self, request: Request, rule: str) -> httpx.Response:
        outgoing = self._outgoing(request, rule)
        try:
            return self._client.send(outgoing)
        except (httpx.RemoteProtocolError, httpx.ReadError, httpx.WriteError) as error:
            # A server may close a connection that has been used at any time, also while the next request is under way.
            if not self._has_answered or _is_not_http(error):
                raise
            self._has_answered = False
            return self._client.send(outgoing)

    def _outgoing(self, request: Request, rule: str) -> httpx.Request:
        target = self._base.raw_path.rstrip(b"/") + request.target(self._key).encode("ascii")
        return httpx.Request(
            request.method,
            self._base,
            headers=request.sent_headers(self._key),
            content=request.sent_body(self._key),
            extensions={"target": target, RULE: rule, "timeout": httpx.Timeout(TIMEOUT).as_dict()},
        )

    def no_response(self, error: httpx.HTTPError) -> NoResponse:
        """The same error in words, without the key."""
        text = concealed(str(error), self._key)
        if isinstance(error, httpx.TimeoutException):
            return NoResponse(f"no answer in {TIMEOUT:.0f} s", "is it the right address, and is the server well?")
        if isinstance(error, httpx.ConnectError):
            if _is_about_tls(error):
                advice = "name the host of its certificate in base_url, and a private authority in SSL_CERT_FILE"
                return NoResponse(f"TLS fails: {text}", advice)
            return NoResponse(f"nobody listens there: {text}", "start the server, or correct base_url")
        if _is_not_http(error):  # its text quotes the bytes, in which the key may be spelled in any way
            return NotHttp("what came back is not HTTP", "is it https instead of http, or another port?")
        return NoResponse("the connection was closed before the answer had come")

    def close(self) -> None:
        """Close its connection."""
        self._client.close()


_SLOWER = "start it without a rate limit, or name the rate that it allows in [safety]"


def _is_not_http(error: httpx.HTTPError) -> bool:
    closed = ("Server disconnected", "peer closed")  # httpcore's words and h11's
    return isinstance(error, httpx.RemoteProtocolError) and not str(error).startswith(closed)


def _is_about_tls(error: BaseException | None) -> bool:
    while error is not None:
        if isinstance(error, ssl.SSLError):
            return True
        error = error.__cause__ or error.__context__
    return False


def _seconds(response: Response) -> float:
    """How long a response says to wait."""
    text = next((value for name, value in response.headers if name == "retry-after"), "")
    if text.isascii() and text.isdecimal():
        return float(text)
    try:
        return max((parsedate_to_datetime(text) - datetime.now(UTC)).total_seconds(), 0.0)
    except (TypeError, ValueError):
        return _USUAL_WAIT
