"""Rows about one schema: a value of it in a request, or in an answer."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from tests.acceptance.document.rows import Followed, answers, body
from ventia_document.source import Json

ITSELF = "{$ref: '#/components/schemas/IT'}"
"""The schema in itself."""

_FIELD = "{type: object, required: [it], properties: {it: %s}}"

Make = Callable[[Any], Any]
"""Makes a body with the class of the schema."""


def sent(
    name: str,
    schema: str,
    make: Make,
    wire: str,
    refused: tuple[str, ...] = (),
    invalid: tuple[Make, ...] = (),
    more: str = "",
) -> Followed:
    """A body that is sent; others that the stand-in refuses, and those that the client does not make.

    Args:
        schema: as YAML, as the others here.
        more: further schemas.
    """
    model = _model(name)

    def of(package: Any, making: Make) -> dict[str, Any]:
        return {"body": making(getattr(package.models, model))}

    return Followed(
        name,
        body(f"{{$ref: '#/components/schemas/{model}'}}"),
        components=_schemas(model, schema, more),
        method="post",
        arguments=lambda package: of(package, make),
        body=wire.encode(),
        refused=tuple(each.encode() for each in refused),
        invalid=tuple(lambda package, each=each: of(package, each) for each in invalid),  # type: ignore[misc]  # mypy knows no default of a lambda
    )


def read(name: str, schema: str, example: str, returned: Json, *wrong: str, more: str = "") -> Followed:
    """An answer that is read, and others that nobody believes."""
    model = _model(name)
    return Followed(
        name,
        answers(f"{{$ref: '#/components/schemas/{model}'}}", example),
        components=_schemas(model, schema, more),
        status=200,
        returned=returned,
        wrong=tuple(each.encode() for each in wrong),
    )


def sent_field(
    name: str, schema: str, value: Any, wire: str, refused: tuple[str, ...] = (), invalid: tuple[Any, ...] = ()
) -> Followed:
    """A field of a body, with the wire of its value alone."""
    made = tuple(lambda model, each=each: model(it=each) for each in invalid)
    around = tuple(map(_around, refused))
    return sent(name, _FIELD % schema, lambda model: model(it=value), _around(wire), around, made)


def read_field(name: str, schema: str, example: str, value: Json, *wrong: str, more: str = "") -> Followed:
    """A field of an answer."""
    return read(name, _FIELD % schema, f"{{it: {example}}}", {"it": value}, *map(_around, wrong), more=more)


def _around(wire: str) -> str:
    return f'{{"it":{wire}}}'


def _model(name: str) -> str:
    return "".join(word.capitalize() for word in re.split(r"\W+", name))


def _schemas(model: str, schema: str, more: str) -> str:
    named = f"schemas: {{{model}: {schema}{f', {more}' if more else ''}}}"
    return named.replace("#/components/schemas/IT'", f"#/components/schemas/{model}'")
