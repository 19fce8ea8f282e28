"""What is wrong with a request, by the document: its parameters, its content type, its JSON, its body."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NoReturn

from ventia_document.operations import Operation
from ventia_document.schemas import Schema
from ventia_document.source import Json
from ventia_mock.parameters import Parameter

BODY = "body"
"""What a refusal calls the request body where the whole of it offends."""


LARGEST_BODY = 1 << 20
"""Bytes. An assumption: the platform's own limit is not documented."""


_TOO_MUCH = "Must be JSON less deep and with shorter numbers"


class Refused(Exception):
    """A request that breaks rules of the document; the text names each field and the rule that it breaks."""


@dataclass(frozen=True)
class Received:
    """A request as it came in.

    Attributes:
        parameters: as text, by place (`path`, `query`, `header`, `cookie`) and name; headers in lower case.
        body: of one that is larger than LARGEST_BODY, only its first bytes, but more than that.
    """

    parameters: Mapping[str, Mapping[str, Sequence[str]]]
    content_type: str
    body: bytes


@dataclass(frozen=True)
class Valid:
    """A request that keeps every rule: the value of each parameter and body given, by its JSON pointer."""

    values: dict[str, Json]


class Rules:
    """The rules of one operation for the requests to it."""

    def __init__(self, operation: Operation) -> None:
        document, body = operation.document, operation.body
        self._parameters = [Parameter(document, part) for part in operation.parameters]
        self._body_required = body is not None and body.value.get("required", False)
        self._bodies = {part.name: part for part in operation.media_types}
        self._schemas = {name: Schema(document, part.at + "/schema") for name, part in self._bodies.items()}

    def check(self, request: Received) -> Valid:
        """The values of a request.

        Raises:
            Refused: it breaks a rule; all faults of its parameters are told before any of its body.
        """
        return Valid(self._check_parameters(request) | self._check_body(request))

    def _check_parameters(self, request: Received) -> dict[str, Json]:
        values: dict[str, Json] = {}
        faults: list[str] = []
        for parameter in self._parameters:
            given = request.parameters[parameter.place].get(parameter.name, ())
            value, broken = parameter.check(given)
            faults += broken
            if given:
                values[parameter.at] = value
        _refuse(faults)
        return values

    def _check_body(self, request: Received) -> dict[str, Json]:
        if not self._bodies or not (request.body or self._body_required):
            return {}
        media_type = request.content_type.partition(";")[0].strip().lower()
        if media_type not in self._bodies:
            raise Refused(f"Content-Type: Must be {' or '.join(self._bodies)}")
        if len(request.body) > LARGEST_BODY:
            raise Refused(f"{BODY}: Must have at most {LARGEST_BODY} bytes")
        value = _decode(request.body)
        try:
            broken = self._schemas[media_type].broken(value)
        except ValueError:
            raise Refused(f"{BODY}: {_TOO_MUCH}") from None
        _refuse([fault.within(BODY) for fault in broken])
        return {self._bodies[media_type].at: value}


def _refuse(faults: list[str]) -> None:
    if faults:
        raise Refused("; ".join(faults))


def _decode(body: bytes) -> Json:
    try:
        value = json.loads(body.decode("utf-8"), parse_constant=_no_constant)
        json.dumps(value, ensure_ascii=False).encode("utf-8")
    except UnicodeDecodeError:
        raise Refused(f"{BODY}: Must be encoded as UTF-8") from None
    except UnicodeEncodeError:
        raise Refused(f"{BODY}: Must hold both halves of every surrogate pair") from None
    except json.JSONDecodeError as error:
        raise Refused(f"{BODY}: Must be JSON; line {error.lineno}, column {error.colno}: {error.msg}") from None
    except (RecursionError, ValueError):
        raise Refused(f"{BODY}: {_TOO_MUCH}") from None
    return value


def _no_constant(constant: str) -> NoReturn:
    raise Refused(f"{BODY}: Must be JSON, which has no {constant}")
