"""Parameters that no request can have: of a style without a meaning for their values, or of another's name."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ventia_document.operations import Operation, operations, resolve
from ventia_document.source import Finding, Json
from ventia_document.support.parts.bodies import Object
from ventia_document.wire.headers import HEADER_NAME, is_of_the_connection
from ventia_document.wire.keys import key_place
from ventia_document.wire.shapes import ARRAY, OBJECT, SCALAR, fields, item_schemas, shapes

_SHAPES = {
    "deepObject": frozenset((OBJECT,)),
    "pipeDelimited": frozenset((ARRAY, OBJECT)),
    "spaceDelimited": frozenset((ARRAY, OBJECT)),
}
"""The shapes of values that a style writes; all, if it is not here."""


def unsupported_names(document: Json) -> Iterator[Finding]:
    """Parameters whose name no request can have, or that another parameter or the API key has."""
    for operation in operations(document):
        yield from _repeated(operation)
        keys = {key_place(scheme)[:2]: name for name, scheme in _schemes(document)}
        for part in operation.parameters:
            place, name = _named(part.value)
            if (place, name) in keys:
                yield Finding(part.at, f"{name!r} in {place} is the API key, {keys[place, name]!r}; leave it out")
            elif place == "header" and (why := _OF_OTHERS.get(name)):
                yield Finding(part.at, f"{name!r} is no parameter of a header; {why}")
            elif place == "header" and is_of_the_connection(name):
                yield Finding(part.at, f"{name!r} belongs to the connection; leave it out")
            elif place in ("header", "cookie") and not re.fullmatch(HEADER_NAME, name, re.ASCII):
                yield Finding(part.at, f"{name!r} is no name of a {place}; write it with letters, digits and -")


_OF_OTHERS = {
    "accept": "the responses say which media types are accepted; leave it out",
    "authorization": "describe it as a security scheme",
    "content-type": "the request body says its media type; leave it out",
    "cookie": "describe each cookie as a parameter in cookie",
}
"""Headers that other parts of a document describe, by OpenAPI's own words or by their meaning."""


def _schemes(document: Json) -> list[tuple[str, Json]]:
    """The security schemes that are keys."""
    named = document.get("components", {}).get("securitySchemes", {}).items()
    return [(name, scheme) for name, scheme in named if _is_key(scheme)]


def _is_key(scheme: Json) -> bool:
    return scheme.get("type") == "apiKey" or (scheme.get("type"), scheme.get("scheme", "").lower()) == (
        "http",
        "bearer",
    )


def _named(parameter: Json) -> tuple[str, str]:
    """Place and name of a parameter; headers have one name in capitals and small letters."""
    place, name = parameter["in"], parameter["name"]
    return place, name.lower() if place == "header" else name


def _repeated(operation: Operation) -> Iterator[Finding]:
    """The parameters of one list that have the name and the place of an earlier one."""
    seen = set[tuple[str, str, str]]()
    for at in operation.parameter_places:
        place, name = _named(resolve(operation.document, at).value)
        key = (at.rpartition("/")[0], place, name)
        if key in seen:
            yield Finding(at, f"{name!r} in {place} stands twice in one list; keep one")
        seen.add(key)


def unsupported_styles(document: Json, each: Object) -> Iterator[Finding]:
    """A style, an explode or a schema of a parameter that no standard gives bytes for."""
    if each.kind != "parameter" or "schema" not in each.value:
        return
    style, at = each.value.get("style", ""), each.at + "/schema"
    try:
        found = shapes(document, at)
        inner = [("items", shapes(document, item)) for item in item_schemas(document, at)]
        inner += [("fields", shapes(document, field)) for field in fields(document, at).values()]
    except (LookupError, ValueError):  # a broken reference, which has a finding of its own
        return
    if each.value["in"] == "cookie" and found != {SCALAR}:
        yield Finding(at, "a cookie holds a text, a number or a truth; give it a schema of one of these types")
    if style in _SHAPES and not found <= _SHAPES[style]:
        yield Finding(
            each.at + "/style", f"{style!r} is for {' and '.join(sorted(_SHAPES[style]))} alone; leave it out"
        )
    if style in _SHAPES and each.value.get("explode", style == "deepObject") != (style == "deepObject"):
        where = "/explode" if "explode" in each.value else "/style"
        right = str(style == "deepObject").lower()
        yield Finding(each.at + where, f"the style {style!r} is defined for explode: {right} alone; say so")
    for name, nested in inner:
        if nested != {SCALAR}:
            yield Finding(at, f"no style writes {name} that are arrays or objects; send them in a body")
