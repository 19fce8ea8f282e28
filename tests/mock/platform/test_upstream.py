"""The validating proxy: what is passed on, to whom, and what it finds wrong with the answers."""

from __future__ import annotations

import copy
import gzip
import json
import logging
import socket
import zlib
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from pathlib import Path

import httpx
import pytest
from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.types import ASGIApp, Receive, Scope, Send

from contract_tests.client.recorder import Recorder
from tests.support.stand_in import (
    ANSWERS,
    BASE,
    DETAILED_PROBLEM,
    KEY,
    OPERATION,
    SOURCE,
    TEXT,
    VENTIA,
    client_of,
    stand_in,
)
from ventia_document.source import Json, Source
from ventia_mock.app import App
from ventia_mock.http.server import listen, running
from ventia_mock.platform.upstream import Upstream
from ventia_mock.stand_in import StandIn
from ventia_mock.world.file import SAMPLE_KEY, read_world

CONTACT = "66f1a2b33c4d5e0067f8a9b0"
UNKNOWN_TO_THE_WORLD = {"channelId": "0123456789abcdef01234567", "text": "Hi"}


class Answering(Recorder):
    """A server in place of the real one, with a fixed response."""

    def __init__(self, answer: Response | None = None) -> None:
        super().__init__()
        self.answer_with(200, {"success": True, "interactionId": "6" * 24})
        if answer is not None:
            self._answer = answer


@contextmanager
def proxy(upstream: str, *contacts: str) -> Iterator[tuple[httpx.Client, StandIn]]:
    app = StandIn(SOURCE, read_world(), upstream=Upstream(upstream, contacts or [CONTACT]))
    with client_of(app) as client:
        yield client, app


def post(client: httpx.Client, contact: str = CONTACT, body: Json = None, **more: Json) -> httpx.Response:
    path = f"{BASE}/contact/{contact}/message"
    return client.post(path, params=more.pop("params", KEY), json=body or UNKNOWN_TO_THE_WORLD, **more)


def discrepancies(app: StandIn) -> list[str]:
    return next(app.journal.newest_first()).discrepancies.splitlines()


REROUTING = {"x-original-url": "/contact/other/message", "x-http-method-override": "DELETE"}


@pytest.mark.parametrize("name", ANSWERS)
def test_answer_of_the_server_comes_back_as_it_is(name: str) -> None:
    status, value = ANSWERS[name]
    answer = JSONResponse(value, status, {"x-request-id": "7", "retry-after": "3"})
    server = Answering(answer)
    with running(server) as url, proxy(url + "/base/") as (client, app):
        got = post(
            client,
            headers={
                "x-request-id": "1",
                "x-original-url": "/contact/other/message",
                "x-http-method-override": "DELETE",
            },
        )
        assert (status, value) == (got.status_code, got.json())
        assert ("7", "3") == (got.headers["x-request-id"], got.headers["retry-after"])
        [request] = server.requests
        assert ("POST", f"/base/contact/{CONTACT}/message") == (request.method, request.path)
        assert [("api-key", SAMPLE_KEY)] == request.query
        assert UNKNOWN_TO_THE_WORLD == json.loads(request.body)
        assert "1" == request.headers["x-request-id"]
        assert not REROUTING.keys() & set(request.headers)
        assert url.removeprefix("http://") == request.headers["host"]
        expected = ["the server refuses as invalid what the document accepts"] if status == 400 else []
        assert expected == discrepancies(app)
        [record] = app.journal.newest_first()
        assert (status, value) == (record.status, json.loads(record.answer))


def test_another_stand_in_behind_it_answers_as_it_does_itself() -> None:
    with running(App(stand_in())) as url, proxy(url + BASE, CONTACT, "string") as (client, app):
        assert 200 == post(client, "string", TEXT).status_code
        refused = post(client)
        assert "channelId: Must be a channel of the company" in refused.json()["details"]
        assert ["the server refuses as invalid what the document accepts"] == discrepancies(app)


@pytest.mark.parametrize("contact", ["66f1a2b33c4d5e0067f8a9b1", "string", CONTACT.upper(), CONTACT[:-1] + "%31"])
def test_nothing_is_passed_on_for_a_contact_who_is_not_allowed(contact: str) -> None:
    server = Answering()
    with running(server) as url, proxy(url) as (client, app):
        answer = post(client, contact)
        assert 403 == answer.status_code
        assert [] == DETAILED_PROBLEM.violations(answer.json())
        assert "allow-list" in answer.json()["details"]
        assert [] == server.requests
        [record] = app.journal.newest_first()
        assert ("refused", "contact_is_on_the_allow_list") == (record.outcome, record.rule)


def test_allowed_contact_is_the_same_however_it_is_percent_encoded() -> None:
    server = Answering()
    with running(server) as url, proxy(url) as (client, _):
        encoded = "".join(f"%{ord(letter):02x}" for letter in CONTACT)
        assert 200 == post(client, encoded).status_code
        [request] = server.requests
        assert f"/contact/{CONTACT}/message" == request.path


@pytest.mark.parametrize(
    ("contact", "body", "params"),
    [
        (CONTACT, {"text": "Hi"}, KEY),
        (CONTACT, TEXT | {"text": 1}, KEY),
        (CONTACT, TEXT, {}),
        (CONTACT, TEXT, {"api-key": "another"}),
        (CONTACT, TEXT, {"api-key": [SAMPLE_KEY, SAMPLE_KEY]}),
        ("..%2F..%2Fadmin", TEXT, KEY),
        ("nobody", TEXT, KEY),
    ],
)
def test_invalid_request_is_refused_and_not_passed_on(contact: str, body: Json, params: Json) -> None:
    server = Answering()
    with running(server) as url, proxy(url, CONTACT, "..%2F..%2Fadmin") as (client, _):
        assert post(client, contact, body, params=params).status_code in (400, 401)
    assert [] == server.requests


def test_ambiguous_body_is_not_passed_on() -> None:
    server = Answering()
    content = json.dumps(TEXT)[:-1] + ', "text": "another"}'
    with running(server) as url, proxy(url) as (client, _):
        path = f"{BASE}/contact/{CONTACT}/message"
        headers = {"content-type": "application/json"}
        assert 400 == client.post(path, params=KEY, content=content, headers=headers).status_code
    assert [] == server.requests


GOOD = {"success": True, "interactionId": "6" * 24}
LIES: dict[str, tuple[Response, list[str]]] = {
    "an undocumented status": (
        JSONResponse(GOOD, 201),
        [f"status: Must be one of {', '.join(OPERATION.responses)}; got 201"],
    ),
    "HTML": (HTMLResponse("<h1>Hi</h1>"), ["Content-Type: Must be application/json; got 'text/html; charset=utf-8'"]),
    "a missing field": (JSONResponse({"success": True}), ["interactionId: Must be given"]),
    "a wrong value": (
        JSONResponse(GOOD | {"success": "yes", "interactionId": "x"}),
        ["interactionId: Must be a valid ObjectId", "success: Must be true"],
    ),
    "no JSON": (
        Response("{", media_type="application/json"),
        ["answer: Must be JSON; line 1, column 2: Expecting property name enclosed in double quotes"],
    ),
    "an interaction that is no text": (
        JSONResponse(GOOD | {"interactionId": {"a": ["b"]}}),
        ["interactionId: Must be a valid ObjectId"],
    ),
    "an interaction that is half a pair": (
        Response(rb'{"success": true, "interactionId": "\ud800"}', media_type="application/json"),
        ["answer: Must hold both halves of every surrogate pair"],
    ),
    "very deep JSON": (
        Response(b'{"success": ' + b"[" * 400 + b"]" * 400 + b"}", media_type="application/json"),
        ["answer: Must be JSON that can be validated: Recursion limit reached"],
    ),
    "JSON deeper than Python reads": (
        Response(b"[" * 100_000, media_type="application/json"),
        ["answer: Must be JSON less deep and with shorter numbers"],
    ),
    "NaN": (Response(b'{"a": NaN}', media_type="application/json"), ["answer: Must be JSON, which has no NaN"]),
    "UTF-16": (Response("{}".encode("utf-16"), media_type="application/json"), ["answer: Must be encoded as UTF-8"]),
    "a field twice": (
        Response(b'{"success": true, "success": true}', media_type="application/json"),
        ['answer: Must have each field once ("success" stands twice)'],
    ),
    "the key": (JSONResponse(GOOD | {"key": SAMPLE_KEY}), ["the answer repeats the API key"]),
    "the key in a header": (JSONResponse(GOOD, headers={"x-key": SAMPLE_KEY}), ["the answer repeats the API key"]),
}


@pytest.mark.parametrize("lie", LIES)
def test_discrepancy_is_written_down_and_the_answer_passed_back(lie: str, caplog: pytest.LogCaptureFixture) -> None:
    answer, expected = LIES[lie]
    caplog.set_level(logging.INFO, "ventia_mock")
    with running(Answering(answer)) as url, proxy(url) as (client, app):
        got = post(client)
        assert (answer.status_code, bytes(answer.body)) == (got.status_code, got.content)
        assert expected == sorted(discrepancies(app))
        assert SAMPLE_KEY not in client.get("/_mock/messages?outcome=any").text
    assert any("discrepancies=" in record.getMessage() for record in caplog.records)
    assert SAMPLE_KEY not in "\n".join(record.getMessage() for record in caplog.records if record.name != "httpx")


def test_redirect_is_passed_back_and_not_followed() -> None:
    elsewhere, redirect = Answering(), Response(status_code=307, headers={"location": "http://127.0.0.1:1/"})
    with running(Answering(redirect)) as url, proxy(url) as (client, app):
        answer = post(client)
        assert (307, "http://127.0.0.1:1/") == (answer.status_code, answer.headers["location"])
        assert discrepancies(app)[0].startswith("status: Must be one of")
    assert [] == elsewhere.requests


def test_unreachable_server_is_reported_as_not_sent() -> None:
    with listen("127.0.0.1", 0) as nobody:
        port = nobody.getsockname()[1]
    with proxy(f"http://127.0.0.1:{port}") as (client, app):
        answer = post(client)
        assert 502 == answer.status_code
        assert [] == DETAILED_PROBLEM.violations(answer.json())
        assert "nothing was sent" in answer.json()["details"]
        assert "nothing was sent" in discrepancies(app)[0]


def test_server_with_which_no_tls_begins_is_reported_as_not_sent(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ventia_mock.platform.upstream._CONNECTING", 0.1)
    with listen("127.0.0.1", 0) as silent, proxy(f"https://127.0.0.1:{silent.getsockname()[1]}") as (client, _):
        answer = post(client)
    assert 502 == answer.status_code
    assert "nothing was sent: no connection in 0.1 s" in answer.json()["details"]


def test_headers_of_the_connection_to_the_server_are_not_passed_back() -> None:
    ours = {"connection": "x-hop, close", "x-hop": "1", "te": "trailers", "trailer": "x-a", "upgrade": "h2c"}
    with running(Answering(JSONResponse(GOOD, headers=ours | {"x-other": "2"}))) as url, proxy(url) as (client, _):
        answer = post(client)
    assert "2" == answer.headers["x-other"]
    assert not {"x-hop", "te", "trailer", "upgrade"} & answer.headers.keys()


@pytest.mark.parametrize(
    ("sent", "reason"),
    [
        (b"HTTP/0.9 ok\r\n\r\n", "its answer is cut off, or no HTTP/1.1"),
        (b"HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\n{", "its answer is cut off, or no HTTP/1.1"),
        (b"HTTP/1.1 200 OK\r\n\r\n" + b" " * (5 << 20), "its answer has more than 4194304 bytes"),
    ],
)
def test_answer_that_cannot_be_passed_back_says_why(sent: bytes, reason: str) -> None:
    with (
        ThreadPoolExecutor(1) as pool,
        listen("127.0.0.1", 0) as listening,
        proxy(f"http://127.0.0.1:{listening.getsockname()[1]}") as (client, _),
    ):
        answering = pool.submit(answer_once, listening, sent)
        answer = post(client)
        answering.result()
    assert 504 == answer.status_code
    assert answer.json()["details"].endswith(f"may have been delivered: {reason}")


def answer_once(listening: socket.socket, sent: bytes) -> None:
    connection, _ = listening.accept()
    with connection, suppress(OSError):
        connection.recv(65536)
        connection.sendall(sent)
        connection.shutdown(socket.SHUT_WR)
        while connection.recv(65536):  # closed before all is read, it would be reset
            pass


def test_broken_connection_to_the_server_is_reported_as_unknown_after_one_request() -> None:
    asked: list[str] = []

    async def breaking(_: Scope, receive: Receive, send: Send) -> None:
        asked.append((await receive())["type"])
        await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"99")]})
        await send({"type": "http.response.body", "body": b"{", "more_body": True})
        raise ConnectionError

    with running(breaking) as url, proxy(url) as (client, app):
        answer = post(client)
        assert 504 == answer.status_code
        assert "may have been delivered" in answer.json()["details"]
        assert "failed" == next(app.journal.newest_first()).outcome
    assert 1 == len(asked)


@pytest.mark.parametrize(
    "url",
    [
        *("api.example.com", "ftp://127.0.0.1", "http://", "http://127.0.0.1/?a=b", "http://h/a?", "http://h/a#"),
        *("http://h h/", "http://[::1]x/", "http:// /", "http://h:99999/", "http://h:0/", "http://user:s3cret@h/"),
    ],
)
def test_what_is_no_url_of_a_server_is_refused(url: str) -> None:
    with pytest.raises(ValueError, match="is no URL of a server"):
        Upstream(url, [CONTACT])


def test_credentials_in_the_url_are_not_shown() -> None:
    with pytest.raises(ValueError, match="is no URL of a server") as raised:
        Upstream("https://user:s3cret@host/", [CONTACT])
    assert "s3cret" not in str(raised.value)


def raw(answer: bytes) -> ASGIApp:
    """Sends these bytes on the connection, whatever the request."""

    async def app(scope: Scope, receive: Receive, _: Send) -> None:
        await receive()
        transport = scope["extensions"]["ventia_mock.connection"]["transport"]
        transport.write(answer)
        transport.close()
        scope["extensions"]["ventia_mock.connection"]["cycle"].disconnected = True

    return app


SENT_BODY = b'{"success": true, "interactionId": "666666666666666666666666"}'


def test_headers_come_back_byte_for_byte_and_each_by_itself() -> None:
    head = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nx-name: 日本\r\nSet-Cookie: a=1\r\nSet-Cookie: b=2\r\n"
    answer = head.encode() + b"Content-Length: %d\r\n\r\n" % len(SENT_BODY) + SENT_BODY
    with running(raw(answer)) as url, proxy(url) as (client, app):
        got = post(client)
        assert (200, SENT_BODY) == (got.status_code, got.content)
        headers = [(name.lower(), value) for name, value in got.headers.raw]
        assert [b"a=1", b"b=2"] == [value for name, value in headers if name == b"set-cookie"]
        assert ["日本".encode()] == [value for name, value in headers if name == b"x-name"]
        assert 1 == len([name for name, _ in headers if name == b"date"])
        assert [] == discrepancies(app)


def test_encoded_response_comes_back_as_it_is_and_is_a_discrepancy() -> None:
    head = (
        b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Encoding: gzip\r\nContent-Length: 3\r\n\r\nabc"
    )
    with running(raw(head)) as url, proxy(url) as (client, app):
        with client.stream("POST", f"{BASE}/contact/{CONTACT}/message", params=KEY, json=TEXT) as got:
            assert (200, "gzip", b"abc") == (got.status_code, got.headers["content-encoding"], b"".join(got.iter_raw()))
        assert discrepancies(app)[0].startswith("answer: Must be gzip, as its Content-Encoding says")


def encoded(body: bytes, *encodings: str) -> Response:
    for encoding in encodings:
        body = gzip.compress(body) if encoding == "gzip" else zlib.compress(body) if encoding == "deflate" else body
    return Response(body, headers={"content-type": "application/json", "content-encoding": ", ".join(encodings)})


@pytest.mark.parametrize("encodings", [["gzip"], ["deflate"], ["gzip", "gzip"], ["identity"]], ids=str)
def test_response_that_is_encoded_all_the_same_is_read(encodings: list[str]) -> None:
    with running(Answering(encoded(SENT_BODY, *encodings))) as url, proxy(url) as (client, app):
        assert "666666666666666666666666" == post(client).json()["interactionId"]
        [record] = app.journal.newest_first()
        assert ([], "6" * 24, SENT_BODY.decode()) == (discrepancies(app), record.interaction, record.answer)


def test_key_in_an_encoded_response_is_found() -> None:
    body = json.dumps(GOOD | {"key": SAMPLE_KEY}).encode()
    with running(Answering(encoded(body, "gzip"))) as url, proxy(url) as (client, app):
        post(client)
        assert ["the answer repeats the API key"] == discrepancies(app)
        assert SAMPLE_KEY not in client.get("/_mock/messages?outcome=any").text


@pytest.mark.parametrize("body", [gzip.compress(b" " * (5 << 20)), gzip.compress(SENT_BODY)[:-9]], ids=["bomb", "cut"])
def test_response_that_cannot_be_decoded_is_passed_back_and_a_discrepancy(body: bytes) -> None:
    answer = Response(body, headers={"content-type": "application/json", "content-encoding": "gzip"})
    with running(Answering(answer)) as url, proxy(url) as (client, app):
        with client.stream("POST", f"{BASE}/contact/{CONTACT}/message", params=KEY, json=TEXT) as got:
            assert body == b"".join(got.iter_raw())
        assert ["answer: Must be a whole gzip of at most 4194304 bytes"] == discrepancies(app)


@pytest.mark.parametrize(
    ("status", "expected"),
    [(status, "failed") for status in (201, 204, 302, 304, 408, 444, 499, 500, 503)]
    + [(status, "refused") for status in (400, 401, 404, 413, 429)]
    + [(200, "sent"), (202, "queued")],
)
def test_outcome_is_what_the_client_says_of_such_an_answer(status: int, expected: str) -> None:
    """Whether a message was sent is unknown after a redirect, a gateway's timeout or a success of another kind."""
    content = None if status in (204, 304) else GOOD
    answer = JSONResponse(content, status) if content else Response(status_code=status)
    with running(Answering(answer)) as url, proxy(url) as (client, app):
        assert status == post(client).status_code
        [record] = app.journal.newest_first()
        assert expected == record.outcome


@pytest.mark.parametrize(
    "answer",
    [
        b"HTTP/1.1 600 Odd\r\nContent-Length: 0\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: 9000000\r\n\r\n" + b"x" * 9_000_000,
        b"nonsense\r\n\r\n",
    ],
    ids=["an unknown status", "too much", "no HTTP"],
)
def test_response_that_cannot_be_passed_back_is_reported_as_unknown(answer: bytes) -> None:
    with running(raw(answer)) as url, proxy(url) as (client, app):
        got = post(client)
        assert 504 == got.status_code
        assert "may have been delivered" in got.json()["details"]
        [record] = app.journal.newest_first()
        assert "failed" == record.outcome
        assert "may have been delivered" in record.discrepancies


def test_caller_hears_the_answer_even_if_the_journal_cannot_be_written(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """A failure after delivery would make the caller send it again."""
    server = Answering()
    with running(server) as url, proxy(url) as (client, app):
        monkeypatch.setattr(app.journal, "add", lambda _: 1 / 0)
        assert 200 == post(client).status_code
    assert 1 == len(server.requests)
    assert "the journal cannot be written" in caplog.text


@pytest.mark.parametrize(
    "headers",
    [
        [("content-type", "application/json; charset=utf-7")],
        [("content-type", 'application/json;charset="ISO-8859-1"')],
        [("content-type", "application/json"), ("content-type", "text/plain")],
    ],
)
def test_body_that_may_be_read_otherwise_is_not_passed_on(headers: list[tuple[str, str]]) -> None:
    server = Answering()
    with running(server) as url, proxy(url) as (client, _):
        path = f"{BASE}/contact/{CONTACT}/message"
        assert 400 == client.post(path, params=KEY, content=json.dumps(TEXT), headers=headers).status_code
    assert [] == server.requests


def test_trailers_are_no_headers() -> None:
    server = Answering()
    with running(server) as url, proxy(url) as (client, _):
        body = json.dumps(TEXT).encode()
        head = f"POST {BASE}/contact/{CONTACT}/message?api-key={SAMPLE_KEY} HTTP/1.1\r\nHost: x\r\n"
        head += "Content-Type: application/json\r\nTransfer-Encoding: chunked\r\nTrailer: X-Request-Id\r\n\r\n"
        with socket.create_connection((client.base_url.host, client.base_url.port or 80), timeout=5) as connection:
            connection.sendall(head.encode() + b"%x\r\n%b\r\n0\r\nX-Request-Id: 7\r\n\r\n" % (len(body), body))
            assert connection.recv(99).startswith(b"HTTP/1.1 200")
        [request] = server.requests
        assert "x-request-id" not in request.headers


def test_every_contact_that_a_request_names_must_be_allowed(tmp_path: Path) -> None:
    document = copy.deepcopy(VENTIA)
    fields = document["components"]["schemas"]["Message"]["properties"]
    fields["contactId"] = {"type": "string", "x-identifies": "contact"}
    server, other = Answering(), "66f1a2b33c4d5e0067f8a9b1"
    with running(server) as url:
        source = Source(tmp_path / "ventia.yaml", document, {})
        with client_of(StandIn(source, upstream=Upstream(url, [CONTACT]))) as client:
            assert 403 == post(client, other, TEXT | {"contactId": CONTACT}).status_code
            assert 403 == post(client, CONTACT, TEXT | {"contactId": other}).status_code
            assert [] == server.requests
            assert 200 == post(client, CONTACT, TEXT | {"contactId": CONTACT}).status_code


def test_without_an_allow_list_there_is_no_proxy() -> None:
    with pytest.raises(ValueError, match="--allow-contact"):
        Upstream("http://127.0.0.1", [])


def test_planned_fault_keeps_a_message_from_being_passed_on() -> None:
    server = Answering()
    with running(server) as url, proxy(url) as (client, _):
        client.put("/_mock/faults", json={"queue": [{"answer": 500}, {"answer": 500, "processed": True}]})
        assert 500 == post(client).status_code
        assert [] == server.requests
        assert 500 == post(client).status_code
        assert 1 == len(server.requests)


def test_health_names_the_upstream_server() -> None:
    with proxy("http://127.0.0.1:1/api") as (client, _):
        assert "http://127.0.0.1:1/api" == client.get("/_mock/health").json()["upstream"]
