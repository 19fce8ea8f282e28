"""Checks of the texts that readers of the document need."""

from __future__ import annotations

from collections.abc import Iterator

from tools.lint.compositions import compositions, schemas
from ventia_document.operations import operations, resolve
from ventia_document.source import Finding, Json, lookup, pointer


def parts_without_a_description(document: Json) -> Iterator[Finding]:
    """The document, and each part of it that a reader looks up by itself, has a description."""
    for at in dict.fromkeys(_described_parts(document)):
        if not _is_described(document, at):
            yield Finding(at, "has no description; say what a reader must know of it")


def _described_parts(document: Json) -> Iterator[str]:
    yield "/info"
    yield from (pointer(key, index) for key in ("servers", "tags") for index in range(len(document.get(key, ()))))
    for operation in operations(document):
        yield operation.at
        yield from (part.at for part in [*operation.parameters, *operation.responses.values()])
    for kind in ("parameters", "responses", "schemas", "securitySchemes"):
        yield from (pointer("components", kind, name) for name in document.get("components", {}).get(kind, ()))


def properties_without_a_description(document: Json) -> Iterator[Finding]:
    """Each property has a description, in one of the schemas that name it for the same value."""
    [composed] = compositions(document)
    for at, schema in schemas(document):
        for name in schema.get("properties", ()):
            property_ = pointer("properties", name)
            around = [whole for whole, each in composed.around(at).items() if name in each.get("properties", ())]
            if not any(_is_described(document, whole + property_) for whole in around):
                yield Finding(at + property_, "has no description; say what a caller must know of the field")


def actions_without_a_description(overlay: Json) -> Iterator[Finding]:
    """Each action of an overlay has a description."""
    for index, action in enumerate(overlay["actions"]):
        if not action.get("description", "").strip():
            yield Finding(pointer("actions", index), "has no description; say in an imperative what the action is for")


def _is_described(document: Json, at: str) -> bool:
    """Whether a part has a description, or what it refers to has one."""
    found = [lookup(document, at), resolve(document, at).value]
    return any(isinstance(each, dict) and each.get("description", "").strip() for each in found)
