"""What a request names on the platform: the document's `x-identifies` says which of its parts do."""

from __future__ import annotations

import json
from collections.abc import Iterator

from ventia_document.operations import Operation, Part, resolve
from ventia_document.source import Json
from ventia_mock.operations.unserved import Unserved
from ventia_mock.operations.validation import Received, Valid
from ventia_mock.world.file import KINDS

_KEYWORD = "x-identifies"


class Naming:
    """Which parameters and fields of the body of an operation name a thing on the platform.

    Attributes:
        fields: the names of all fields that its body can have.

    Raises:
        Unserved: one names a kind of thing that the world does not have.
    """

    def __init__(self, operation: Operation) -> None:
        bodies = [resolve(operation.document, part.at + "/schema").value for part in operation.media_types]
        described = [body.get("properties", {}) for body in bodies if isinstance(body, dict)]
        self.fields = [name for properties in described for name in properties]
        self._fields = {
            name: field[_KEYWORD] for properties in described for name, field in properties.items() if _KEYWORD in field
        }
        self._parameters = list(_parameters(operation))
        for kind in [*self._fields.values(), *(kind for _, kind in self._parameters)]:
            if f"{kind}s" not in KINDS:
                raise Unserved(
                    operation.at, f"{_KEYWORD}: {kind!r} is none of {', '.join(name[:-1] for name in KINDS)}"
                )

    def of(self, valid: Valid) -> dict[str, tuple[str, str]]:
        """What a valid request names, by kind: the name of the parameter or field, and the identifier."""
        named = {
            kind: (part.value["name"], valid.values[part.at])
            for part, kind in self._parameters
            if part.at in valid.values
        }
        return self._in_body(valid.body) | named

    def every(self, sought: str, valid: Valid) -> list[Json]:
        """Every identifier of a kind of thing that a valid request names."""
        given = [valid.values[part.at] for part, kind in self._parameters if kind == sought and part.at in valid.values]
        body = valid.body if isinstance(valid.body, dict) else {}
        return given + [body[name] for name, kind in self._fields.items() if kind == sought and name in body]

    def of_any(self, request: Received) -> dict[str, tuple[str, str]]:
        """What any request names, as far as it can be read."""
        named = {
            kind: (part.value["name"], given[0])
            for part, kind in self._parameters
            if (given := request.parameters[part.value["in"]].get(part.value["name"]))
        }
        try:
            told = self._in_body(json.loads(request.body.decode()))
        except (ValueError, RecursionError):
            return named
        # What is refused may hold half of a surrogate pair.
        return {kind: (name, text.encode(errors="replace").decode()) for kind, (name, text) in told.items()} | named

    def _in_body(self, body: Json) -> dict[str, tuple[str, str]]:
        given = body if isinstance(body, dict) else {}
        return {kind: (name, given[name]) for name, kind in self._fields.items() if isinstance(given.get(name), str)}


def _parameters(operation: Operation) -> Iterator[tuple[Part, str]]:
    for part in operation.parameters:
        schema = resolve(operation.document, part.at + "/schema").value
        if isinstance(schema, dict) and _KEYWORD in schema:
            yield part, schema[_KEYWORD]
