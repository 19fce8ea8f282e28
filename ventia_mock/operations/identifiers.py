"""Finds the identifiers of contacts, channels and other things in a request, by the document's `x-identifies`."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import TypeAlias

from ventia_document.operations import Operation, Part, resolve
from ventia_document.platform import IDENTIFIES
from ventia_document.source import Json
from ventia_mock.http.request import Request
from ventia_mock.operations.validation import ValidRequest

Identified: TypeAlias = Mapping[str, tuple[str, str]]
"""By kind of thing (`contact`, `channel`): the name of the parameter or field, and the identifier in it."""


class Identifiers:
    """The parameters and body fields of an operation that hold the identifier of a thing on the platform.

    Attributes:
        body_fields: the names of all fields that its body can have.
    """

    def __init__(self, operation: Operation) -> None:
        bodies = [resolve(operation.document, part.at + "/schema").value for part in operation.media_types]
        described = [body.get("properties", {}) for body in bodies if isinstance(body, dict)]
        self.body_fields = [name for properties in described for name in properties]
        self._fields = {
            name: field[IDENTIFIES]
            for properties in described
            for name, field in properties.items()
            if isinstance(field, dict) and IDENTIFIES in field
        }
        self._parameters = list(_parameters(operation))

    def of_valid(self, valid: ValidRequest) -> Identified:
        """The identifiers in a valid request."""
        in_parameters = {
            kind: (part.value["name"], valid.values[part.at])
            for part, kind in self._parameters
            if part.at in valid.values
        }
        return self._in_body(valid.body) | in_parameters

    def all_of_kind(self, kind: str, valid: ValidRequest) -> list[Json]:
        """Every identifier of a thing of one kind in a valid request."""
        in_parameters = [
            valid.values[part.at] for part, known in self._parameters if known == kind and part.at in valid.values
        ]
        body = valid.body if isinstance(valid.body, dict) else {}
        return in_parameters + [body[name] for name, known in self._fields.items() if known == kind and name in body]

    def of_any(self, request: Request) -> Identified:
        """The identifiers in any request, as far as it can be read."""
        in_parameters = {
            kind: (part.value["name"], texts[0])
            for part, kind in self._parameters
            if (texts := request.parameters[part.value["in"]].get(part.value["name"]))
        }
        try:
            in_body = self._in_body(json.loads(request.body.decode()))
        except (ValueError, RecursionError):
            return in_parameters
        # An invalid request may hold half of a surrogate pair.
        return {kind: (name, text.encode(errors="replace").decode()) for kind, (name, text) in in_body.items()} | (
            in_parameters
        )

    def _in_body(self, body: Json) -> dict[str, tuple[str, str]]:
        fields = body if isinstance(body, dict) else {}
        return {kind: (name, fields[name]) for name, kind in self._fields.items() if isinstance(fields.get(name), str)}


def _parameters(operation: Operation) -> Iterator[tuple[Part, str]]:
    for part in operation.parameters:
        schema = resolve(operation.document, part.at + "/schema").value
        if isinstance(schema, dict) and IDENTIFIES in schema:
            yield part, schema[IDENTIFIES]
