"""Sends messages, and looks for them through the control routes."""

from __future__ import annotations

from typing import Any

import httpx

from tests.support.stand_in import BASE, TEXT
from ventia_document.source import Json
from ventia_mock.world.file import SAMPLE_KEY

MESSAGES = "/_mock/messages"
CONTACT, OTHER = "66f1a2b33c4d5e0067f8a9b0", "66f1a2b33c4d5e0067f8a9b1"


def post(http: httpx.Client, contact: str = CONTACT, key: str = SAMPLE_KEY, **fields: Json) -> httpx.Response:
    body = {"channelId": TEXT["channelId"], **fields}
    return http.post(f"{BASE}/contact/{contact}/message", params={"api-key": key}, json=body)


def found(http: httpx.Client, **looked_for: Any) -> Json:
    response = http.get(MESSAGES, params=looked_for)
    assert 200 == response.status_code, response.text
    return response.json()


def texts(http: httpx.Client, **looked_for: Any) -> list[str]:
    return [each["body"]["text"] for each in found(http, **looked_for)["messages"]]
