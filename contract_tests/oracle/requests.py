"""Judges requests by the document: which operation each is of, and which rules it violates."""

from __future__ import annotations

import codecs
import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache

from contract_tests.wire.keys import has_key
from contract_tests.wire.request import Request
from ventia_document.operations import Operation, Part
from ventia_document.parameters import Parameter, Wire, undecoded
from ventia_document.source import Json
from ventia_document.validation import Schema
from ventia_document.wire.forms import Form
from ventia_document.wire.media import FORM, plain_type

_LARGEST = 1 << 20  # bytes of a body; no server must accept more


@dataclass(frozen=True)
class Violation:
    """A rule of the document that a request violates.

    Attributes:
        at: JSON pointer of the rule in the document.
        sentence: the field or parameter, and the rule.
        field: the field of the body, or the parameter, that violates it; '' for the whole body.
    """

    at: str
    sentence: str
    field: str = ""


@dataclass(frozen=True)
class Verdict:
    """The document's verdict on a request.

    Attributes:
        operation: the operation that the request is of; None if it is of none.
        violations: the rules that the request violates; none if the document accepts it.
        open: a property that the document does not decide, so that servers may accept or refuse it; '' without one.
        body: the JSON value of the body; None if it could not be read.
        others: the operations of the same path by other methods, if it is of none.
    """

    operation: Operation | None
    violations: tuple[Violation, ...] = ()
    open: str = ""
    body: Json = None
    others: tuple[Operation, ...] = ()

    @property
    def is_refused(self) -> bool:
        """Whether the document refuses the request and leaves nothing open."""
        return bool(self.violations) and not self.open

    @property
    def is_accepted(self) -> bool:
        """Whether the document accepts the request and leaves nothing open."""
        return not self.violations and not self.open


_NO_OPERATION = Violation("/paths", "Must be a documented method of a documented path")


class Judge:
    """Judges requests to the operations of a document."""

    def __init__(self, operations: Sequence[Operation]) -> None:
        # A path without a variable is matched before one with, as the OpenAPI standard says.
        ordered = sorted(operations, key=lambda operation: len(operation.path_names))
        self._operations = [(operation, _pattern(operation)) for operation in ordered]
        self.verdict = lru_cache(maxsize=20_000)(self._verdict)
        """The document's verdict on a request."""

    def _verdict(self, request: Request) -> Verdict:
        matches = [(each, match) for each, path in self._operations if (match := path.fullmatch(request.path))]
        for operation, match in matches:
            if request.method == operation.method and operation.path == matches[0][0].path:
                body = _body(operation, request)
                path = dict(zip(operation.path_names, match.groups(), strict=True))
                of_parameters = _parameter_violations(operation, path, request)
                violations = (*_key_violations(operation, request), *of_parameters, *body.violations)
                return Verdict(operation, violations, body.open, body.value)
        return Verdict(None, (_NO_OPERATION,), others=tuple(operation for operation, _ in matches))


def _pattern(operation: Operation) -> re.Pattern[str]:
    return re.compile("([^/]+)".join(map(re.escape, re.split(r"\{[^}]*\}", operation.path))))


def _key_violations(operation: Operation, request: Request) -> Iterator[Violation]:
    """One violation unless the right key, and no other, stands where one of the document's alternatives wants it."""
    alternatives = operation.security
    if alternatives and not any(all(has_key(request, scheme) for scheme in schemes) for schemes in alternatives):
        yield Violation("/security", "Must have the known key, and no other")


def _parameter_violations(operation: Operation, path: dict[str, str], request: Request) -> Iterator[Violation]:
    headers = [(name.lower(), str(value)) for name, value in request.headers]
    cookies = [pair.strip().partition("=") for name, text in headers if name == "cookie" for pair in text.split(";")]
    query = undecoded([(name, str(value)) for name, value in request.query])
    wire = Wire(path, query, headers, [(name, value) for name, _, value in cookies])
    for part, parameter in _parameters(operation):
        broken = parameter.read(wire).violations
        yield from (Violation(part.at, parameter.sentence(each), part.value["name"]) for each in broken)


@dataclass(frozen=True)
class _Body:
    value: Json = None
    violations: tuple[Violation, ...] = ()
    open: str = ""


def _body(operation: Operation, request: Request) -> _Body:
    if operation.body is None:
        return _Body()
    at, types = operation.body.at, [value for name, value in request.headers if name.lower() == "content-type"]
    name, _, parameters = str(types[0] if types else "").partition(";")
    if not request.body and name.strip().lower() != FORM:  # a form may have no fields
        is_required = operation.body.value.get("required", False)
        return _Body(None, (Violation(at + "/required", "Must be given"),) if is_required else ())
    media_type = {plain_type(part.name): part for part in operation.media_types}.get(name.strip().lower())
    if media_type is None:
        return _Body(None, (Violation(at + "/content", "Must have a documented content type"),))
    charset = foreign_charset(parameters)
    left_open = "two content types" if len(types) > 1 else f"the charset {charset}" if charset else ""
    if plain_type(media_type.name) == FORM:
        return _form_body(operation, media_type, request.body, left_open)
    return _json_body(operation, media_type, request.body, left_open)


def _form_body(operation: Operation, media_type: Part, body: bytes, left_open: str) -> _Body:
    try:
        value = Form(operation.document, media_type.at + "/schema").read(body)
    except ValueError:
        return _Body(None, (Violation(media_type.at, "Must be a form in UTF-8"),), left_open)
    broken = compiled(operation, media_type.at + "/schema").violations(value)
    return _Body(value, tuple(Violation(each.keyword, each.within("body"), each.field) for each in broken), left_open)


def _json_body(operation: Operation, media_type: Part, body: bytes, left_open: str) -> _Body:
    repeated: list[str] = []

    def fields(pairs: list[tuple[str, Json]]) -> dict[str, Json]:
        repeated.extend(["a field that stands twice"] if len({name for name, _ in pairs}) < len(pairs) else [])
        return dict(pairs)

    try:
        value = json.loads(body.decode("utf-8-sig"), object_pairs_hook=fields, parse_constant=_no_constant)
        left_open = left_open or "".join(repeated[:1]) or _left_open_by(body, value)
        broken = compiled(operation, media_type.at + "/schema").violations(value)
    except RecursionError:
        return _Body(None, (), "nesting so deep")
    except ValueError:
        return _Body(None, (Violation(media_type.at, "Must be JSON in UTF-8"),), left_open)
    return _Body(value, tuple(Violation(each.keyword, each.within("body"), each.field) for each in broken), left_open)


def _left_open_by(body: bytes, value: Json) -> str:
    if body.startswith(codecs.BOM_UTF8):
        return "a byte order mark"
    try:
        json.dumps(value, ensure_ascii=False).encode("utf-8")
    except UnicodeEncodeError:
        return "half of a surrogate pair"
    return "a body of more than 1 MiB" if len(body) > _LARGEST else ""


def _no_constant(constant: str) -> Json:
    raise ValueError(constant)


def foreign_charset(parameters: str) -> str:
    """The charset among the parameters of a content type; '' without one, or for UTF-8."""
    charset = re.search(r'(?i)charset\s*=\s*"?([^\s";]*)', parameters)
    return "" if charset is None or charset[1].lower() in ("utf-8", "utf8") else charset[1]


@cache
def compiled(operation: Operation, at: str) -> Schema:
    """The schema at a JSON pointer of an operation's document."""
    return Schema(operation.document, at)


@cache
def _parameters(operation: Operation) -> list[tuple[Part, Parameter]]:
    return [(part, Parameter(operation.document, part)) for part in operation.parameters]
