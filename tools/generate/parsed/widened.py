"""The schemas of a document, those that the generator cannot type made wider; the client checks the narrower ones."""

from __future__ import annotations

from collections.abc import Callable, Collection

from ventia_document.keywords import type_of
from ventia_document.operations import resolve
from ventia_document.source import Json, pointer
from ventia_document.structure import kind, nodes
from ventia_document.wire.shapes import OBJECT, shapes

Schema = dict[str, Json]


def widen(document: Json) -> None:
    """Change the schemas of a document to those that the generator can type."""
    schemas = [(at, node) for at, node in nodes(document) if kind(at) == "schema"]
    for at, schema in schemas:
        for change in _CHANGES:
            change(document, at, schema)


def _without_mixed_enum(_document: Json, _at: str, schema: Schema) -> None:
    """The generator has enums of texts, and of integers."""
    types = {type(value) for value in schema.get("enum", ()) if value is not None}
    if types and types not in ({str}, {int}):
        values = schema.pop("enum")
        schema.setdefault("type", list(dict.fromkeys(map(type_of, values))))


def _without_wide_constant(_document: Json, _at: str, schema: Schema) -> None:
    """The generator has constants that Python's `Literal` can hold."""
    if isinstance(schema.get("const"), float | list | dict):
        value = schema.pop("const")
        if isinstance(value, float):
            schema.setdefault("type", "number")


def _with_items(_document: Json, _at: str, schema: Schema) -> None:
    types = schema.get("type", ())
    if "array" in ([types] if isinstance(types, str) else types) and not schema.keys() & {"items", "prefixItems"}:
        schema["items"] = {}


def _with_schemas_as_objects(_document: Json, _at: str, schema: Schema) -> None:
    """The generator reads no property and no items that are `true` or `false`."""
    if isinstance(schema.get("items"), bool):
        schema["items"] = {}
    properties = schema.get("properties", {})
    for name in [name for name, each in properties.items() if isinstance(each, bool)]:
        if not properties[name]:
            del properties[name]
        else:
            properties[name] = {}


def _with_default_of_a_reference(_document: Json, _at: str, schema: Schema) -> None:
    """The generator passes over what stands beside a reference; of an `allOf` of one it reads the default."""
    if "$ref" in schema and "default" in schema:
        schema["allOf"] = [{"$ref": schema.pop("$ref")}]


def _with_additional_fields(_document: Json, _at: str, schema: Schema) -> None:
    """The generator passes over `patternProperties`, and its classes without any field over what they read."""
    has_none = schema.get("additionalProperties") is False and not schema.get("properties")
    if has_none or ("patternProperties" in schema and "additionalProperties" in schema):
        schema["additionalProperties"] = True


def _without_parts_of_scalars(document: Json, at: str, schema: Schema) -> None:
    """The generator makes an object of each `allOf` but that of one reference."""
    if "allOf" not in schema or "type" in schema or OBJECT in shapes(document, at):
        return
    places = [at + pointer("allOf", index) for index in range(len(schema["allOf"]))]
    parts = [(part, resolve(document, place).value) for part, place in zip(schema["allOf"], places, strict=True)]
    typed = [part for part, value in parts if isinstance(value, dict) and value.keys() & _TYPED]
    types = {str(value["type"]): value["type"] for _, value in parts if isinstance(value, dict) and "type" in value}
    if len(typed) == 1 and "$ref" in typed[0]:
        schema["allOf"] = typed
    else:
        del schema["allOf"]
        schema |= typed[0] if len(typed) == 1 else {"type": next(iter(types.values()))} if len(types) == 1 else {}


_TYPED = frozenset(("type", "enum", "const", "anyOf", "oneOf", "allOf"))


def _without_rules_of_objects(_document: Json, _at: str, schema: Schema) -> None:
    """The generator takes rules beside the fields of an object for other objects."""
    if schema.get("type") != "object" and "properties" not in schema:
        return
    fields = schema.get("properties", {}).keys()
    for key in _LISTS:
        if key in schema and all(_is_rule(part, fields) for part in schema[key]):
            del schema[key]


_LISTS = ("anyOf", "oneOf", "allOf")


def _is_rule(schema: Json, fields: Collection[str]) -> bool:
    """Whether a schema says nothing of a value but rules for these fields."""
    if not isinstance(schema, dict):
        return True
    has_own = (
        schema.keys() & {"$ref", "additionalProperties", "const", "enum"} or schema.get("type", "object") != "object"
    )
    inner = [part for key in _LISTS for part in schema.get(key, ())]
    return (
        not has_own
        and set(fields) >= schema.get("properties", {}).keys()
        and all(_is_rule(each, fields) for each in inner)
    )


_CHANGES: tuple[Callable[[Json, str, Schema], None], ...] = (
    _without_mixed_enum,
    _without_wide_constant,
    _with_schemas_as_objects,
    _with_additional_fields,
    _with_default_of_a_reference,
    _without_parts_of_scalars,
    _without_rules_of_objects,
    _with_items,
)
