"""Errors that programs can use: in job queues and result stores, in logs, and in metrics."""

from __future__ import annotations

import json
import logging
import pickle
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.support.fault_server import FaultServer, faults
from ventia_client import Client, RateLimit, errors
from ventia_client.api.interactions import create_message
from ventia_client.events import Attempt
from ventia_client.ledger import Ledger
from ventia_client.models import ChannelMessage, MessageSent

KEY = "AAAAAAA-BBBBBBB-CCCCCCC-DDDDDDD"
CONTACT = "66f1a2b33c4d5e0067f8a9b0"
MESSAGE = ChannelMessage("656b0e1f8e5a2c001f3a9d12", text="A text that no log shows")
SUCCESS = {"success": True, "interactionId": "66f3a9b11c4d8e0023b7c9a1"}
LONG = "x" * 5000


@pytest.fixture(scope="module")
def server() -> Iterator[FaultServer]:
    with faults() as server:
        yield server


def refused(status: int, **body: object) -> httpx.MockTransport:
    return httpx.MockTransport(lambda _: httpx.Response(status, json={"success": False, **body}))


def ending(transport: httpx.BaseTransport | None = None, once: str | None = None, **settings: Any) -> Any:
    """What a call returns or raises."""
    options = {
        "base_url": "http://127.0.0.1:1",
        "rate_limit": None,
        "retries": 0,
        "backoff": 0.001,
        "timeout": 0.3,
        "deadline": 2,
        **settings,
    }
    with Client(KEY, transport=transport, **options) as client:
        try:
            return create_message.sync(CONTACT, client=client, body=MESSAGE, once=once)
        except errors.VentiaError as error:
            return error


def unreachable(_: httpx.Request) -> httpx.Response:
    raise httpx.ConnectError("nobody listens")


def broken(_: httpx.Request) -> httpx.Response:
    raise httpx.ReadError("broken off")


ENDINGS: dict[str, tuple[Callable[[], Any], bool]] = {
    "no connection": (lambda: ending(httpx.MockTransport(unreachable)), True),
    "deadline": (lambda: ending(deadline=1e-9), True),
    "too many requests": (lambda: ending(refused(429, error="Too Many Requests")), True),
    "a wrong key": (lambda: ending(refused(401, error="Invalid API KEY Group")), False),
    "an offline session": (lambda: ending(refused(409, error="Personal WhatsApp session is not online")), False),
    "an invalid body": (lambda: ending(refused(400, error="Invalid request body", details="a: b")), False),
    "an unknown refusal": (lambda: ending(refused(403)), False),
    "a server error": (lambda: ending(refused(500, error="Internal Server Error", details=LONG)), False),
    "a broken connection": (lambda: ending(httpx.MockTransport(broken)), False),
    "an answer that is no JSON": (lambda: ending(httpx.MockTransport(lambda _: httpx.Response(200, text=LONG))), False),
}
every_ending = pytest.mark.parametrize("name", ENDINGS)


@every_ending
def test_an_error_says_whether_waiting_may_help(name: str) -> None:
    call, is_transient = ENDINGS[name]
    assert is_transient is call().is_transient


def test_no_unknown_outcome_is_transient() -> None:
    """Or a job queue that sends again what is transient would send it twice."""
    assert not [
        each
        for each in [getattr(errors, name) for name in errors.__all__]
        if issubclass_of_unknown(each) and each.is_transient
    ]


def issubclass_of_unknown(value: Any) -> bool:
    return isinstance(value, type) and issubclass(value, errors.DeliveryUnknown)


@every_ending
def test_an_error_is_made_again_from_what_a_store_of_results_keeps(name: str) -> None:
    """As Celery does with JSON: the module and name of the class, and `args`."""
    error = ENDINGS[name][0]()
    again = type(error)(*json.loads(json.dumps(error.args)))
    for attribute in ("outcome", "is_transient", "status_code", "error", "details"):
        assert getattr(error, attribute, None) == getattr(again, attribute, None)
    assert str(error) == str(again)
    assert repr(error) == repr(again)


@every_ending
def test_an_error_survives_pickle_with_its_answer(name: str) -> None:
    error = ENDINGS[name][0]()
    again = pickle.loads(pickle.dumps(error))  # noqa: S301 - its own
    assert (type(error), str(error), error.args) == (type(again), str(again), again.args)
    if isinstance(error, errors.AnswerError):
        assert error.response == again.response


@every_ending
def test_a_repr_is_short(name: str) -> None:
    assert len(repr(ENDINGS[name][0]())) < 400


def test_the_cause_of_the_callers_own_transport_is_kept() -> None:
    own = RuntimeError(f"my proxy said no to {KEY}")

    def raising(_: httpx.Request) -> httpx.Response:
        raise httpx.ConnectError("no proxy") from own

    error = ending(httpx.MockTransport(raising))
    assert isinstance(error, errors.Unreachable)
    assert error.__cause__ is not None
    assert own is error.__cause__.__cause__
    assert ("my proxy said no to ***",) == own.args


def test_each_attempt_is_an_event(server: FaultServer) -> None:
    seen: list[Attempt] = []
    for name in ("refuse", "status_409", "hang_read", "ok"):
        ending(base_url=f"http://127.0.0.1:{server.ports[name]}", retries=1, on_attempt=seen.append)
    assert [1, 2, 1, 1, 1] == [each.number for each in seen]
    assert [None, None, 409, None, 200] == [each.status_code for each in seen]
    assert ["ConnectError", "ConnectError", None, "ReadTimeout", None] == [each.error for each in seen]
    assert [False, False, False, True, True] == [each.may_be_sent for each in seen]
    assert [True, False, False, False, False] == [each.retry_in is not None for each in seen]
    assert seen[3].seconds >= 0.3


def test_a_wait_for_the_rate_limit_is_no_part_of_an_attempt() -> None:
    seen: list[Attempt] = []
    transport = httpx.MockTransport(lambda _: httpx.Response(200, json=SUCCESS))
    with Client(
        "a key of this test", transport=transport, rate_limit=RateLimit(1, 0.3), on_attempt=seen.append
    ) as client:
        for _ in range(2):
            create_message.sync(CONTACT, client=client, body=MESSAGE)
    assert 2 == len(seen)
    assert seen[1].seconds < 0.3


def test_an_error_in_the_hook_is_logged_and_changes_nothing(caplog: pytest.LogCaptureFixture) -> None:
    """Or a message that was sent would look as if it was not."""

    def failing(_: Attempt) -> None:
        raise ZeroDivisionError("of the metrics")

    sent = ending(httpx.MockTransport(lambda _: httpx.Response(200, json=SUCCESS)), on_attempt=failing)
    assert isinstance(sent, MessageSent)
    assert "ZeroDivisionError: of the metrics" in caplog.text


def lines(caplog: pytest.LogCaptureFixture) -> list[tuple[int, str]]:
    return [(level, text) for name, level, text in caplog.record_tuples if name == "ventia_client"]


def test_further_attempts_and_unknown_outcomes_are_logged(
    server: FaultServer, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    for name in ("refuse", "status_500", "hang_read", "ok_html", "status_409", "ok"):
        ending(base_url=f"http://127.0.0.1:{server.ports[name]}", retries=1)
    again, *unknown = lines(caplog)
    assert logging.WARNING == again[0]
    assert "attempt 1 ended in ConnectError: another in 0.00 s" == again[1]
    assert [logging.WARNING] * 3 == [level for level, _ in unknown]
    assert all("the outcome is unknown" in text for _, text in unknown)
    assert ["500", "ReadTimeout", "200"] == [
        next(word for word in ("500", "ReadTimeout", "200") if word in text) for _, text in unknown
    ]


@pytest.mark.parametrize(
    ("transport", "said"),
    [
        (
            httpx.MockTransport(lambda _: httpx.Response(200, text=LONG)),
            "answered 200, and the answer could not be read",
        ),
        (httpx.MockTransport(lambda _: httpx.Response(201, json=SUCCESS)), "answered 201"),
        (httpx.MockTransport(lambda _: httpx.Response(500, text=LONG)), "answered 500"),
        (httpx.MockTransport(broken), "ReadError after the request began to go out"),
    ],
)
def test_a_line_of_an_unknown_outcome_says_why_and_which_message(
    transport: httpx.BaseTransport, said: str, caplog: pytest.LogCaptureFixture, tmp_path: Path
) -> None:
    assert isinstance(ending(transport), errors.DeliveryUnknown)
    assert isinstance(ending(transport, once="order-1042", ledger=Ledger(tmp_path / "l")), errors.DeliveryUnknown)
    [without, keyed] = [text for _, text in lines(caplog)]
    assert without.endswith(said)
    assert f"{without} (once='order-1042')" == keyed


def test_no_line_holds_a_key_or_a_text_of_the_message(server: FaultServer, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    for name in server.ports:
        if "hang" not in name and "slow" not in name:
            ending(base_url=f"http://127.0.0.1:{server.ports[name]}", retries=1)
    assert len(lines(caplog)) > 10
    assert KEY not in caplog.text
    assert "A text that no log shows" not in caplog.text


def test_the_hook_runs_in_the_thread_of_the_call() -> None:
    threads: list[int] = []
    ending(refused(409), on_attempt=lambda _: threads.append(threading.get_ident()))
    assert [threading.get_ident()] == threads


class RetryingAlone(httpx.BaseTransport):
    """A transport of the caller's that tries again by itself, through one of httpx and one of its own."""

    def __init__(self, *ports: int) -> None:
        self._ports = list(ports)
        self._inner = httpx.HTTPTransport()

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        for port in self._ports:
            url = request.url.copy_with(port=port)
            again = httpx.Request(
                request.method, url, headers=request.headers, stream=request.stream, extensions=request.extensions
            )
            try:
                return self._inner.handle_request(again)
            except httpx.TransportError as error:
                last = error
        raise last


def test_what_a_transport_sent_before_it_tried_again_by_itself_is_unknown(server: FaultServer) -> None:
    transport = RetryingAlone(server.ports["hang_read"], server.ports["refuse"])
    assert isinstance(ending(transport, retries=3), errors.DeliveryUnknown)
    assert isinstance(ending(RetryingAlone(server.ports["refuse"])), errors.Unreachable)


class Splitting(httpx.BaseTransport):
    """A transport of the caller's that sends in a way of its own, and has one of httpx for other hosts."""

    def __init__(self) -> None:
        self._others = httpx.HTTPTransport()

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        raise httpx.ReadTimeout("after it went out", request=request)


def test_what_a_transport_sends_in_its_own_way_may_have_gone_out() -> None:
    assert isinstance(ending(Splitting(), retries=3), errors.DeliveryUnknown)
