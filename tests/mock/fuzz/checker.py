"""Checks what a server answers to hostile requests."""

from __future__ import annotations

import json
import random
import re
import threading
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from urllib.parse import unquote

from tests.mock.fuzz.connection import HANG, Connection, Hung, RawResponse, Unreadable
from tests.mock.fuzz.control_requests import PAGE
from tests.mock.fuzz.generator import hostile
from tests.mock.fuzz.request import ANSWERS, SECRET, HostileRequest
from tests.support.stand_in import PROBLEM


def violations_of(request: HostileRequest, answer: RawResponse) -> Iterator[str]:
    """The violations in a response."""
    if answer.status not in request.statuses:
        yield f"{answer.status} is not among {sorted(request.statuses)}"
    if shows_key(answer):
        yield "the key is in the answer"
    if b"Traceback" in answer.body:
        yield "a traceback is in the answer"
    if request.kind == PAGE:
        return
    types = [value for name, value in answer.headers if name == "content-type"]
    if types != ["application/json"]:
        yield f"{answer.status} of content type {types}"
    if request.method != "HEAD":
        yield from (f"{answer.status}: {fault}" for fault in violations_of_body(request, answer))


def violations_of_body(request: HostileRequest, answer: RawResponse) -> Iterator[str]:
    try:
        value = json.loads(answer.body, parse_constant=lambda _: 1 / 0)
    except (ValueError, RecursionError, ZeroDivisionError):
        yield "no JSON"
        return
    schemas = [PROBLEM] if request.own or answer.status not in ANSWERS else ANSWERS[answer.status]
    if not request.own or answer.status >= 400:
        yield from (
            f"not in its shape: {each.within('body')}" for schema in schemas for each in schema.violations(value)
        )


def shows_key(answer: RawResponse) -> bool:
    text = answer.body.decode("utf-8", "replace") + "".join(value for _, value in answer.headers)
    forms = [text, unquote(text), re.sub(r"\\u00([0-9a-fA-F]{2})", lambda match: chr(int(match[1], 16)), text)]
    return any(SECRET in form for form in forms)


@dataclass
class Findings:
    """The violations and the counters of several threads."""

    lock: threading.Lock = field(default_factory=threading.Lock)
    wrong: Counter[tuple[str, str]] = field(default_factory=Counter)
    shown: dict[tuple[str, str], str] = field(default_factory=dict)
    sent: Counter[str] = field(default_factory=Counter)
    answered: Counter[str] = field(default_factory=Counter)
    unanswered: Counter[str] = field(default_factory=Counter)
    over: threading.Event = field(default_factory=threading.Event)

    def add(self, kind: str, what: str, data: bytes = b"") -> None:
        with self.lock:
            self.wrong[kind, what] += 1
            self.shown.setdefault((kind, what), f"{data[:600]!r}{f' ... {len(data)} bytes' if len(data) > 600 else ''}")

    def count(self, counter: Counter[str], kind: str) -> None:
        with self.lock:
            counter[kind] += 1

    def summary(self) -> str:
        lines = [
            f"{number} x {kind}: {what}\n      {self.shown[kind, what]}" for (kind, what), number in self.wrong.items()
        ]
        return "\n".join(lines)


class Caller:
    """Sends requests, one connection after another, and checks the responses."""

    def __init__(self, address: tuple[str, int], seed: str, findings: Findings) -> None:
        self._address, self._findings = address, findings
        self._rng = random.Random(seed)  # noqa: S311 - to be repeated

    def run(self, requests: int) -> None:
        """Send so many requests."""
        left = requests
        while left > 0 and not self._findings.over.is_set():
            left -= self._session(left)

    def _session(self, most: int) -> int:
        """One connection, kept for some bursts of requests; returns how many."""
        sent, connection = 0, Connection(self._address)
        try:
            for _ in range(self._rng.choice((1, 1, 2, 5))):
                burst = self._burst(min(most - sent, self._rng.choice((1, 1, 1, 2, 5, 20))))
                if not burst:
                    break
                sent += len(burst)
                for request in burst:
                    self._findings.count(self._findings.sent, request.kind)
                if not self._talk(connection, burst):
                    break
        finally:
            connection.close(reset=self._rng.random() < 0.2)
        return sent

    def _burst(self, number: int) -> list[HostileRequest]:
        made = [hostile(self._rng) for _ in range(number)]
        alone = [request for request in made if request.waits or request.pause or request.gone]
        last = next((at for at, request in enumerate(made) if not request.certain), number)
        return alone[:1] or made[: last + 1]

    def _talk(self, connection: Connection, burst: list[HostileRequest]) -> bool:
        """Send a burst and judge the answers; whether the connection can be used on."""
        expected = [*burst[: next((at for at, each in enumerate(burst) if each.ends), len(burst)) + 1]]
        try:
            self._send(connection, burst)
            if burst[-1].gone:
                return False
            for request in expected:
                if not request.certain:  # and may be a part of one, for the rest of which the server would wait
                    connection.no_more()
                if not self._judge(
                    connection, request, "" if request is expected[-1] else f" before {expected[-1].kind}"
                ):
                    return False
            if not expected[-1].ends and connection.left():
                self._findings.add(expected[-1].kind, "more answers than requests", connection.left())
        except Hung:
            for request in expected:
                self._findings.add(
                    request.kind, f"no answer in {HANG:g} s, to this or to one in this burst", request.data
                )
            self._findings.over.set()
            return False
        except Unreadable as came:
            self._findings.add(expected[-1].kind, f"no HTTP: {came}", b"".join(request.data for request in expected))
            return False
        return not expected[-1].ends

    def _send(self, connection: Connection, burst: list[HostileRequest]) -> None:
        [first, *others] = burst
        if first.waits:
            lines, end, body = first.data.partition(b"\r\n\r\n")
            connection.send(lines + end)
            if connection.wait_for_interim():
                connection.send(body)
        elif first.kind == "slow":
            for at in range(0, len(first.data), 9):
                connection.send(first.data[at : at + 9])
                time.sleep(first.pause)
        else:
            connection.send(b"".join(request.data for request in burst))
            return
        connection.send(b"".join(request.data for request in others))

    def _judge(self, connection: Connection, request: HostileRequest, context: str) -> bool:
        """Judge the next answer; whether it was right, for else those after it mean nothing."""
        answer = connection.answer(request.method)
        if answer is None:
            self._findings.count(self._findings.unanswered, request.kind)
            if request.certain:
                self._findings.add(request.kind + context, "not answered", request.data)
            return False
        self._findings.count(self._findings.answered, request.kind)
        faults = list(violations_of(request, answer))
        if faults:
            self._findings.add(request.kind + context, "; ".join(faults), request.data + b" ==> " + answer.body[:300])
        return not faults
