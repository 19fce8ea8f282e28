"""The errors of openapi-spec-validator, each at its place in the document."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from typing import Any

from openapi_spec_validator import OpenAPIV31SpecValidator

from ventia_document.source import Finding, Json, lookup, pointer
from ventia_document.structure import nodes, target

_BY = "(openapi-spec-validator)"


def errors(document: Json) -> Iterator[Finding]:
    """Every error of openapi-spec-validator; each reference must lead to a part of the document."""
    try:
        for error in _PlacingValidator(document).iter_errors():
            reasons = "".join(f"; {reason.message}" for reason in error.context or ())
            if error.validator != "multipleOf":  # computed in floating point, and so not exact
                yield Finding(_resolved(document, error.absolute_path), f"{error.message}{reasons} {_BY}")
    except ValueError as error:
        yield Finding("", f"{error} {_BY}")


class _Placing:
    """Completes the path of an error, which begins at the part that was validated, with that part's own path."""

    inside: tuple[str, ...] = ()

    def __call__(self, *arguments: Any, **options: Any) -> Iterator[Any]:
        [start, *_] = [each.parts for each in arguments if hasattr(each, "parts")]
        for error in super().__call__(*arguments, **options):  # type: ignore[misc]  # it is mixed in
            if not hasattr(error, "placed"):
                error.placed = True
                error.path.extendleft(reversed([*start, *self.inside]))
            yield error


class _PlacingDefault(_Placing):
    inside = ("default",)


class _PlacingSchema(_Placing):
    def _validate_schema_meta(self, schema: Any, value: Any) -> Any:
        """The error of a schema by its metaschema, which only says more than our own check with keys of OpenAPI's."""
        if any(not node.keys().isdisjoint(_BEYOND) for _, node in nodes(value)):
            return super()._validate_schema_meta(schema, value)  # type: ignore[misc]  # it is mixed in
        return None  # it would take most of the validator's time


_BEYOND = ("$schema", "discriminator", "externalDocs", "xml")
_PLACING = {"default": _PlacingDefault, "schema": _PlacingSchema}


class _PlacingValidator(OpenAPIV31SpecValidator):
    keyword_validators = {  # noqa: RUF012 - the base class says what it is
        name: type(name, (_PLACING.get(name, _Placing), kind), {})
        for name, kind in OpenAPIV31SpecValidator.keyword_validators.items()
    }


def _resolved(document: Json, path: deque[str | int]) -> str:
    """The JSON pointer of a path that runs through references."""
    at = ""
    for part in path:
        at += pointer(part)
        while isinstance(value := lookup(document, at), dict) and set(value) == {"$ref"}:
            at = target(value["$ref"])
    return at
