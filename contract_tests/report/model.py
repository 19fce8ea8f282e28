"""What a run has shown, and what not: one account of it, told on the terminal, in Markdown, and as a page."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Told:
    """How often something was asked of the server, and how often the server did as the document says."""

    asked: int = 0
    right: int = 0

    @property
    def is_right(self) -> bool:
        """Whether it never did otherwise."""
        return self.asked == self.right


@dataclass(frozen=True)
class RuleTold:
    """A row of the table of rules.

    Attributes:
        sentence: the rule, in the document's words where it has some.
        at: JSON pointers of it in the document.
        kept: requests that keep it, which must be accepted; for a rule of the answers, all answers.
        broken: requests that break it alone, which must be refused.
        why_not: why it was not tested, or not all of it; '' if it was.
        is_inferred: the document infers or assumes it.
    """

    name: str
    sentence: str
    at: tuple[str, ...]
    kept: Told
    broken: Told
    why_not: str = ""
    is_inferred: bool = False


@dataclass(frozen=True)
class Seen:
    """A part of the document in requests, a field or a keyword: how often in valid and in invalid ones."""

    name: str
    valid: int
    invalid: int
    why_not: str = ""
    """Why it was not seen in both, where there is a reason."""


@dataclass(frozen=True)
class Failure:
    """A lie of the server.

    Attributes:
        rule: the row of the table that it breaks.
        test: its name.
        complaint: what the server did, and what it must do.
        requests: the least requests that show it, in their order, as curl commands; the key is `$VENTIA_API_KEY`.
        answer: the last answer, as HTTP: status line, headers, body.
        replay: the command that repeats exactly this.
    """

    rule: str
    sentence: str
    test: str
    complaint: str
    requests: tuple[str, ...]
    answer: str
    replay: str


@dataclass(frozen=True)
class Report:
    """The account of one run.

    Attributes:
        server: its URL, or that it is a stand-in of the run's own.
        started: in ISO 8601.
        messages: how many requests that could be delivered were sent; `most` is the budget, None without one.
        rules: of the requests.
        answers: rules of the answers; each answer is held to all of them.
        statuses: that were answered, with how often; documented ones that were not seen have 0.
        other: what else was shown, such as of the client: what, and how often.
        ended: why the run ended before its plan did; '' if it did not.
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
    rules: tuple[RuleTold, ...] = ()
    answers: tuple[RuleTold, ...] = ()
    fields: tuple[Seen, ...] = ()
    values: tuple[Seen, ...] = ()
    """Enum values, named `field: value`."""
    keywords: tuple[Seen, ...] = ()
    """Named by their JSON pointers."""
    statuses: tuple[tuple[str, int, str], ...] = ()
    """Status, how often, and why it was not seen where it was not."""
    other: tuple[tuple[str, int], ...] = ()
    failures: tuple[Failure, ...] = ()
    ended: str = ""
    notes: tuple[str, ...] = field(default=())
    """What else a reader should know: what the target file leaves out."""
