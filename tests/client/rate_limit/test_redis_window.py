"""The rate limit of several processes, on a real Redis: the order, what dies, what hangs, and clocks that jump."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from itertools import count
from pathlib import Path
from random import Random
from types import FrameType
from typing import Any

import pytest
from redis import Redis

from tests.client.rate_limit.hanging_redis import connected, hanging
from ventia_client import errors
from ventia_client._runtime.rate_limit.redis_window import RedisWindow, shared
from ventia_client._runtime.rate_limit.slots import GRACE, POLL, Slot, Wait
from ventia_client.limits import RateLimit

ROOT = Path(__file__).parents[3]
HOUR = 3_600_000
_accounts = count()


class Account:
    """An account on a Redis, and the windows of processes that send for it."""

    def __init__(self, url: str, requests: int, seconds: float = 60) -> None:
        self.name = f"account-{next(_accounts)}"
        self.limit = RateLimit(requests, seconds, redis=url)
        self.redis: Any = Redis.from_url(url)
        self.keys = dict(zip(("window", "pause", "queue", "due", "pace"), self.process()._keys, strict=True))

    def process(self) -> RedisWindow:
        """The window of one process more."""
        return RedisWindow(self.limit, self.name)

    def size(self, key: str = "window") -> int:
        return int(self.redis.zcard(self.keys[key]))

    def scores(self, key: str = "window") -> list[float]:
        return [score for _, score in self.redis.zrange(self.keys[key], 0, -1, withscores=True)]

    def move(self, key: str, milliseconds: float) -> None:
        """Move times, as if the clock of Redis had been set the other way."""
        for name, score in self.redis.zrange(self.keys[key], 0, -1, withscores=True):
            self.redis.zadd(self.keys[key], {name: score + milliseconds})

    def now(self) -> float:
        seconds, microseconds = self.redis.time()
        return float(seconds * 1000 + microseconds / 1000)


@pytest.fixture
def account(redis_url: str) -> Callable[..., Account]:
    return lambda requests, seconds=60: Account(redis_url, requests, seconds)


def soon(true: Callable[[], bool], within: float = 10.0) -> float:
    """Seconds until something is true, which the thread that reports to Redis does."""
    began = time.monotonic()
    while not true():
        assert time.monotonic() - began < within
        time.sleep(0.005)
    return time.monotonic() - began


def taken(window: RedisWindow) -> Slot:
    slot = Slot()
    assert window.take(slot, 30) is None
    return slot


def queued(window: RedisWindow) -> Slot:
    slot = Slot()
    assert window.take(slot, 30) is not None
    return slot


def test_processes_take_no_more_than_the_limit_together(account: Callable[..., Account]) -> None:
    here = account(3)
    processes = [here.process() for _ in range(4)]
    assert [True] * 3 + [False] == [process.take(Slot(), 30) is None for process in processes]


def test_those_that_wait_enter_in_the_order_in_which_they_first_asked(account: Callable[..., Account]) -> None:
    """Whichever process they are in, however often and in whatever order they ask again."""
    here, random = account(3), Random(1)  # noqa: S311 - no secret
    processes = [here.process() for _ in range(3)]
    ends = [(processes[0], taken(processes[0])) for _ in range(3)]
    waiting = [(process := random.choice(processes), queued(process)) for _ in range(20)]
    entered: list[tuple[RedisWindow, Slot]] = []
    while len(entered) < len(waiting):
        process, slot = ends.pop(random.randrange(len(ends)))
        process.give_back(slot)
        soon(lambda: here.size() < 3)
        newcomer = (random.choice(processes), Slot())
        for process, slot in [*random.sample(waiting, len(waiting)), newcomer]:
            if (process, slot) not in entered and process.take(slot, 1000) is None:
                entered.append((process, slot))
                ends.append((process, slot))
        newcomer[0].give_back(newcomer[1])
        assert entered == waiting[: len(entered)]


def test_each_that_waits_learns_when_its_turn_can_come(account: Callable[..., Account]) -> None:
    here = account(2)
    process = here.process()
    for _ in range(2):
        taken(process)
        time.sleep(0.1)
    waits = [process.take(Slot(), 1000) for _ in range(4)]
    first, second, third, fourth = (round(wait.seconds, 2) for wait in waits if wait)
    assert 59.5 < first < second - 0.05 < second < 60
    assert (third - first, fourth - second) == pytest.approx((60, 60), abs=0.5)


def test_one_that_does_not_try_again_is_passed_over_and_keeps_its_place(account: Callable[..., Account]) -> None:
    here = account(1)
    dead, alive = here.process(), here.process()
    slot, first, second = taken(alive), queued(dead), queued(alive)
    alive.give_back(slot)
    soon(lambda: here.size() == 0)
    assert alive.take(second, 30) is not None  # the first may still come
    assert POLL + GRACE == pytest.approx((max(here.scores("due")) - here.now()) / 1000, abs=0.3)
    here.redis.zadd(here.keys["due"], {first.name: here.now() - 10})
    assert alive.take(second, 30) is None
    third = queued(alive)
    alive.give_back(second)
    soon(lambda: here.size() == 0)
    assert dead.take(first, 30) is None
    assert alive.take(third, 30) is not None


def test_a_slot_that_is_taken_after_its_call_ended_is_not_kept(account: Callable[..., Account]) -> None:
    """A thread may have got the answer of Redis just when the call was cancelled."""
    here = account(9)
    process, slot = here.process(), Slot()

    def take(keys: list[str], arguments: list[Any]) -> Any:
        answer = here.process()._take(keys, arguments)
        process.give_back(slot)
        return answer

    process._take = take
    process.take(slot, 30)
    assert set() == process._in_flight
    soon(lambda: here.size() == 0)


class Silent:
    """A Redis that does not answer before it may."""

    def __init__(self) -> None:
        self.received: list[str] = []
        self.may_answer = threading.Event()

    def register_script(self, _: str) -> Callable[..., list[int]]:
        return self._script

    def _script(self, _: list[str], arguments: list[Any]) -> list[int]:
        self.received.append(arguments[2])
        self.may_answer.wait(10)
        return [0, 0, 0]


@pytest.mark.parametrize("awaited", [False, True])
def test_a_command_whose_call_ended_before_it_was_sent_is_not_sent(*, awaited: bool) -> None:
    """Or threads would be busy for calls that ended long ago."""
    silent = Silent()
    process, slots = RedisWindow(RateLimit(999, 60, redis=silent), "silent"), [Slot() for _ in range(64)]

    async def all_awaited() -> list[Wait | BaseException | None]:
        return await asyncio.gather(*[process.take_async(each, 0.2) for each in slots], return_exceptions=True)

    if awaited:
        ended = asyncio.run(all_awaited())
    else:
        with ThreadPoolExecutor(64) as pool:
            ended = [each.exception() for each in [pool.submit(process.take, slot, 0.2) for slot in slots]]
    assert {errors.OutOfTime} == {type(error) for error in ended}
    before = len(silent.received)
    silent.may_answer.set()
    time.sleep(0.2)
    assert 0 < before == len(silent.received) < 64


def test_a_call_waits_for_redis_in_no_code_of_the_standard_library(account: Callable[..., Account]) -> None:
    """Its Conditions and futures are Python code: a signal's handler that raises in the midst leaves them locked."""
    process, entered = account(9).process(), set()
    taken(process)  # and so started threads

    def trace(frame: FrameType, _: str, __: Any) -> None:
        entered.add(frame.f_globals["__name__"])

    before = sys.gettrace()
    sys.settrace(trace)
    try:
        process.take(Slot(), 30)
    finally:
        sys.settrace(before)
    assert "ventia_client._runtime.rate_limit.senders" in entered
    assert set() == {name for name in entered if not name.startswith("ventia_client.")}


def test_the_slots_of_a_process_that_dies_are_free_after_one_window(account: Callable[..., Account]) -> None:
    """Whatever the deadlines of its calls were: the time of a slot is never later than that at which it was taken."""
    here = account(2)
    for _ in range(2):
        assert here.process().take(Slot(), 3600) is None
    assert max(here.scores()) <= here.now()
    here.move("window", -60_002)
    taken(here.process())


def test_a_slot_in_flight_is_kept_by_its_process(account: Callable[..., Account]) -> None:
    """Which takes no other meanwhile."""
    here = account(1, 0.8)
    process, other = here.process(), here.process()
    slot, waits = taken(process), queued(other)
    ends = time.monotonic() + 2
    while time.monotonic() < ends:
        assert other.take(waits, 30) is not None
        time.sleep(0.05)
    process.give_back(slot)
    soon(lambda: other.take(waits, 30) is None, within=0.5)


def test_a_slot_is_no_longer_kept_after_its_calls_deadline(account: Callable[..., Account]) -> None:
    here = account(9, 0.4)
    process = here.process()
    slot = Slot()
    assert process.take(slot, 0.1) is None
    before = here.redis.zscore(here.keys["window"], slot.name)
    time.sleep(0.3)
    assert before == here.redis.zscore(here.keys["window"], slot.name)


def test_a_slot_counts_for_one_window_from_its_answer(account: Callable[..., Account]) -> None:
    here = account(9)
    process = here.process()
    slot = taken(process)
    here.move("window", -30_000)
    process.answered(slot, 0)
    soon(lambda: here.now() - here.scores()[0] < 5_000)


def test_a_clock_that_is_set_back_blocks_for_no_longer_than_one_window(account: Callable[..., Account]) -> None:
    here = account(3)
    process = here.process()
    for _ in range(3):
        taken(process)
    here.move("window", HOUR)
    wait = process.take(Slot(), 120)
    assert wait is not None
    assert 59 < wait.seconds <= 60.001
    assert max(here.scores()) <= here.now()
    here.move("window", -60_002)
    taken(process)


def test_newcomers_are_spread_once_the_limit_was_reached(account: Callable[..., Account]) -> None:
    """At twice the average speed: those that waited for long at once, the others one after another."""
    here = account(40, 20)
    process = here.process()
    for _ in range(40):
        taken(process)
    waiting = queued(process)
    waiting.ticket -= 6_000_000  # as if it had come 6 s ago
    here.move("window", -20_002)
    assert process.take(waiting, 30) is None
    waits = [process.take(Slot(), 30) for _ in range(3)]
    first, second, third = (wait.seconds for wait in waits if wait)
    assert (0.25, 0.25) == pytest.approx((second - first, third - second), abs=0.1)
    assert 0.1 < first < 0.25


def test_newcomers_are_spread_for_a_quarter_of_a_window_at_most(account: Callable[..., Account]) -> None:
    here = account(4)
    process = here.process()
    for _ in range(4):
        taken(process)
    waiting = queued(process)
    here.move("window", -60_002)
    assert process.take(waiting, 30) is None  # before which nobody was let through for long
    waits = [process.take(Slot(), 90) for _ in range(3)]
    assert [7.5, 15, 15] == pytest.approx([wait.seconds for wait in waits if wait], abs=0.5)


def test_those_that_have_little_time_are_spread_over_half_of_it(account: Callable[..., Account]) -> None:
    here = account(2)
    process = here.process()
    for _ in range(2):
        taken(process)
    waiting = queued(process)
    here.move("window", -60_002)
    assert process.take(waiting, 30) is None
    wait = process.take(hurried := Slot(), 0.4)
    assert wait is not None
    assert 0.1 < wait.seconds <= 0.2
    time.sleep(wait.seconds + 0.005)  # since Redis counts milliseconds
    assert process.take(hurried, 0.2) is None


def test_a_slot_that_is_given_back_slows_nobody_down(account: Callable[..., Account]) -> None:
    here = account(2, 60)
    process = here.process()
    for _ in range(2):
        taken(process)
    process.give_back(queued(process))
    here.move("window", -60_002)
    for _ in range(3):
        slot = taken(process)
        process.give_back(slot)
        soon(lambda: here.size() == here.size("queue") == 0)


def test_requests_are_spread_for_one_window_only(account: Callable[..., Account]) -> None:
    here = account(2, 0.3)
    process = here.process()
    for slot in [taken(process) for _ in range(2)]:
        process.answered(slot, 0)
    process.give_back(queued(process))
    time.sleep(0.35)
    for _ in range(2):
        taken(process)


def test_a_clock_that_is_set_back_does_not_spread_requests_for_longer(account: Callable[..., Account]) -> None:
    here = account(40)
    process = here.process()
    here.redis.set(here.keys["pace"], f"{here.now() + HOUR:.3f} {here.now() + HOUR:.0f}")
    taken(process)
    wait = process.take(Slot(), 30)
    assert wait is not None
    assert wait.seconds < 1
    assert float((here.redis.get(here.keys["pace"]) or b"").split()[1]) <= here.now() + 60_000


def test_a_clock_that_is_set_back_keeps_no_place_for_the_dead(account: Callable[..., Account]) -> None:
    here = account(1)
    process = here.process()
    slot = taken(process)
    queued(process)
    second = queued(process)
    here.move("due", HOUR)
    process.take(second, 30)
    assert max(here.scores("due")) <= here.now() + (POLL + GRACE) * 1000
    process.give_back(slot)


def test_a_clock_that_is_set_back_lengthens_a_pause_by_no_more_than_itself(account: Callable[..., Account]) -> None:
    here = account(9)
    process = here.process()
    process.answered(taken(process), 30)
    soon(lambda: here.redis.exists(here.keys["pause"]) == 1)
    here.redis.set(here.keys["pause"], f"{int(here.now()) + HOUR} 30000", px=HOUR)
    wait = here.process().take(Slot(), 120)
    assert wait is not None
    assert wait.is_pause
    assert 29 < wait.seconds <= 30
    assert here.redis.pttl(here.keys["pause"]) <= 30_000


def test_a_pause_holds_for_its_own_process_before_redis_knows(redis_url: str) -> None:
    here = Account(redis_url, 9)
    first, second = shared(here.limit, here.name), shared(here.limit, here.name)
    for _ in range(20):
        slot = Slot()
        first._paused_until = 0.0
        here.redis.delete(here.keys["pause"])
        assert first.take(slot, 30) is None
        first.answered(slot, 5)
        wait = second.take(other := Slot(), 30)
        assert wait is not None
        assert wait.is_pause
        for each in (slot, other):
            first.give_back(each)
        soon(lambda: here.size() == here.size("queue") == 0)


def test_a_command_that_arrives_after_its_slot_was_given_back_takes_nothing(account: Callable[..., Account]) -> None:
    """A socket's buffer, or a network that heals, may hold it for long."""
    here = account(9)
    process, slot = here.process(), Slot()
    slot.is_asking = True  # whether Redis will still take it is unknown
    process.give_back(slot)
    soon(lambda: here.redis.exists(process._mark(slot.name)) == 1)
    with pytest.raises(errors.Unreachable, match="given back"):
        process.take(slot, 30)
    assert (0, 0, 0) == (here.size(), here.size("queue"), here.size("due"))


def test_a_command_that_arrives_twice_takes_one_slot(account: Callable[..., Account]) -> None:
    here = account(1)
    process = here.process()
    slot, waiting = taken(process), queued(process)
    ticket, waiting.ticket = waiting.ticket, 0
    assert process.take(slot, 30) is None
    assert process.take(waiting, 30) is not None
    assert (1, 1, ticket) == (here.size(), here.size("queue"), waiting.ticket)
    process.give_back(slot)
    soon(lambda: here.size() == 0)
    waiting.ticket = 0
    assert process.take(waiting, 30) is None


def test_slots_that_ended_while_redis_hung_are_free_once_it_goes_on(account: Callable[..., Account]) -> None:
    here = account(41)  # more than ask, since what is asked once the limit is reached is paced
    process = RedisWindow(RateLimit(41, 60, redis=connected(here.limit.redis, 30)), here.name)
    held = [taken(process) for _ in range(10)]
    with hanging(here.redis):
        for slot in held:
            process.give_back(slot)
        late = [Slot() for _ in range(30)]
        for slot in late:
            with pytest.raises(errors.OutOfTime, match="Redis"):
                process.take(slot, 0.01)
            process.give_back(slot)
        time.sleep(1.2)  # until the thread that reports to it has failed for the first time
    assert soon(lambda: here.size() == 0 and here.size("queue") == 0) < 2
    for _ in range(41):
        taken(here.process())


DIES_AT_ONCE = """
import sys
from redis import Redis
from ventia_client.limits import RateLimit
from ventia_client._runtime.rate_limit.redis_window import RedisWindow
from ventia_client._runtime.rate_limit.slots import Slot
process, slot = RedisWindow(RateLimit(9, 60, redis=sys.argv[1]), sys.argv[2]), Slot()
assert process.take(slot, 30) is None
redis = Redis.from_url(sys.argv[1])
time = redis.time()
redis.client_pause(400)  # and drops what was not reported by then
process.answered(slot, 0)
print(time[0] * 1000 + time[1] // 1000)
"""


def test_the_end_of_a_process_reports_what_has_ended(account: Callable[..., Account]) -> None:
    """Even what ended a moment ago: the answer to the last message that it sent."""
    here = account(9)
    answered = run(DIES_AT_ONCE, here)
    assert here.scores()[0] >= float(answered)


FORKS = """
import os, sys
from ventia_client.limits import RateLimit
from ventia_client._runtime.rate_limit.redis_window import shared
from ventia_client._runtime.rate_limit.slots import Slot
window = shared(RateLimit(9, 60, redis=sys.argv[1]), sys.argv[2])
assert window.take(Slot(), 30) is None
child = os.fork()
if child == 0:
    slot = Slot()
    assert window.take(slot, 30) is None
    os._exit(len(window._in_flight))
print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), len(window._in_flight))
"""


def test_a_forked_process_keeps_slots_of_its_own_alone(account: Callable[..., Account]) -> None:
    here = account(9)
    assert "1 1" == run(FORKS, here)
    assert 2 == here.size()


SENDS_AT_EXIT = """
import atexit, sys
from ventia_client.limits import RateLimit
from ventia_client._runtime.rate_limit.slots import Slot

def send():
    assert window.take(slot, 30) is None
    window.answered(slot, 0)
    print("sent")

slot = Slot()
atexit.register(send)
from ventia_client._runtime.rate_limit.redis_window import RedisWindow
window = RedisWindow(RateLimit(9, 60, redis=sys.argv[1]), sys.argv[2])
"""


def test_a_process_may_send_while_it_ends(account: Callable[..., Account]) -> None:
    """Though no thread can be started any more then."""
    here = account(9)
    assert "sent" == run(SENDS_AT_EXIT, here)
    assert 1 == here.size()


def run(code: str, here: Account) -> str:
    environment = {**os.environ, "PYTHONPATH": str(ROOT / "generated")}
    command = [sys.executable, "-W", "ignore", "-c", code, here.limit.redis, here.name]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert (0, "") == (done.returncode, done.stderr)
    return done.stdout.strip()
