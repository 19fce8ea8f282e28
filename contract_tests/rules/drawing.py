"""The parts of the table of rules: rows, their probes, and what draws them."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass, field

from contract_tests.oracle.requests import Judge, Verdict
from contract_tests.target.knowledge import INVALID, INVALID_KEY
from contract_tests.target.messages import Message, Messages
from contract_tests.wire.request import Request
from ventia_document.operations import operations
from ventia_document.source import Json, remembered


@dataclass(frozen=True)
class Probe:
    """A request, and the statuses that may answer it.

    Attributes:
        name: what is special about the request.
        expected: the statuses with which it may be answered.
        again: whether to send it even if the same request was sent before.
    """

    name: str
    request: Request
    expected: frozenset[int]
    again: bool = False


@dataclass
class Row:
    """A rule of the table, with its requests.

    Attributes:
        sentence: the rule, in the document's words where it has some.
        at: JSON pointers of the rule in the document.
        kept: requests that keep the rule, which must be accepted.
        broken: requests that break the rule and no other, which must be refused.
        why_not: why one of the two kinds is missing; '' if it needs no reason.
        by_platform: whether the document accepts what breaks the rule, so that only the platform can refuse it.
    """

    name: str
    sentence: str
    at: tuple[str, ...]
    kept: list[Probe] = field(default_factory=list)
    broken: list[Probe] = field(default_factory=list)
    why_not: str = ""
    by_platform: bool = False


class Drawing:
    """Draws the requests of a run's rows.

    Attributes:
        verdict: judges a request by the document.
        chance: random numbers of the run's seed.
        key: the API key, which no request holds.
        thin: whether to draw few requests, since each may be a message to a real person.
    """

    def __init__(self, messages: Messages, judge: Judge, key: str, seed: int, *, thin: bool) -> None:
        self.messages, self.knowledge, self.key, self.thin = messages, messages.knowledge, key, thin
        self.chance = random.Random(seed)
        self.verdict = judge.verdict

    def kept(self, name: str, body: Json) -> Probe:
        """A probe of a message that the document accepts."""
        return self.kept_raw(name, self.messages.request(body))

    def kept_raw(self, name: str, request: Request) -> Probe:
        """A probe of a request that the document accepts."""
        verdict = self.verdict(request)
        if not verdict.is_accepted:
            raise ValueError(f"{name}: Must keep the document's rules, and does not: {verdict}")
        return Probe(name, request, self.knowledge.expected(verdict.body))

    def broken(self, name: str, request: Request) -> Probe:
        """A probe of a request that the document refuses."""
        verdict = self.verdict(request)
        if not verdict.is_refused:
            raise ValueError(f"{name}: Must break the document's rules, and does not: {verdict}")
        return Probe(name, request, refusals(self.knowledge.operation.document, verdict))

    def put(self, row: Row, name: str, request: Request) -> None:
        """Add a probe to the requests of a row that keep the document's rules, or to those that break them."""
        if self.verdict(request).is_refused:
            row.broken.append(self.broken(name, request))
        else:
            row.kept.append(self.kept_raw(name, request))

    def left_open(self, name: str, request: Request) -> Probe:
        """A probe of a request that the document does not decide."""
        verdict = self.verdict(request)
        if not verdict.open:
            raise ValueError(f"{name}: Must be left open by the document, and is not: {verdict}")
        return Probe(name, request, self.knowledge.decided)


def messages_of_each_sender(drawing: Drawing) -> list[Message]:
    """A random message of each sender that sends; only one message in a thin run."""
    drawn = drawing.chance.sample(drawing.messages.sendable, len(drawing.messages.sendable))
    return list({message.sender: message for message in drawn}.values())[: 1 if drawing.thin else None]


def refusals(document: Json, verdict: Verdict) -> frozenset[int]:
    """The statuses that refuse a request for its violations; a wrong key is refused before anything else."""
    wanted = INVALID_KEY if any(violation.at == "/security" for violation in verdict.violations) else INVALID
    return frozenset(status for name, status in _documented(document) if name == wanted)


@remembered
def _documented(document: Json) -> Iterator[tuple[str, int]]:
    """The responses of the components that a document lists, each with a status."""
    for operation in operations(document):
        for status, response in operation.value.get("responses", {}).items():
            if status.isdecimal():
                yield response.get("$ref", "").rpartition("/")[2], int(status)
