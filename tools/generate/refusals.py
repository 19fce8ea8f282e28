"""Findings in what the generator would drop or mistranslate silently: with one of them, nothing is generated."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pydantic
from openapi_python_client.parser import GeneratorData
from openapi_python_client.parser.errors import GeneratorError, ParseError
from openapi_python_client.parser.openapi import Endpoint
from openapi_python_client.parser.properties.protocol import PropertyProtocol
from openapi_python_client.schema import OpenAPI
from openapi_python_client.strings import ClassName, PythonIdentifier

from tools.generate.parsed.endpoints import Join
from tools.generate.service import unusable_service
from ventia_document.operations import Operation, operations
from ventia_document.source import Finding, Json, lookup, parts, pointer
from ventia_document.structure import every_node

OVERLAY = "overlays/document/client.yaml"
"""The overlay that prepares the document for the generator."""

MEMBERS = frozenset(("additional_keys", "additional_properties", "check", "checked", "from_dict", "to_dict"))
"""Attributes and methods of every generated class, which no field may be named after."""


def of_document(document: Json) -> Iterator[Finding]:
    """Parts that no client can be made of, whatever the generator makes of them."""
    yield from unusable_service(document)
    yield from named_any(document)
    for at, node in every_node(document):
        for name in node.get("properties", ()):
            if PythonIdentifier(name, "field_") in MEMBERS:
                message = f"{name!r} is a member of all classes of the client ({', '.join(sorted(MEMBERS))})"
                yield Finding(at + pointer("properties", name), f"{message}; name it otherwise")


def named_any(document: Json) -> Iterator[Finding]:
    """Schemas that make a class `Any`, which the generator uses for what has no type."""
    for name in document.get("components", {}).get("schemas", {}):
        if ClassName(name, "field_") == "Any":
            yield Finding(pointer("components", "schemas", name), "Any is a type of Python's; give this another name")


def of_operations(document: Json, data: GeneratorData) -> Iterator[Finding]:
    """Operations, bodies, responses and parameters that the generator has left out, or typed as `Any`."""
    join = Join(document, data)
    modules: dict[tuple[str, str], Operation] = {}
    for operation in join.operations:
        if tagged := join.endpoint(operation):
            endpoint = tagged.endpoint
            first = modules.setdefault((tagged.tag, str(endpoint.name)), operation)
            if first is not operation:
                message = f"{operation} is generated into the same module as {first}, and would replace it"
                yield Finding(operation.at, f"{message}; give it another operationId")
            yield from _bodies(operation, endpoint)
            yield from _responses(operation, endpoint)
            yield from _parameters(operation, endpoint)
        else:
            yield Finding(operation.at, f"the generator leaves out {operation}")


def _bodies(operation: Operation, endpoint: Endpoint) -> Iterator[Finding]:
    types = [_type(body.prop) for body in endpoint.bodies]
    if len(types) != len(operation.media_types) or any(map(_is_any, types)):
        message = f"the generator cannot type this operation's body ({', '.join(types) or 'none'})"
        yield Finding(operation.at, f"{message}; give it one that it can with {OVERLAY}")


def _responses(operation: Operation, endpoint: Endpoint) -> Iterator[Finding]:
    types = {response.status_code.pattern: _type(response.prop) for response in endpoint.responses.patterns}
    for status, part in operation.responses.items():
        if part.value.get("content") and _is_any(types.get(status, "")):
            message = f"the generator cannot type this response ({types[status]})"
            yield Finding(operation.at + pointer("responses", status), f"{message}; say of what type it is")


def _parameters(operation: Operation, endpoint: Endpoint) -> Iterator[Finding]:
    types = {
        (place.value, prop.name.get_untrusted_value()): _type(prop) for place, prop in endpoint.iter_all_parameters()
    }
    for part in operation.parameters:
        place = "path" if part.value["in"] == "path" else "query"  # as `simplified` gives them to the generator
        found = types.get((place, part.value["name"]), "")
        if not found or _is_any(found):
            message = f"the generator cannot type this parameter ({found or 'none'})"
            yield Finding(part.at, f"{message}; give it a schema with a type")


def _type(prop: PropertyProtocol) -> str:
    return str(prop.get_type_string().as_unembedded_code())


def _is_any(written: str) -> bool:
    return re.search(r"\bAny\b", written) is not None


def of_generator(data: GeneratorData | GeneratorError, document: Json, original: Json) -> Iterator[Finding]:
    """The generator's own errors and warnings.

    Args:
        original: the document without the overlay, whose JSON pointers are preferred.
    """
    if isinstance(data, GeneratorError):
        yield from list(_unreadable(original)) or _unreadable(document)
        return
    collections = data.endpoint_collections_by_tag.values()
    for error in [*(error for each in collections for error in each.parse_errors), *data.errors]:
        at = _place(error, original) or _place(error, document)
        yield Finding(at, _words(f"{error.header.rstrip(': ')}: {error.detail} (openapi-python-client)"))


def _words(text: str) -> str:
    """A message of the generator's without the addresses of its objects, and in one line."""
    return " ".join(re.sub(r"<\S+ object at 0x\w+>", "", text).split())


def _unreadable(document: Json) -> Iterator[Finding]:
    try:
        OpenAPI.model_validate(document)
    except pydantic.ValidationError as error:
        found = {_existing(document, each["loc"]): each["msg"] for each in reversed(error.errors())}
        for at in sorted(found):
            if not any(other.startswith(f"{at}/") for other in found):
                yield Finding(at, f"{found[at]} (openapi-python-client)")


def _existing(document: Json, path: tuple[str | int, ...]) -> str:
    """The JSON pointer of a path of pydantic's, which has names of classes between the keys."""
    at = ""
    for part in path:
        try:
            lookup(document, at + pointer(part))
        except (LookupError, TypeError):
            continue
        at += pointer(part)
    return at


def _place(error: ParseError, document: Json) -> str:
    """The JSON pointer of the part that an error holds, or of the operation that its text names."""
    part = error.data.model_dump(mode="json", by_alias=True, exclude_unset=True) if error.data else None
    if written := re.search(r"/components/[^\s:]+", f"{error.header} {error.detail}"):
        return _existing(document, tuple(parts(written.group())))
    equal = (at for at, node in every_node(document) if node == part)
    named = (operation.at for operation in operations(document) if f"{operation} " in error.header)
    return next(equal, next(named, ""))
