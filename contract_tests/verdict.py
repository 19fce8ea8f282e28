"""What the document says of a request as it goes onto the wire."""

from __future__ import annotations

import codecs
import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from urllib.parse import unquote

from contract_tests.wire import RIGHT, Asked, foreign_charset
from ventia_document.operations import Operation, Part
from ventia_document.parameters import Parameter
from ventia_document.schemas import Schema
from ventia_document.source import Json


@dataclass(frozen=True)
class Fault:
    """A rule of the document that a request breaks.

    Attributes:
        at: JSON pointer of the rule in the document.
        told: the rule, after the field that it is about.
        field: the field of the body or the parameter that offends; '' where it is the whole.
    """

    at: str
    told: str
    field: str = ""


@dataclass(frozen=True)
class Verdict:
    """What the document says of a request.

    Attributes:
        operation: that it is of; None if it is of none.
        faults: what it breaks; none if the document accepts it.
        open: what the document leaves open of it, and a server may accept or refuse; '' if nothing.
        body: as a JSON value; None where it is not read.
    """

    operation: Operation | None
    faults: tuple[Fault, ...] = ()
    open: str = ""
    body: Json = None

    @property
    def is_refused(self) -> bool:
        """Whether the document surely refuses it."""
        return bool(self.faults) and not self.open

    @property
    def is_accepted(self) -> bool:
        """Whether the document surely accepts it."""
        return not self.faults and not self.open


_NO_OPERATION = Fault("/paths", "Must be a documented method of a documented path")


class Judge:
    """Says what the document says of requests to its operations."""

    def __init__(self, operations: Sequence[Operation]) -> None:
        # A path without a variable is matched before one with, as the OpenAPI standard says.
        known = sorted(operations, key=lambda operation: len(operation.path_names))
        self._operations = [(operation, _pattern(operation)) for operation in known]
        self.verdict = lru_cache(maxsize=20_000)(self._verdict)
        """What the document says of a request."""

    def _verdict(self, asked: Asked) -> Verdict:
        found = [(operation, match) for operation, known in self._operations if (match := known.fullmatch(asked.path))]
        for operation, match in found:
            if asked.method == operation.method and operation.path == found[0][0].path:
                body = _body(operation, asked)
                path = dict(zip(operation.path_names, map(unquote, match.groups()), strict=True))
                faults = (*_key_faults(operation, asked), *_parameter_faults(operation, path, asked), *body.faults)
                return Verdict(operation, faults, body.open, body.value)
        return Verdict(None, (_NO_OPERATION,))


def _pattern(operation: Operation) -> re.Pattern[str]:
    return re.compile("[^/]+".join(map(re.escape, re.split(r"\{[^}]*\}", operation.path))).replace("[^/]+", "([^/]+)"))


def _key_faults(operation: Operation, asked: Asked) -> Iterator[Fault]:
    """The right key must be given where the document wants it, and no other there; any alternative will do."""
    alternatives = operation.security
    if alternatives and not any(all(_is_given(scheme, asked) for scheme in schemes) for schemes in alternatives):
        yield Fault("/security", "Must have the known key, and no other")


def _is_given(scheme: Json, asked: Asked) -> bool:
    pairs = asked.query if scheme["in"] == "query" else asked.headers
    return {RIGHT} == {value for name, value in pairs if _same_name(scheme, name)}


def _same_name(scheme: Json, name: str) -> bool:
    known = str(scheme["name"])
    return name == known if scheme["in"] == "query" else name.lower() == known.lower()


def _parameter_faults(operation: Operation, path: dict[str, str], asked: Asked) -> Iterator[Fault]:
    for part, parameter in _parameters(operation):
        pairs = {"path": path.items(), "query": asked.query, "header": [(n.lower(), v) for n, v in asked.headers]}
        given = [str(value) for name, value in pairs.get(parameter.place, ()) if name == parameter.name]
        broken = parameter.read(given)[1]
        yield from (Fault(part.at, parameter.sentence(each), part.value["name"]) for each in broken)


@dataclass(frozen=True)
class _Body:
    value: Json = None
    faults: tuple[Fault, ...] = ()
    open: str = ""


def _body(operation: Operation, asked: Asked) -> _Body:
    if operation.body is None:
        return _Body()
    at, types = operation.body.at, [value for name, value in asked.headers if name.lower() == "content-type"]
    if not asked.body:
        needed = operation.body.value.get("required", False)
        return _Body(None, (Fault(at + "/required", "Must be given"),) if needed else ())
    media_type, _, parameters = str(types[0] if types else "").partition(";")
    known = {part.name: part for part in operation.media_types}.get(media_type.strip().lower())
    if known is None:
        return _Body(None, (Fault(at + "/content", "Must have a documented content type"),))
    charset = foreign_charset(parameters)
    is_open = "two content types" if len(types) > 1 else f"the charset {charset}" if charset else ""
    return _json_body(operation, known, asked.body, is_open)


def _json_body(operation: Operation, part: Part, body: bytes, is_open: str) -> _Body:
    twice: list[str] = []

    def fields(pairs: list[tuple[str, Json]]) -> dict[str, Json]:
        twice.extend(["a field that stands twice"] if len({name for name, _ in pairs}) < len(pairs) else [])
        return dict(pairs)

    try:
        value = json.loads(body.decode("utf-8-sig"), object_pairs_hook=fields, parse_constant=_no_constant)
        is_open = is_open or "".join(twice[:1]) or _open_text(body, value)
        broken = compiled(operation, part.at + "/schema").broken(value)
    except RecursionError:
        return _Body(None, (), "nesting so deep")
    except ValueError:
        return _Body(None, (Fault(part.at, "Must be JSON in UTF-8"),), is_open)
    return _Body(value, tuple(Fault(fault.keyword, fault.within("body"), fault.field) for fault in broken), is_open)


def _open_text(body: bytes, value: Json) -> str:
    if body.startswith(codecs.BOM_UTF8):
        return "a byte order mark"
    try:
        json.dumps(value, ensure_ascii=False).encode("utf-8")
    except UnicodeEncodeError:
        return "half of a surrogate pair"
    return "a body of more than 1 MiB" if len(body) > _LARGEST else ""


_LARGEST = 1 << 20  # more than any server must take


def _no_constant(constant: str) -> Json:
    raise ValueError(constant)


@cache
def compiled(operation: Operation, at: str) -> Schema:
    """A schema of an operation's document."""
    return Schema(operation.document, at)


@cache
def _parameters(operation: Operation) -> list[tuple[Part, Parameter]]:
    return [(part, Parameter(operation.document, part)) for part in operation.parameters]
