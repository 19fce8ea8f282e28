"""The report of a run as data, which `screen`, `markdown` and `page` render."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Tally:
    """How often the server was checked for something, and how often it did what the document says."""

    checked: int = 0
    passed: int = 0

    @property
    def is_passed(self) -> bool:
        """Whether every check passed."""
        return self.checked == self.passed


@dataclass(frozen=True)
class RuleResult:
    """The result of one rule.

    Attributes:
        sentence: the rule, in the document's words where it has some.
        at: JSON pointers of the rule in the document.
        kept: requests that keep the rule, which must be accepted; for a rule of responses, every response.
        broken: requests that break the rule alone, which must be refused.
        why_not: why the rule was not tested, or only in part; '' if it was.
        is_inferred: whether the document infers or assumes the rule.
    """

    name: str
    sentence: str
    at: tuple[str, ...]
    kept: Tally
    broken: Tally
    why_not: str = ""
    is_inferred: bool = False


@dataclass(frozen=True)
class PartCoverage:
    """How often valid and invalid requests had a part of the document: a field, an enum value or a keyword."""

    name: str
    valid: int
    invalid: int
    why_not: str = ""
    """Why it was not in both kinds of requests, where there is a reason."""


@dataclass(frozen=True)
class Failure:
    """A violation of the contract by the server.

    Attributes:
        rule: the rule that the server violates.
        test: the name of the test.
        complaint: what the server did, and what it must do.
        requests: the smallest requests that show it, in their order, as curl commands; the key is `$VENTIA_API_KEY`.
        response: the last response as HTTP writes it: status, headers, body.
        replay: the command that repeats exactly these requests.
        name: what is special about the last request; '' if it has no name.
    """

    rule: str
    sentence: str
    test: str
    complaint: str
    requests: tuple[str, ...]
    response: str
    replay: str
    name: str = ""


@dataclass(frozen=True)
class Fault:
    """The failures of a run that one thing has caused.

    Attributes:
        first: the failure with the smallest requests.
        count: how many failures there are.
        rules: the rules that they break.
    """

    first: Failure
    count: int
    rules: tuple[str, ...]

    @property
    def title(self) -> str:
        """The rule or, of several, how many they are."""
        return self.rules[0] if len(self.rules) == 1 else f"{len(self.rules)} rules"

    @property
    def breaks(self) -> str:
        """The rules in a line, if there are several; '' otherwise."""
        return f"breaks {', '.join(self.rules)}" if len(self.rules) > 1 else ""


@dataclass(frozen=True)
class Difference:
    """A difference between the server and what the document infers or assumes: no violation of the contract.

    Attributes:
        fact: the fact that the server shows to be otherwise, in words.
        standing: `inferred` or `assumed`.
        at: JSON pointers of where the document is corrected, if the server is right.
        count: how often it was seen.
        first: the first response that showed it.
    """

    fact: str
    standing: str
    at: tuple[str, ...]
    count: int
    first: Failure


@dataclass(frozen=True)
class Accepted:
    """A known deviation of the server, which the target file accepts.

    Attributes:
        until: the last day on which it is accepted.
        count: how many tests have shown it.
    """

    rule: str
    reason: str
    until: str
    count: int


@dataclass(frozen=True)
class RunReport:
    """The report of one run.

    Attributes:
        server: its URL, or that the run started a stand-in.
        started: in ISO 8601.
        messages: how many requests were sent that could be delivered; `most` is the budget, None without one.
        rules: of requests.
        responses: rules of responses; every response is checked by all of them.
        statuses: every documented status and every other one received, with how often (0 for one never received).
        other: other checks, such as of the client, with how often each passed.
        failures: violations of the contract by the server.
        silences: requests that got no answer, which violates nothing.
        of_the_client: failed tests of the client, which are not about the server.
        of_the_suite: tests that failed by an error of their own.
        ended: why not everything that was planned was asked; '' if it was.
    """

    server: str
    version: str
    """Of the document."""
    seed: int
    started: str
    seconds: float
    requests: int
    messages: int
    most: int | None
    rules: tuple[RuleResult, ...] = ()
    responses: tuple[RuleResult, ...] = ()
    fields: tuple[PartCoverage, ...] = ()
    values: tuple[PartCoverage, ...] = ()
    """Enum values, named `field: value`."""
    keywords: tuple[PartCoverage, ...] = ()
    """Named by their JSON pointers."""
    statuses: tuple[tuple[str, int, str], ...] = ()
    """Status, how often, and why it was never received."""
    other: tuple[tuple[str, int], ...] = ()
    failures: tuple[Failure, ...] = ()
    differences: tuple[Difference, ...] = ()
    accepted: tuple[Accepted, ...] = ()
    silences: tuple[Failure, ...] = ()
    of_the_client: tuple[Failure, ...] = ()
    of_the_suite: tuple[Failure, ...] = ()
    ended: str = ""
    notes: tuple[str, ...] = field(default=())
    """Remarks for the reader, such as what the target file leaves out."""
