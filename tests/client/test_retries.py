"""When another attempt is made: after what the service asks, or else after a random part of growing times."""

from __future__ import annotations

import itertools
import time
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import httpx
import pytest

from ventia_client import Client
from ventia_client._runtime.retries import LONGEST_PAUSE, Retries, retry_after
from ventia_client.api.interactions import create_message
from ventia_client.models import ChannelMessage, MessageSent

SUCCESS = {"success": True, "interactionId": "66f3a9b11c4d8e0023b7c9a1"}


def in_seconds(seconds: float) -> str:
    return format_datetime(datetime.now(UTC) + timedelta(seconds=seconds), usegmt=True)


PAST = "Thu, 01 Jan 2026 00:00:00 GMT"  # by the service's clock, which may differ


@pytest.mark.parametrize(
    ("asked", "seconds"),
    [("0", 0), ("7", 7), (" 7 ", 7), ("61", LONGEST_PAUSE), ("9" * 400, LONGEST_PAUSE)],
)
def test_retry_after_is_read_and_capped(asked: str, seconds: float) -> None:
    assert seconds == retry_after({"retry-after": asked})


def test_retry_after_may_be_a_date() -> None:
    seconds = retry_after({"retry-after": in_seconds(30)})
    assert seconds is not None
    assert 20 < seconds <= 30
    assert LONGEST_PAUSE == retry_after({"retry-after": in_seconds(10**6)})


@pytest.mark.parametrize("asked", [PAST, "", "soon", "-5", "1.5", "٣", "Mon, 99 Foo 2026 25:61 +9999", "1, 2", "\0"])
def test_what_is_no_retry_after_asks_for_nothing(asked: str) -> None:
    assert retry_after({"retry-after": asked}) is None
    assert retry_after({}) is None


def test_attempts_back_off_by_a_random_part_of_times_that_double() -> None:
    for number in range(1, 6):
        drawn = [Retries(5, 1.0).backoff_before(number) for _ in range(200)]
        most = min(2.0 ** (number - 1), LONGEST_PAUSE)
        assert 0.8 * most < max(drawn) <= most
        assert min(drawn) < 0.2 * most


def waits(*answers: httpx.Response, **settings: float) -> list[float]:
    """The seconds between the attempts of a call that gets these answers."""
    left, arrived = list(answers), []

    def answer(_: httpx.Request) -> httpx.Response:
        arrived.append(time.monotonic())
        return left.pop(0) if left else httpx.Response(200, json=SUCCESS)

    options = {"retries": 3, "backoff": 0.02, **settings}
    with Client(
        "AAAAAAA-BBBBBBB-CCCCCCC-DDDDDDD",
        transport=httpx.MockTransport(answer),
        rate_limit=None,
        retries=int(options["retries"]),
        backoff=options["backoff"],
    ) as client:
        message = ChannelMessage("656b0e1f8e5a2c001f3a9d12", text="Hi!")
        assert isinstance(create_message.sync("66f1a2b33c4d5e0067f8a9b0", client=client, body=message), MessageSent)
    return [later - earlier for earlier, later in itertools.pairwise(arrived)]


def limited(**headers: str) -> httpx.Response:
    return httpx.Response(429, json={"success": False, "error": "x"}, headers=headers)


def test_the_service_is_left_alone_for_as_long_as_it_asks() -> None:
    in_time, by_date = waits(limited(**{"Retry-After": "1"}), limited(**{"Retry-After": in_seconds(2.5)}))
    assert 1 <= in_time
    assert by_date < 2  # of which a second had passed, and a date has whole seconds
    assert in_time + by_date >= 1.5


def test_the_service_is_asked_again_at_once_if_it_says_so() -> None:
    assert sum(waits(limited(**{"Retry-After": "0"}), limited(**{"Retry-After": "0"}), backoff=60.0)) < 1


def test_without_a_word_the_attempts_back_off() -> None:
    assert all(pause < 1 for pause in waits(limited(), limited(), limited()))


def test_as_many_attempts_are_made_as_are_wanted() -> None:
    assert 5 == len(waits(*[limited()] * 5, retries=5, backoff=0.001))
