"""What goes wrong on demand: planned one by one, or by chance from a seed. Nothing does unless it is asked for."""

from __future__ import annotations

import math
import random
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass

from ventia_document.source import Json
from ventia_mock.operations.responses import Answer
from ventia_mock.world import formats

DROP, HALF, HTML, MALFORMED = "drop", "half", "html_502", "malformed_json"

PROCESSED = {DROP: False, HALF: True, HTML: False, MALFORMED: True}
"""The faults, and whether a message is delivered before the fault, where a plan does not say it."""


@dataclass(frozen=True)
class Fault:
    """What happens to one request instead of its answer.

    Attributes:
        name: DROP, HALF, HTML or MALFORMED; '' where there is another `answer` instead.
        processed: whether the message is delivered all the same.
    """

    name: str
    answer: Answer | None
    processed: bool


@dataclass
class _Queued:
    given: Json
    fault: Fault
    times: int


class Faults:
    """The faults planned for one company.

    Args:
        find: the documented answer of a status or an example's name; it raises ValueError for an unknown one.
    """

    def __init__(self, find: Callable[[str | int], Answer]) -> None:
        self._find = find
        self.plan({})

    def plan(self, plan: Json) -> None:
        """Replace what was planned.

        Args:
            plan: as in `formats.yaml`, Faults: `{"queue": [{"answer": 429, "times": 2}], "seed": 7, ...}`.

        Raises:
            ValueError: the plan has not that form, or names an answer that is not documented; the old plan stays.
        """
        formats.check("Faults", plan)
        queue = [(each, self._fault(each)) for each in plan.get("queue", [])]
        chances = [(each["probability"], self._fault(each)) for each in plan.get("random", [])]
        if sum(probability for probability, _ in chances) > 1:
            raise ValueError("/random: Must have probabilities of 1 at most in all")
        self._queue = deque(_Queued(each, fault, int(each.get("times", 1))) for each, fault in queue)
        self._chances = chances
        self._shown = {name: plan[name] for name in ("random", "latency") if name in plan}
        self._seed = int(plan.get("seed", 0))
        # Two streams, so that a change of the one leaves the other as it was.
        self._dice, self._clock = random.Random(self._seed), random.Random(~self._seed)  # noqa: S311 - to be repeated
        self._latency = _latency(plan.get("latency", {}))

    def add(self, queued: Json) -> None:
        """Plan one fault more, after those that are in the queue.

        Raises:
            ValueError: it has not the form of one (`formats.yaml`, Queued).
        """
        formats.check("Queued", queued)
        self._queue.append(_Queued(queued, self._fault(queued), int(queued.get("times", 1))))

    def shown(self) -> Json:
        """The plan, with what is left of its queue."""
        return {
            "seed": self._seed,
            "queue": [{**each.given, "times": each.times} for each in self._queue],
            **self._shown,
        }

    def next(self) -> tuple[float, Fault | None]:
        """For the next request: the seconds to wait before its answer, and what goes wrong with it."""
        delay = self._latency(self._clock)
        if self._queue:
            return delay, self._take()
        drawn = self._dice.random() if self._chances else 0.0
        for probability, fault in self._chances:
            drawn -= probability
            if drawn < 0:
                return delay, fault
        return delay, None

    def _take(self) -> Fault:
        first = self._queue[0]
        first.times -= 1
        if not first.times:
            self._queue.popleft()
        return first.fault

    def _fault(self, planned: Json) -> Fault:
        name = planned.get("fault", "")
        answer = self._find(planned["answer"]) if "answer" in planned else None
        return Fault(name, answer, planned.get("processed", PROCESSED.get(name, False)))


def _latency(given: Json) -> Callable[[random.Random], float]:
    """Seconds, drawn from the distribution that a plan names."""
    if "uniform" in given:
        least, most = sorted(given["uniform"])
        return lambda clock: clock.uniform(least, most)
    if "lognormal" in given:
        median, sigma = given["lognormal"]["median"], given["lognormal"]["sigma"]
        return lambda clock: median * math.exp(sigma * clock.gauss(0, 1))
    return lambda _: given.get("seconds", 0.0)
