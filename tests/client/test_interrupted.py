"""What a program raises inside a call comes out of it unchanged, with a note of what is known of the message."""

from __future__ import annotations

import asyncio
import re
import signal
import threading
import time
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import httpx
import pytest
import respx
import trio
from pytest_httpx import HTTPXMock

from tests.support.callers import CONTACT, KEY, Awaiting, Outcome, Waiting, awaited, calling, judge, message, sync
from tests.support.interruptions import MOMENT, NOTHING, PERHAPS, PLACES, PLACES_OF_SIGNALS, Place, ringing, waiting_at
from tests.support.raw_server import AT_ONCE, REFUSED, Connection, Gate, RawServer, answer, serving
from tests.support.stride import paired, thinned
from ventia_client import Client, errors
from ventia_client.api.interactions import create_message
from ventia_client.models import MessageSent

each_way = pytest.mark.parametrize("way", ["sync", "async"])


class TimeIsUp(Exception):
    """What a job queue raises in a job that takes too long."""


RAISED = [TimeIsUp, TimeoutError, ConnectionError, OSError, KeyboardInterrupt, SystemExit]


def raised(call: Callable[[], object]) -> BaseException:
    """What a call raises; fails if it returns, or ends as an error of the client."""
    try:
        returned = call()
    except BaseException as error:
        return error
    pytest.fail(f"it is swallowed, and the call ends as {returned!r}")


def check_note(known: str, error: BaseException) -> None:
    """Fail unless an error's notes say what is known of a message, and nothing else, and no key."""
    notes = "\n".join(getattr(error, "__notes__", []))
    assert re.search(known, notes), f"the notes are {notes!r}"
    for other in {NOTHING, PERHAPS} - set(known.split("|")):
        assert other not in notes
    assert KEY not in notes


def client_at(place: Place, url: str) -> Client:
    return Client(KEY, base_url=url, **{"rate_limit": None, "timeout": 30, "deadline": 40, **place.settings})


@thinned
@pytest.mark.parametrize(("name", "kind"), paired(PLACES_OF_SIGNALS, RAISED))
def test_what_the_handler_of_a_signal_raises_comes_out_unchanged(name: str, kind: type[BaseException]) -> None:
    place, error = PLACES_OF_SIGNALS[name], kind("by the test")
    with waiting_at(place) as (server, url), client_at(place, url) as client:
        for number in range(place.before):
            sync(client, f"before {number}")
        with ringing(error, server.reached, place.moment):
            caught = raised(lambda: sync(client, "one", place.size))
    assert caught is error
    assert ("by the test",) == caught.args
    check_note(place.known, caught)


Interrupt = Callable[[Awaitable[Any], Awaitable[None]], Awaitable[None]]
"""What interrupts a call at a moment."""


async def at(place: Place, client: Client, reached: threading.Event, interrupt: Interrupt) -> BaseException:
    """What a call sees that is awaited in a place, and interrupted there."""
    seen: list[BaseException] = []

    async def call() -> object:
        try:
            return await create_message.asyncio(CONTACT, client=client, body=message("one", place.size))
        except errors.VentiaError as error:
            return error
        except BaseException as error:
            seen.append(error)
            raise

    async with client:
        for number in range(place.before):
            await create_message.asyncio(CONTACT, client=client, body=message(f"before {number}"))
        await interrupt(call(), moment(reached, place.moment))
    assert seen, "it is swallowed"
    return seen[0]


async def cancelled(call: Awaitable[Any], moment: Awaitable[None]) -> None:
    """Cancel a call where it waits."""
    task = asyncio.ensure_future(call)
    await moment
    task.cancel("by the test")
    with pytest.raises(asyncio.CancelledError, match="by the test"):
        await task
    assert task.cancelled()


async def timed_out(call: Awaitable[Any], moment: Awaitable[None]) -> None:
    """Let the time that a program has for a call end where it waits."""
    timeout = asyncio.timeout(None)
    watching = asyncio.ensure_future(moment)
    watching.add_done_callback(lambda _: timeout.reschedule(0))
    with pytest.raises(TimeoutError):
        async with timeout:
            await call


async def moment(reached: threading.Event, seconds: float = MOMENT) -> None:
    """Come a moment after a place was reached."""
    until = time.monotonic() + 5
    while not reached.is_set() and time.monotonic() < until:  # noqa: ASYNC110 - it is set in another thread
        await asyncio.sleep(0.002)
    await asyncio.sleep(seconds)


@pytest.mark.parametrize("interrupt", [cancelled, timed_out])
@pytest.mark.parametrize("name", PLACES)
def test_a_cancellation_comes_out_with_a_note(name: str, interrupt: Interrupt) -> None:
    place = PLACES[name]
    with waiting_at(place) as (server, url):
        caught = asyncio.run(at(place, client_at(place, url), server.reached, interrupt))
    assert isinstance(caught, asyncio.CancelledError)
    check_note(place.known, caught)


def test_an_interrupted_program_with_an_event_loop_ends() -> None:
    """SIGINT cancels the main task, and `asyncio.run` makes a KeyboardInterrupt of it."""
    place = PLACES["wait for an answer"]

    async def interrupt(call: Awaitable[Any], moment: Awaitable[None]) -> None:
        asyncio.ensure_future(moment).add_done_callback(lambda _: signal.raise_signal(signal.SIGINT))
        await call

    with waiting_at(place) as (server, url), pytest.raises(KeyboardInterrupt):
        asyncio.run(at(place, client_at(place, url), server.reached, interrupt))


@each_way
def test_an_answer_after_an_interruption_is_not_the_next_messages(way: str) -> None:
    """The server refuses what was interrupted, late, and takes what comes next."""
    interrupted = threading.Event()

    def handler(connection: Connection) -> None:
        while request := connection.read():
            if request.local_id == "interrupted":
                server.reached.set()
                interrupted.wait(5)
                connection.send(answer("400 Bad Request", REFUSED))
            else:
                server.taken[request.local_id] += 1
                connection.send(answer())

    with serving(handler) as server, calling(way, server.url) as caller:
        caller.call("before")
        interrupt(caller, server)
        interrupted.set()
        time.sleep(0.05)
        outcome = caller.call("after")
        assert 2 == server.accepted
    assert isinstance(outcome, MessageSent)
    judge(server, "after", outcome)


def interrupt(caller: Waiting | Awaiting, server: RawServer) -> None:
    """Interrupt a call that waits for its answer."""
    if isinstance(caller, Waiting):
        with ringing(TimeIsUp(), server.reached), pytest.raises(TimeIsUp):
            caller.call("interrupted")
    else:
        caller.runner.run(cancelled(awaited(caller.client, "interrupted"), moment(server.reached)))


def all_at_once(client: Client, gate: Gate, name: str) -> None:
    """Fail unless as many calls as ever can be under way at the same time."""
    gate.close()
    with ThreadPoolExecutor(AT_ONCE) as pool:
        outcomes = list(pool.map(lambda number: sync(client, f"{name} {number}"), range(AT_ONCE)))
    gate.is_closed = False
    assert [] == [outcome for outcome in outcomes if not isinstance(outcome, MessageSent)]


@pytest.mark.parametrize("kind", [TimeIsUp, KeyboardInterrupt])
@pytest.mark.parametrize("name", ["wait for an answer", "head", "body"])
def test_interrupted_calls_leave_no_connection_behind(name: str, kind: type[BaseException]) -> None:
    """More of them than httpx has connections."""
    gate, opened = Gate(keeps=True), threading.Event()

    def handler(connection: Connection) -> None:
        (gate if opened.is_set() else PLACES[name].handler)(connection)

    with serving(handler) as server, Client(KEY, base_url=server.url, rate_limit=None, timeout=5, retries=0) as client:
        for number in range(AT_ONCE + 5):
            server.reached.clear()
            error = kind()
            with ringing(error, server.reached, 0.002):
                assert error is raised(lambda: sync(client, f"interrupted {number}"))  # noqa: B023 - it is called at once
        opened.set()
        all_at_once(client, gate, "after")
        client.close()
        until = time.monotonic() + 3
        while server.open and time.monotonic() < until:
            time.sleep(0.01)
        assert 0 == server.open, "a connection is left open"
    assert 1 == max(server.taken.values())


class Mine(Exception):
    """An error of the caller's own."""


class Raising(httpx.BaseTransport, httpx.AsyncBaseTransport):
    """A transport that raises an error in the place of sending."""

    def __init__(self, error: Exception, cause: Exception | None = None) -> None:
        self._error, self._cause = error, cause

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        if self._cause is not None:
            self._cause.args = (f"while sending to {request.url}",)
            raise self._error from self._cause
        raise self._error

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        return self.handle_request(request)


def ending(way: str, error: Exception, cause: Exception | None = None) -> Outcome:
    transport = Raising(error, cause)
    with calling(way, "http://ventia.test", retries=0, transport=transport, async_transport=transport) as caller:
        return caller.call("one")


@each_way
@pytest.mark.parametrize("error", [Mine("m"), AssertionError("not mocked"), RuntimeError("r"), LookupError("l")])
def test_what_a_transport_of_the_callers_own_raises_comes_out_unchanged(way: str, error: Exception) -> None:
    error = type(error)(*error.args)
    caught = raised(lambda: ending(way, error))
    assert caught is error
    check_note(f"{NOTHING}|{PERHAPS}", caught)


CAUSED = {
    httpx.ConnectError: errors.Unreachable,
    httpx.ConnectTimeout: errors.Unreachable,
    httpx.ReadError: errors.DeliveryUnknown,
    httpx.WriteTimeout: errors.DeliveryUnknown,
    httpx.RemoteProtocolError: errors.DeliveryUnknown,
}


@each_way
@pytest.mark.parametrize("kind", CAUSED)
def test_a_failure_of_the_transport_keeps_the_callers_own_cause(way: str, kind: type[httpx.TransportError]) -> None:
    """It says no key, and is not gone."""
    cause = Mine()
    outcome = ending(way, kind("failed"), cause)
    assert CAUSED[kind] is type(outcome)
    assert isinstance(outcome, errors.VentiaError)
    assert cause in causes(outcome)
    assert "while sending to http://ventia.test/contact" in str(cause)
    assert KEY not in "".join(f"{each} {each!r} {vars(each)}" for each in causes(outcome))


def causes(error: BaseException) -> list[BaseException]:
    found: list[BaseException] = []
    cause = error.__cause__
    while cause is not None:
        found.append(cause)
        cause = cause.__cause__
    return found


@each_way
def test_respx_says_what_is_not_mocked(way: str) -> None:
    """Its assertion is no outcome; a test would go on as if the network had failed."""
    with respx.mock(assert_all_called=False) as mock:
        mock.get("http://elsewhere.test/").respond(200)
        with calling(way, "http://ventia.test", retries=0) as caller:
            caught = raised(lambda: caller.call("one"))
    assert "AllMockedAssertionError" == type(caught).__name__
    assert "not mocked" in str(caught)
    assert KEY not in f"{caught} {caught!r} {caught.__notes__}"


@each_way
def test_respx_answers_what_is_mocked(way: str) -> None:
    with respx.mock as mock, calling(way, "http://ventia.test") as caller:
        route = mock.post(url__startswith=f"http://ventia.test/contact/{CONTACT}/message")
        route.respond(200, json={"success": True, "interactionId": "66f3a9b11c4d8e0023b7c9a1"})
        assert isinstance(caller.call("one"), MessageSent)
        assert 1 == route.call_count


@each_way
@pytest.mark.httpx_mock(assert_all_requests_were_expected=False)
def test_pytest_httpx_says_what_is_not_mocked(way: str, httpx_mock: HTTPXMock) -> None:
    """It raises the base class of httpx's timeouts, which no transport of httpx's does."""
    with calling(way, "http://ventia.test", retries=0) as caller:
        caught = raised(lambda: caller.call("one"))
    assert httpx.TimeoutException is type(caught)
    assert "No response can be found for POST request on http://ventia.test" in str(caught)
    assert KEY not in f"{caught} {caught!r} {caught.__notes__} {httpx_mock.get_requests()}"


@each_way
def test_pytest_httpx_answers_what_is_mocked(way: str, httpx_mock: HTTPXMock) -> None:
    httpx_mock.add_response(json={"success": True, "interactionId": "66f3a9b11c4d8e0023b7c9a1"})
    with calling(way, "http://ventia.test") as caller:
        assert isinstance(caller.call("one"), MessageSent)
    assert 1 == len(httpx_mock.get_requests())


def test_a_call_awaited_under_trio_says_that_it_needs_asyncio() -> None:
    with serving(Gate(keeps=True)) as server, Client(KEY, base_url=server.url) as client:

        async def main() -> None:
            await create_message.asyncio(CONTACT, client=client, body=message("one"))

        with pytest.raises(TypeError, match="asyncio"):
            trio.run(main)
    assert [] == server.requests
