"""Holds recorded exchanges to the document: what the client sent, and what the server answered."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from urllib.parse import urlsplit

from contract_tests.oracle.leaks import concealed
from contract_tests.oracle.requests import Judge
from contract_tests.oracle.responses import Exchange, ResponseRules
from contract_tests.oracle.standing import Standings
from contract_tests.report.model import Failure
from contract_tests.rules.drawing import refusals
from contract_tests.target.knowledge import INVALID_KEY
from contract_tests.wire.curl import curl
from contract_tests.wire.request import KeyPlaceholder, Request, Text
from contract_tests.wire.response import Response
from contract_tests.wire.traffic import KEY
from ventia_document.evidence import Evidence, Fact
from ventia_document.operations import Operation
from ventia_document.source import Json
from ventia_document.wire.keys import key_place

_TELLING = 8  # characters of a key that do not stand in a response by chance


@dataclass
class Checked:
    """The result of a check.

    Attributes:
        exchanges: how many were of the document's operations; `others` were not.
        violations: of what is stated.
        differences: from what the document infers or assumes.
    """

    exchanges: int = 0
    others: int = 0
    violations: list[Failure] = field(default_factory=list)
    differences: list[Failure] = field(default_factory=list)


def check(
    operations: Sequence[Operation],
    evidence: Evidence,
    document: Json,
    recorded: Iterable[tuple[str, Request, Response]],
    only: str | None = None,
) -> Checked:
    """The result of holding exchanges, of any server and client, to a document.

    Args:
        only: `client` or `server`, to check only one side; None for both.
    """
    return _Check(operations, evidence, document, only).of(recorded)


class _Check:
    def __init__(self, operations: Sequence[Operation], evidence: Evidence, document: Json, only: str | None) -> None:
        self._judge, self._rules, self._standings = Judge(operations), ResponseRules(), Standings(evidence)
        self._document, self._only = document, only
        schemes = [scheme for each in operations for one in each.security for scheme in one]
        self._places = {(place.place, place.name): place for place in map(key_place, schemes)}
        self._checked = Checked()

    def of(self, recorded: Iterable[tuple[str, Request, Response]]) -> Checked:
        for url, request, response in recorded:
            path = next((path for path in _paths(url) if self._judge.verdict(_at(request, path)).operation), None)
            if path is None:
                self._checked.others += 1
            else:
                self._checked.exchanges += 1
                self._one(_at(request, path), response, url.removesuffix(path))
        return self._checked

    def _one(self, request: Request, response: Response, base: str) -> None:
        keys, known = self._with_placeholder(request, response)
        verdict = self._judge.verdict(known)
        expected = refusals(self._document, verdict) if verdict.is_refused else None
        exchange = Exchange(known, verdict, response, keys, expected)
        show = _Shown(known, response, base, keys)
        if verdict.is_refused and self._only != "server":
            why = "; ".join(dict.fromkeys(each.sentence for each in verdict.violations))
            self._checked.violations.append(show.failure("the client's request", "Keeps the document's rules", why))
        if self._only == "client":
            return
        if expected is not None and response.status not in expected:
            complaint = f"answered {response.status}, and must answer {' or '.join(map(str, sorted(expected)))}"
            self._add(
                self._standings.of_status(exchange), show, "the server's answer", "Refuses as documented", complaint
            )
        for rule in self._rules.rules:
            if complaint := rule.check(exchange):
                fact = self._standings.of_response(rule, exchange, self._rules.requests(rule, exchange))
                self._add(fact, show, rule.name, rule.sentence, complaint)

    def _add(self, fact: Fact | None, show: _Shown, rule: str, sentence: str, complaint: str) -> None:
        if fact is None:
            self._checked.violations.append(show.failure(rule, sentence, complaint))
        else:
            self._checked.differences.append(show.failure(fact.name or rule, fact.sentence, complaint))

    def _with_placeholder(self, request: Request, response: Response) -> tuple[frozenset[str], Request]:
        """The keys in a request, and the request with a placeholder for the key, unless the server has refused it."""
        operation = self._judge.verdict(request).operation
        wrong = (
            {status for status, part in operation.numbered_responses if part.name == INVALID_KEY} if operation else ()
        )
        named = [("query", *pair) for pair in request.query] + [("header", *pair) for pair in request.headers]
        found = [key for each in named if (key := self._key(*each))]
        keys = frozenset(each for each in found if len(each) >= _TELLING)
        is_known = response.status not in wrong or KEY in found

        def known(kind: str, pairs: tuple[tuple[str, Text], ...]) -> tuple[tuple[str, Text], ...]:
            counts = Counter(_name(kind, name) for name, _ in pairs)
            return tuple(
                (name, self._known(kind, name, value) if counts[_name(kind, name)] == 1 else value)
                for name, value in pairs
            )

        if not is_known:
            return keys, request
        return keys, replace(request, query=known("query", request.query), headers=known("header", request.headers))

    def _key(self, kind: str, name: str, value: Text) -> str | None:
        """The key in a parameter or header, if that is its place."""
        place = self._places.get((kind, _name(kind, name)))
        return place.key(str(value)) if place else None

    def _known(self, kind: str, name: str, value: Text) -> Text:
        """The placeholder for the key in a parameter or header, or else its value."""
        key = self._key(kind, name, value)
        return KeyPlaceholder(before=self._places[kind, _name(kind, name)].prefix) if key and _is_whole(key) else value


@dataclass
class _Shown:
    """One exchange, and how it is shown without its keys."""

    request: Request
    response: Response
    base: str
    keys: frozenset[str]

    def failure(self, rule: str, sentence: str, complaint: str) -> Failure:
        texts = [complaint, curl(self.request, self.base), self.response.text]
        for key in self.keys:
            texts = [concealed(text, key) for text in texts]
        return Failure(rule, sentence, "", texts[0], (texts[1],), texts[2], "")


def _name(kind: str, name: str) -> str:
    return name.lower() if kind == "header" else name


def _is_whole(key: str) -> bool:
    """Whether a recorded text is the original: the recorder hides texts that resemble the key."""
    return not key.startswith(f"{KEY}-")


def _at(request: Request, path: str) -> Request:
    return replace(request, path=path)


def _paths(url: str) -> list[str]:
    """The paths that a URL may have below a base path, the longest first."""
    path = urlsplit(url).path
    return [path[at:] for at, character in enumerate(path) if character == "/"]
