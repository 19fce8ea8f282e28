"""A transport that answers without a network, and callers of a client that has one and a ledger."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

import httpx

from ventia_client import ChannelMessage, Client, create_message, errors
from ventia_client.ledger import Ledger

KEY = "AAAAAAA-BBBBBBB-CCCCCCC-DDDDDDD"
CONTACT = "66f1a2b33c4d5e0067f8a9b0"
CHANNEL = "656b0e1f8e5a2c001f3a9d12"
SENT = {"success": True, "interactionId": "66f3a9b11c4d8e0023b7c9a1"}
QUEUED = {"success": True, "queued": True}
PROBLEM = {"success": False, "error": "x", "details": "y"}
MESSAGE = ChannelMessage(CHANNEL, text="Hi!")

Answer = httpx.Response | Exception


def sent() -> httpx.Response:
    return httpx.Response(200, json=SENT, headers=[(b"X-Trace", "é".encode())])


def queued() -> httpx.Response:
    return httpx.Response(202, json=QUEUED)


def problem(status: int) -> Callable[[], httpx.Response]:
    return lambda: httpx.Response(status, json=PROBLEM)


class Line(httpx.BaseTransport, httpx.AsyncBaseTransport):
    """Answers requests, the last answer again and again.

    Attributes:
        requests: those that came.
        meanwhile: called while a request is out.
        hangs: whether awaited requests get no answer.
    """

    def __init__(self, *answers: Callable[[], Answer]) -> None:
        self._answers = list(answers) or [sent]
        self.requests: list[httpx.Request] = []
        self.meanwhile: Callable[[], object] = lambda: None
        self.hangs = False

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        self.requests.append(request)
        self.meanwhile()
        answer = self._answers.pop(0)() if len(self._answers) > 1 else self._answers[0]()
        if isinstance(answer, Exception):
            raise answer
        return answer

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        response = self.handle_request(request)
        if self.hangs:
            await asyncio.sleep(20)
        return response


def call(
    way: str,
    line: Line,
    ledger: Ledger | None,
    once: Any = "order-1042/shipped",
    *,
    detailed: bool = False,
    **more: Any,
) -> Any:
    """What a call returns or raises as an outcome; what is no outcome is raised."""
    contact, body, settings = more.pop("contact", CONTACT), more.pop("body", MESSAGE), {"retries": 0, **more}
    suffix = "_detailed" if detailed else ""
    try:
        if way == "sync":
            with Client(KEY, transport=line, ledger=ledger, rate_limit=None, **settings) as client:
                send = getattr(create_message, f"sync{suffix}")
                return send(contact, client=client, body=body, once=once)
        return asyncio.run(_awaited(line, ledger, once, suffix, contact, body, settings))
    except errors.VentiaError as error:
        return error


async def _awaited(
    line: Line, ledger: Ledger | None, once: Any, suffix: str, contact: str, body: Any, settings: Any
) -> Any:
    async with Client(KEY, async_transport=line, ledger=ledger, rate_limit=None, **settings) as client:
        send = getattr(create_message, f"asyncio{suffix}")
        return await send(contact, client=client, body=body, once=once)
