"""The client's side of a call: where it goes, with what, how long it may take, opening and closing."""

from __future__ import annotations

import asyncio
import copy
import gc
import json
import math
import os
import pickle
import subprocess
import sys
import time
import weakref
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import httpx
import pytest

from contract_tests.client.recorder import Recorder
from ventia_client import Client, __version__, errors
from ventia_client.api.interactions import create_message
from ventia_client.client import DEFAULT_DEADLINE
from ventia_client.models import ChannelMessage, MessageSent
from ventia_document import DOCUMENT
from ventia_document.source import read
from ventia_mock.http.server import running

VENTIA = read(DOCUMENT).value
KEY = "s3cret +/key&?é"
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


def environment() -> dict[str, str]:
    return {**os.environ, "PYTHONPATH": str(Path(__file__).parents[2] / "generated")}


def keys_received(recorder: Recorder) -> list[str]:
    return [value for request in recorder.requests for name, value in request.query if name == "api-key"]


Send = Callable[..., Any]


def waiting(client: Client, **options: Any) -> Any:
    with client:
        return create_message.sync(CONTACT, client=client, body=MESSAGE, **options)


def awaiting(client: Client, **options: Any) -> Any:
    async def main() -> Any:
        async with client:
            return await create_message.asyncio(CONTACT, client=client, body=MESSAGE, **options)

    return asyncio.run(main())


each_way = pytest.mark.parametrize("send", [waiting, awaiting])


@each_way
def test_a_call_returns_the_answer(send: Send, recorder: Recorder, url: str) -> None:
    assert MessageSent.from_dict(ANSWER) == send(Client(KEY, base_url=url))
    assert [KEY] == keys_received(recorder)


def test_a_client_is_closed_with_its_context(url: str) -> None:
    with Client(KEY, base_url=url) as client:
        inner = client.get_httpx_client()
    assert inner.is_closed


def test_an_awaited_context_closes_both_ways(url: str) -> None:
    async def main() -> None:
        async with Client(KEY, base_url=url) as client:
            both = client.get_httpx_client(), client.get_async_httpx_client()
        assert [True, True] == [inner.is_closed for inner in both]

    asyncio.run(main())


@each_way
def test_a_closed_client_sends_nothing(send: Send, recorder: Recorder, url: str) -> None:
    client = Client(KEY, base_url=url)
    asyncio.run(client.aclose())
    with pytest.raises(errors.NotSent, match="closed"):
        send(client)
    assert [] == recorder.requests


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
    with Client(KEY) as client, Client(KEY, timeout=httpx.Timeout(1.5, read=3)) as other:
        timeout = client.get_httpx_client().timeout
        assert all(seconds for seconds in (timeout.connect, timeout.read, timeout.write, timeout.pool))
        assert httpx.Timeout(1.5, read=3) == other.get_httpx_client().timeout


def test_the_user_agent_names_the_version(recorder: Recorder, url: str) -> None:
    with Client(KEY, base_url=url, headers={"X-Team": "sales"}) as client:
        create_message.sync(CONTACT, client=client, body=MESSAGE)
    [request] = recorder.requests
    assert f"ventia-client/{__version__}" == request.headers["user-agent"]
    assert "sales" == request.headers["x-team"]


@each_way
def test_a_call_may_have_headers_of_its_own(send: Send, recorder: Recorder, url: str) -> None:
    send(Client(KEY, base_url=url, headers={"X-Team": "sales"}), headers={"x-team": "support", "X-Trace": ""})
    [request] = recorder.requests
    assert ("support", "") == (request.headers["x-team"], request.headers["x-trace"])


HEADERS = {
    "Must be left to the client": {"content-length": "1", "Content-Type": "text/plain", "HOST": "a.example"},
    "Must be the name of a header": {"": "a", "a b": "a", "a\r\nb": "c", "é": "a"},
    "Must be a text of printable ASCII": {"X-A": "é", "X-B": "a\r\nX-C: d", "X-D": " a", "X-E": "\0"},
}


@each_way
@pytest.mark.parametrize(("rule", "header"), [(rule, each) for rule, many in HEADERS.items() for each in many.items()])
def test_a_header_that_cannot_be_sent_is_refused(
    send: Send, rule: str, header: tuple[str, str], recorder: Recorder, url: str
) -> None:
    with pytest.raises(errors.InvalidMessage, match=rule):
        send(Client(KEY, base_url=url), headers=dict([header]))
    with pytest.raises(ValueError, match=rule):
        Client(KEY, headers=dict([header]))
    assert [] == recorder.requests


@each_way
@pytest.mark.parametrize("timeout", [0, -1, float("nan")])
def test_a_timeout_is_more_than_nothing(send: Send, timeout: float, recorder: Recorder, url: str) -> None:
    with pytest.raises(errors.InvalidMessage, match="timeout: Must be more than 0 seconds"):
        send(Client(KEY, base_url=url), timeout=timeout)
    assert [] == recorder.requests


@pytest.mark.parametrize(
    "settings",
    [
        *({"timeout": each} for each in (0, -1, math.nan, httpx.Timeout(-1), httpx.Timeout(5, read=math.nan))),
        *({"deadline": each} for each in (0, -1, math.nan)),
        {"retries": -1},
        *({"backoff": each} for each in (-0.5, math.nan, math.inf)),
        *({"api_key": each} for each in ("", " key", "key\n", "k\0y")),
        *({"base_url": each} for each in ("", "http://a b/", "http://a/ ", " http://a", "http://a\n", "http://a:0")),
        *({"base_url": each} for each in ("http://a:99999", "http://a:-1", "http://a:8_0", "http://a%20b")),
        {"headers": {"X-A": "é"}},
    ],
    ids=lambda settings: str(settings).partition(" object")[0],
)
def test_a_setting_of_a_wrong_value_is_refused(settings: dict[str, Any]) -> None:
    [name] = settings
    words = {"api_key": "an API key must", "base_url": "base URL: it", "headers": "X-A: Must"}
    with pytest.raises(ValueError, match=words.get(name, name)):
        Client(**{"api_key": KEY, **settings})


@pytest.mark.parametrize(
    "settings",
    [
        *({"timeout": each} for each in ("5", None, True, [5])),
        *({"deadline": each} for each in ("5", None, False)),
        *({"retries": each} for each in ("3", 1.5, None, True)),
        *({"backoff": each} for each in ("1", None, False)),
        *({"rate_limit": each} for each in (200, "200", True)),
        *({"headers": each} for each in ([("X-A", "a")], "X-A: a", 5)),
        *({"transport": each} for each in (httpx.AsyncHTTPTransport(), "proxy")),
        *({"async_transport": each} for each in (httpx.HTTPTransport(), 5)),
        {"base_url": 5},
        {"on_attempt": "print"},
    ],
    ids=lambda settings: str(settings).partition(" object")[0],
)
def test_a_setting_of_a_wrong_type_is_a_type_error_that_names_it(settings: dict[str, Any]) -> None:
    with pytest.raises(TypeError, match=rf"^{next(iter(settings))} must be"):
        Client(KEY, **settings)


@pytest.mark.parametrize("name", ["VENTIA_API_KEY", "VENTIA_BASE_URL"])
def test_an_empty_variable_of_the_environment_is_refused(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VENTIA_API_KEY", KEY)
    monkeypatch.setenv(name, "")
    with pytest.raises(ValueError, match=name):
        Client()


@each_way
@pytest.mark.parametrize(
    "options", [{"timeout": "5"}, {"timeout": True}, {"headers": [("X-A", "a")]}, {"headers": "X-A: a"}], ids=str
)
def test_an_argument_of_a_wrong_type_is_a_type_error_that_names_it(
    send: Send, options: dict[str, Any], recorder: Recorder, url: str
) -> None:
    with pytest.raises(TypeError, match=rf"^{next(iter(options))} must be"):
        send(Client(KEY, base_url=url), **options)
    assert [] == recorder.requests


@each_way
def test_a_call_may_have_a_timeout_of_its_own(send: Send, url: str) -> None:
    seen: list[object] = []

    class Seeing(httpx.BaseTransport, httpx.AsyncBaseTransport):
        def handle_request(self, request: httpx.Request) -> httpx.Response:
            seen.append(request.extensions["timeout"].get("read"))
            return httpx.Response(200, json=ANSWER)

        async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
            return self.handle_request(request)

    send(Client(KEY, base_url=url, transport=Seeing(), async_transport=Seeing()), timeout=1.25)
    send(Client(KEY, base_url=url, transport=Seeing(), async_transport=Seeing(), timeout=2.5, deadline=60))
    assert [1.25, 2.5] == seen


def test_a_step_of_a_call_ends_with_its_deadline(url: str) -> None:
    """The time that one step takes is no longer there for the next."""
    left: list[float] = []

    class Slow(httpx.BaseTransport):
        def handle_request(self, request: httpx.Request) -> httpx.Response:
            left.append(request.extensions["timeout"].get("connect"))
            time.sleep(0.2)
            left.append(request.extensions["timeout"].get("read"))
            return httpx.Response(200, json=ANSWER)

    waiting(Client(KEY, base_url=url, transport=Slow(), deadline=5, timeout=30))
    assert 5 >= left[0] >= left[1] + 0.2
    assert DEFAULT_DEADLINE < float("inf")


@each_way
def test_no_attempt_begins_after_the_deadline(send: Send, recorder: Recorder, url: str) -> None:
    with pytest.raises(errors.OutOfTime, match="deadline has passed"):
        send(Client(KEY, base_url=url, deadline=1e-9))
    assert [] == recorder.requests


BODIES: dict[str, Any] = {"nan": float("nan"), "surrogate": "\ud800", "bytes": b"a", "deep": None, "object": object()}
for _ in range(100_000):
    BODIES["deep"] = [BODIES["deep"]]


@pytest.mark.parametrize("kind", BODIES)
def test_what_is_no_json_is_refused(kind: str, recorder: Recorder, url: str) -> None:
    message = ChannelMessage("656b0e1f8e5a2c001f3a9d12", text="Hi!")
    message["other"] = BODIES[kind]
    with Client(KEY, base_url=url) as client, pytest.raises(errors.InvalidMessage, match="body: Must"):
        create_message.sync(CONTACT, client=client, body=message)
    assert [] == recorder.requests


def test_a_message_that_was_made_illegal_is_not_sent(recorder: Recorder, url: str) -> None:
    message = ChannelMessage("656b0e1f8e5a2c001f3a9d12", text="Hi!")
    message.channel_id = "x"
    with Client(KEY, base_url=url) as client, pytest.raises(errors.InvalidMessage, match="Must be a valid ObjectId"):
        create_message.sync(CONTACT, client=client, body=message)
    assert [] == recorder.requests


def test_a_message_survives_a_queue() -> None:
    for copied in (pickle.loads(pickle.dumps(MESSAGE)), copy.deepcopy(MESSAGE), copy.copy(MESSAGE)):  # noqa: S301 - its own
        assert MESSAGE == copied
        assert MESSAGE.to_dict() == copied.to_dict()
        copied.check()


def test_an_answer_that_a_transport_has_read_is_read(url: str) -> None:
    transport = httpx.MockTransport(lambda _: httpx.Response(200, json=ANSWER))
    assert MessageSent.from_dict(ANSWER) == waiting(Client(KEY, base_url=url, transport=transport))


def answered(body: bytes) -> object:
    return waiting(Client(KEY, transport=httpx.MockTransport(lambda _: httpx.Response(200, content=body))))


def test_an_answer_is_read_as_utf_8() -> None:
    body = json.dumps(ANSWER)
    assert MessageSent.from_dict(ANSWER) == answered(b"\xef\xbb\xbf" + body.encode())
    with pytest.raises(errors.UnreadableAnswer):
        answered(body.encode("utf-16"))


@pytest.mark.parametrize(
    "base_url", ["http://u:p4ss@127.0.0.1", "http://127.0.0.1/?a=b", "http://127.0.0.1/#x", "http://x/?", "http://x/#"]
)
def test_a_base_url_is_no_more_than_a_place(base_url: str) -> None:
    with pytest.raises(ValueError, match="must have no user, password, query or fragment") as raised:
        Client(KEY, base_url=base_url)
    assert "p4ss" not in str(raised.value)


def test_one_client_serves_event_loop_after_event_loop(recorder: Recorder, url: str) -> None:
    """A connection belongs to its loop, so that none of another is used."""
    client = Client(KEY, base_url=url)

    async def main() -> None:
        async with client.get_async_httpx_client():
            await create_message.asyncio(CONTACT, client=client, body=MESSAGE)
            await create_message.asyncio(CONTACT, client=client, body=MESSAGE)

    for _ in range(3):
        asyncio.run(main())
    assert 6 == len(recorder.requests)


def test_clients_of_event_loops_that_are_closed_are_let_go(url: str) -> None:
    """A job that runs an event loop for each message does not pile up connections."""
    client = Client(KEY, base_url=url)

    async def main() -> weakref.ref[httpx.AsyncClient]:
        async with client.get_async_httpx_client() as inner:
            await create_message.asyncio(CONTACT, client=client, body=MESSAGE)
            return weakref.ref(inner)

    inners = [asyncio.run(main()) for _ in range(5)]
    gc.collect()
    assert [True] * 4 == [inner() is None for inner in inners[:-1]]


def test_a_transport_of_ones_own_belongs_to_one_event_loop(recorder: Recorder, url: str) -> None:
    client = Client(KEY, base_url=url, async_transport=httpx.AsyncHTTPTransport())

    async def main() -> None:
        async with client.get_async_httpx_client():
            await create_message.asyncio(CONTACT, client=client, body=MESSAGE)

    asyncio.run(main())
    with pytest.raises(errors.NotSent, match="belongs to another event loop"):
        asyncio.run(main())
    assert 1 == len(recorder.requests)


def test_a_forked_process_has_connections_of_its_own(recorder: Recorder, url: str) -> None:
    """Two processes that wrote to one connection would read each other's answers."""
    code = (
        "import os, sys\n"
        "from ventia_client import Client\n"
        "from ventia_client.api.interactions import create_message\n"
        "from ventia_client.models import ChannelMessage\n"
        "def send(client):\n"
        "    message = ChannelMessage('656b0e1f8e5a2c001f3a9d12', text='Hi!')\n"
        "    create_message.sync('66f1a2b33c4d5e0067f8a9b0', client=client, body=message)\n"
        "    return client.get_httpx_client()\n"
        "client = Client('k' * 9, base_url=sys.argv[1])\n"
        "parent = send(client)\n"
        "child = os.fork()\n"
        "if child == 0:\n"
        "    os._exit(0 if send(client) is not parent else 1)\n"
        "_, status = os.waitpid(child, 0)\n"
        "sys.exit(0 if status == 0 and send(client) is parent else 1)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, url], env=environment(), capture_output=True, text=True, check=False
    )
    assert (0, "") == (done.returncode, done.stderr)
    assert 3 == len(recorder.requests)


def test_threads_share_one_connection_pool() -> None:
    client = Client(KEY)
    with ThreadPoolExecutor(16) as pool:
        assert 1 == len(set(pool.map(lambda _: id(client.get_httpx_client()), range(64))))


def test_a_contact_cannot_change_the_path(recorder: Recorder, url: str) -> None:
    invalid = pytest.raises(errors.InvalidMessage, match="idcontact: Must be a valid ObjectId")
    with Client(KEY, base_url=url) as client, invalid:
        create_message.sync("../x?y#z", client=client, body=MESSAGE)
    assert [] == recorder.requests
