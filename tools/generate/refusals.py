"""What a document says that its generator would drop or break without a word: refused or told, each with its place."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pydantic
from openapi_python_client.parser import GeneratorData
from openapi_python_client.parser.errors import GeneratorError, ParseError
from openapi_python_client.parser.openapi import Endpoint
from openapi_python_client.parser.properties.protocol import PropertyProtocol
from openapi_python_client.schema import OpenAPI
from openapi_python_client.strings import PythonIdentifier

from tools.generate.service import what_no_client_could_work_with
from tools.generate.template_context import shape
from ventia_document.check import Fault
from ventia_document.operations import Operation, nodes, operations, resolve
from ventia_document.source import Json, lookup, pointer

OVERLAY = "overlays/document/client.yaml"
"""What makes of the document one that the generator can make a client of."""

MEMBERS = frozenset(("additional_keys", "additional_properties", "check", "checked", "from_dict", "to_dict"))
"""What a generated class has of its own."""

_UNCHECKED = frozenset(
    (
        *("allOf", "anyOf", "exclusiveMaximum", "exclusiveMinimum", "if", "maxItems", "maxLength", "maximum"),
        *("minItems", "minLength", "minimum", "multipleOf", "not", "oneOf", "pattern", "uniqueItems"),
    )
)
"""Keywords that say more than a type."""


def of_document(document: Json) -> Iterator[Fault]:
    """What no client could be made of, whatever the generator says."""
    yield from what_no_client_could_work_with(document)
    for at, node in nodes(document):
        for name in node.get("properties", ()):
            if PythonIdentifier(name, "field_") in MEMBERS:
                rule = f"{name!r} is what the client's classes have of their own ({', '.join(sorted(MEMBERS))})"
                yield Fault(at + pointer("properties", name), f"{rule}; name it otherwise")


def of_operations(document: Json, data: GeneratorData) -> Iterator[Fault]:
    """What of the operations the generator has passed over, or typed as anything."""
    collections = data.endpoint_collections_by_tag
    made = {
        shape(endpoint.method, endpoint.path.get_untrusted_value()): (str(tag), endpoint)
        for tag, collection in collections.items()
        for endpoint in collection.endpoints
    }
    modules: dict[tuple[str, str], Operation] = {}
    for operation in operations(document):
        if found := made.get(shape(operation.method, operation.path)):
            tag, endpoint = found
            first = modules.setdefault((tag, str(endpoint.name)), operation)
            if first is not operation:
                rule = f"is of the same tag and name as {first}, and one would take the place of the other"
                yield Fault(operation.at, f"{operation} {rule}; give it another operationId")
            yield from _bodies(operation, endpoint)
            yield from _answers(operation, endpoint)
            yield from _parameters(operation, endpoint)
        else:
            yield Fault(operation.at, f"the generator passes over {operation}")


def _bodies(operation: Operation, endpoint: Endpoint) -> Iterator[Fault]:
    typed = [_type(body.prop) for body in endpoint.bodies]
    if len(typed) != len(operation.media_types) or any(map(_is_any, typed)):
        rule = f"the generator cannot type this operation's body ({', '.join(typed) or 'none'})"
        yield Fault(operation.at, f"{rule}; give it one that it can with {OVERLAY}")


def _answers(operation: Operation, endpoint: Endpoint) -> Iterator[Fault]:
    typed = {response.status_code.pattern: _type(response.prop) for response in endpoint.responses.patterns}
    for status, part in operation.responses.items():
        if part.value.get("content") and _is_any(typed.get(status, "")):
            rule = f"the generator cannot type this answer ({typed[status]})"
            yield Fault(operation.at + pointer("responses", status), f"{rule}; say of what type it is")


def _parameters(operation: Operation, endpoint: Endpoint) -> Iterator[Fault]:
    typed = {(place, prop.name): _type(prop) for place, prop in endpoint.iter_all_parameters()}
    for part in operation.parameters:
        kind = typed.get((part.value["in"], part.value["name"]), "")
        if not kind or _is_any(kind):
            rule = f"the generator cannot type this parameter ({kind or 'none'})"
            yield Fault(part.at, f"{rule}; give it a schema with a type")


def left_to_the_server(document: Json) -> Iterator[Fault]:
    """Rules of parameters, which the client holds to their types alone."""
    parameters = {part.at: part for operation in operations(document) for part in operation.parameters}
    for part in parameters.values():
        schema = resolve(document, part.at + "/schema")
        for keyword in sorted(_UNCHECKED & schema.value.keys()):
            yield Fault(f"{schema.at}/{keyword}", f"the client leaves {keyword!r} of a parameter to the server")


def _type(prop: PropertyProtocol) -> str:
    return str(prop.get_type_string().as_unembedded_code())


def _is_any(written: str) -> bool:
    return re.search(r"\bAny\b", written) is not None


def of_generator(data: GeneratorData | GeneratorError, document: Json, original: Json) -> Iterator[Fault]:
    """What the generator itself says of a document that was made of an original, where it is in that if it can be."""
    if isinstance(data, GeneratorError):
        yield from list(_unreadable(original)) or _unreadable(document)
        return
    collections = data.endpoint_collections_by_tag.values()
    for error in [*(error for each in collections for error in each.parse_errors), *data.errors]:
        at = _spoken_of(error, original) or _spoken_of(error, document)
        yield Fault(at, " ".join(f"{error.header.rstrip(': ')}: {error.detail} (openapi-python-client)".split()))


def _unreadable(document: Json) -> Iterator[Fault]:
    try:
        OpenAPI.model_validate(document)
    except pydantic.ValidationError as error:
        found = {_as_far_as_it_is_there(document, each["loc"]): each["msg"] for each in reversed(error.errors())}
        for at in sorted(found):
            if not any(other.startswith(f"{at}/") for other in found):
                yield Fault(at, f"{found[at]} (openapi-python-client)")


def _as_far_as_it_is_there(document: Json, path: tuple[str | int, ...]) -> str:
    """The JSON pointer of a path in which names of classes stand between keys."""
    at = ""
    for part in path:
        try:
            lookup(document, at + pointer(part))
        except (LookupError, TypeError):
            continue
        at += pointer(part)
    return at


def _spoken_of(error: ParseError, document: Json) -> str:
    """The JSON pointer of the part that an error brings along, or of the operation that it names."""
    said = error.data.model_dump(mode="json", by_alias=True, exclude_unset=True) if error.data else None
    parts = (at for at, node in nodes(document) if node == said)
    named = (operation.at for operation in operations(document) if f"{operation} " in error.header)
    return next(parts, next(named, ""))
