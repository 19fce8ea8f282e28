"""Sends requests to the server under test over one connection, and keeps the API key out of its errors."""

from __future__ import annotations

import httpx

from contract_tests.oracle.leaks import concealed
from contract_tests.wire.guard import RULE
from contract_tests.wire.request import Request
from contract_tests.wire.response import Response

_TIMEOUT = 60.0  # seconds


class NoResponse(Exception):
    """The server gave no HTTP response; the text says what happened instead."""


class Server:
    """A server under test.

    Args:
        transport: the way to it, with a guard if it may reach real people.
    """

    def __init__(self, base_url: str, key: str, transport: httpx.BaseTransport) -> None:
        self.base_url = base_url
        self._key = key
        self._client = httpx.Client(transport=transport, timeout=_TIMEOUT, follow_redirects=False, trust_env=False)
        self._base = httpx.URL(base_url)

    def send(self, request: Request, rule: str = "") -> Response:
        """The server's response to a request.

        Args:
            rule: the rule that the request is made for.

        Raises:
            NoResponse: there is no HTTP response.
            guard.Withheld: the guard did not let the request through.
        """
        target = self._base.raw_path.rstrip(b"/") + request.target(self._key).encode("ascii")
        outgoing = httpx.Request(
            request.method,
            self._base,
            headers=request.sent_headers(self._key),
            content=request.sent_body(self._key),
            extensions={"target": target, RULE: rule},
        )
        try:
            received = self._client.send(outgoing)
        except httpx.RemoteProtocolError:  # its text quotes the bytes, in which the key may be spelled in any way
            raise NoResponse("what came back is not HTTP, or broke off") from None
        except httpx.HTTPError as error:
            raise NoResponse(f"{type(error).__name__}: {concealed(str(error), self._key)}") from None
        headers = tuple((name.lower(), value) for name, value in received.headers.multi_items())
        return Response(received.status_code, headers, received.content)

    def close(self) -> None:
        """Close its connection."""
        self._client.close()
