"""The rules of the endpoint as a table, one row a rule: requests that keep it, and such that break it and it alone."""

from __future__ import annotations

import random
from dataclasses import dataclass, field

from contract_tests.oracle.judge import Judge, Verdict
from contract_tests.target.knowledge import INVALID, INVALID_KEY
from contract_tests.target.messages import Message, Messages
from contract_tests.wire.request import Request
from ventia_document.source import Json


@dataclass(frozen=True)
class Probe:
    """A request, and what the server must answer.

    Attributes:
        name: what is special about it.
        expected: the statuses that it may be answered with.
        again: that the same was asked before makes no difference.
    """

    name: str
    request: Request
    expected: frozenset[int]
    again: bool = False


@dataclass
class Row:
    """One rule.

    Attributes:
        sentence: the rule, in the document's words where it has some.
        at: JSON pointers of what it comes from in the document.
        kept: requests that keep it, and are not refused.
        broken: requests that break it and nothing else, and are refused.
        why_not: why there are not both.
        by_platform: whether the document accepts what breaks it, and only what the platform knows decides.
    """

    name: str
    sentence: str
    at: tuple[str, ...]
    kept: list[Probe] = field(default_factory=list)
    broken: list[Probe] = field(default_factory=list)
    why_not: str = ""
    by_platform: bool = False


class Drawing:
    """What rows are drawn with.

    Attributes:
        verdict: what the document says of a request.
        chance: of the run's seed.
        key: the API key, which no request holds.
        thin: whether each request costs a second, or a message to a real person.
    """

    def __init__(self, messages: Messages, judge: Judge, key: str, seed: int, *, thin: bool) -> None:
        self.messages, self.knowledge, self.key, self.thin = messages, messages.knowledge, key, thin
        self.chance = random.Random(seed)
        self.verdict = judge.verdict

    def kept(self, name: str, body: Json) -> Probe:
        """A message that the document accepts."""
        return self.kept_raw(name, self.messages.request(body))

    def kept_raw(self, name: str, request: Request) -> Probe:
        """A request that the document accepts."""
        verdict = self.verdict(request)
        if not verdict.is_accepted:
            raise ValueError(f"{name}: Must keep the document's rules, and does not: {verdict}")
        return Probe(name, request, self.knowledge.expected(verdict.body))

    def broken(self, name: str, request: Request) -> Probe:
        """A request that the document refuses."""
        verdict = self.verdict(request)
        if not verdict.is_refused:
            raise ValueError(f"{name}: Must break the document's rules, and does not: {verdict}")
        return Probe(name, request, refusals(self.knowledge.operation.document, verdict))

    def left_open(self, name: str, request: Request) -> Probe:
        """A request of which the document leaves something open."""
        verdict = self.verdict(request)
        if not verdict.open:
            raise ValueError(f"{name}: Must be left open by the document, and is not: {verdict}")
        return Probe(name, request, self.knowledge.decided)


def messages_of_each_sender(drawing: Drawing) -> list[Message]:
    """One message of each sender that sends, drawn by chance; one in all where requests are dear."""
    drawn = drawing.chance.sample(drawing.messages.sendable, len(drawing.messages.sendable))
    return list({message.sender: message for message in drawn}.values())[: 1 if drawing.thin else None]


def refusals(document: Json, verdict: Verdict) -> frozenset[int]:
    """The statuses that refuse a request which breaks the document's rules; that of a wrong key comes before others."""
    wanted = INVALID_KEY if any(violation.at == "/security" for violation in verdict.violations) else INVALID
    return frozenset(
        int(status)
        for item in document["paths"].values()
        for operation in item.values()
        if isinstance(operation, dict)
        for status, response in operation.get("responses", {}).items()
        if response.get("$ref", "").endswith(f"/{wanted}") and status.isdecimal()
    )
