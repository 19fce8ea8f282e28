"""Validates a request by the document: its parameters, its content type, its JSON, its body."""

from __future__ import annotations

import re
from dataclasses import dataclass

from ventia_document.operations import Operation
from ventia_document.source import Json
from ventia_document.validation import Schema
from ventia_document.wire.forms import Form
from ventia_document.wire.media import FORM, plain_type
from ventia_mock.http.json_text import TOO_MUCH, InvalidJson, decode
from ventia_mock.http.limits import LARGEST_BODY
from ventia_mock.http.request import Request
from ventia_mock.operations.hints import Hints
from ventia_mock.operations.parameters import CheckedParameter
from ventia_mock.remembering import remembered

_BODY = "body"  # the name of the whole body in a refusal


class InvalidRequest(Exception):
    """A request that breaks rules; the message names each field with the rule that it breaks.

    Attributes:
        rule: JSON pointer of the first of these rules in the document; '' for one that is not there.
    """

    def __init__(self, why: str, rule: str = "") -> None:
        super().__init__(why)
        self.rule = rule


@dataclass
class ValidRequest:
    """The values of a request that keeps every rule of the document.

    Attributes:
        values: of each parameter and body that it has, by JSON pointer in the document.
        body: the value of its body; None without one.
    """

    values: dict[str, Json]
    body: Json


class Validation:
    """Validates the requests to one operation."""

    def __init__(self, operation: Operation) -> None:
        document, body = operation.document, operation.body
        self._parameters = [CheckedParameter(document, part) for part in operation.parameters]
        self._body_required = body is not None and body.value.get("required", False)
        self._bodies = {plain_type(part.name): part for part in operation.media_types}
        self._schemas = {name: Schema(document, part.at + "/schema") for name, part in self._bodies.items()}
        self._forms = {name: Form(document, part.at + "/schema") for name, part in self._bodies.items() if name == FORM}
        self._hints = {name: Hints(document, self._bodies[name], schema) for name, schema in self._schemas.items()}

    def validate(self, request: Request) -> ValidRequest:
        """The values of a request.

        Raises:
            InvalidRequest: it breaks a rule; its body is looked at only if all its parameters are valid.
        """
        values = self._parameter_values(request)
        at, body = self._body_value(request)
        return ValidRequest(values | ({at: body} if at else {}), body)

    def _parameter_values(self, request: Request) -> dict[str, Json]:
        values: dict[str, Json] = {}
        violations: list[tuple[str, str]] = []
        wire = request.wire
        for parameter in self._parameters:
            reading, broken = parameter.check(wire)
            violations += [(parameter.at, sentence) for sentence in broken]
            if reading.is_given:
                values[parameter.at] = reading.value
        if violations:
            raise InvalidRequest("; ".join(sentence for _, sentence in violations), violations[0][0])
        return values

    def _body_value(self, request: Request) -> tuple[str, Json]:
        """JSON pointer of the body's media type, and its value; '' and None without a body."""
        if not self._bodies or not (request.body or self._body_required):
            return "", None
        media_type = self._media_type(request)
        if len(request.body) > LARGEST_BODY:
            raise InvalidRequest(f"{_BODY}: Must have at most {LARGEST_BODY} bytes")
        try:
            form = self._forms.get(media_type)
            value = form.read(request.body) if form else decode(request.body)
        except InvalidJson as error:
            raise InvalidRequest(f"{_BODY}: {error}") from None
        except ValueError:
            raise InvalidRequest(f"{_BODY}: Must be a form in UTF-8") from None
        self._check_body(media_type, value)
        return self._bodies[media_type].at, value

    def _media_type(self, request: Request) -> str:
        headers = request.headers.get("content-type", ())
        if len(headers) > 1:
            raise InvalidRequest("Content-Type: Must be given once")
        media_type, charset = _read_type(headers[0] if headers else "")
        if media_type not in self._bodies:
            raise InvalidRequest(f"Content-Type: Must be {' or '.join(self._bodies)}")
        if charset.lower() not in ("", "utf-8", "utf8"):
            raise InvalidRequest(f"Content-Type: Must have the charset utf-8 or none; got {charset!r}")
        return media_type

    def _check_body(self, media_type: str, value: Json) -> None:
        try:
            broken = self._schemas[media_type].quick_violations(value)
        except ValueError:  # the validator goes only so deep
            raise InvalidRequest(f"{_BODY}: {TOO_MUCH}") from None
        if broken:
            violations = self._hints[media_type].of(broken, value)
            sentences = [f"{violation.within(_BODY)} ({hint})" for violation, hint in violations]
            raise InvalidRequest("; ".join(sentences), violations[0][0].keyword)


def _type_of(header: str) -> tuple[str, str]:
    """The media type of a `Content-Type`, and its charset, '' without one; a caller's are mostly the same."""
    media_type, _, parameters = header.partition(";")
    charset = _CHARSET.search(parameters)
    return media_type.strip().lower(), charset[1] if charset else ""


_read_type = remembered(_type_of)

_CHARSET = re.compile(r"(?i)(?:^|[;\s])charset\s*=\s*\"?([^\s\";]*)")
