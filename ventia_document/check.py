"""Says what is wrong with a document: its structure, its references, its schemas and its examples."""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import jsonschema_rs

from ventia_document.operations import examples, nodes, references, resolve, target
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
    for faults in (_structure, _references, _examples):
        if found := [f"{source.place(at)}: {at or 'the document'}: {rule}" for at, rule in faults(source.value)]:
            return found
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
        except (LookupError, TypeError):
            yield at, f"$ref: {reference!r} leads nowhere; name a part of this document"


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
        if isinstance(node.get("schema"), dict):
            for name, value in examples(document, resolve(document, at)).items():
                yield from _invalid(document, at, at + "/schema", f"example {name!r}", value)
        elif isinstance(node.get("examples"), list):
            for value in node["examples"]:
                yield from _invalid(document, at, at, f"example {value!r}", value)
        if "default" in node and "type" in node:
            yield from _invalid(document, at, at, f"default {node['default']!r}", node["default"])


def _invalid(document: Json, at: str, schema: str, name: str, value: Json) -> Iterator[tuple[str, str]]:
    for broken in Schema(document, schema).broken(value):
        yield at, f"{name}: {broken.within('the value')}"
