"""The stand-in's rate limit."""

from __future__ import annotations

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support.stand_in import INVALID_KEY, SENT, TEXT, VENTIA, answer_named, client_of, got, stand_in
from ventia_mock.platform.rate_limiter import RateLimiter
from ventia_mock.stand_in import StandIn
from ventia_mock.world.file import SAMPLE_KEY


class Clock:
    """A clock that is set."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


def test_the_limit_is_the_documents() -> None:
    limit = VENTIA["x-rate-limit"]
    assert f"{limit['requests']} requests in any {limit['seconds']} s" == str(RateLimiter.of(VENTIA))
    assert RateLimiter.of({}) is None


@given(pauses=st.lists(st.floats(0, 5), max_size=60), requests=st.integers(1, 5), seconds=st.integers(1, 10))
def test_no_period_holds_more_and_the_wait_is_right(pauses: list[float], requests: int, seconds: int) -> None:
    """Whenever requests come: no period has more, none is refused without need, the wait is the least."""
    clock, passed = Clock(), list[float]()
    limiter = RateLimiter(requests, seconds, clock)
    for pause in pauses:
        clock.now += pause
        recent = [at for at in passed if clock.now - at < seconds]
        wait = limiter.wait()
        assert (len(recent) >= requests) == (wait > 0)
        if wait:
            assert wait - 1 < recent[0] + seconds - clock.now <= wait
        else:
            passed.append(clock.now)


def post(client: httpx.Client, platform: StandIn, key: str = SAMPLE_KEY, **body: str) -> httpx.Response:
    return client.post(f"{platform.base_path}/contact/string/message", params={"api-key": key}, json=body or TEXT)


def test_a_request_above_the_limit_gets_the_documented_answer_and_when_to_come_back() -> None:
    clock = Clock()
    platform = stand_in(limiter=lambda _: RateLimiter(2, 60, clock))
    with client_of(platform) as client:
        assert [SENT, SENT] == [got(post(client, platform)) for _ in range(2)]
        clock.now += 10.5
        refused = post(client, platform)
        assert answer_named("RateLimitExceeded") == got(refused)
        assert "50" == refused.headers["retry-after"]
        clock.now += 50
        assert SENT == got(post(client, platform))


def test_an_invalid_request_counts_and_a_wrong_key_does_not() -> None:
    platform = stand_in(limiter=lambda _: RateLimiter(1, 60))
    with client_of(platform) as client:
        assert INVALID_KEY == got(post(client, platform, key="wrong"))
        assert 400 == post(client, platform, channelId="x").status_code
        assert 429 == post(client, platform).status_code


def test_without_a_limiter_there_is_no_limit() -> None:
    platform = stand_in()
    with client_of(platform) as client:
        assert {200} == {post(client, platform).status_code for _ in range(VENTIA["x-rate-limit"]["requests"] + 1)}


@pytest.mark.parametrize("status", [200, 400, 401])
def test_only_a_refusal_for_the_rate_says_when_to_come_back(status: int) -> None:
    platform = stand_in(limiter=lambda _: RateLimiter(9, 60))
    with client_of(platform) as client:
        answers = {
            200: post(client, platform),
            400: post(client, platform, a="b"),
            401: post(client, platform, key="x"),
        }
    assert status == answers[status].status_code
    assert "retry-after" not in answers[status].headers
