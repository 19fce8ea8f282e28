"""Reads the inbox of a server that keeps its messages to itself and lists them, as the stand-in does."""

from __future__ import annotations

from urllib.parse import urlsplit

import httpx

from ventia_document.source import Json


class Inbox:
    """The messages that the server says it has delivered.

    Args:
        base_url: of the server under test.
        transport: the way to it.
    """

    def __init__(self, base_url: str, transport: httpx.BaseTransport) -> None:
        parts = urlsplit(base_url)
        url = f"{parts.scheme}://{parts.netloc}"
        self._client = httpx.Client(base_url=url, transport=transport, timeout=10, trust_env=False)
        self._since = 0

    @property
    def is_there(self) -> bool:
        """Whether the server lists its messages."""
        try:
            return self.health() is not None
        except httpx.HTTPError:
            return False

    def health(self) -> Json:
        """The stand-in's account of itself; None for another server.

        Raises:
            httpx.HTTPError: there is no response.
        """
        health = _json(self._client.get("/_mock/health"))
        listed = _json(self._client.get("/_mock/messages", params={"limit": 1}))
        is_stand_in = isinstance(health, dict) and {"upstream", "journal"} <= health.keys()
        return health if is_stand_in and _is_list_of_messages(listed) else None

    def skip(self) -> None:
        """Leave out what it has delivered so far."""
        self.delivered(1)

    def delivered(self, most: int) -> tuple[int, list[Json]]:
        """The number of messages delivered since the last call, and the newest of them, in the order of delivery.

        Args:
            most: how many of them.
        """
        page = self._client.get("/_mock/messages", params={"limit": max(1, most), "since": self._since}).json()
        self._since = max([self._since, *(message["id"] for message in page["messages"])])
        return int(page["count"]), sorted(page["messages"], key=lambda message: message["id"])

    def shows(self, words: str) -> bool:
        """Whether it lists a request, delivered or refused, that has these words."""
        listed = _json(self._client.get("/_mock/messages", params={"limit": 1, "outcome": "any", "q": words}))
        return _is_list_of_messages(listed) and any(words in str(message) for message in listed["messages"])

    def close(self) -> None:
        """Close its connection."""
        self._client.close()


def _json(response: httpx.Response) -> Json:
    try:
        return response.json() if response.status_code == 200 else None
    except ValueError:
        return None


def _is_list_of_messages(value: Json) -> bool:
    return isinstance(value, dict) and isinstance(value.get("messages"), list) and isinstance(value.get("count"), int)
