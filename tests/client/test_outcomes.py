"""However a server fails, a call ends in one of three outcomes, and never sends a message twice."""

from __future__ import annotations

import asyncio
import itertools
import json
import os
import re
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import httpx
import pytest
from hypothesis import HealthCheck, given, note, settings
from hypothesis import strategies as st

from tests.support.fault_server import FAULTS, FaultServer, faults
from ventia_client import Client, errors
from ventia_client.api.interactions import create_message
from ventia_client.models import ChannelMessage, MessageQueued, MessageSent

CONTACT = "66f1a2b33c4d5e0067f8a9b0"
KINDS = ["refuse", *(name for name, _ in FAULTS)]
RETRIED = {"refuse", *(name for name in KINDS if name.startswith("limited"))} - {"limited_long"}
"""Faults after which the message was provably not sent, and another attempt is made."""

SENDS = int(os.environ.get("SENDS", "300"))
"""How many messages are sent through random faults at the least."""

numbers = itertools.count()


@pytest.fixture(scope="module")
def server() -> Iterator[FaultServer]:
    with faults() as server:
        yield server


class Schedules:
    """The faults that the attempts of each message run into, by its `localId`; then comes `ok`."""

    def __init__(self, server: FaultServer, schedules: dict[str, list[str]]) -> None:
        self._ports = server.ports
        self._left = {name: list(schedule) for name, schedule in schedules.items()}

    def routed(self, request: httpx.Request, body: bytes) -> httpx.Request:
        left = self._left[json.loads(body)["localId"]]
        url = request.url.copy_with(port=self._ports[left.pop(0) if left else "ok"])
        return httpx.Request(
            request.method, url, headers=request.headers, stream=request.stream, extensions=request.extensions
        )


class Routes(httpx.BaseTransport):
    """Sends each attempt to the port of its fault."""

    def __init__(self, schedules: Schedules) -> None:
        self._schedules = schedules
        self._inner = httpx.HTTPTransport()

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        assert isinstance(request.stream, httpx.SyncByteStream)
        return self._inner.handle_request(self._schedules.routed(request, b"".join(request.stream)))

    def close(self) -> None:
        self._inner.close()


class AsyncRoutes(httpx.AsyncBaseTransport):
    """Routes for asyncio."""

    def __init__(self, schedules: Schedules) -> None:
        self._schedules = schedules
        self._inner = httpx.AsyncHTTPTransport()

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        assert isinstance(request.stream, httpx.AsyncByteStream)
        body = b"".join([part async for part in request.stream])
        return await self._inner.handle_async_request(self._schedules.routed(request, body))

    async def aclose(self) -> None:
        await self._inner.aclose()


Outcome = MessageSent | MessageQueued | errors.VentiaError


def send_all(
    server: FaultServer,
    schedules: dict[str, list[str]],
    *,
    timeout: float = 0.3,
    deadline: float = 1.0,
    retries: int = 3,
) -> dict[str, Outcome]:
    """Send a message for each schedule, every other one awaited, all at once; what each call ended in."""
    shared = Schedules(server, schedules)
    client = Client(
        "AAAAAAA-BBBBBBB-CCCCCCC-DDDDDDD",
        base_url="http://127.0.0.1:1/api",
        rate_limit=None,
        transport=Routes(shared),
        async_transport=AsyncRoutes(shared),
        timeout=timeout,
        deadline=deadline,
        retries=retries,
        backoff=0.02,
    )
    names = list(schedules)

    def message(name: str) -> ChannelMessage:
        return ChannelMessage("656b0e1f8e5a2c001f3a9d12", text="Hi!", local_id=name)

    def waiting(name: str) -> Outcome:
        try:
            return create_message.sync(CONTACT, client=client, body=message(name))
        except errors.VentiaError as error:
            return error

    async def awaiting(name: str) -> Outcome:
        try:
            return await create_message.asyncio(CONTACT, client=client, body=message(name))
        except errors.VentiaError as error:
            return error

    async def all_awaiting() -> list[Outcome]:
        async with client.get_async_httpx_client():  # of this event loop
            return await asyncio.gather(*map(awaiting, names[1::2]))

    with client, ThreadPoolExecutor(len(names) + 1) as pool:
        awaited = pool.submit(asyncio.run, all_awaiting())
        waited = list(pool.map(waiting, names[::2]))
        return dict(zip(names[::2], waited, strict=True)) | dict(zip(names[1::2], awaited.result(), strict=True))


def judge(server: FaultServer, name: str, outcome: Outcome) -> None:
    taken = server.taken[name]
    assert taken <= 1, "a message was taken twice"
    if isinstance(outcome, MessageSent | MessageQueued):
        assert 1 == taken, "a success was returned, and the server took nothing"
    elif outcome.outcome == "not_sent":
        assert 0 == taken, f"{outcome!r} says not_sent, and the server took the message"
    else:
        assert "unknown" == outcome.outcome


unsent = st.lists(st.sampled_from(sorted(RETRIED)), max_size=3)
schedules = st.lists(st.tuples(unsent, st.sampled_from(KINDS)).map(lambda drawn: [*drawn[0], drawn[1]]), min_size=100)


@pytest.mark.soak
@given(drawn=schedules)
@settings(max_examples=SENDS // 100, deadline=None, suppress_health_check=list(HealthCheck))
def test_no_message_is_sent_twice_whatever_fails(server: FaultServer, drawn: list[list[str]]) -> None:
    """Messages through randomly drawn faults: no fourth outcome, no double send, no false word of delivery."""
    planned = {str(next(numbers)): schedule for schedule in drawn}
    for name, outcome in send_all(server, planned).items():
        note(f"{planned[name]} -> {outcome!r}")
        judge(server, name, outcome)


ENDINGS = {
    "ok": MessageSent,
    "queued": MessageQueued,
    "refuse": errors.Unreachable,
    "html_401": errors.InvalidApiKey,
    "status_400": errors.InvalidRequestBody,
    "half_refusal": errors.InvalidRequestBody,
    "status_403": errors.UnexpectedRefusal,
    "status_409": errors.SessionNotOnline,
    "status_500": errors.InternalServerError,
    **dict.fromkeys((kind for kind in KINDS if kind.startswith("limited")), errors.RateLimitExceeded),
    **dict.fromkeys(
        ["html_502", "status_520", "status_999", "status_504", "status_408", "status_201", "redirect"],
        errors.UnexpectedAnswer,
    ),
    **dict.fromkeys(
        (
            "half",
            "cut_after_the_json",
            "slow_body",
            "endless_body",
            "false_gzip",
            "ok_html",
            "ok_empty",
            "ok_null",
            "ok_latin",
            "ok_deep",
        ),
        errors.UnreadableAnswer,
    ),
    **dict.fromkeys(
        ("ok_without_id", "ok_null_id", "ok_false", "queued_one"),
        errors.UnreadableAnswer,
    ),
    **dict.fromkeys(
        ("hang_unread", "hang_read", "reset_unread", "reset_read", "close_read", "half_head", "no_http"),
        errors.DeliveryUnknown,
    ),
    **dict.fromkeys(
        ("false_redirect",),
        errors.DeliveryUnknown,
    ),
}


@pytest.fixture(scope="module")
def endings(server: FaultServer) -> dict[str, list[Outcome]]:
    """What two calls into each fault end in, one waiting and one awaited, without retries."""
    found = send_all(
        server, {f"{kind} {way}": [kind] for kind in KINDS for way in "ab"}, timeout=1, deadline=4, retries=0
    )
    return {kind: [found[f"{kind} {way}"] for way in "ab"] for kind in KINDS}


@pytest.mark.parametrize("kind", KINDS)
def test_a_fault_ends_a_call_in_its_own_way(kind: str, server: FaultServer, endings: dict[str, list[Outcome]]) -> None:
    assert [ENDINGS[kind]] * 2 == [type(ending) for ending in endings[kind]]
    for way, ending in zip("ab", endings[kind], strict=True):
        judge(server, f"{kind} {way}", ending)


@pytest.mark.parametrize("kind", KINDS)
def test_only_what_was_provably_not_sent_is_tried_again(kind: str, server: FaultServer) -> None:
    name = f"{kind} again"
    [outcome] = send_all(server, {name: [kind, "queued"]}).values()
    assert (kind in RETRIED or kind == "queued") == isinstance(outcome, MessageQueued), outcome
    judge(server, name, outcome)


def test_no_retries_are_made_where_none_are_wanted(server: FaultServer) -> None:
    before = server.requests["limited"]
    [outcome] = send_all(server, {"off": ["limited"]}, retries=0).values()
    assert isinstance(outcome, errors.RateLimitExceeded)
    assert 1 == server.requests["limited"] - before


def test_retries_end_after_as_many_as_are_wanted(server: FaultServer) -> None:
    before = server.requests["limited"]
    [outcome] = send_all(server, {"two": ["limited"] * 9}, retries=2).values()
    assert isinstance(outcome, errors.RateLimitExceeded)
    assert 3 == server.requests["limited"] - before


@pytest.mark.parametrize("kind", ["limited_long", "slow_body", "endless_body", "hang_read"])
def test_a_call_ends_by_its_deadline(kind: str, server: FaultServer) -> None:
    began = time.monotonic()
    send_all(server, {f"{kind} late": [kind]}, timeout=30, deadline=1)
    assert time.monotonic() - began < 5  # many times a deadline, for a busy machine


def test_an_error_carries_the_answer(endings: dict[str, list[Outcome]]) -> None:
    [offline, _] = endings["status_409"]
    assert isinstance(offline, errors.AnswerError)
    assert (409, "Not online", None) == (offline.status_code, offline.error, offline.details)
    assert b"Not online" in offline.response.content
    assert "409 Not online" == str(offline)
    [gateway, _] = endings["html_502"]
    assert isinstance(gateway, errors.AnswerError)
    assert (502, None, None) == (gateway.status_code, gateway.error, gateway.details)
    assert "502 Bad Gateway" == str(gateway)


def test_errors_are_what_their_outcome_says(endings: dict[str, list[Outcome]]) -> None:
    for ending in itertools.chain.from_iterable(endings.values()):
        if isinstance(ending, errors.VentiaError):
            kind = {"not_sent": errors.NotSent, "unknown": errors.DeliveryUnknown}[ending.outcome]
            assert isinstance(ending, kind)
            assert isinstance(ending, errors.NotSent) != isinstance(ending, errors.DeliveryUnknown)


def test_a_server_error_that_was_never_listed_is_unexpected_and_unknown(endings: dict[str, list[Outcome]]) -> None:
    [ending, _] = endings["status_520"]
    assert isinstance(ending, errors.UnexpectedStatus)
    assert "520 with a status that HTTP does not know" == re.sub(r"\s+", " ", str(ending))


def told(error: errors.VentiaError) -> str:
    match error:
        case errors.SessionNotOnline(status, said, details):
            return f"{status} {said} {details}"
        case errors.InvalidMessage(field, rule):
            return f"{field} {rule}"
        case errors.AnswerError(status_code=status):
            return str(status)
        case errors.VentiaError(outcome=outcome):
            return outcome


def test_errors_can_be_matched(endings: dict[str, list[Outcome]]) -> None:
    found = [told(endings[kind][0]) for kind in ("status_409", "html_502", "refuse", "hang_read")]  # type: ignore[arg-type]  # they are errors
    assert ["409 Not online None", "502", "not_sent", "unknown"] == found
    assert "idcontact a rule" == told(errors.InvalidMessage([("idcontact", "a rule")]))
