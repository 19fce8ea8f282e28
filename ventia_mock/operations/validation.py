"""What is wrong with a request, by the document: its parameters, its content type, its JSON, its body."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NoReturn

from ventia_document.operations import Operation
from ventia_document.schemas import Schema
from ventia_document.source import Json
from ventia_mock.operations.hints import Explained
from ventia_mock.operations.parameters import Parameter
from ventia_mock.world.assumptions import LARGEST_BODY, MOST_FIELDS

BODY = "body"
"""What a refusal calls the request body where the whole of it offends."""

_TOO_MUCH = "Must be JSON less deep and with shorter numbers"


class Refused(Exception):
    """A request that breaks rules; the text names each field and the rule that it breaks.

    Attributes:
        rule: the first of them: the JSON pointer of the document's keyword, or the name of the platform's rule.
    """

    def __init__(self, text: str, rule: str = "") -> None:
        super().__init__(text)
        self.rule = rule


@dataclass(frozen=True)
class Received:
    """A request as it came in.

    Attributes:
        path: with its percent-encoding.
        query: likewise, without the question mark.
        parameters: as text, by place (`path`, `query`, `header`, `cookie`) and name; headers in lower case.
        body: of one that is larger than LARGEST_BODY, only its first bytes, but more than that.
    """

    method: str
    path: str
    query: str
    parameters: Mapping[str, Mapping[str, Sequence[str]]]
    body: bytes

    @property
    def headers(self) -> Mapping[str, Sequence[str]]:
        """Its headers, their names in lower case."""
        return self.parameters["header"]


@dataclass(frozen=True)
class Valid:
    """A request that keeps every rule of the document.

    Attributes:
        values: of each parameter and body given, by its JSON pointer.
        body: None without one.
    """

    values: dict[str, Json]
    body: Json


class Rules:
    """The rules of one operation for the requests to it."""

    def __init__(self, operation: Operation) -> None:
        document, body = operation.document, operation.body
        self._parameters = [Parameter(document, part) for part in operation.parameters]
        self._body_required = body is not None and body.value.get("required", False)
        self._bodies = {part.name: part for part in operation.media_types}
        self._schemas = {name: Schema(document, part.at + "/schema") for name, part in self._bodies.items()}
        self._explained = {
            name: Explained(document, self._bodies[name], schema) for name, schema in self._schemas.items()
        }

    def check(self, request: Received) -> Valid:
        """The values of a request.

        Raises:
            Refused: it breaks a rule; all faults of its parameters are told before any of its body.
        """
        values = self._check_parameters(request)
        at, body = self._check_body(request)
        return Valid(values | ({at: body} if at else {}), body)

    def _check_parameters(self, request: Received) -> dict[str, Json]:
        values: dict[str, Json] = {}
        faults: list[tuple[str, str]] = []
        for parameter in self._parameters:
            given = request.parameters[parameter.place].get(parameter.name, ())
            value, broken = parameter.check(given)
            faults += [(parameter.at, told) for told in broken]
            if given:
                values[parameter.at] = value
        if faults:
            raise Refused("; ".join(told for _, told in faults), faults[0][0])
        return values

    def _check_body(self, request: Received) -> tuple[str, Json]:
        """JSON pointer of its media type and its value; '' and None without a body."""
        if not self._bodies or not (request.body or self._body_required):
            return "", None
        given = request.headers.get("content-type", ())
        media_type, _, parameters = (*given, "")[0].partition(";")
        if len(given) > 1:
            raise Refused("Content-Type: Must be given once")
        if (media_type := media_type.strip().lower()) not in self._bodies:
            raise Refused(f"Content-Type: Must be {' or '.join(self._bodies)}")
        if (charset := _CHARSET.search(parameters)) and charset[1].lower() not in ("utf-8", "utf8"):
            raise Refused(f"Content-Type: Must have the charset utf-8 or none; got {charset[1]!r}")
        if len(request.body) > LARGEST_BODY:
            raise Refused(f"{BODY}: Must have at most {LARGEST_BODY} bytes")
        value = decode(request.body, BODY)
        try:
            broken = self._schemas[media_type].broken(value)
        except ValueError:
            raise Refused(f"{BODY}: {_TOO_MUCH}") from None
        if broken:
            mends = self._explained[media_type].mends(broken, value)
            raise Refused("; ".join(f"{fault.within(BODY)} ({mend})" for fault, mend in mends), mends[0][0].keyword)
        return self._bodies[media_type].at, value


_CHARSET = re.compile(r"(?i)(?:^|[;\s])charset\s*=\s*\"?([^\s\";]*)")


def decode(body: bytes, name: str) -> Json:
    """The value of a JSON text.

    Args:
        name: of what it is, for the refusal.

    Raises:
        Refused: it is none that every reader reads alike, or one of more than a reader needs.
    """
    try:
        text = body.decode("utf-8")
        value = _decoder.decode(text)
        if "\\u" in text:  # without which there is no half of a pair
            json.dumps(value, ensure_ascii=False).encode("utf-8")
    except UnicodeDecodeError:
        raise Refused(f"{name}: Must be encoded as UTF-8") from None
    except UnicodeEncodeError:
        raise Refused(f"{name}: Must hold both halves of every surrogate pair") from None
    except _Unread as unread:
        raise Refused(f"{name}: {unread}") from None
    except json.JSONDecodeError as error:
        raise Refused(f"{name}: Must be JSON; line {error.lineno}, column {error.colno}: {error.msg}") from None
    except (RecursionError, ValueError):
        raise Refused(f"{name}: {_TOO_MUCH}") from None
    return value


class _Unread(Exception):
    """Why a JSON text is not read."""


def _fields(pairs: list[tuple[str, Json]]) -> dict[str, Json]:
    value = dict(pairs)
    if len(pairs) > MOST_FIELDS:
        raise _Unread(f"Must have at most {MOST_FIELDS} fields in an object")
    if len(value) < len(pairs):
        [(twice, _)] = Counter(name for name, _ in pairs).most_common(1)
        raise _Unread(f"Must have each field once ({json.dumps(twice)[:80]} stands twice)")
    return value


def _no_constant(constant: str) -> NoReturn:
    raise _Unread(f"Must be JSON, which has no {constant}")


_decoder = json.JSONDecoder(parse_constant=_no_constant, object_pairs_hook=_fields)
