"""One test's conversation with the server: asks, judges every answer, and tells a lie with all that repeats it."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from contract_tests.oracle.judge import Judge, Verdict
from contract_tests.oracle.leaks import concealed
from contract_tests.oracle.responses import AnswerRules, Exchange
from contract_tests.report.counters import Coverage, Shown
from contract_tests.wire.request import Answer, Asked, Key, pack, unpack
from contract_tests.wire.server import NoAnswer, Server
from ventia_document.source import Json


@dataclass(frozen=True)
class About:
    """What a request is made for.

    Attributes:
        rule: its name.
        sentence: it in words.
        side: `kept` or `broken`: what the request does to the rule.
    """

    rule: str
    sentence: str
    side: str


class Lie(AssertionError):
    """The server does not do as the document says.

    Attributes:
        told: the failure as JSON, for the report.
        word: that repeats it.
    """

    def __init__(self, told: dict[str, Json], word: str) -> None:
        super().__init__(_text(told))
        self.told, self.word = told, word


class Trial:
    """Asks the server under test for one run.

    Args:
        key: the API key.
        again: the command that makes another run against the same server.
        measures: whether the parts of the document that are exercised are counted.
        remembers: whether what was answered rightly is not asked again.
    """

    def __init__(
        self, server: Server, judge: Judge, key: str, again: str, *, measures: bool = True, remembers: bool = False
    ) -> None:
        self.server = server
        self.shown: Shown = Counter()
        self._judge, self._key, self._again = judge, key, again
        self._rules = AnswerRules()
        self._coverage = Coverage() if measures else None
        self._right: dict[Asked, Answer] | None = {} if remembers else None
        self._lies: dict[Asked, Lie] = {}

    def ask(self, about: About, asked: Asked, expected: frozenset[int] | None, *, again: bool = False) -> Answer:
        """Make a request, and hold the answer to everything that is known of it.

        Args:
            expected: the statuses with which it may be answered; None for any.
            again: ask even if it was answered rightly before.

        Raises:
            Lie: the answer is not what the document says.
            guard.NotSent: it must not be made.
        """
        if self._right is not None and not again:
            if asked in self._lies:  # so that a tool which wants to see it once more sends no second message
                raise self._lies[asked]
            if asked in self._right:
                self._count(about, "asked", "right")
                return self._right[asked]
        try:
            answer = self.server.ask(asked, about.rule)
        except NoAnswer as error:
            self._count(about, "asked")
            raise self.lie(about, (asked,), f"gave no answer: {error}", "") from None
        self._count(about, "asked")
        self.shown["requests",] += 1
        verdict = self._judge.verdict(asked)
        if not (verdict.is_refused and 400 <= answer.status < 500):  # as the guard counts them
            self.shown["messages",] += 1
        self._hold(about, Exchange(asked, verdict, answer, self._keys(asked), expected))
        self._count(about, "right")
        if self._right is not None:
            self._right[asked] = answer
        return answer

    def replay(self, word: str) -> None:
        """Repeat what has shown a lie.

        Args:
            word: that the failure has printed.

        Raises:
            Lie: it is told again.
        """
        told = unpack(word)
        about = About(told["rule"], told["sentence"], told["side"])
        *earlier, last = self.asked_by(word)
        for asked in earlier:
            self.ask(about, asked, None, again=True)
        self.ask(about, last, None if told["expected"] is None else frozenset(told["expected"]), again=True)

    @staticmethod
    def asked_by(word: str) -> list[Asked]:
        """The requests that a word repeats.

        Raises:
            ValueError: it is no such word.
        """
        try:
            told = unpack(word)
            About(told["rule"], told["sentence"], told["side"])
            frozenset(told["expected"] or ())
            found = [Asked.from_json(asked) for asked in told["asked"]]
            for asked in found:
                asked.curl(""), asked.target("").encode("ascii"), asked.sent_headers("")
        except (ValueError, LookupError, TypeError, AttributeError):
            found = []
        if not found:
            raise ValueError("no word that a failure has printed")
        return found

    def take(self) -> Shown:
        """What was shown since this was asked before."""
        shown, self.shown = self.shown, Counter()
        return shown

    def verdict(self, asked: Asked) -> Verdict:
        """What the document says of a request."""
        return self._judge.verdict(asked)

    def _count(self, about: About, *what: str) -> None:
        self.shown.update([("rule", about.rule, about.side, each) for each in what])

    def _hold(self, about: About, exchange: Exchange) -> None:
        asked, answer, expected = exchange.asked, exchange.answer, exchange.expected
        if self._coverage:
            self.shown.update(self._coverage.of(exchange))
        if expected is not None and answer.status not in expected:
            wanted = " or ".join(map(str, sorted(expected)))
            raise self.lie(
                about, (asked,), f"answered {answer.status}, and must answer {wanted}", answer.text, expected
            )
        for rule in self._rules.rules:
            self.shown["answer", rule.name, "asked"] += 1
            if complaint := rule.check(exchange):
                told = About(rule.name, rule.sentence, about.side)
                earlier = self._rules.earlier(exchange) if rule.check == self._rules.never_the_same_identifier else None
                raise self.lie(told, (*([earlier] if earlier else []), asked), complaint, answer.text, expected)
            self.shown["answer", rule.name, "right"] += 1

    def _keys(self, asked: Asked) -> frozenset[str]:
        """What was given for the key, as far as it is long enough not to stand in an answer by chance."""
        given = [value.of(self._key) for _, value in (*asked.query, *asked.headers) if isinstance(value, Key)]
        return frozenset([self._key, *(key for key in given if len(key) >= _LONG)])

    def lie(
        self,
        about: About,
        asked: tuple[Asked, ...],
        complaint: str,
        answer: str = "",
        expected: frozenset[int] | None = None,
    ) -> Lie:
        """A lie that requests have shown, remembered as that of the last.

        Args:
            complaint: what the server did.
            answer: as HTTP says it.
            expected: the statuses with which the last may be answered; None for any.
        """
        replay = {
            "rule": about.rule,
            "sentence": about.sentence,
            "side": about.side,
            "asked": [each.to_json() for each in asked],
            "expected": None if expected is None else sorted(expected),
        }
        word = pack(replay)
        lie = Lie(
            {
                "rule": about.rule,
                "sentence": about.sentence,
                "complaint": concealed(complaint, self._key),
                "requests": [each.curl(self.server.base_url) for each in asked],
                "answer": concealed(answer, self._key),
                "replay": f"{self._again} REPLAY={word}",
            },
            word,
        )
        self._lies[asked[-1]] = lie
        return lie


_LONG = 8


def _text(told: dict[str, Json]) -> str:
    shown = [_cut(request) for request in told["requests"]]
    parts = [f"{told['rule']}: {told['sentence']}", f"The server {told['complaint']}.", *shown, _cut(told["answer"])]
    return "\n\n".join([*filter(None, parts), f"Once more: {told['replay']}"])


def _cut(text: str, most: int = 2000) -> str:
    return text if len(text) <= most else f"{text[:most]}... ({len(text) - most} characters more)"
