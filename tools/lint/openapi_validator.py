"""What openapi-spec-validator finds, each of its errors at its place in the document."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from typing import Any

from openapi_spec_validator import OpenAPIV31SpecValidator

from ventia_document.check import Fault
from ventia_document.operations import target
from ventia_document.source import Json, lookup, pointer


def second_opinion(document: Json) -> Iterator[Fault]:
    """Every error of openapi-spec-validator; each reference must lead somewhere in the document."""
    try:
        for error in _Placing(document).iter_errors():
            reasons = "".join(f"; {reason.message}" for reason in error.context or ())
            if error.validator != "multipleOf":  # which it tells by floating point
                yield Fault(_followed(document, error.absolute_path), f"{error.message}{reasons} {_BY}")
    except ValueError as error:
        yield Fault("", f"{error} {_BY}")


_BY = "(openapi-spec-validator)"


class _Placed:
    """Gives an error, which knows its place only from the part on that was looked at, the path of that part."""

    inside: tuple[str, ...] = ()

    def __call__(self, *arguments: Any, **options: Any) -> Iterator[Any]:
        [start, *_] = [each.parts for each in arguments if hasattr(each, "parts")]
        for error in super().__call__(*arguments, **options):  # type: ignore[misc]  # it is mixed in
            if not hasattr(error, "placed"):
                error.placed = True
                error.path.extendleft(reversed([*start, *self.inside]))
            yield error


class _PlacedDefault(_Placed):
    inside = ("default",)


class _Placing(OpenAPIV31SpecValidator):
    keyword_validators = {  # noqa: RUF012 - the base class says what it is
        name: type(name, (_PlacedDefault if name == "default" else _Placed, kind), {})
        for name, kind in OpenAPIV31SpecValidator.keyword_validators.items()
    }


def _followed(document: Json, path: deque[str | int]) -> str:
    """The JSON pointer of a path that runs through references."""
    at = ""
    for part in path:
        at += pointer(part)
        while isinstance(value := lookup(document, at), dict) and set(value) == {"$ref"}:
            at = target(value["$ref"])
    return at
