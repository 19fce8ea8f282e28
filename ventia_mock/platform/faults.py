"""Faults on demand: planned one by one, or drawn from a seed. Nothing goes wrong unless it is planned."""

from __future__ import annotations

import math
import random
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, replace
from http import HTTPStatus

from ventia_document.source import Json
from ventia_mock.http.response import Response, with_retry_after
from ventia_mock.platform.interactions import with_own_interaction
from ventia_mock.world import formats

DROP, HALF, HTML, MALFORMED = "drop", "half", "html_502", "malformed_json"

PROCESSED = {DROP: False, HALF: True, HTML: False, MALFORMED: True}
"""The faults, and whether a message is delivered before the fault, where a plan does not say it."""

_BAD_GATEWAY = Response(
    HTTPStatus.BAD_GATEWAY,
    media_type="text/html",
    raw=b"<html><head><title>502 Bad Gateway</title></head><body><h1>502 Bad Gateway</h1></body></html>",
)


@dataclass(frozen=True)
class Fault:
    """A planned fault, for one request.

    Attributes:
        name: DROP, HALF, HTML or MALFORMED; `answer` for another `response`.
        response: the documented response that the caller gets; None for the other faults.
        processed: whether the message is delivered all the same.
    """

    name: str
    response: Response | None
    processed: bool

    def spoil(self, response: Response) -> Response:
        """The response that the caller gets instead of another; a dropped or half one is spoilt when it is sent."""
        if self.response:
            return with_own_interaction(self.response)
        if self.name == HTML:
            return _BAD_GATEWAY
        return replace(response, raw=response.body[:-1] or b"{") if self.name == MALFORMED else response


@dataclass
class _Queued:
    entry: Json
    fault: Fault
    times: int


class Faults:
    """The planned faults of one company.

    Args:
        find: the documented response with a status or an example's name; it raises ValueError if there is none.
    """

    def __init__(self, find: Callable[[str | int], Response]) -> None:
        self._find = find
        self.plan({})

    def plan(self, plan: Json) -> None:
        """Replace the plan.

        Args:
            plan: as in `formats.yaml`, Faults: `{"queue": [{"answer": 429, "times": 2}], "seed": 7, ...}`.

        Raises:
            ValueError: the plan breaks a rule of the format, or names a response that is not documented; the old plan
                stays.
        """
        formats.check("Faults", plan)
        queue = [(each, self._fault(each)) for each in plan.get("queue", [])]
        chances = [(each["probability"], self._fault(each)) for each in plan.get("random", [])]
        if sum(probability for probability, _ in chances) > 1:
            raise ValueError("/random: Must have probabilities of 1 at most in all")
        self._queue = deque(_Queued(each, fault, int(each.get("times", 1))) for each, fault in queue)
        self._chances = chances
        self._rest = {name: plan[name] for name in ("random", "latency") if name in plan}
        self._seed = int(plan.get("seed", 0))
        # Two streams, so that a change of the one leaves the other as it was.
        self._dice, self._clock = random.Random(self._seed), random.Random(~self._seed)  # noqa: S311 - to be repeated
        self._latency = _latency(plan.get("latency", {}))

    def add(self, entry: Json) -> None:
        """Plan one more fault, after those in the queue.

        Raises:
            ValueError: it breaks a rule of the format (`formats.yaml`, Queued).
        """
        formats.check("Queued", entry)
        self._queue.append(_Queued(entry, self._fault(entry), int(entry.get("times", 1))))

    def to_json(self) -> Json:
        """The plan, with the rest of its queue."""
        queue = [{**each.entry, "times": each.times} for each in self._queue]
        return {"seed": self._seed, "queue": queue, **self._rest}

    def next(self) -> tuple[float, Fault | None]:
        """The seconds to wait before the next response, and the fault of its request."""
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

    def _fault(self, entry: Json) -> Fault:
        name = entry.get("fault", "answer")
        response = self._find(entry["answer"]) if "answer" in entry else None
        if response and "retry_after" in entry:
            response = with_retry_after(response, int(entry["retry_after"]))
        return Fault(name, response, entry.get("processed", PROCESSED.get(name, False)))


def _latency(distribution: Json) -> Callable[[random.Random], float]:
    """Draws seconds from a distribution of a plan."""
    if "uniform" in distribution:
        least, most = sorted(distribution["uniform"])
        return lambda clock: clock.uniform(least, most)
    if "lognormal" in distribution:
        median, sigma = distribution["lognormal"]["median"], distribution["lognormal"]["sigma"]
        return lambda clock: median * math.exp(sigma * clock.gauss(0, 1))
    return lambda _: distribution.get("seconds", 0.0)
