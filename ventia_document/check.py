"""Checks a document: its structure, its references, and its examples against their schemas."""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Iterable, Iterator
from functools import cache
from pathlib import Path

import jsonschema_rs

from ventia_document.operations import resolve
from ventia_document.slips.nearest import nearest
from ventia_document.slips.references import nearest_component
from ventia_document.slips.schemas import no_property, no_type
from ventia_document.source import DocumentError, Finding, Json, Source, lookup, pointer, read, remembered
from ventia_document.structure import Reference, every_node, is_within, kind, references, target
from ventia_document.support.refusals import unsupported
from ventia_document.support.rest import owner, rest, untouched
from ventia_document.support.serving import unserved, untested
from ventia_document.validation import Schema, SchemaViolation


def read_checked(path: Path) -> Source:
    """Read a document that is sound, and followed, served and tested in all its parts.

    Raises:
        DocumentError: it cannot be read, or has findings; the text lists them with their places.
    """
    return _without(unusable, read(path))


def read_sound(path: Path) -> Source:
    """Read a document that is sound, if not followed in all its parts; raises DocumentError as `read_checked` does."""
    return _without(errors, read(path))


def _without(check: Callable[[Json], list[Finding]], source: Source) -> Source:
    if found := check(source.value):
        raise DocumentError("\n".join(finding.line(source.place(finding.at)) for finding in found))
    return source


def check(source: Source) -> list[str]:
    """The findings of a document as lines, each with file, line, column and JSON pointer."""
    return [finding.line(source.place(finding.at)) for finding in findings(source.value)]


def findings(document: Json) -> list[Finding]:
    """The parts of a document that are not followed, and its errors."""
    return [*unsupported(sound(document)), *errors(document)]


def unusable(document: Json) -> list[Finding]:
    """The findings of a document, and the parts that cannot be served or tested."""
    found = findings(document)
    return [*found, *unusable_parts(document, found)]


def unusable_parts(document: Json, found: Iterable[Finding]) -> list[Finding]:
    """The parts that cannot be served or tested, but for those around a finding, which is the reason."""
    left = unbroken(document)
    try:
        unusable = within(untouched(document, left), [*unserved(left), *untested(left)])
    except ValueError:  # the validator's, of a schema that has a finding
        return []
    return [each for each in unusable if not any(is_within(why.at, each.at) and why.at != each.at for why in found)]


def errors(document: Json) -> list[Finding]:
    """The errors of a document.

    References are followed only in parts with a sound structure, and examples validated only in those without a broken
    reference.
    """
    try:
        left = unbroken(document)
        return [
            *unsound_structure(document),
            *broken_references(sound(document)),
            *within(untouched(document, left), invalid_examples(left)),
        ]
    except (ValueError, RecursionError) as error:  # of a document that is nested too deep
        return [Finding("", str(error))]


def within(owners: Collection[str] | None, found: Iterable[Finding]) -> list[Finding]:
    """Findings in parts of a document with these owners; None if all are."""
    return [each for each in found if owners is None or owner(each.at) in owners]


def sound(document: Json) -> Json:
    """A document with a sound structure: the document itself, or the rest of it."""
    found = [each.at for each in unsound_structure(document)]
    left = rest(document, found) if found else document
    return rest(None, ()) if found and any(unsound_structure(left)) else left


def unbroken(document: Json) -> Json:
    """A document in which each reference leads somewhere: the document itself, or the sound rest of it."""
    left = sound(document)
    found = [each.at for each in broken_references(left)]
    return rest(left, found) if found else left


@remembered
def unsound_structure(document: Json) -> Iterator[Finding]:
    """Violations of the OpenAPI standard's own schema."""
    errors = [error for error in _standard().iter_errors(document) if not _is_template(error)]
    wrong = {pointer(*error.instance_path) for error in errors}
    for error in errors:
        at = pointer(*error.instance_path)
        for key in getattr(error.kind, "unexpected", ()):
            # The schema calls a key unexpected, too, if there is an error below it, which is reported by itself.
            if not any(is_within(each, at + pointer(key)) for each in wrong):
                yield Finding(at + pointer(key), f"{key!r} is no key of this object; mend it, or leave it out")
        around, _, key = at.rpartition("/")
        if key == "type" and kind(around) == "schema" and (message := no_type(error.instance)):
            yield Finding(at, message)
        elif not hasattr(error.kind, "unexpected"):
            reasons = [branch[0].message for branch in getattr(error.kind, "context", ()) if branch]
            message = ": ".join([error.message, "; ".join(dict.fromkeys(reasons))]) if reasons else error.message
            yield Finding(at, message)


def _is_template(error: jsonschema_rs.ValidationError) -> bool:
    """Whether the error is about a server's URL with variables, which the standard's schema takes for a broken URI."""
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


@remembered
def broken_references(document: Json) -> Iterator[Finding]:
    """References to nothing, to themselves, or to a part of another kind; the structure must be sound."""
    schemes = document.get("components", {}).get("securitySchemes", {})
    for reference in references(document):
        if reference.key == "$ref":
            yield from _broken_reference(document, reference)
        elif reference.key == "security" and reference.written not in schemes:
            message = f"{reference.written!r} is no security scheme of the components; use {list(schemes)}"
            yield Finding(reference.at, message)


def _broken_reference(document: Json, reference: Reference) -> Iterator[Finding]:
    try:
        _follow(document, reference.written)
        _require_same_kind(reference.at, target(reference.written))
    except ValueError as error:
        yield Finding(reference.at, f"$ref: {error}")
    except LookupError:
        near = nearest_component(document, reference)
        mend = f"write {near!r}" if near else "name a part of this document"
        yield Finding(reference.at, f"$ref: {reference.written!r} leads nowhere; {mend}")


def _require_same_kind(at: str, to: str) -> None:
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


@remembered
def invalid_examples(document: Json) -> Iterator[Finding]:
    """Examples and defaults that violate their schemas; every reference must lead somewhere."""
    for at, node in every_node(document):
        schema = at + "/schema" if "schema" in node else at
        for example, value in example_values(document, at, node):
            yield from invalid_value(document, schema, example, value)


def example_values(document: Json, at: str, node: dict[str, Json]) -> Iterator[tuple[str, Json]]:
    """The examples and the default that an object has for its schema or, if it is a schema, for itself."""
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


def invalid_value(document: Json, schema: str, at: str, value: Json) -> Iterator[Finding]:
    """The violations of a value of the document.

    Args:
        schema: JSON pointer of the schema.
        at: JSON pointer of the value.
    """
    try:
        violations = Schema(document, schema).violations(value)
    except jsonschema_rs.ValidationError as error:
        yield Finding(pointer(*error.instance_path), error.message)
        return
    for violation in violations:
        yield _misspelt_requirement(document, violation) or Finding(at, violation.within("the value"))


def _misspelt_requirement(document: Json, violation: SchemaViolation) -> Finding | None:
    """The requirement of a field that no schema has, and its own under a name like it: that is wrong, no value."""
    around, _, keyword = violation.keyword.rpartition("/")
    if keyword != "required":
        return None
    schema, name = lookup(document, around), str(violation.path[-1])
    names = schema.get("properties", {})
    if not nearest(name, names) or any(name in node.get("properties", ()) for _, node in every_node(document)):
        return None
    return Finding(around + pointer("required", schema["required"].index(name)), no_property(name, names))
