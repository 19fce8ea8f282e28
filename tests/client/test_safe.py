"""Calls whose method is safe, such as GET: they send nothing, so that they are repeated, and no outcome is unknown."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from typing import Any

import pytest

from tests.support.raw_server import Connection, answer, serving
from ventia_client import Client, errors
from ventia_client._runtime.answers import Answers, Documented, read, success
from ventia_client.client import send, send_async
from ventia_client.types import Response

Step = Callable[[Connection], None]

OK = answer(value={"success": True})
ANSWERS = Answers(
    {"200": Documented("application/json"), "500": Documented("application/json", refused=errors.Refused)}, is_safe=True
)


def steps(*each: Step) -> Callable[[Connection], None]:
    """A handler that does one thing after another with the requests that come; the last again and again."""
    left = list(each)

    def handle(connection: Connection) -> None:
        while connection.read():
            (left.pop(0) if len(left) > 1 else left[0])(connection)

    return handle


def sends(*parts: bytes) -> Step:
    return lambda connection: connection.send(*parts)


def resets(connection: Connection) -> None:
    connection.reset()


def breaks_off(connection: Connection) -> None:
    connection.send(OK[:-5])
    connection.reset()


def got(url: str, method: str = "get", *, awaited: bool = False, **settings: Any) -> Any:
    """What a call returns."""

    def answered(response: Response[Any]) -> Any:
        answers = ANSWERS._replace(is_safe=method == "get")
        return success(read(response, answers, lambda each: each.json()), answers)

    async def awaiting() -> Any:
        async with Client("key-of-the-test", base_url=url, rate_limit=None, backoff=0.01, **settings) as client:
            return await send_async(client, {"method": method, "url": "/x"}, answered, None, None)

    if awaited:
        return asyncio.run(awaiting())
    with Client("key-of-the-test", base_url=url, rate_limit=None, backoff=0.01, **settings) as client:
        return send(client, {"method": method, "url": "/x"}, answered, None, None)


@pytest.mark.parametrize("awaited", [False, True])
@pytest.mark.parametrize("first", [resets, breaks_off, sends(answer("503 Busy", {})), sends(b"nonsense\r\n\r\n")])
def test_a_get_is_tried_again(first: Step, *, awaited: bool) -> None:
    with serving(steps(first, first, sends(OK))) as server:
        assert {"success": True} == got(f"http://127.0.0.1:{server.port}", awaited=awaited)


@pytest.mark.parametrize(
    ("last", "kind"),
    [
        (resets, errors.Unreachable),
        (sends(answer("500 Sorry", {})), errors.Refused),
        (sends(answer("502 Bad", {})), errors.UnexpectedRefusal),
        (sends(answer("200 OK", b"no JSON")), errors.UnreadableRead),
    ],
)
def test_whatever_becomes_of_a_get_nothing_was_sent(last: Step, kind: type[errors.VentiaError]) -> None:
    with serving(steps(last)) as server, pytest.raises(kind) as raised:
        got(f"http://127.0.0.1:{server.port}", retries=1)
    assert isinstance(raised.value, errors.NotSent)
    assert "not_sent" == raised.value.outcome
    assert "may have been sent" not in str(raised.value)
    assert raised.value.is_transient == (kind is not errors.UnreadableRead)


def test_a_get_is_repeated_only_within_its_deadline() -> None:
    began = time.monotonic()
    busy = steps(sends(answer("503 Busy", {}, "Retry-After: 60")))
    with serving(busy) as server, pytest.raises(errors.UnexpectedRefusal):
        got(f"http://127.0.0.1:{server.port}", deadline=5.0)
    assert time.monotonic() - began < 4


def test_a_long_answer_of_a_get_is_read_whole() -> None:
    value = ["x" * 1000] * 1000
    with serving(steps(sends(answer(value=value)))) as server:
        assert value == got(f"http://127.0.0.1:{server.port}")


@pytest.mark.parametrize("last", [resets, sends(answer("503 Busy", {}))])
def test_a_post_is_not_repeated_after_it_went_out(last: Step) -> None:
    with serving(steps(last, sends(OK))) as server, pytest.raises(errors.DeliveryUnknown):
        got(f"http://127.0.0.1:{server.port}", "post")
