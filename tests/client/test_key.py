"""The API key shows nowhere: not in logs, reprs, exceptions, tracebacks, pickles, and not at another host."""

from __future__ import annotations

import asyncio
import copy
import html
import io
import json
import logging
import pickle
import re
import time
import traceback
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any
from urllib.parse import quote, quote_plus

import httpx
import pytest
from _pytest._io.saferepr import saferepr
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.types import ASGIApp, Receive, Scope, Send

from contract_tests.client.recorder import Recorder
from tests.support.fault_server import FAULTS, FaultServer, answer, faults
from ventia_client import Client, errors
from ventia_client._runtime.document import API_KEY
from ventia_client._runtime.key import Key
from ventia_client.api.interactions import create_message
from ventia_client.models import ChannelMessage
from ventia_mock.http.server import running

KEYS = ["AAAAAAA-BBBBBBB-CCCCCCC-DDDDDDD", "s3cret +/key&?é<\"'>"]
CONTACT = "66f1a2b33c4d5e0067f8a9b0"
MESSAGE = ChannelMessage("656b0e1f8e5a2c001f3a9d12", text="Hi!", local_id="1")

every_key = pytest.mark.parametrize("key", KEYS)


def spellings(key: str) -> list[str]:
    """How a key may be written down; a plus for a space, and small hexadecimal digits, included."""
    quoted = [quote(key, safe=safe) for safe in ("", "/", "+/&?")] + [quote_plus(key)]
    in_json = [json.dumps(key)[1:-1], json.dumps(key, ensure_ascii=False)[1:-1], key.replace("/", "\\/")]
    small = [re.sub("%..", lambda escape: escape.group().lower(), each) for each in quoted]
    return [key, *quoted, *small, *in_json, html.escape(key), html.escape(key, quote=False)]


def shown(key: str, text: str) -> list[str]:
    """The spellings of a key that stand in a text."""
    return [spelled for spelled in spellings(key) if spelled in text]


@contextmanager
def everything_logged() -> Iterator[io.StringIO]:
    """What every logger of the process logs at DEBUG, with the arguments of each record."""
    written, root = io.StringIO(), logging.getLogger()
    handler, level = logging.StreamHandler(written), root.level
    handler.setFormatter(logging.Formatter("%(name)s %(message)s %(msg)r %(args)r"))
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    try:
        yield written
    finally:
        root.removeHandler(handler)
        root.setLevel(level)


def told(error: BaseException | None) -> str:
    """All that an exception and those behind it, hidden ones too, show: texts, attributes, frames with their locals.

    But for the frames of these tests, which know the key.
    """
    if error is None:
        return ""
    frames = [frame for frame, _ in traceback.walk_tb(error.__traceback__) if "/tests/" not in frame.f_code.co_filename]
    variables = [value for frame in frames for value in frame.f_locals.values()]
    attributes = [each for value in variables for each in getattr(value, "__dict__", {}).items()]
    behind = told(error.__cause__) + told(error.__context__)
    return f"{error} {error!r} {vars(error)!r} {[saferepr(each, 10**6) for each in (*variables, *attributes)]} {behind}"


def ending(client: Client, *, awaited: bool) -> object:
    """What a call returns or raises."""

    async def awaiting() -> object:
        try:
            return await create_message.asyncio_detailed(CONTACT, client=client, body=MESSAGE)
        finally:
            await client.aclose()

    try:
        if awaited:
            return asyncio.run(awaiting())
        return create_message.sync_detailed(CONTACT, client=client, body=MESSAGE)
    except errors.VentiaError as error:
        return error


def check_hidden(key: str, ended: object, log: str) -> None:
    """Fail if a key shows in what a call ended in, or in the log."""
    if isinstance(ended, BaseException):
        assert [] == shown(key, told(ended))
    assert [] == shown(key, f"{ended!r} {ended}")
    assert [] == shown(key, pickle.dumps(ended, protocol=0).decode("latin-1"))
    assert [] == shown(key, repr(pickle.loads(pickle.dumps(ended))))  # noqa: S301 - its own pickle
    assert [] == shown(key, log)


@pytest.fixture(scope="module")
def server() -> Iterator[FaultServer]:
    with faults() as server:
        yield server


@pytest.mark.parametrize("kind", ["refuse", *(name for name, _ in FAULTS)])
def test_no_failure_shows_the_key(kind: str, server: FaultServer, monkeypatch: pytest.MonkeyPatch) -> None:
    for key in KEYS:
        monkeypatch.setenv("VENTIA_API_KEY", key)
        for awaited in (False, True):
            with everything_logged() as log:
                url = f"http://127.0.0.1:{server.ports[kind]}"
                client = Client(base_url=url, rate_limit=None, retries=1, backoff=0.01, timeout=0.2, deadline=0.5)
                check_hidden(key, ending(client, awaited=awaited), log.getvalue())
            assert kind == "refuse" or "httpcore" in log.getvalue()


def echo(place: str, key: str) -> bytes:
    """An answer that repeats the key in all spellings, in one place."""
    said = " ".join(each for each in spellings(key) if "\\" not in each or place.startswith("body"))
    body, plain = b'{"success": false, "error": "x", "details": "y"}', said.encode("ascii", "ignore").decode()
    return {
        "reason": answer(f"400 wrong key {plain}", body),
        "header": answer("400 Bad Request", body, f"X-Echo: {plain}"),
        "location": answer("307 Temporary Redirect", body, f"Location: http://127.0.0.1:1/?a=b&k={quote(key)}"),
        "body": answer("400 Bad Request", json.dumps({"success": False, "error": key, "details": said}).encode()),
        "body of success": answer(
            "200 OK", json.dumps({"success": True, "interactionId": key, key: said}, ensure_ascii=False).encode()
        ),
        "body of text": answer("200 OK", said.encode()),
    }[place]


@every_key
@pytest.mark.parametrize("place", ["reason", "header", "location", "body", "body of success", "body of text"])
def test_a_server_that_repeats_the_key_is_not_quoted(place: str, key: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VENTIA_API_KEY", key)
    started: list[int] = []

    async def handle(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(echo(place, key))
        await writer.drain()
        writer.close()

    async def main() -> tuple[object, object]:
        listening = await asyncio.start_server(handle, "127.0.0.1", 0)
        started.append(listening.sockets[0].getsockname()[1])
        clients = [Client(base_url=f"http://127.0.0.1:{started[0]}", rate_limit=None, timeout=2) for _ in range(2)]
        with ThreadPoolExecutor(1) as pool:
            loop = asyncio.get_running_loop()
            waited = await loop.run_in_executor(pool, lambda: ending(clients[0], awaited=False))
            awaited = await loop.run_in_executor(pool, lambda: ending(clients[1], awaited=True))
        listening.close()
        return waited, awaited

    with everything_logged() as log:
        endings = asyncio.run(main())
    for ended in endings:
        check_hidden(key, ended, log.getvalue())
    assert "***" in log.getvalue() or place.startswith("body")


@every_key
def test_an_interruption_does_not_show_the_key(key: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Ctrl-C, and the cancellation of a task, come out of the call without the frames that hold the key."""
    monkeypatch.setenv("VENTIA_API_KEY", key)

    class Interrupted(httpx.BaseTransport):
        def handle_request(self, request: httpx.Request) -> httpx.Response:
            assert key in request.url.params.values()
            raise KeyboardInterrupt(f"while sending {request.url}")

    with pytest.raises(KeyboardInterrupt) as raised:
        ending(Client(transport=Interrupted(), rate_limit=None), awaited=False)
    assert [] == shown(key, told(raised.value))


@every_key
def test_a_transport_that_tells_the_url_is_not_quoted(key: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VENTIA_API_KEY", key)

    class Telling(httpx.BaseTransport):
        def handle_request(self, request: httpx.Request) -> httpx.Response:
            try:
                raise OSError(f"cannot reach {request.url}")
            except OSError as error:
                raise httpx.ReadError(f"{request.url} broke", request=request) from error

    ended = ending(Client(transport=Telling(), rate_limit=None), awaited=False)
    assert isinstance(ended, errors.DeliveryUnknown)
    check_hidden(key, ended, "")


@every_key
def test_httpx_itself_shows_no_key(key: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Who takes the httpx client underneath sees requests, responses and errors without the key."""
    monkeypatch.setenv("VENTIA_API_KEY", key)
    recorder = Recorder()
    recorder.answer_with(500, {"success": False})
    with everything_logged() as log, running(recorder) as url, Client(base_url=url, retries=0) as client:
        response = client.get_httpx_client().post("/contact/x/message", json={})
        with pytest.raises(httpx.HTTPStatusError) as raised:
            response.raise_for_status()
    assert [key] == [value for name, value in recorder.requests[0].query if name == API_KEY[1]]
    assert [] == shown(key, f"{response.request.url} {vars(response)!r} {told(raised.value)} {log.getvalue()}")
    with Client(base_url="http://127.0.0.1:1", retries=0) as client, pytest.raises(httpx.ConnectError) as unconnected:
        client.get_httpx_client().post("/contact/x/message")
    assert [] == shown(key, f"{unconnected.value.request.url} {told(unconnected.value)}")


@every_key
def test_a_client_shows_no_key_and_is_not_pickled(key: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VENTIA_API_KEY", key)
    with Client() as client:
        client.get_httpx_client()
        inside = [
            repr(vars(part))
            for part in (client, client.get_httpx_client(), *vars(client).values())
            if hasattr(part, "__dict__")
        ]
        assert [] == shown(key, f"{client!r} {client} {vars(client)!r} {inside}")
    for make in (pickle.dumps, copy.copy, copy.deepcopy):
        with pytest.raises(TypeError, match="not pickled or copied") as raised:
            make(client)
        assert [] == shown(key, told(raised.value))


@pytest.mark.parametrize("key", [b"supersecretbytes", "supersecret\ud800", 5, ["supersecret"]])
def test_what_is_no_key_is_refused_and_not_shown(key: Any) -> None:
    with pytest.raises((TypeError, ValueError), match="an API key must") as raised:
        Client(key)
    assert "supersecret" not in told(raised.value)


def test_a_key_is_no_text_of_its_own() -> None:
    key = Key(KEYS[0])
    assert "Key(***)" == repr(key) == str(key)
    for make in (pickle.dumps, copy.copy, copy.deepcopy):
        with pytest.raises(TypeError, match="not pickled or copied"):
            make(key)


@pytest.mark.parametrize("base_url", ["ftp://x", "http://u:p@x", "nonsense"])
def test_a_client_that_cannot_be_made_shows_no_key(base_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VENTIA_API_KEY", KEYS[0])
    with pytest.raises(ValueError, match="base URL") as raised:
        Client(base_url=base_url)
    assert [] == shown(KEYS[0], told(raised.value))


@pytest.mark.parametrize("name", ["httpcore.http2", "httpcore.proxy", "hpack.hpack", "hpack.table"])
def test_what_logs_whole_headers_has_the_key_blotted_out(name: str) -> None:
    with Client(KEYS[0]), everything_logged() as log:
        logging.getLogger(name).debug("Adding %s to %r", b":path", f"/contact/x/message?api-key={KEYS[0]}")
    assert "api-key=***" in log.getvalue()
    assert [] == shown(KEYS[0], log.getvalue())


def test_a_short_key_does_not_blot_out_answers() -> None:
    """A key of a few characters would be found by chance; a real one has many."""
    assert "a text" == Key("e").hidden_in("a text")


@pytest.mark.parametrize("key", ["\\" * 40, "&" * 40, "%25" * 20, "+ " * 20, "a" * 40])
def test_a_long_answer_is_searched_in_no_time(key: str) -> None:
    """No key and no answer make the search for one in the other take more than a few times their length."""
    began = time.monotonic()
    Key(key).hidden_in((key[:-1] + "x" + key[:-1] + "%") * 5_000)
    assert time.monotonic() - began < 20  # of the ages that it would take


def redirecting(to: str) -> ASGIApp:
    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        await RedirectResponse(to)(scope, receive, send)

    return app


@pytest.fixture
def elsewhere() -> Iterator[tuple[Recorder, str]]:
    recorder = Recorder()
    recorder.answer_with(200, {"success": True, "interactionId": "66f3a9b11c4d8e0023b7c9a1"})
    with running(recorder) as url:
        yield recorder, url


def test_a_redirect_is_not_followed(elsewhere: tuple[Recorder, str]) -> None:
    recorder, there = elsewhere
    with running(redirecting(there)) as url, Client(KEYS[0], base_url=url) as client:
        assert isinstance(ending(client, awaited=False), errors.UnexpectedAnswer)
    assert [] == recorder.requests


def test_a_redirect_that_httpx_is_told_to_follow_does_not_carry_the_key(elsewhere: tuple[Recorder, str]) -> None:
    recorder, there = elsewhere
    with running(redirecting(there + "/there")) as url, Client(KEYS[0], base_url=url) as client:
        client.get_httpx_client().post("/contact/x/message", follow_redirects=True)
    assert ["/there"] == [request.path for request in recorder.requests]
    assert [] == [value for request in recorder.requests for name, value in request.query if name == API_KEY[1]]


def test_a_redirect_that_repeats_the_query_does_not_give_the_key_back() -> None:
    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        query = Request(scope).url.query
        await Response(status_code=307, headers={"location": f"http://127.0.0.1:1/there?{query}&a=b"})(
            scope, receive, send
        )

    with everything_logged() as log, running(app) as url, Client(KEYS[0], base_url=url, retries=0) as client:
        response = client.get_httpx_client().post("/contact/x/message")
        with pytest.raises(httpx.ConnectError) as raised:
            client.get_httpx_client().post("/contact/x/message", follow_redirects=True)
    assert "http://127.0.0.1:1/there?a=b" == response.headers["location"]
    assert [] == shown(KEYS[0], f"{response.headers} {raised.value.request.url} {log.getvalue()}")
