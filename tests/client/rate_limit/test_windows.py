"""The rate limit within a process, by a clock that stands still: the order, the times, and what is given back."""

from __future__ import annotations

import heapq
import threading
from random import Random

import pytest

from ventia_client._runtime.rate_limit.process_window import ProcessWindow
from ventia_client._runtime.rate_limit.slots import GRACE, POLL, Slot, Wait
from ventia_client.limits import RateLimit


class Clock:
    """Seconds, as they are set."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


def taken(window: ProcessWindow, longest: float = 30) -> Slot:
    slot = Slot()
    assert window.take(slot, longest) is None
    return slot


def queued(window: ProcessWindow, longest: float = 30) -> Slot:
    slot = Slot()
    assert window.take(slot, longest) is not None
    return slot


def seconds(window: ProcessWindow, slot: Slot) -> float:
    wait = window.take(slot, 30)
    assert wait is not None
    return wait.seconds


def test_a_slot_counts_for_one_window_from_its_answer(clock: Clock) -> None:
    window = ProcessWindow(RateLimit(1, 60), clock)
    slot = taken(window)
    clock.now += 10
    window.answered(slot, 0)
    assert Wait(60, is_pause=False) == window.take(another := Slot(), 30)
    clock.now += 59
    assert Wait(1, is_pause=False) == window.take(another, 30)
    clock.now += 1
    assert window.take(another, 30) is None


def test_a_slot_in_flight_counts_until_its_calls_deadline(clock: Clock) -> None:
    window = ProcessWindow(RateLimit(1, 10), clock)
    taken(window, longest=30)
    waiting = queued(window)
    clock.now += 29
    assert 1 == seconds(window, waiting)
    clock.now += 1
    assert window.take(waiting, 30) is None


def test_a_slot_in_flight_counts_for_one_window_at_the_least(clock: Clock) -> None:
    """Its request may have been counted by the service, even if its call should have ended."""
    window = ProcessWindow(RateLimit(1, 60), clock)
    taken(window, longest=1)
    assert 60 == seconds(window, Slot())


def test_a_slot_that_is_given_back_is_free_at_once(clock: Clock) -> None:
    window = ProcessWindow(RateLimit(1, 60), clock)
    window.give_back(taken(window))
    taken(window)


def test_a_slot_that_ends_twice_counts_once(clock: Clock) -> None:
    """A signal may break off the first end, after which it is ended again."""
    window = ProcessWindow(RateLimit(2, 60), clock)
    slot = taken(window)
    for _ in range(3):
        window.answered(slot, 0)
    taken(window)
    assert 60 == seconds(window, Slot())


def test_a_slot_that_was_only_queued_for_counts_nothing(clock: Clock) -> None:
    window = ProcessWindow(RateLimit(1, 60), clock)
    slot = taken(window)
    window.give_back(queued(window))
    window.give_back(slot)
    taken(window)


def test_those_that_wait_enter_in_the_order_in_which_they_first_asked(clock: Clock) -> None:
    """However often, and in whatever order, they try again; and no newcomer is before them."""
    window, random = ProcessWindow(RateLimit(3, 60), clock), Random(1)  # noqa: S311 - no secret
    ends = [taken(window) for _ in range(3)]
    waiting = [queued(window) for _ in range(50)]
    entered: list[Slot] = []
    while len(entered) < len(waiting):
        clock.now += 1
        if random.random() < 0.3 and ends:
            window.give_back(ends.pop())
        for slot in [*random.sample(waiting, len(waiting)), Slot()]:
            if slot not in entered and window.take(slot, 1000) is None:
                entered.append(slot)
                ends.append(slot)
        assert set(entered) == set(waiting[: len(entered)])
    assert len(entered) == len(waiting)


def test_a_slot_that_comes_free_early_is_the_first_ones(clock: Clock) -> None:
    window = ProcessWindow(RateLimit(1, 60), clock)
    slot = taken(window)
    first, second = queued(window), queued(window)
    window.give_back(slot)
    assert window.take(Slot(), 30) is not None
    assert window.take(second, 30) is not None
    assert window.take(first, 30) is None


def test_as_many_enter_as_slots_are_free_even_if_the_first_is_late(clock: Clock) -> None:
    window = ProcessWindow(RateLimit(2, 0.4), clock)
    slots = [taken(window) for _ in range(2)]
    first, second, third = (queued(window) for _ in range(3))
    for slot in slots:
        window.give_back(slot)
    clock.now += 0.1
    assert window.take(second, 30) is None
    assert window.take(third, 30) is not None
    assert window.take(first, 30) is None


def test_one_that_does_not_try_again_is_passed_over_and_keeps_its_place(clock: Clock) -> None:
    window = ProcessWindow(RateLimit(1, 60), clock)
    slot = taken(window)
    first, second, third = (queued(window) for _ in range(3))
    window.give_back(slot)
    clock.now += POLL + GRACE
    assert window.take(second, 30) is not None  # the first may still come
    clock.now += 0.001
    assert window.take(second, 30) is None
    window.give_back(second)
    assert window.take(first, 30) is None
    assert window.take(third, 30) is not None


def test_the_queue_is_left_on_giving_back(clock: Clock) -> None:
    window = ProcessWindow(RateLimit(1, 60), clock)
    slot = taken(window)
    first, second = queued(window), queued(window)
    window.give_back(first)
    window.give_back(slot)
    assert window.take(second, 30) is None


def test_each_that_waits_learns_when_its_turn_can_come(clock: Clock) -> None:
    """Two answered slots, one in flight: three come in turn as these can be free, and then those after them."""
    window = ProcessWindow(RateLimit(3, 60), clock)
    slots = [taken(window, longest=120) for _ in range(3)]
    for slot in slots[:2]:
        clock.now += 1
        window.answered(slot, 0)
    assert [59, 60, 60, 59 + 60, 60 + 60] == [seconds(window, Slot()) for _ in range(5)]


def test_requests_are_not_spread_before_the_limit_is_reached(clock: Clock) -> None:
    window = ProcessWindow(RateLimit(40, 20), clock)
    for _ in range(40):
        taken(window)


@pytest.fixture
def freed(clock: Clock) -> ProcessWindow:
    """A window of 40 slots in 20 s, which have all come free at once."""
    window = ProcessWindow(RateLimit(40, 20), clock)
    for slot in [taken(window) for _ in range(40)]:
        window.answered(slot, 0)
    window.give_back(queued(window))
    clock.now += 19.9
    window.give_back(queued(window))
    clock.now += 0.1
    return window


def test_newcomers_are_spread_once_the_limit_was_reached(freed: ProcessWindow, clock: Clock) -> None:
    """At twice the average speed."""
    taken(freed)
    later, began = [queued(freed) for _ in range(3)], clock.now
    entered: list[float] = []
    while len(entered) < 3:
        clock.now += 0.01
        entered += [clock.now - began for slot in later[len(entered) :] if freed.take(slot, 30) is None]
    assert [0.25, 0.5, 0.75] == pytest.approx(entered, abs=0.035)


def test_those_that_have_waited_for_a_quarter_of_a_window_are_not_spread(clock: Clock) -> None:
    window = ProcessWindow(RateLimit(40, 20), clock)
    for slot in [taken(window) for _ in range(40)]:
        window.answered(slot, 0)
    clock.now += 15
    waiting = [queued(window) for _ in range(40)]
    clock.now += 5
    assert [None] * 40 == [window.take(slot, 30) for slot in waiting]


def test_those_that_have_little_time_are_spread_over_half_of_it(freed: ProcessWindow, clock: Clock) -> None:
    taken(freed)
    wait = freed.take(hurried := Slot(), 0.1)
    assert wait == pytest.approx((0.05, False))
    clock.now += 0.05
    assert freed.take(hurried, 0.05) is None


def test_a_slot_that_is_given_back_slows_nobody_down(freed: ProcessWindow) -> None:
    for _ in range(100):
        freed.give_back(taken(freed))


def test_one_that_is_late_slows_nobody_down(freed: ProcessWindow, clock: Clock) -> None:
    """As a timer may be: twenty requests, each of which comes 15 ms after its turn, need no longer than they should."""
    began = clock.now
    for _ in range(20):
        if wait := freed.take(slot := Slot(), 30):
            clock.now += wait.seconds + 0.015
            assert freed.take(slot, 30) is None
    assert 19 * 0.25 == pytest.approx(clock.now - began, abs=0.04)


def test_requests_are_spread_for_one_window_only(freed: ProcessWindow, clock: Clock) -> None:
    clock.now += 20
    for _ in range(40):
        taken(freed)


@pytest.mark.parametrize("fast", [1, 4])
@pytest.mark.parametrize("slow", [1, 4])
def test_one_that_sends_fast_gets_no_more_than_one_that_sends_slowly(clock: Clock, fast: int, slow: int) -> None:
    """Callers at full tilt, whose calls take 1 and 10 ms: each has the same share, and all of the limit is used."""
    window, calls = ProcessWindow(RateLimit(40, 1), clock), [0.001] * fast + [0.01] * slow
    sent, events = [0] * len(calls), [(clock.now, caller, Slot(), False) for caller in range(len(calls))]
    while events[0][0] < 1021:
        at, caller, slot, is_under_way = heapq.heappop(events)
        clock.now = at
        if is_under_way:
            window.answered(slot, 0)
            sent[caller] += clock.now > 1001
            slot = Slot()
        wait = window.take(slot, 100)
        heapq.heappush(events, (at + (wait.seconds if wait else calls[caller]), caller, slot, wait is None))
    assert 20 * 40 == pytest.approx(sum(sent), rel=0.05)
    assert [sum(sent) / len(sent)] * len(sent) == pytest.approx(sent, rel=0.1)


def test_a_pause_lets_nobody_through(clock: Clock) -> None:
    window = ProcessWindow(RateLimit(9, 1), clock)
    slot = taken(window)
    window.answered(slot, 30)
    assert Wait(30, is_pause=True) == window.take(waiting := Slot(), 60)
    clock.now += 29.5
    assert Wait(0.5, is_pause=True) == window.take(waiting, 60)
    clock.now += 0.5
    assert window.take(waiting, 60) is None


def test_a_pause_gets_no_shorter(clock: Clock) -> None:
    window = ProcessWindow(RateLimit(9, 1), clock)
    slots = [taken(window) for _ in range(2)]
    for slot, pause in zip(slots, (30, 1), strict=True):
        window.answered(slot, pause)
    assert Wait(30, is_pause=True) == window.take(Slot(), 60)


def test_a_call_that_ends_in_the_middle_of_another_waits_for_nothing(clock: Clock) -> None:
    """The garbage collector may end calls while their own thread takes a slot."""
    window = ProcessWindow(RateLimit(2, 60), clock)
    slots = [taken(window) for _ in range(2)]
    ended = threading.Event()

    def end() -> None:
        window.answered(slots[0], 0)
        window.give_back(slots[1])
        ended.set()

    with window._deciding:  # as inside `take`
        threading.Thread(target=end, daemon=True).start()
        assert ended.wait(10)
    taken(window)
    assert window.take(Slot(), 30) is not None


def test_a_thousand_slots_of_random_fates_leave_only_what_was_answered_last(clock: Clock) -> None:
    random, limit = Random(7), 20  # noqa: S311 - no secret
    window = ProcessWindow(RateLimit(limit, 10), clock)
    alive: list[Slot] = []
    answered: list[float] = []
    in_flight: set[Slot] = set()
    for _ in range(1000):
        clock.now += random.random()
        if random.random() < 0.6:
            alive.append(Slot())
        for slot in [*alive]:
            if slot in in_flight and random.random() < 0.2:
                window.answered(slot, 0)
                answered.append(clock.now)
            elif random.random() < 0.1:
                window.give_back(slot)
            else:
                if slot not in in_flight and window.take(slot, 1e9) is None:
                    in_flight.add(slot)
                continue
            alive.remove(slot)
            in_flight.discard(slot)
        counted = len(in_flight) + sum(at > clock.now - 10 for at in answered)
        assert counted <= limit
    for slot in alive:
        window.give_back(slot)
    free = limit - sum(at > clock.now - 10 for at in answered)
    assert [True] * free + [False] == [window.take(Slot(), 30) is None for _ in range(free + 1)]
