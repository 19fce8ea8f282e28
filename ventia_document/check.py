"""Says what is wrong with a document: its structure, its references, its schemas and its examples."""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import jsonschema_rs

from ventia_document.operations import nodes, references, resolve, target
from ventia_document.schemas import Schema
from ventia_document.source import DocumentError, Json, Source, lookup, pointer, read


def read_checked(path: Path) -> Source:
    """Read a document that has nothing wrong.

    Raises:
        DocumentError: it cannot be read or is not a valid one; the text lists every fault with its place.
    """
    source = read(path)
    if faults := check(source):
        raise DocumentError("\n".join(faults))
    return source


def check(source: Source) -> list[str]:
    """What is wrong with a document, a line a fault, each with file, line, column and JSON pointer.

    The kinds of fault hide one another: only a document of sound structure has its references looked at, and only one
    whose references all lead somewhere has its examples validated.
    """
    try:
        for faults in (_structure, _references, _examples):
            if found := [f"{source.place(at)}: {at or 'the document'}: {rule}" for at, rule in faults(source.value)]:
                return found
    except ValueError as error:  # of the validator, which goes only so deep
        return [f"{source.path}: {error}"]
    return []


def _structure(document: Json) -> Iterator[tuple[str, str]]:
    for error in _standard().iter_errors(document):
        yield pointer(*error.instance_path), error.message


@cache
def _standard() -> jsonschema_rs.Draft202012Validator:
    """The OpenAPI Initiative's schema of 3.1 documents, with JSON Schema 2020-12 for the schemas in them."""
    standard = json.loads(Path(__file__).with_name("openapi-3.1.json").read_bytes())
    dialect = {"$dynamicAnchor": "meta", "$ref": "https://json-schema.org/draft/2020-12/schema"}
    return jsonschema_rs.Draft202012Validator(
        {"$id": "urn:ventia:openapi", "$ref": standard["$id"], "$defs": {"schema": dialect}},
        registry=jsonschema_rs.Registry([(standard["$id"], standard)]),
        validate_formats=True,
    )


def _references(document: Json) -> Iterator[tuple[str, str]]:
    for at, reference in references(document):
        try:
            _follow(document, reference)
        except ValueError as error:
            yield at, f"$ref: {error}"
        except LookupError:
            yield at, f"$ref: {reference!r} leads nowhere; name a part of this document"
    known = document.get("components", {}).get("securitySchemes", {})
    for at, node in nodes(document):
        for index, alternative in enumerate(node.get("security", [])):
            for name in alternative.keys() - known.keys():
                yield f"{at}/security/{index}", f"{name!r} is no security scheme of the components; use {list(known)}"


def _follow(document: Json, reference: Json) -> None:
    seen = []
    while isinstance(reference, str):
        if reference in seen:
            raise ValueError(f"{reference!r} leads back to itself; name a part that is no reference")
        seen.append(reference)
        found = lookup(document, target(reference))
        reference = found.get("$ref") if isinstance(found, dict) else None


def _examples(document: Json) -> Iterator[tuple[str, str]]:
    for at, node in nodes(document):
        schema = at + "/schema" if "schema" in node else at
        for example, value in _values(document, at, node):
            yield from _invalid(document, schema, example, value)


def _values(document: Json, at: str, node: dict[str, Json]) -> Iterator[tuple[str, Json]]:
    """The examples and the default that an object gives for its schema or, if it is one, for itself."""
    examples = node.get("examples")
    if isinstance(examples, dict) and "schema" in node:
        named = [resolve(document, at + pointer("examples", name)) for name in examples]
        yield from ((example.at + "/value", example.value["value"]) for example in named if "value" in example.value)
    elif isinstance(examples, list):
        yield from ((at + pointer("examples", index), value) for index, value in enumerate(examples))
    if "example" in node and node.keys() & {"schema", "type", "$ref"}:
        yield at + "/example", node["example"]
    if "default" in node and node.keys() & {"type", "$ref"}:
        yield at + "/default", node["default"]


def _invalid(document: Json, schema: str, at: str, value: Json) -> Iterator[tuple[str, str]]:
    try:
        broken = Schema(document, schema).broken(value)
    except jsonschema_rs.ValidationError as error:
        yield pointer(*error.instance_path), error.message
        return
    for fault in broken:
        yield at, fault.within("the value")
