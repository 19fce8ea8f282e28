"""Names of a document that are one name in the client, at the place of each that is to be another."""

from __future__ import annotations

import re
from collections.abc import Iterator

from openapi_python_client.parser import GeneratorData
from openapi_python_client.parser.errors import GeneratorError
from openapi_python_client.strings import ClassName, PythonIdentifier

from ventia_document.operations import operations
from ventia_document.source import Finding, Json, pointer
from ventia_document.structure import every_node, kind


def clashes(document: Json, data: GeneratorData | GeneratorError) -> Iterator[Finding]:
    """Parameters, fields and schemas whose names are one in the client, and lists of themselves.

    What else the generator says of a document with one of these may only follow from it.
    """
    yield from _parameters(document)
    yield from _fields(document)
    if isinstance(data, GeneratorData):
        collections = data.endpoint_collections_by_tag.values()
        errors = [*(error for each in collections for error in each.parse_errors), *data.errors]
        for error in errors:
            yield from _schemas(document, f"{error.header} {error.detail}")


def _parameters(document: Json) -> Iterator[Finding]:
    for operation in operations(document):
        seen: dict[str, str] = {}
        for part in (part for part in operation.parameters if part.value["in"] != "path"):
            name, place = part.value["name"], part.value["in"]
            described = f"{name!r} in {place}"
            argument = _identifier(name).removesuffix("_") if name in _ARGUMENTS else _identifier(name)
            first = seen.setdefault(argument, described)
            if first != described:
                message = f"{described} would be the same argument of {operation} as {first}"
                yield Finding(part.at, f"{message}, {argument}; leave one out, or give it another name")


_ARGUMENTS = ("client", "client_")  # the generator gives both the same other name


def _fields(document: Json) -> Iterator[Finding]:
    for at, node in every_node(document):
        seen: dict[str, str] = {}
        for name in node.get("properties", ()):
            first = seen.setdefault(_identifier(name), name)
            if first != name:
                message = f"{name!r} would be the same attribute as {first!r}, {_identifier(name)}"
                yield Finding(
                    at + pointer("properties", name), f"{message}; leave it out, to be an additional property"
                )


def _identifier(name: str) -> str:
    """The name in Python that the generator gives to one of two that are the same in small letters."""
    return str(PythonIdentifier(name, "field_", skip_snake_case=True))


_SAME_CLASS = re.compile(r'duplicate models with name "(\w+)"|conflicting enums named (\w+)')
_LIST_OF_ITSELF = re.compile(r"parse schema (/components/schemas/[^\s:]+).*circular references are not supported", re.S)


def _schemas(document: Json, error: str) -> Iterator[Finding]:
    """The schemas that an error of the generator is about."""
    if found := _LIST_OF_ITSELF.search(error):
        yield Finding(found[1], "is a list of itself; put an object between")
    elif found := _SAME_CLASS.search(error):
        name = found[1] or found[2]
        titles = [(at, node["title"]) for at, node in every_node(document) if kind(at) == "schema" and "title" in node]
        if titled := [each for each in titles if name.endswith(ClassName(each[1], "field_"))]:
            at, title = titled[-1]
            yield Finding(at + "/title", f"the title {title!r} makes a class {name} as another part does; give another")
            return
        message = f"{name} is the class of a schema inside an operation too; give this another name"
        named = document.get("components", {}).get("schemas", {})
        yield from (
            Finding(pointer("components", "schemas", each), message)
            for each in named
            if ClassName(each, "field_") == name
        )
