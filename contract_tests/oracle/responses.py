"""Rules of the answers, to which every answer of a run is held, whatever was asked."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import cache, cached_property
from urllib.parse import unquote

from contract_tests.oracle.judge import Verdict, compiled
from contract_tests.oracle.leaks import shows
from contract_tests.target.knowledge import OPERATION
from contract_tests.wire.request import Answer, Asked, foreign_charset
from ventia_document.operations import Operation, Part, content, resolve
from ventia_document.samples import samples
from ventia_document.source import Json


@dataclass
class Exchange:
    """A request and its answer.

    Attributes:
        keys: the API key, and whatever else was given for it.
        expected: the statuses with which it may be answered; None for any.
    """

    asked: Asked
    verdict: Verdict
    answer: Answer
    keys: frozenset[str] = field(repr=False)
    expected: frozenset[int] | None = None

    @cached_property
    def documented(self) -> Part | None:
        """The document's response of this status."""
        operation = self.verdict.operation
        return dict(operation.numbered_responses).get(self.answer.status) if operation else None

    @cached_property
    def media_types(self) -> list[Part]:
        """The media types of that response."""
        operation = self.verdict.operation
        return content(operation.document, self.documented) if operation and self.documented else []


@dataclass(frozen=True)
class AnswerRule:
    """A rule of the answers.

    Attributes:
        check: what is wrong with an answer, '' if nothing is.
    """

    name: str
    sentence: str
    check: Callable[[Exchange], str]


def a_documented_status(exchange: Exchange) -> str:
    """The status is one that the document knows."""
    operation, status = exchange.verdict.operation, exchange.answer.status
    if operation is None or exchange.documented is not None or f"{status // 100}XX" in operation.responses:
        return ""
    if exchange.expected and status in exchange.expected:  # a refusal that the operation itself does not list
        return ""
    return f"answered {status}; the document knows {', '.join(operation.responses)}"


def the_documented_content_type(exchange: Exchange) -> str:
    """The content type is the documented one, and its charset, if it names one, is UTF-8."""
    if exchange.documented is None:
        return ""
    given = [value for name, value in exchange.answer.headers if name == "content-type"]
    known = [part.name for part in exchange.media_types]
    if not known:
        return f"has content of the type {given[0]}; the document gives it none" if exchange.answer.body else ""
    media_type, _, parameters = (given[0] if given else "").partition(";")
    if len(given) != 1 or media_type.strip().lower() not in known:
        return f"has the content type {', '.join(given) or '(none)'}; the document says {' or '.join(known)}"
    charset = foreign_charset(parameters)
    return f"says that it is in {charset}" if charset else ""


def json_in_utf_8(exchange: Exchange) -> str:
    """The body is JSON in UTF-8, without a byte order mark, and with each field once."""
    if not exchange.media_types:
        return ""
    try:
        json.loads(exchange.answer.body.decode("utf-8"), parse_constant=_refuse, object_pairs_hook=_once)
    except ValueError as error:
        return f"is no JSON in UTF-8: {error}"
    return ""


def the_documented_shape(exchange: Exchange) -> str:
    """The body has the fields, types and constants that the document gives the answers of its status."""
    operation = exchange.verdict.operation
    if operation is None or not exchange.media_types or json_in_utf_8(exchange):
        return ""
    schemas = [compiled(operation, part.at + "/schema") for part in exchange.media_types]
    value = exchange.answer.json
    if any(schema.accepts(value) for schema in schemas):
        return ""
    return "; ".join(dict.fromkeys(fault.within("body") for schema in schemas for fault in schema.broken(value)))


def nothing_of_another_answer(exchange: Exchange) -> str:
    """An answer has no field that the document gives to answers of other statuses only."""
    operation, value = exchange.verdict.operation, exchange.answer.json
    if operation is None or exchange.documented is None or not isinstance(value, dict):
        return ""
    strange = sorted(_strange(operation, exchange.answer.status) & value.keys())
    return f"has {', '.join(strange)}, which only other answers have" if strange else ""


def the_documented_error(exchange: Exchange) -> str:
    """The error of a refusal has the words of the document's example."""
    value = exchange.answer.json
    if exchange.documented is None or exchange.verdict.operation is None or exchange.answer.accepts:
        return ""
    known = _errors(exchange.verdict.operation, exchange.answer.status)
    got = value.get("error") if isinstance(value, dict) else None
    return f"has the error {got!r:.80}; the document says {known[0]!r}" if known and got not in known else ""


def details_name_the_field(exchange: Exchange) -> str:
    """The details of an invalid body are a field that breaks a rule, a colon and the rule (inferred)."""
    value = exchange.answer.json
    fields = {fault.field for fault in exchange.verdict.faults}
    details = value.get("details") if isinstance(value, dict) else None
    if exchange.answer.status != 400 or not isinstance(details, str) or not fields or "" in fields:
        return ""
    if any(re.search(rf"(?<!\w){re.escape(field.partition('.')[0])}[\w.]*: \S", details) for field in fields):
        return ""
    return f"has the details {details!r:.120}, and must say what is wrong with {' or '.join(sorted(fields))}"


def no_key_is_echoed(exchange: Exchange) -> str:
    """Neither the headers nor the body of an answer hold the API key, or most of it, in whatever form."""
    places = {"body": exchange.answer.body.decode("utf-8", "replace")}
    places |= {f"header {name}": f"{name}: {value}" for name, value in exchange.answer.headers}
    for place, text in places.items():
        if shows(text, exchange.keys):
            return f"has the API key in its {place}"
    return ""


_TRACES = re.compile(
    r"Traceback \(most recent call|File \"[^\"]+\", line \d|^\s+at [\w.$<>]+ ?\(|\.(?:js|ts|py|java|rb|php|go):\d+"
    r"|node_modules/|Exception in thread|goroutine \d+|\b(?:Type|Reference|Key|Value|Attribute|Runtime)Error\b"
    r"|\w+Exception\b"
    r"|SQLSTATE|at line \d+|/(?:usr|home|app|var|opt)/\w",
    re.MULTILINE,
)


def no_trace_of_the_inside(exchange: Exchange) -> str:
    """No answer shows a stack trace, an exception's name or a path of the server's own."""
    text = exchange.answer.text
    for form in (text, text.replace("\\n", "\n").replace('\\"', '"')):
        if (found := _TRACES.search(form)) and found[0].strip() not in _said(exchange.asked):
            return f"shows the inside of the server: {found[0].strip()!r:.80}"
    return ""


def _said(asked: Asked) -> str:
    return asked.body.decode("utf-8", "replace") + unquote(asked.path)


class AnswerRules:
    """All rules of the answers, with what was seen of earlier ones."""

    def __init__(self) -> None:
        self._seen: dict[str, Asked] = {}
        checks = (
            a_documented_status,
            the_documented_content_type,
            json_in_utf_8,
            the_documented_shape,
            nothing_of_another_answer,
            the_documented_error,
            details_name_the_field,
            no_key_is_echoed,
            no_trace_of_the_inside,
            self.never_the_same_identifier,
        )
        self.rules = [AnswerRule(_name(check), " ".join((check.__doc__ or "").split()), check) for check in checks]

    def never_the_same_identifier(self, exchange: Exchange) -> str:
        """What identifies an interaction in an answer is in no other answer."""
        for name, identifier in _identifiers(exchange):
            if identifier in self._seen:
                return f"has the {name} {identifier!r} of an earlier answer"
            self._seen[identifier] = exchange.asked
        return ""

    def earlier(self, exchange: Exchange) -> Asked | None:
        """The request whose answer had the same identifier before."""
        return next(
            (self._seen[identifier] for _, identifier in _identifiers(exchange) if identifier in self._seen), None
        )


def _name(check: Callable[[Exchange], str]) -> str:
    return check.__name__.replace("_", " ")


def _identifiers(exchange: Exchange) -> Iterator[tuple[str, str]]:
    """The fields of a success that are no constants, and must be there."""
    operation, value = exchange.verdict.operation, exchange.answer.json
    if operation is None or operation.id != OPERATION or not exchange.answer.accepts or not isinstance(value, dict):
        return
    for part in exchange.media_types:
        schema = resolve(operation.document, part.at + "/schema").value
        for name in schema.get("required", []):
            if "const" not in schema.get("properties", {}).get(name, {}) and isinstance(value.get(name), str):
                yield name, value[name]


@cache
def _errors(operation: Operation, status: int) -> list[str]:
    """What the document's examples of an answer have for an error."""
    parts = content(operation.document, dict(operation.numbered_responses)[status])
    told = [example for part in parts for example in samples(operation.document, part).values()]
    return [example["error"] for example in told if isinstance(example, dict) and "error" in example]


@cache
def _strange(operation: Operation, status: int) -> frozenset[str]:
    """The fields that only answers of other statuses have; none where the status has none of its own."""
    known = {number: _fields(operation, part) for number, part in operation.numbered_responses}
    return frozenset(set().union(*known.values()) - known[status]) if known[status] else frozenset()


def _fields(operation: Operation, response: Part) -> set[str]:
    parts = content(operation.document, response)
    return set[str]().union(*(_properties(operation.document, part.at + "/schema") for part in parts))


def _properties(document: Json, at: str) -> set[str]:
    part = resolve(document, at)
    if not isinstance(part.value, dict):
        return set()
    branches = [
        f"{part.at}/{key}/{index}"
        for key in ("allOf", "oneOf", "anyOf")
        for index in range(len(part.value.get(key, [])))
    ]
    return set(part.value.get("properties", {})).union(*(_properties(document, branch) for branch in branches))


def _refuse(constant: str) -> Json:
    raise ValueError(f"it has {constant}")


def _once(pairs: list[tuple[str, Json]]) -> dict[str, Json]:
    value = dict(pairs)
    if len(value) < len(pairs):
        raise ValueError("a field stands twice")
    return value
