"""The styles of parameters that have no meaning for the values that they are given for."""

from __future__ import annotations

from collections.abc import Iterator

from ventia_document.source import Finding, Json
from ventia_document.support.bodies import Object
from ventia_document.wire.shapes import ARRAY, OBJECT, SCALAR, fields, item_schemas, shapes

_SHAPES = {
    "deepObject": frozenset((OBJECT,)),
    "pipeDelimited": frozenset((ARRAY, OBJECT)),
    "spaceDelimited": frozenset((ARRAY, OBJECT)),
}
"""The shapes of values that a style writes; all, if it is not here."""


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
