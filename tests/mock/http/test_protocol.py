"""Bytes on a socket: requests that are hardly HTTP, pipelined ones, and callers who hang up."""

from __future__ import annotations

import contextlib
import json
import re
import socket
import time

import httpx
import pytest

from tests.support import stand_in
from tests.support.stand_in import (
    BASE,
    JSON_TYPE,
    KEY,
    OPERATION,
    SENT,
    TEXT,
    details,
    got,
)
from ventia_document.source import Json
from ventia_mock.http.limits import LARGEST_BODY
from ventia_mock.http.server import listen
from ventia_mock.world.file import SAMPLE_KEY


@pytest.mark.parametrize("line", [b"GET /\xe9", b"GET /a b", b"BREW /", b"GET"])
def test_what_is_no_http_is_refused_with_a_problem_too(client: httpx.Client, line: bytes) -> None:
    address = (client.base_url.host, client.base_url.port or 80)
    with socket.create_connection(address, timeout=5) as connection, connection.makefile("rb") as answer:
        connection.sendall(line + b" HTTP/1.1\r\nHost: x\r\n\r\n")
        head, _, body = answer.read().partition(b"\r\n\r\n")
    assert head.startswith(b"HTTP/1.1 400 ")
    assert b"application/json" in head
    assert stand_in.PROBLEM.violations(json.loads(body)) == []


def exchanged(client: httpx.Client, data: bytes) -> bytes:
    """What comes back for bytes on a connection of their own, until it is closed or silent."""
    address = (client.base_url.host, client.base_url.port or 80)
    with socket.create_connection(address, timeout=1) as connection:
        connection.sendall(data)
        came = b""
        with contextlib.suppress(TimeoutError, ConnectionResetError):
            while part := connection.recv(65536):
                came += part
        return came


def whole(body: Json = TEXT, headers: str = "") -> bytes:
    """A request as bytes."""
    content = json.dumps(body).encode()
    path = f"{BASE}/contact/string/message?api-key={SAMPLE_KEY}"
    head = f"POST {path} HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: {len(content)}\r\n"
    return f"{head}{headers}\r\n".encode() + content


def statuses(came: bytes) -> list[str]:
    return re.findall(r"HTTP/1\.1 (\d+) ", came.decode())


def test_endless_head_is_refused(client: httpx.Client) -> None:
    assert ["400"] == statuses(exchanged(client, b"GET / HTTP/1.1\r\n" + b"X: y\r\n" * 60_000))


def test_what_came_before_something_unreadable_is_answered_first(client: httpx.Client) -> None:
    came = exchanged(client, whole() + whole({}) + b"\0\1 nonsense\r\n\r\n")
    assert ["200", "400", "400"] == statuses(came)
    assert b"request: Must be HTTP/1.1" in came


def test_body_that_becomes_unreadable_is_refused(client: httpx.Client) -> None:
    path = f"{BASE}/contact/string/message?api-key={SAMPLE_KEY}"
    head = f"POST {path} HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n".encode()
    assert ["200", "400"] == statuses(exchanged(client, whole() + head + b"5\r\nabcde\r\nnonsense\r\n"))


@pytest.mark.parametrize("value", ["h2c", "websocket", "TLS/1.0, h2c"])
def test_wish_to_upgrade_is_passed_over(client: httpx.Client, value: str) -> None:
    """As curl --http2 and Java's client send it with every request."""
    upgrade = f"Connection: Upgrade, HTTP2-Settings\r\nUpgrade: {value}\r\nHTTP2-Settings: AAMAAABkAAQAoAAAAAIAAAAA\r\n"
    came = exchanged(client, whole(headers=upgrade) + whole() + whole({}, upgrade))
    assert ["200", "200", "400"] == statuses(came)


def test_many_wishes_to_upgrade_are_answered_each(client: httpx.Client) -> None:
    one = b"GET /x HTTP/1.1\r\nHost: x\r\nConnection: upgrade\r\nUpgrade: h2c\r\n\r\n"
    assert ["404"] * 600 == statuses(exchanged(client, one * 600))


def test_tunnel_is_refused(client: httpx.Client) -> None:
    assert ["400"] == statuses(exchanged(client, b"CONNECT localhost:1 HTTP/1.1\r\nHost: x\r\n\r\n"))


def test_connection_can_be_kept_after_a_refusal(client: httpx.Client) -> None:
    with httpx.Client(base_url=client.base_url, trust_env=False) as kept:
        for body, headers in ((b"x" * (2 * LARGEST_BODY), JSON_TYPE), (b"{", {}), (b"{", JSON_TYPE)):
            details(kept.post(f"{BASE}/contact/string/message", params=KEY, content=body, headers=headers))
        assert SENT == got(kept.post(f"{BASE}/contact/string/message", params=KEY, json=TEXT))


def test_caller_who_hangs_up_is_no_fault(client: httpx.Client, caplog: pytest.LogCaptureFixture) -> None:
    """The stand-in serves the next caller, and logs no error."""
    with socket.create_connection((client.base_url.host, client.base_url.port or 80)) as caller:
        path = BASE + OPERATION.path.format(idcontact="string")
        caller.sendall(f"POST {path} HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\n{{".encode())
        time.sleep(0.05)
    time.sleep(0.05)
    assert SENT == got(client.post(path, params=KEY, json=TEXT))
    assert [] == [record for record in caplog.records if record.levelname in ("WARNING", "ERROR")]


def test_answers_on_a_kept_connection_are_not_delayed() -> None:
    """Without TCP_NODELAY each of them waits 40 ms, for the acknowledgement of the one before."""
    with listen("127.0.0.1", 0) as listening, socket.create_connection(listening.getsockname()[:2]):
        accepted, _ = listening.accept()
        with accepted:
            # asyncio sets the option for sockets that say that they are TCP's
            assert accepted.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY) or accepted.proto == socket.IPPROTO_TCP
