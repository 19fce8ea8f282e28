"""The server under test: asks it over one connection, and keeps the key out of everything above."""

from __future__ import annotations

import httpx

from contract_tests.oracle.leaks import concealed
from contract_tests.wire.guard import RULE
from contract_tests.wire.request import Answer, Asked

_PATIENCE = 60.0  # seconds, after which no answer will come


class NoAnswer(Exception):
    """The server gave no answer that is HTTP; the text says what happened instead."""


class Server:
    """A server under test.

    Args:
        transport: what requests go through: a guard, where it reaches real people.

    Attributes:
        requests: how many were made.
    """

    def __init__(self, base_url: str, key: str, transport: httpx.BaseTransport) -> None:
        self.base_url = base_url
        self.requests = 0
        self._key = key
        self._client = httpx.Client(transport=transport, timeout=_PATIENCE, follow_redirects=False, trust_env=False)
        self._base = httpx.URL(base_url)

    def ask(self, asked: Asked, rule: str = "") -> Answer:
        """Make one request, for a rule.

        Raises:
            NoAnswer: nothing came back that is an answer.
            guard.NotSent: it must not be made.
        """
        target = self._base.raw_path.rstrip(b"/") + asked.target(self._key).encode("ascii")
        request = httpx.Request(
            asked.method,
            self._base,
            headers=asked.sent_headers(self._key),
            content=asked.sent_body(self._key),
            extensions={"target": target, RULE: rule},
        )
        self.requests += 1
        try:
            response = self._client.send(request)
        except httpx.RemoteProtocolError:  # which quotes what came, in a form of its own
            raise NoAnswer("what came back is no HTTP, or broke off") from None
        except httpx.HTTPError as error:
            raise NoAnswer(f"{type(error).__name__}: {concealed(str(error), self._key)}") from None
        headers = tuple((name.lower(), value) for name, value in response.headers.multi_items())
        return Answer(response.status_code, headers, response.content)

    def close(self) -> None:
        """Close its connection."""
        self._client.close()
