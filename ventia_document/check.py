"""Says what is wrong with a document: its structure, its references, its schemas and its examples."""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import NamedTuple

import jsonschema_rs

from ventia_document.kinds import kind
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


class Fault(NamedTuple):
    """What is wrong with a document: where, as a JSON pointer, and the rule that is broken there."""

    at: str
    rule: str

    def told(self, place: str) -> str:
        """The line that tells it of a place."""
        return f"{place}: {self.at or 'the document'}: {self.rule}"


def check(source: Source) -> list[str]:
    """What is wrong with a document, a line a fault, each with file, line, column and JSON pointer.

    The kinds of fault hide one another: only a document of sound structure has its references looked at, and only one
    whose references all lead somewhere has its examples validated.
    """
    return [fault.told(source.place(fault.at)) for fault in faults(source.value)]


def faults(document: Json) -> list[Fault]:
    """The faults that `check` tells."""
    try:
        for rule in (structure, references_astray, invalid_examples):
            if found := list(rule(document)):
                return found
    except ValueError as error:  # of the validator, which goes only so deep
        return [Fault("", str(error))]
    return []


def structure(document: Json) -> Iterator[Fault]:
    """Where a document is none by the standard's schema."""
    errors = [error for error in _standard().iter_errors(document) if not _is_template(error)]
    wrong = {pointer(*error.instance_path) for error in errors}
    for error in errors:
        at = pointer(*error.instance_path)
        for key in getattr(error.kind, "unexpected", ()):
            # What is wrong inside is not known either to the standard's schema.
            if not any(f"{each}/".startswith(f"{at}{pointer(key)}/") for each in wrong):
                yield Fault(at + pointer(key), f"{key!r} is no key of this object; mend it, or leave it out")
        if not hasattr(error.kind, "unexpected"):
            reasons = [branch[0].message for branch in getattr(error.kind, "context", ()) if branch]
            yield Fault(at, ": ".join([error.message, "; ".join(dict.fromkeys(reasons))]) if reasons else error.message)


def _is_template(error: jsonschema_rs.ValidationError) -> bool:
    """Whether it complains of a server's URL with variables, which the standard's schema takes for a broken URI."""
    return error.kind.name == "format" and error.instance_path[-1:] == ["url"] and "{" in str(error.instance)


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


def references_astray(document: Json) -> Iterator[Fault]:
    """References, and names of security schemes, that lead nowhere; the structure must be sound."""
    for at, reference in references(document):
        try:
            _follow(document, reference)
            _fit(at, target(reference))
        except ValueError as error:
            yield Fault(at, f"$ref: {error}")
        except LookupError:
            yield Fault(at, f"$ref: {reference!r} leads nowhere; name a part of this document")
    known = document.get("components", {}).get("securitySchemes", {})
    for at, node in nodes(document):
        for index, alternative in enumerate(node.get("security", [])):
            for name in alternative.keys() - known.keys():
                rule = f"{name!r} is no security scheme of the components; use {list(known)}"
                yield Fault(f"{at}/security/{index}", rule)


def _fit(at: str, to: str) -> None:
    wanted, found = kind(at), kind(to)
    if wanted and wanted != found:
        raise ValueError(f"{to!r} is {_a(found) if found else 'something else'}; name {_a(wanted)}")


def _a(noun: str) -> str:
    return f"a{'n' * noun.startswith('e')} {noun}"


def _follow(document: Json, reference: Json) -> None:
    seen = []
    while isinstance(reference, str):
        if reference in seen:
            raise ValueError(f"{reference!r} leads back to itself; name a part that is no reference")
        seen.append(reference)
        found = lookup(document, target(reference))
        reference = found.get("$ref") if isinstance(found, dict) else None


def invalid_examples(document: Json) -> Iterator[Fault]:
    """Examples and defaults that break their schemas; every reference must lead somewhere."""
    for at, node in nodes(document):
        schema = at + "/schema" if "schema" in node else at
        for example, value in values(document, at, node):
            yield from invalid(document, schema, example, value)


def values(document: Json, at: str, node: dict[str, Json]) -> Iterator[tuple[str, Json]]:
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


def invalid(document: Json, schema: str, at: str, value: Json) -> Iterator[Fault]:
    """What a value that stands at `at` breaks of the schema that stands at `schema`."""
    try:
        broken = Schema(document, schema).broken(value)
    except jsonschema_rs.ValidationError as error:
        yield Fault(pointer(*error.instance_path), error.message)
        return
    for fault in broken:
        yield Fault(at, fault.within("the value"))
