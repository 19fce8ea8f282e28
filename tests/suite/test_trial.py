"""A trial: a violation says what the server did, without the key in any encoding."""

from __future__ import annotations

import asyncio
import json
from base64 import b64encode
from urllib.parse import quote

import httpx
import pytest

from contract_tests.replay import Purpose, Replay
from contract_tests.run import JUDGE
from contract_tests.trial import ContractViolation, NoAnswer, ServerGone, Trial
from contract_tests.wire.request import Request
from contract_tests.wire.server import Server

ODD_KEY = "Se\"cr%4é x'y<z>&\\-Kb+Bq7-CcC"


@pytest.mark.parametrize(
    "written",
    [
        ODD_KEY,
        ODD_KEY.lower(),
        ODD_KEY[:-4],
        quote(quote(ODD_KEY)),
        "".join(f"&#{ord(character)};" for character in ODD_KEY),
        b64encode(ODD_KEY.encode()).decode(),
        json.dumps(json.dumps(ODD_KEY)),
    ],
    ids=["plain", "in small letters", "most of it", "encoded twice", "in HTML", "in Base64", "escaped twice"],
)
def test_a_failure_shows_no_key_in_any_encoding(written: str) -> None:
    server = Server("http://127.0.0.1", ODD_KEY, httpx.MockTransport(lambda _: httpx.Response(200, text=written)))
    trial = Trial(server, JUDGE, ODD_KEY, "make contract")
    with pytest.raises(ContractViolation) as violation:
        trial.send(Purpose("a rule", "a sentence", "kept"), Request("POST", "/contact/x/message"), None)
    report = f"{violation.value}{violation.value.details}"
    for part in (ODD_KEY[:12], written):
        assert part.lower() not in report.lower()


def test_what_is_not_http_is_not_quoted() -> None:
    def broken(_: httpx.Request) -> httpx.Response:
        raise httpx.RemoteProtocolError(f"illegal status line: {bytearray(ODD_KEY.encode())!r}")

    trial = Trial(Server("http://127.0.0.1", ODD_KEY, httpx.MockTransport(broken)), JUDGE, ODD_KEY, "make contract")
    with pytest.raises(ContractViolation) as violation:
        trial.send(Purpose("a rule", "a sentence", "kept"), Request("POST", "/contact/x/message"), None)
    assert "Kb+Bq7" not in f"{violation.value}{violation.value.details}"


PURPOSE = Purpose("a rule", "a sentence", "kept", "a name")
REQUEST = Request("POST", "/contact/x/message")
WRONG_KEY = {"success": False, "error": "Invalid API KEY Group"}


class Scripted:
    """A server that answers as a script says: a status, an error to raise, or a whole response."""

    def __init__(self, *script: int | Exception | httpx.Response) -> None:
        self._script = list(script)
        self.requests = 0
        self.waits: list[float] = []

    def __call__(self, _: httpx.Request) -> httpx.Response:
        self.requests += 1
        step = self._script.pop(0) if len(self._script) > 1 else self._script[0]
        if isinstance(step, Exception):
            raise step
        return step if isinstance(step, httpx.Response) else httpx.Response(step, json=WRONG_KEY)

    def trial(self) -> Trial:
        return Trial(Server("http://a", ODD_KEY, httpx.MockTransport(self), self.waits.append), JUDGE, ODD_KEY, "make")


def send(trial: Trial) -> int:
    return trial.send(PURPOSE, REQUEST, frozenset([401])).status


CLOSED = [httpx.RemoteProtocolError("Server disconnected without sending a response."), httpx.ReadError("reset")]


@pytest.mark.parametrize("error", CLOSED, ids=str)
def test_a_connection_that_was_closed_without_notice_is_tried_once_on_a_new_one(error: Exception) -> None:
    server = Scripted(401, error, 401, error, error)
    trial = server.trial()
    assert [401, 401] == [send(trial), send(trial)]
    with pytest.raises(NoAnswer, match="the connection was closed before the answer had come"):
        send(trial)
    assert 5 == server.requests


def test_an_answer_that_does_not_come_is_no_violation() -> None:
    """It counts for no rule, and names the request that it did not come to."""
    trial = Scripted(httpx.ReadTimeout("")).trial()
    with pytest.raises(NoAnswer, match="no answer in 10 s") as silence:
        send(trial)
    assert "a name" == silence.value.details["name"]
    assert {} == trial.take_counters()


def test_a_server_that_went_away_gets_nothing_more() -> None:
    server = Scripted(401, httpx.ReadTimeout(""), 401, httpx.ConnectError("refused"))
    trial = server.trial()
    for status in (401, None, 401, None, None, None):
        if status:
            assert status == send(trial)
        else:
            with pytest.raises(NoAnswer):
                send(trial)
    before = server.requests
    with pytest.raises(ServerGone, match="no answer to 3 requests"):
        send(trial)
    assert before == server.requests


@pytest.mark.parametrize(("header", "seconds"), [("7", 7.0), ("nonsense", 60.0), (None, 60.0)])
def test_a_429_in_the_middle_is_waited_out(header: str | None, seconds: float) -> None:
    limited = httpx.Response(429, headers={"retry-after": header} if header else {})
    server = Scripted(401, limited, limited, 401)
    trial = server.trial()
    assert [401, 401] == [send(trial), send(trial)]
    assert [seconds] * 2 == server.waits


@pytest.mark.parametrize("header", ["3600", "0"])
def test_a_server_that_limits_without_end_gives_no_answer(header: str) -> None:
    server = Scripted(httpx.Response(429, headers={"retry-after": header}))
    with pytest.raises(NoAnswer, match="429"):
        send(server.trial())
    assert server.requests <= 5


def test_what_is_shown_by_requests_at_once_is_replayed_by_requests_at_once() -> None:
    """The server is wrong only while two requests are under way, each over a connection of its own."""
    under_way: list[int] = []

    async def wrong_at_once(_: httpx.Request) -> httpx.Response:
        under_way.append(1)
        await asyncio.sleep(0.01)
        response = httpx.Response(500 if len(under_way) > 1 else 401, json=WRONG_KEY)
        await asyncio.sleep(0.01)
        under_way.pop()
        return response

    server = Server("http://a", ODD_KEY, httpx.MockTransport(Scripted(401)), connect=lambda: both(wrong_at_once))
    trial = Trial(server, JUDGE, ODD_KEY, "make")
    refused = frozenset({401})
    with pytest.raises(ContractViolation) as violation:
        trial.send_at_once(PURPOSE, [REQUEST, REQUEST], [refused, refused])
    assert 2 == len(violation.value.details["requests"])
    assert Replay.of_word(violation.value.word).at_once
    with pytest.raises(ContractViolation, match="HTTP 500"):
        trial.replay(violation.value.word)


def both(handler: object) -> httpx.MockTransport:
    """A transport of a coroutine function, which httpx's types know as one of sync functions."""
    return httpx.MockTransport(handler)  # type: ignore[arg-type]
