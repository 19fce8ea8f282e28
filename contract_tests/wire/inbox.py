"""Reads how many messages the server under test has delivered, if it lists them as the stand-in does."""

from __future__ import annotations

from urllib.parse import urlsplit

import httpx


class Inbox:
    """The messages that the server says it has delivered.

    Args:
        base_url: of the server under test.
        transport: the way to it.
    """

    def __init__(self, base_url: str, transport: httpx.BaseTransport) -> None:
        parts = urlsplit(base_url)
        self._client = httpx.Client(base_url=f"{parts.scheme}://{parts.netloc}", transport=transport, timeout=10)
        self._since = 0

    @property
    def is_there(self) -> bool:
        """Whether the server lists its messages."""
        try:
            return self._client.get("/_mock/health").is_success
        except httpx.HTTPError:
            return False

    def delivered(self) -> int:
        """How many messages it has delivered since the last call."""
        page = self._client.get("/_mock/messages", params={"limit": 1, "since": self._since}).json()
        self._since = max([self._since, *(message["id"] for message in page["messages"])])
        return int(page["count"])

    def close(self) -> None:
        """Close its connection."""
        self._client.close()
