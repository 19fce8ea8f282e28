"""What the document says that its generator passes over: the rules of bodies, and which error each response is."""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass
from http import HTTPStatus

from openapi_python_client.parser import GeneratorData
from openapi_python_client.parser.openapi import Endpoint
from openapi_python_client.parser.properties import ModelProperty
from openapi_python_client.parser.properties.file import FileProperty
from openapi_python_client.parser.properties.list_property import ListProperty
from openapi_python_client.parser.properties.protocol import PropertyProtocol
from openapi_python_client.parser.properties.union import UnionProperty
from openapi_python_client.strings import ClassName

from ventia_document.operations import Operation, Part, operations, resolve, target
from ventia_document.samples import samples
from ventia_document.schemas import WORDS
from ventia_document.source import Json, Source, lookup, pointer

JSON = "application/json"

_HOLDING_A_SCHEMA = ("additionalProperties", "else", "if", "items", "not", "then")
_HOLDING_A_LIST = ("allOf", "anyOf", "oneOf")
_HOLDING_NAMED = ("dependentSchemas", "properties")
_HOLDING_DATA = (
    *("const", "dependentRequired", "enum", "exclusiveMaximum", "exclusiveMinimum", "format", "maxItems", "maxLength"),
    *("maximum", "minItems", "minLength", "minimum", "multipleOf", "pattern", "required", "type", "uniqueItems"),
    "x-rule",
)
KEYWORDS = frozenset(("$ref", *_HOLDING_A_SCHEMA, *_HOLDING_A_LIST, *_HOLDING_NAMED, *_HOLDING_DATA))
"""The keywords of a schema that the client checks , and the words of a rule."""

_NOTES = frozenset(("$comment", "default", "deprecated", "description", "readOnly", "title", "writeOnly"))


class UncheckedRule(Exception):
    """A rule of the document that the client cannot check; the text says which, where, and what would work."""


@dataclass(frozen=True)
class Error:
    """An error class of the client: a response component that is no success; a refusal says that nothing was done."""

    name: str
    description: str
    is_refusal: bool


@dataclass(frozen=True)
class DocumentedResponse:
    """A response of an operation: its key in the document, the pointer of its schema, and its class of error."""

    key: str
    schema: str | None
    error: str | None
    description: str


class Rules:
    """The rules of a document for the client that is made of it.

    Attributes:
        words: keywords in words.

    Raises:
        UncheckedRule: the client cannot check a rule, or two bodies of one class have different rules.
    """

    words = WORDS

    def __init__(self, source: Source, parsed: GeneratorData) -> None:
        self._source = source
        self._document = source.value
        self._operations = {shape(each.method, each.path): each for each in operations(source.value)}
        endpoints = [each for tag in parsed.endpoint_collections_by_tag.values() for each in tag.endpoints]
        self._models = {model.class_info.name: model for model in parsed.models}
        self._bodies = self._body_schemas(endpoints)
        answered = {response.schema for each in endpoints for response in self.responses(each) if response.schema}
        self.schemas: dict[str, Json] = {}
        for at in sorted(answered | set(self._bodies.values())):
            self._collect(at)

    def body_schema(self, class_name: str) -> str | None:
        """The JSON pointer of the schema that holds for the bodies of a class; None if it is no class of bodies."""
        return self._bodies.get(class_name)

    def is_checked(self, endpoint: Endpoint) -> bool:
        """Whether an operation has a body that is always a JSON object, and of a class that checks it."""
        kinds = [kind for body in endpoint.bodies for kind in _kinds(body.prop)]
        models = [model for model in self.models(endpoint) if model.class_info.name in self._bodies]
        return 0 < len(kinds) == len(models) and all(body.body_type == "json" for body in endpoint.bodies)

    def models(self, endpoint: Endpoint) -> list[ModelProperty]:
        """The classes that a body of an operation can be of."""
        kinds = [kind for body in endpoint.bodies for kind in _kinds(body.prop)]
        return [self._models[kind.class_info.name] for kind in kinds if isinstance(kind, ModelProperty)]

    def body_types(self, endpoint: Endpoint) -> list[str]:
        """The types that a body of an operation can be of, as Python; none if one of them is no class."""
        kinds = [kind for body in endpoint.bodies for kind in _kinds(body.prop)]
        types = [str(kind.get_instance_type_string().as_unembedded_code()) for kind in kinds]
        return list(dict.fromkeys(types)) if all(isinstance(kind, _CLASSES) for kind in kinds) else []

    def path_example(self, endpoint: Endpoint, name: str) -> str:
        """The first example of a variable of an operation's path, as Python; None if it has none."""
        operation = self.operation(endpoint)
        parts = [part for part in operation.parameters if part.value["name"] == name] if operation else []
        return repr(next((value for part in parts for value in samples(self._document, part).values()), None))

    def responses(self, endpoint: Endpoint) -> list[DocumentedResponse]:
        """The responses that the document lists for an operation."""
        operation = self.operation(endpoint)
        return [
            DocumentedResponse(key, self._json_schema(part), self._error(key, part), _described(part))
            for key, part in (operation.responses.items() if operation else ())
            if key != "default"
        ]

    @property
    def errors(self) -> list[Error]:
        """The error classes that the document names, in the order of their statuses."""
        keys: defaultdict[str, set[str]] = defaultdict(set)
        parts: dict[str, Part] = {}
        listed = [item for each in self._operations.values() for item in each.responses.items()]
        for key, part in sorted(listed, key=lambda item: item[0]):
            if part.is_component and (name := self._error(key, part)):
                keys[name].add(key)
                parts[name] = part
        return [Error(name, _described(part), all(map(_is_refusal, keys[name]))) for name, part in parts.items()]

    def operation(self, endpoint: Endpoint) -> Operation | None:
        """An operation of the generator's, as the document has it; None if an overlay made it."""
        return self._operations.get(shape(endpoint.method, endpoint.path.get_untrusted_value()))

    def _error(self, key: str, part: Part) -> str | None:
        if key.startswith("2"):
            return None
        if part.is_component:
            return ClassName(part.name, "")
        return "Refused" if _is_refusal(key) else "Failed"

    def _json_schema(self, part: Part) -> str | None:
        if "schema" not in part.value.get("content", {}).get(JSON, {}):
            return None
        return resolve(self._document, part.at + pointer("content", JSON, "schema")).at

    def _body_schemas(self, endpoints: list[Endpoint]) -> dict[str, str]:
        found: dict[str, str] = {}
        for endpoint in endpoints:
            operation = self.operation(endpoint)
            at = operation and operation.body and self._json_schema(operation.body)
            if not at:
                continue
            for name in [model.class_info.name for model in self.models(endpoint)]:
                if found.setdefault(name, at) != at:
                    raise UncheckedRule(f"{name} is a body by {found[name]} and by {at}; give each a class of its own")
        return found

    def _collect(self, at: str) -> None:
        if at not in self.schemas:
            self.schemas[at] = None  # before what it refers to, which may be itself
            self.schemas[at] = self._checked(lookup(self._document, at), at)

    def _checked(self, schema: Json, at: str) -> Json:
        """A schema with what is checked, and one example to name in an error, its references as JSON pointers."""
        if isinstance(schema, bool):
            return schema
        kept: dict[str, Json] = {}
        for keyword, value in schema.items():
            inside = at + pointer(keyword)
            if keyword == "$ref":
                kept[keyword] = resolve(self._document, target(value)).at
                self._collect(kept[keyword])
            elif keyword in _HOLDING_A_SCHEMA:
                kept[keyword] = self._checked(value, inside)
            elif keyword in _HOLDING_A_LIST:
                kept[keyword] = [self._checked(each, inside + pointer(index)) for index, each in enumerate(value)]
            elif keyword in _HOLDING_NAMED:
                kept[keyword] = {name: self._checked(each, inside + pointer(name)) for name, each in value.items()}
            elif keyword in ("example", "examples"):
                kept["examples"] = value[:1] if keyword == "examples" else [value]
            elif keyword in _HOLDING_DATA:
                kept[keyword] = self._readable(value, inside) if keyword == "pattern" else value
            elif keyword not in _NOTES and not keyword.startswith("x-"):
                where = self._source.place(inside)
                raise UncheckedRule(f"{where}: {inside}: the client cannot check {keyword!r}; say it with {_known()}")
        return kept

    def _readable(self, pattern: str, at: str) -> str:
        try:
            re.compile(pattern)
        except re.error as error:
            where = self._source.place(at)
            raise UncheckedRule(f"{where}: {at}: Python cannot read the pattern {pattern!r}: {error}") from None
        return pattern


_CLASSES = (FileProperty, ListProperty, ModelProperty)


def shape(method: str, path: str) -> tuple[str, str]:
    """What tells an operation from others: its method, and its path without the names of its variables."""
    return method.lower(), re.sub(r"{[^}]*}", "{}", path)


def _kinds(prop: PropertyProtocol) -> list[PropertyProtocol]:
    if isinstance(prop, UnionProperty):
        return [kind for inner in prop.inner_properties for kind in _kinds(inner)]
    return [prop]


def _described(part: Part) -> str:
    return " ".join(part.value["description"].split())


def _is_refusal(key: str) -> bool:
    """Whether a response says that nothing was done, as `outcomes.is_refusal` says; `4XX` does not."""
    return key.isdecimal() and key.startswith("4") and int(key) in frozenset(HTTPStatus) and key != "408"


def _known() -> str:
    return ", ".join(sorted(KEYWORDS))
