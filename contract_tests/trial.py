"""Sends a test's requests to the server under test, and judges every response."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence

from contract_tests.oracle.leaks import concealed
from contract_tests.oracle.requests import Judge, Verdict
from contract_tests.oracle.responses import Exchange, ResponseRules
from contract_tests.oracle.standing import Standings
from contract_tests.replay import Purpose, Replay
from contract_tests.report.counters import Counters, Coverage
from contract_tests.wire.curl import curl
from contract_tests.wire.guard import Withheld
from contract_tests.wire.request import KeyPlaceholder, Request
from contract_tests.wire.response import Response
from contract_tests.wire.server import NoResponse, NotHttp, Server
from ventia_document.evidence import Evidence, Fact
from ventia_document.source import Json

_MOST_SILENCES = 3  # requests without an answer, one after another, after which a server counts as gone
_MOST_OTHERS = 20  # violations that one test reports besides its first
_TELLING = 8  # characters of a key that do not stand in a response by chance


class ContractViolation(AssertionError):
    """The server does not do what the document says.

    Attributes:
        details: the violation as JSON, for the report.
        word: the replay word that repeats it.
        others: what else was found in the same test.
    """

    def __init__(self, details: dict[str, Json], word: str) -> None:
        super().__init__(_text(details))
        self.details, self.word = details, word
        self.others: list[ContractViolation] = []


def joined(violations: Sequence[ContractViolation]) -> ContractViolation:
    """Violations as one exception: of those that differ in the requests only, the one of the smallest."""
    smallest: dict[tuple[str, str], ContractViolation] = {}
    for violation in sorted(violations, key=lambda each: len("".join(each.details["requests"]))):
        smallest.setdefault((violation.details["rule"], violation.details["complaint"]), violation)
    first, *others = smallest.values()
    first.others = others[:_MOST_OTHERS]
    return first


class NoAnswer(ContractViolation):
    """No answer came to a request, so that nothing is known about its rule; `details` are as of a violation."""


class ServerGone(Withheld):
    """The server answers no more, so that nothing more is sent."""


class Trial:
    """Sends requests to the server under test for one run, and judges the responses.

    Args:
        key: the API key.
        again: the command that makes another run against the same server.
        measures: whether to count the parts of the document that are exercised.
        remembers: whether to send no request a second time that got the right response.
        evidence: says which facts are not stated, so that a server which differs in them violates nothing; without it
            every difference is a violation.

    Attributes:
        differences: from what the document infers or assumes, by the sentence of the fact.
    """

    def __init__(
        self,
        server: Server,
        judge: Judge,
        key: str,
        again: str,
        *,
        measures: bool = True,
        remembers: bool = False,
        evidence: Evidence | None = None,
    ) -> None:
        self.server = server
        self.differences: dict[str, Json] = {}
        self.counters: Counters = Counter()
        self._judge, self._key, self._again = judge, key, again
        self._rules = ResponseRules()
        self._coverage = Coverage() if measures else None
        self._right: dict[Request, Response] | None = {} if remembers else None
        self._violations: dict[Request, ContractViolation] = {}
        self._silences = 0
        self._standings = Standings(evidence or Evidence([]))
        self._accepted, self._differing = set[int](), set[int]()

    def send(
        self, purpose: Purpose, request: Request, expected: frozenset[int] | None, *, again: bool = False
    ) -> Response:
        """Send a request, and judge the response.

        Args:
            expected: the statuses with which it may be answered; None for any.
            again: send it even if it got the right response before.

        Raises:
            ContractViolation: the response is not what the document says.
            guard.Withheld: the guard did not let it through.
        """
        if self._right is not None and not again:
            if request in self._violations:  # hypothesis wants to see a failure once more; people get no second message
                raise self._violations[request]
            if request in self._right:
                self._count(purpose, "checked", "passed")
                return self._right[request]
        [response] = self._responses(purpose, [request], lambda: [self.server.send(request, purpose.rule)])
        self._judge_response(purpose, request, response, expected)
        if self._right is not None:
            self._right[request] = response
        return response

    def send_at_once(
        self, purpose: Purpose, requests: Sequence[Request], expected: Sequence[frozenset[int] | None]
    ) -> None:
        """Send requests at the same time, each over a new connection, and judge the responses.

        Args:
            expected: for each, the statuses with which it may be answered; None for any.

        Raises:
            ContractViolation: a response is not what the document says.
            guard.Withheld: the server is behind a guard.
        """
        responses = self._responses(purpose, requests, lambda: self.server.send_at_once(requests, purpose.rule))
        for number, (request, response) in enumerate(zip(requests, responses, strict=True)):
            try:
                self._judge_response(purpose, request, response, expected[number])
            except ContractViolation as violation:
                others = (*requests[:number], *requests[number + 1 :])
                raise self._among(violation, purpose, (*others, request), expected[number]) from None

    def _among(
        self,
        violation: ContractViolation,
        purpose: Purpose,
        requests: tuple[Request, ...],
        expected: frozenset[int] | None,
    ) -> ContractViolation:
        """The violation that the last of several requests has shown, which were sent at once."""
        word = Replay(purpose, requests, expected, at_once=True).word
        curls = [curl(request, self.server.base_url) for request in requests]
        details = {"requests": curls, "replay": f"{self._again} REPLAY={word}"}
        return ContractViolation({**violation.details, **details}, word)

    def _judge_response(
        self, purpose: Purpose, request: Request, response: Response, expected: frozenset[int] | None
    ) -> None:
        verdict = self._judge.verdict(request)
        is_again = hash(request) in self._accepted
        if response.accepts:
            self._accepted.add(hash(request))
        self._check(purpose, Exchange(request, verdict, response, self._keys(request), expected, is_again))

    def replay(self, word: str) -> None:
        """Repeat the requests of a failure.

        Raises:
            ContractViolation: the server fails again.
        """
        replay = Replay.of_word(word)
        *earlier, last = replay.requests
        if replay.at_once:
            self.send_at_once(replay.purpose, replay.requests, [*(None for _ in earlier), replay.expected])
            return
        for request in earlier:
            self.send(replay.purpose, request, None, again=True)
        self.send(replay.purpose, last, replay.expected, again=True)

    def take_counters(self) -> Counters:
        """The counters since they were last taken."""
        counters, self.counters = self.counters, Counter()
        return counters

    def complain(self, purpose: Purpose, request: Request, complaint: str, response: Response) -> None:
        """Note what another judge finds wrong with a response, unless it was found to differ already.

        Raises:
            ContractViolation: the response breaks what is stated.
        """
        if hash(request) not in self._differing:
            exchange = Exchange(request, self.verdict(request), response, self._keys(request))
            self._differs(self._standings.of_another_method(exchange), purpose, (request,), complaint, exchange)

    def take_differences(self) -> list[Json]:
        """The differences since they were last taken."""
        differences, self.differences = self.differences, {}
        return list(differences.values())

    def verdict(self, request: Request) -> Verdict:
        """The document's verdict on a request."""
        return self._judge.verdict(request)

    def violation(
        self,
        purpose: Purpose,
        requests: tuple[Request, ...],
        complaint: str,
        response: str = "",
        expected: frozenset[int] | None = None,
    ) -> ContractViolation:
        """A violation that requests have shown, remembered as that of the last.

        Args:
            complaint: what the server did.
            response: the last one, as HTTP writes it.
            expected: the statuses with which the last request may be answered; None for any.
        """
        violation = self._described(purpose, requests, complaint, response, expected)
        self._violations[requests[-1]] = violation
        return violation

    def _described(
        self,
        purpose: Purpose,
        requests: tuple[Request, ...],
        complaint: str,
        response: str,
        expected: frozenset[int] | None,
    ) -> ContractViolation:
        word = Replay(purpose, requests, expected).word
        details = {
            "rule": purpose.rule,
            "sentence": purpose.sentence,
            "complaint": concealed(complaint, self._key),
            "name": purpose.request,
            "requests": [curl(request, self.server.base_url) for request in requests],
            "response": concealed(response, self._key),
            "replay": f"{self._again} REPLAY={word}",
        }
        return ContractViolation(details, word)

    def _unanswered(self, purpose: Purpose, request: Request, error: NoResponse) -> NoAnswer:
        self._silences += 1
        violation = self.violation(purpose, (request,), f"gave no answer: {error}")
        self._violations[request] = silence = NoAnswer(violation.details, violation.word)
        return silence

    def _responses(
        self, purpose: Purpose, requests: Sequence[Request], sent: Callable[[], list[Response]]
    ) -> list[Response]:
        if self._silences >= _MOST_SILENCES:
            raise ServerGone(f"the server gave no answer to {_MOST_SILENCES} requests, one after another")
        try:
            responses = sent()
        except NotHttp as error:
            self._count(purpose, "checked")
            raise self.violation(purpose, tuple(requests), f"gave no response: {error}") from None
        except NoResponse as error:
            raise self._unanswered(purpose, requests[-1], error) from None
        self._silences = 0
        for request, response in zip(requests, responses, strict=True):
            self._count(purpose, "checked")
            self.counters["requests",] += 1
            is_refused = self._judge.verdict(request).is_refused and 400 <= response.status < 500
            self.counters["messages",] += not is_refused  # as the guard counts them
        return responses

    def _count(self, purpose: Purpose, *what: str) -> None:
        self.counters.update([("rule", purpose.rule, purpose.side, each) for each in what])

    def _check(self, purpose: Purpose, exchange: Exchange) -> None:
        request, response, expected = exchange.request, exchange.response, exchange.expected
        if self._coverage:
            self.counters.update(self._coverage.of(exchange))
        if expected is not None and response.status not in expected:
            complaint = f"answered {response.status}, and must answer {_listed(expected)}"
            self._differs(self._standings.of_status(exchange), purpose, (request,), complaint, exchange)
        self._count(purpose, "passed")
        for rule in self._rules.rules:
            self.counters["response", rule.name, "checked"] += 1
            if complaint := rule.check(exchange):
                broken = Purpose(rule.name, rule.sentence, purpose.side, purpose.request)
                requests = self._rules.requests(rule, exchange)
                fact = self._standings.of_response(rule, exchange, requests)
                self._differs(fact, broken, requests, complaint, exchange)
            self.counters["response", rule.name, "passed"] += 1

    def _differs(
        self, fact: Fact | None, purpose: Purpose, requests: tuple[Request, ...], complaint: str, exchange: Exchange
    ) -> None:
        """Note a difference from a fact that is not stated.

        Raises:
            ContractViolation: there is no such fact.
        """
        arguments = (purpose, requests, complaint, exchange.response.text, exchange.expected)
        if fact is None:
            raise self.violation(*arguments)
        self._differing.add(hash(exchange.request))
        if fact.sentence not in self.differences:
            details = self._described(*arguments).details
            of_fact = {"fact": fact.sentence, "standing": fact.standing, "at": list(fact.at), "count": 0}
            self.differences[fact.sentence] = {**details, **of_fact}
        self.differences[fact.sentence]["count"] += 1

    def _keys(self, request: Request) -> frozenset[str]:
        """The API key, and every other text that the request gives for it and that is long enough to be looked for."""
        placeholders = [text for _, text in (*request.query, *request.headers) if isinstance(text, KeyPlaceholder)]
        texts = [placeholder.text(self._key) for placeholder in placeholders]
        return frozenset([self._key, *(text for text in texts if len(text) >= _TELLING)])


def _text(details: dict[str, Json]) -> str:
    parts = [f"{details['rule']}: {details['sentence']}", f"The server {details['complaint']}."]
    parts += [_cut(request) for request in details["requests"]]
    parts += [_cut(details["response"])] if details["response"] else []
    return "\n\n".join([*parts, f"Replay: {details['replay']}"])


def _listed(statuses: frozenset[int]) -> str:
    """Statuses in words, with three and more in a row as a range."""
    runs: list[list[int]] = []
    for status in sorted(statuses):
        if runs and status == runs[-1][-1] + 1:
            runs[-1].append(status)
        else:
            runs.append([status])
    parts = [[f"{run[0]} to {run[-1]}"] if len(run) > 2 else map(str, run) for run in runs]
    return " or ".join(part for each in parts for part in each)


def _cut(text: str, most: int = 2000) -> str:
    return text if len(text) <= most else f"{text[:most]}... ({len(text) - most} more characters)"
