"""Discriminators that distinguish no variants: by a field that these lack, or with names of other schemas."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress

from ventia_document.operations import Part, resolve
from ventia_document.slips.nearest import nearest
from ventia_document.source import Finding, Json, parts, pointer
from ventia_document.structure import target
from ventia_document.support.parts.bodies import Object
from ventia_document.validation import Schema
from ventia_document.wire.shapes import OBJECT, fields, shapes

_SCHEMAS = "/components/schemas"


def unsupported_discriminators(document: Json, each: Object) -> Iterator[Finding]:
    """A field that a variant lacks, and names that are none of a variant."""
    discriminator = each.value.get("discriminator") if each.kind == "schema" else None
    if discriminator is None:
        return
    at = each.at + "/discriminator"
    if not _is_discriminator(discriminator):
        yield Finding(at, "is an object with a propertyName, and perhaps names of schemas under mapping; mend it")
        return
    with suppress(LookupError, ValueError, RecursionError):  # a broken reference, which has a finding of its own
        variants = _variants(document, each)
        yield from _missing_fields(document, each, variants)
        for name, to in discriminator.get("mapping", {}).items():
            yield from _unmapped(document, each, variants, name, to)
        if each.value.keys() & {"oneOf", "anyOf"}:
            yield from _values_of_others(document, each, variants)


def _is_discriminator(value: Json) -> bool:
    if not isinstance(value, dict) or not isinstance(mapping := value.get("mapping", {}), dict):
        return False
    return all(isinstance(each, str) for each in (value.get("propertyName"), *mapping.values()))


def _variants(document: Json, each: Object) -> list[Part]:
    """The schemas that a discriminator distinguishes: its alternatives, or those that are composed of its schema."""
    keys = [key for key in ("oneOf", "anyOf") if key in each.value]
    places = [each.at + pointer(key, index) for key in keys for index in range(len(each.value[key]))]
    if not places:
        named = document.get("components", {}).get("schemas", {}).items()
        composed = [_SCHEMAS + pointer(name) for name, schema in named if _is_composed(schema, each.at)]
        places = [each.at, *composed]
    variants = [resolve(document, at) for at in places]
    return [variant for variant in variants if OBJECT in shapes(document, variant.at)]


def _is_composed(schema: Json, base: str) -> bool:
    pieces = schema.get("allOf", ()) if isinstance(schema, dict) else ()
    return any("$ref" in piece and target(piece["$ref"]) == base for piece in pieces if isinstance(piece, dict))


def _name(variant: Part) -> str:
    return variant.name if variant.is_component else "/".join(parts(variant.at)[-2:])


def _missing_fields(document: Json, each: Object, variants: list[Part]) -> Iterator[Finding]:
    name = each.value["discriminator"]["propertyName"]
    described = [fields(document, variant.at) | each.value.get("properties", {}) for variant in variants]
    lacking = [_name(variant) for variant, known in zip(variants, described, strict=True) if name not in known]
    if lacking:
        near = nearest(name, set(described[0]).intersection(*described))
        mend = f"write {near!r}" if near else "describe it there, or name a field that all variants have"
        yield Finding(
            f"{each.at}/discriminator/propertyName", f"{name!r} is no field of {' and '.join(lacking)}; {mend}"
        )


def _unmapped(document: Json, each: Object, variants: list[Part], value: str, to: str) -> Iterator[Finding]:
    at = each.at + pointer("discriminator", "mapping", value)
    known = {part.at: _name(part) for part in variants}
    place = _mapped(to)
    if place not in known:
        near = nearest(parts(place)[-1], known.values())
        mend = f"write {near}" if near else f"name one of {', '.join(known.values())}"
        yield Finding(at, f"{to!r} is no variant of this schema; {mend}")
        return
    name = each.value["discriminator"]["propertyName"]
    field = fields(document, place).get(name)
    if field and not Schema(document, field).accepts(value):
        yield Finding(at, f"{value!r} is never the {name} of {known[place]}; name the variant of this value")


def _mapped(to: str) -> str:
    """The JSON pointer of what a mapping leads to: a reference, or the name of a schema."""
    return target(to) if "#" in to else _SCHEMAS + pointer(to)


def _values_of_others(document: Json, each: Object, variants: list[Part]) -> Iterator[Finding]:
    """Variants whose field may have a value that names another: a value is read by its schema, not by its name."""
    discriminator = each.value["discriminator"]
    name, mapping = discriminator["propertyName"], discriminator.get("mapping", {})
    places = {value: _mapped(to) for value, to in mapping.items()}
    unnamed = [variant for variant in variants if variant.is_component and variant.at not in places.values()]
    places |= {variant.name: variant.at for variant in unnamed}
    for variant in variants:
        field = fields(document, variant.at).get(name)
        others = [value for value, at in places.items() if at != variant.at]
        if field and (value := next(filter(Schema(document, field).accepts, others), None)):
            message = f"the {name} of {_name(variant)} may be {value!r}, which names another variant"
            yield Finding(f"{each.at}/discriminator", f"{message}; say with const or enum what it may be")
