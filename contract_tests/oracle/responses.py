"""The rules of responses, by which every response of a run is judged, whatever the request was.

(`Exchange` here is not the one of `ventia_mock`; they share no code.)
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import cache, cached_property
from urllib.parse import unquote

from contract_tests.oracle.leaks import shows
from contract_tests.oracle.requests import Verdict, compiled, foreign_charset
from contract_tests.target.knowledge import INVALID
from contract_tests.wire.request import Request
from contract_tests.wire.response import Response
from ventia_document.operations import Operation, Part, content, resolve
from ventia_document.parameters import Wire
from ventia_document.samples import samples
from ventia_document.source import Json
from ventia_document.wire.headers import described_headers, header_reader
from ventia_document.wire.media import is_binary, is_json, plain_type


@dataclass
class Exchange:
    """A request, the document's verdict on it, and its response.

    Attributes:
        keys: the API key, and every other text that the request gives for it.
        expected: the statuses with which the request may be answered; None for any.
        is_again: whether the same request was accepted before.
    """

    request: Request
    verdict: Verdict
    response: Response
    keys: frozenset[str] = field(repr=False)
    expected: frozenset[int] | None = None
    is_again: bool = False

    @cached_property
    def documented(self) -> Part | None:
        """The document's response for the status or, for a refusal by another status, the expected refusal.

        If there are several, it is the one with the same words.
        """
        if self.verdict.operation is None:
            return None
        responses, status = dict(self.verdict.operation.numbered_responses), self.response.status
        own = self.verdict.operation.response(status)
        if (
            self.expected is None
            or status in self.expected
            or (self.response.accepts and self.verdict.operation.response(status))
        ):
            return own
        meant = sorted(each for each in self.expected & responses.keys() if each // 100 == status // 100)
        said = [
            each
            for each in meant
            if self.response.fields.get("error") in _errors(self.verdict.operation, responses[each].at)
        ]
        return responses[(said or meant)[0]] if meant else own

    @property
    def other_success(self) -> str:
        """The name of a documented success of another status that has this body; '' if there is none."""
        return _success(self.verdict.operation, self.response.json) if self.verdict.operation else ""

    def statuses(self, *names: str) -> set[int]:
        """The statuses of the document's responses of these names, or of all."""
        responses = self.verdict.operation.numbered_responses if self.verdict.operation else []
        return {status for status, part in responses if part.name in names or not names}

    @cached_property
    def media_types(self) -> list[Part]:
        """The media types of the document's response for the status."""
        operation = self.verdict.operation
        return content(operation.document, self.documented) if operation and self.documented else []

    @property
    def is_json(self) -> bool:
        """Whether the documented body of the response is JSON."""
        return any(is_json(part.name) for part in self.media_types)

    @property
    def described(self) -> list[Part]:
        """The media types with a schema of the body, which any bytes have none of."""
        return [part for part in self.media_types if "schema" in part.value and not is_binary(part.name)]


@dataclass(frozen=True)
class ResponseRule:
    """A rule of responses.

    Attributes:
        check: says what is wrong with a response; '' if it keeps the rule.
    """

    name: str
    sentence: str
    check: Callable[[Exchange], str]


def a_documented_status(exchange: Exchange) -> str:
    """The status is one that the document lists."""
    operation, status = exchange.verdict.operation, exchange.response.status
    if operation is None or operation.response(status) is not None:
        return ""
    if exchange.expected is not None:  # which is checked by itself, and may not be what the operation itself lists
        return ""
    return f"answered {status}; the document lists {', '.join(operation.responses)}"


def the_documented_content_type(exchange: Exchange) -> str:
    """The content type is the documented one, and its charset, if it names one, is UTF-8."""
    if exchange.documented is None:
        return ""
    sent = [value for name, value in exchange.response.headers if name == "content-type"]
    documented = [plain_type(part.name) for part in exchange.media_types]
    if not documented:
        return (
            f"has content of the type {', '.join(sent)}; the document gives it none" if exchange.response.body else ""
        )
    media_type, _, parameters = (sent[0] if sent else "").partition(";")
    if len(sent) != 1 or media_type.strip().lower() not in documented:
        return f"has the content type {', '.join(sent) or '(none)'}; the document says {' or '.join(documented)}"
    charset = foreign_charset(parameters)
    return f"says that it is in {charset}" if charset else ""


def json_in_utf_8(exchange: Exchange) -> str:
    """The body is JSON in UTF-8, without a byte order mark, and with each field once."""
    if not exchange.is_json:
        return ""
    try:
        json.loads(exchange.response.body.decode("utf-8"), parse_constant=_refuse, object_pairs_hook=_once)
    except ValueError as error:
        return f"is not JSON in UTF-8: {error}"
    return ""


def the_documented_shape(exchange: Exchange) -> str:
    """The body has the fields, types and constants that the document gives to responses of its status."""
    operation = exchange.verdict.operation
    if operation is None or not exchange.described or json_in_utf_8(exchange):
        return ""
    schemas = [compiled(operation, part.at + "/schema") for part in exchange.described]
    value = exchange.response.json if exchange.is_json else exchange.response.body.decode(errors="replace")
    if any(schema.accepts(value) for schema in schemas):
        return ""
    return "; ".join(dict.fromkeys(broken.within("body") for schema in schemas for broken in schema.violations(value)))


def the_documented_headers(exchange: Exchange) -> str:
    """The headers that the document describes are there if they are required, and valid by their schemas."""
    operation, status = exchange.verdict.operation, exchange.response.status
    response = operation.response(status) if operation else None
    if operation is None or response is None:
        return ""
    for name, header in described_headers(operation.document, response).items():
        reader = header_reader(operation.document, name, header)
        for violation in reader.read(Wire(header=exchange.response.headers)).violations:
            return f"breaks a rule of the header {name}: {reader.sentence(violation)}"
    return ""


def nothing_of_another_response(exchange: Exchange) -> str:
    """A response has no field that the document gives only to responses of other statuses."""
    operation, value = exchange.verdict.operation, exchange.response.json
    if operation is None or exchange.documented is None or not isinstance(value, dict):
        return ""
    others = sorted(_fields_of_others(operation, exchange.documented.at) & value.keys())
    return f"has {', '.join(others)}, which only other responses have" if others else ""


def another_method_sends_nothing(exchange: Exchange) -> str:
    """A response to another method of a path is none that says a message was taken."""
    sending = [operation for operation in exchange.verdict.others if operation.sends]
    taken = [name for operation in sending if (name := _success(operation, exchange.response.json))]
    return f"answered {exchange.request.method} with {taken[0]}" if taken and exchange.response.accepts else ""


def the_documented_error(exchange: Exchange) -> str:
    """The `error` of a refusal has the words of the document's example."""
    value = exchange.response.json
    if exchange.documented is None or exchange.verdict.operation is None or exchange.response.accepts:
        return ""
    documented = _errors(exchange.verdict.operation, exchange.documented.at)
    sent = value.get("error") if isinstance(value, dict) else None
    is_another = documented and sent not in documented
    return f"has the error {sent!r:.80}; the document says {documented[0]!r}" if is_another else ""


def details_name_the_field(exchange: Exchange) -> str:
    """The `details` of an invalid body are a field that breaks a rule, a colon and the rule (inferred)."""
    value = exchange.response.json
    fields = {violation.field for violation in exchange.verdict.violations}
    details = value.get("details") if isinstance(value, dict) else None
    is_invalid = exchange.documented is not None and exchange.documented.name == INVALID
    if not is_invalid or not isinstance(details, str) or not fields or "" in fields:
        return ""
    [first, *others] = exchange.verdict.violations
    has_a_form = first.at.endswith("/pattern") or "/parameters/" in first.at
    if not others and has_a_form and first.sentence not in details:
        return f"has the details {details!r:.120}, and must say {first.sentence!r}"
    if any(re.search(rf"(?<!\w){re.escape(field.partition('.')[0])}[\w.]*: \S", details) for field in fields):
        return ""
    return f"has the details {details!r:.120}, and must say what is wrong with {' or '.join(sorted(fields))}"


def an_echoed_identifier_is_the_own(exchange: Exchange) -> str:
    """A `localId` in a response is that of the request, whole."""
    value, body = exchange.response.json, exchange.verdict.body
    echoed = value.get("localId") if isinstance(value, dict) else None
    own = body.get("localId") if isinstance(body, dict) else None
    if echoed is None or echoed == own or exchange.verdict.open:
        return ""
    return f"has the localId {echoed!r:.80}, and the request {'has none' if own is None else f'has {own!r:.80}'}"


def no_key_is_echoed(exchange: Exchange) -> str:
    """Neither the headers nor the body of a response hold the API key, or most of it, in any encoding."""
    places = {"body": exchange.response.body.decode("utf-8", "replace")}
    places |= {f"header {name}": f"{name}: {value}" for name, value in exchange.response.headers}
    for place, text in places.items():
        if shows(text, exchange.keys):
            return f"has the API key in its {place}"
    return ""


_INTERNALS = re.compile(
    r"Traceback \(most recent call|File \"[^\"]+\", line \d|^\s+at [\w.$<>]+ ?\(|\.(?:js|ts|py|java|rb|php|go):\d+"
    r"|node_modules/|Exception in thread|goroutine \d+|\b(?:Type|Reference|Key|Value|Attribute|Runtime)Error\b"
    r"|\b[A-Z][a-z]\w*[a-z](?:Error|Exception)\b"
    r"|\bSELECT\s.{1,200}\sFROM\s|\bINSERT\s+INTO\s|\b(?:10\.\d{1,3}|192\.168|172\.(?:1[6-9]|2\d|3[01]))\.\d{1,3}\.\d{1,3}\b"
    r"|SQLSTATE|at line \d+|/(?:usr|home|app|var|opt)/\w",
    re.MULTILINE,
)


def no_internals_are_shown(exchange: Exchange) -> str:
    """No response shows a stack trace, the name of an exception, a path, an SQL query or a private address."""
    text = exchange.response.text
    for form in (text, text.replace("\\n", "\n").replace('\\"', '"')):
        match = _INTERNALS.search(form)
        if match and match[0].strip() not in _quotable(exchange.request):
            return f"shows internals of the server: {match[0].strip()!r:.80}"
    return ""


def _quotable(request: Request) -> str:
    """The text of a request, which a response may quote."""
    return request.body.decode("utf-8", "replace") + unquote(request.path)


class ResponseRules:
    """Every rule of responses, with the identifiers of earlier responses."""

    def __init__(self) -> None:
        self._seen: dict[str, Request] = {}
        checks = (
            a_documented_status,
            the_documented_content_type,
            json_in_utf_8,
            the_documented_shape,
            the_documented_headers,
            nothing_of_another_response,
            another_method_sends_nothing,
            the_documented_error,
            details_name_the_field,
            an_echoed_identifier_is_the_own,
            no_key_is_echoed,
            no_internals_are_shown,
            self.never_the_same_identifier,
        )
        self.rules = [ResponseRule(_name(check), " ".join((check.__doc__ or "").split()), check) for check in checks]

    def never_the_same_identifier(self, exchange: Exchange) -> str:
        """The identifier of an interaction in a response is in no other response."""
        for name, identifier in _identifiers(exchange):
            if identifier in self._seen:
                return f"has the {name} {identifier!r} of an earlier response"
            self._seen[identifier] = exchange.request
        return ""

    def requests(self, rule: ResponseRule, exchange: Exchange) -> tuple[Request, ...]:
        """The requests that repeat a violation: the last and, of an identifier, the one that first received it."""
        if rule.check != self.never_the_same_identifier:
            return (exchange.request,)
        earlier = [self._seen[identifier] for _, identifier in _identifiers(exchange) if identifier in self._seen]
        return (*earlier[:1], exchange.request)


def _success(operation: Operation, value: Json) -> str:
    """The name of a documented success that has this body; '' if there is none."""
    successes = [part for status, part in operation.numbered_responses if status in operation.successes]
    schemas = [
        (part.name, each.at + "/schema")
        for part in successes
        for each in content(operation.document, part)
        if "schema" in each.value and is_json(each.name)
    ]
    return next((name for name, at in schemas if compiled(operation, at).accepts(value)), "")


def _name(check: Callable[[Exchange], str]) -> str:
    return check.__name__.replace("_", " ")


def _identifiers(exchange: Exchange) -> Iterator[tuple[str, str]]:
    """The required fields of a success that are not constants, by name."""
    operation, value = exchange.verdict.operation, exchange.response.json
    if operation is None or not operation.sends or not exchange.response.accepts or not isinstance(value, dict):
        return
    for part in exchange.media_types:
        schema = resolve(operation.document, part.at + "/schema").value
        for name in schema.get("required", []):
            if "const" not in schema.get("properties", {}).get(name, {}) and isinstance(value.get(name), str):
                yield name, value[name]


@cache
def _errors(operation: Operation, at: str) -> list[str]:
    """The `error` of each of the document's examples of a response."""
    parts = content(operation.document, resolve(operation.document, at))
    examples = [example for part in parts for example in samples(operation.document, part).values()]
    return [example["error"] for example in examples if isinstance(example, dict) and "error" in example]


@cache
def _fields_of_others(operation: Operation, at: str) -> frozenset[str]:
    """The fields that only other responses have; none where the response has none of its own."""
    fields = {part.at: _fields(operation, part) for _, part in operation.numbered_responses}
    return frozenset(set().union(*fields.values()) - fields[at]) if fields.get(at) else frozenset()


def _fields(operation: Operation, response: Part) -> set[str]:
    parts = content(operation.document, response)
    described = [part.at + "/schema" for part in parts if "schema" in part.value]
    return set[str]().union(*(_properties(operation.document, at) for at in described))


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
