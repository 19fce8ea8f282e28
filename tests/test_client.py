"""The client's hand-written part: the key, the base URL, the timeout, opening and closing."""

from __future__ import annotations

import asyncio
import logging
import re
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import quote, quote_plus

import httpx
import pytest
from starlette.responses import RedirectResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from contract_tests.recorder import Recorder
from ventia_client import Client, __version__
from ventia_client.api.interactions import create_message
from ventia_client.models import ChannelMessage, MessageSent
from ventia_document import DOCUMENT
from ventia_document.source import read
from ventia_mock.server import running

VENTIA = read(DOCUMENT).value
KEY = "s3cret +/key&?é"
SHOWN = re.compile("|".join(re.escape(form) for form in (KEY, quote(KEY), quote(KEY, safe=""), quote_plus(KEY))))
CONTACT = "66f1a2b33c4d5e0067f8a9b0"
MESSAGE = ChannelMessage(channel_id="656b0e1f8e5a2c001f3a9d12", text="Hi!")
ANSWER = {"success": True, "interactionId": "66f3a9b11c4d8e0023b7c9a1"}


@pytest.fixture
def recorder() -> Recorder:
    recorder = Recorder()
    recorder.answer_with(200, ANSWER)
    return recorder


@pytest.fixture
def url(recorder: Recorder) -> Iterator[str]:
    with running(recorder) as url:
        yield url


def keys_received(recorder: Recorder) -> list[str]:
    return [value for request in recorder.requests for name, value in request.query if name == "api-key"]


def test_the_key_arrives_and_no_log_shows_it(recorder: Recorder, url: str, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    with Client(KEY, base_url=url) as client:
        response = client.get_httpx_client().post("/contact/x/message", json={})
        create_message.sync(CONTACT, client=client, body=MESSAGE)
    assert [KEY, KEY] == keys_received(recorder)
    assert "HTTP Request" in caplog.text
    assert not SHOWN.search(caplog.text)
    assert not SHOWN.search(str(response.request.url))
    assert not SHOWN.search(repr(client) + str(vars(response)))


def test_no_exception_shows_the_key(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    with Client(KEY, base_url="http://127.0.0.1:1") as client, pytest.raises(httpx.ConnectError) as raised:
        create_message.sync(CONTACT, client=client, body=MESSAGE)
    assert not SHOWN.search(f"{raised.value!r} {raised.value.request.url} {caplog.text}")


def redirecting(to: str) -> ASGIApp:
    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        await RedirectResponse(to)(scope, receive, send)

    return app


def test_a_redirect_is_not_followed(recorder: Recorder, url: str) -> None:
    with running(redirecting(url)) as elsewhere, Client(KEY, base_url=elsewhere) as client:
        assert 307 == client.get_httpx_client().post("/contact/x/message").status_code
    assert [] == recorder.requests


def test_a_redirect_that_is_followed_does_not_carry_the_key(recorder: Recorder, url: str) -> None:
    with running(redirecting(url + "/there")) as elsewhere, Client(KEY, base_url=elsewhere) as client:
        client.get_httpx_client().post("/contact/x/message", follow_redirects=True)
    assert ["/there"] == [request.path for request in recorder.requests]
    assert [] == keys_received(recorder)


def test_sync_and_async_calls_return_the_answer(recorder: Recorder, url: str) -> None:
    expected = MessageSent.from_dict(ANSWER)

    async def awaited() -> object:
        async with Client(KEY, base_url=url) as client:
            return await create_message.asyncio(CONTACT, client=client, body=MESSAGE)

    with Client(KEY, base_url=url) as client:
        assert expected == create_message.sync(CONTACT, client=client, body=MESSAGE)
    assert expected == asyncio.run(awaited())
    assert [KEY, KEY] == keys_received(recorder)


def test_a_client_is_closed_with_its_context(url: str) -> None:
    with Client(KEY, base_url=url) as client:
        inner = client.get_httpx_client()
    assert inner.is_closed


def test_the_base_url_is_the_documents_server() -> None:
    assert VENTIA["servers"][0]["url"] + "/" == str(Client(KEY).get_httpx_client().base_url)


def test_arguments_go_before_the_environment(monkeypatch: pytest.MonkeyPatch, recorder: Recorder, url: str) -> None:
    monkeypatch.setenv("VENTIA_API_KEY", "of the environment")
    monkeypatch.setenv("VENTIA_BASE_URL", url)
    with Client() as client:
        create_message.sync(CONTACT, client=client, body=MESSAGE)
    monkeypatch.setenv("VENTIA_BASE_URL", "http://127.0.0.1:1")
    with Client(KEY, base_url=url) as client:
        create_message.sync(CONTACT, client=client, body=MESSAGE)
    assert ["of the environment", KEY] == keys_received(recorder)


def test_without_a_key_there_is_no_client(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("VENTIA_API_KEY", raising=False)
    with pytest.raises(ValueError, match="VENTIA_API_KEY"):
        Client()


@pytest.mark.parametrize("base_url", ["api.example.com", "ftp://api.example.com", "http://", "http://a:b", "/api"])
def test_what_is_no_base_url_is_refused_with_the_rule(base_url: str) -> None:
    with pytest.raises(ValueError, match="must start with http"):
        Client(KEY, base_url=base_url)


@pytest.mark.parametrize("path", ["", "/", "/api/v1.0", "/api/v1.0/"])
def test_a_base_url_may_have_a_path_and_end_in_a_slash(path: str, recorder: Recorder, url: str) -> None:
    with Client(KEY, base_url=url + path) as client:
        create_message.sync(CONTACT, client=client, body=MESSAGE)
    assert [f"{path.rstrip('/')}/contact/{CONTACT}/message"] == [request.path for request in recorder.requests]


def test_every_step_of_a_call_has_a_finite_timeout_unless_told_otherwise() -> None:
    timeout = Client(KEY).get_httpx_client().timeout
    assert all(seconds for seconds in (timeout.connect, timeout.read, timeout.write, timeout.pool))
    assert httpx.Timeout(1.5) == Client(KEY, timeout=1.5).get_async_httpx_client().timeout


def test_the_user_agent_names_the_version(recorder: Recorder, url: str) -> None:
    with Client(KEY, base_url=url, headers={"X-Team": "sales"}) as client:
        create_message.sync(CONTACT, client=client, body=MESSAGE)
    [request] = recorder.requests
    assert f"ventia-client/{__version__}" == request.headers["user-agent"]
    assert "sales" == request.headers["x-team"]


@pytest.mark.parametrize("contact", ["", ".", ".."])
def test_a_contact_that_would_make_another_path_is_refused(contact: str, recorder: Recorder, url: str) -> None:
    with Client(KEY, base_url=url) as client, pytest.raises(ValueError, match="cannot be part of a path"):
        create_message.sync(contact, client=client, body=MESSAGE)
    assert [] == recorder.requests


@pytest.mark.parametrize("base_url", ["http://u:p4ss@127.0.0.1", "http://127.0.0.1/?a=b", "http://127.0.0.1/#x"])
def test_a_base_url_is_no_more_than_a_place(base_url: str) -> None:
    with pytest.raises(ValueError, match="must have no user, password, query or fragment") as raised:
        Client(KEY, base_url=base_url)
    assert "p4ss" not in str(raised.value)


def test_a_redirect_that_repeats_the_query_does_not_give_the_key_back(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        to = f"http://127.0.0.1:1/there?{scope['query_string'].decode()}&a=b"
        await RedirectResponse(to)(scope, receive, send)

    with running(app) as elsewhere, Client(KEY, base_url=elsewhere) as client:
        response = client.get_httpx_client().post("/contact/x/message")
        with pytest.raises(httpx.ConnectError) as raised:
            client.get_httpx_client().post("/contact/x/message", follow_redirects=True)
    assert "http://127.0.0.1:1/there?a=b" == response.headers["location"]
    assert not SHOWN.search(f"{response.headers} {raised.value.request.url} {caplog.text}")


def test_threads_share_one_connection_pool() -> None:
    client = Client(KEY)
    with ThreadPoolExecutor(16) as pool:
        assert 1 == len(set(pool.map(lambda _: id(client.get_httpx_client()), range(64))))


def test_a_contact_cannot_change_the_path(recorder: Recorder, url: str) -> None:
    with Client(KEY, base_url=url) as client:
        create_message.sync("../x?y#z", client=client, body=MESSAGE)
    assert ["/contact/..%2Fx%3Fy%23z/message"] == [request.path for request in recorder.requests]
