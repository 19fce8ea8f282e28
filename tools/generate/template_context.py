"""What the templates need of the document beside what the generator makes of it: error classes, checked schemas."""

from __future__ import annotations

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

from tools.generate.checked_schemas import checked_schemas, python_patterns
from tools.generate.errors import GenerationError
from tools.generate.parsed.endpoints import Join
from ventia_document.operations import Operation, Part, resolve
from ventia_document.samples import samples
from ventia_document.source import Source, pointer
from ventia_document.validation import WORDS

JSON = "application/json"


@dataclass(frozen=True)
class Error:
    """An error class of the client, made from a response component.

    Attributes:
        is_refusal: the response says that nothing was done.
    """

    name: str
    description: str
    is_refusal: bool


@dataclass(frozen=True)
class DocumentedResponse:
    """A response of an operation.

    Attributes:
        key: a status or a range of statuses, as in the document.
        schema: JSON pointer of the schema of its JSON body; None if it has none.
        error: the name of its error class; None if it is a success.
    """

    key: str
    schema: str | None
    error: str | None
    description: str


class TemplateContext:
    """The document for the templates, where it is called `rules`.

    Attributes:
        schemas: the schemas that the client checks, by their JSON pointers.
        patterns: their patterns, each with the one that Python reads in the same way.
        words: keywords in words.

    Raises:
        GenerationError: the client cannot check a schema, or two bodies of one class have different schemas.
    """

    words = WORDS

    def __init__(self, source: Source, data: GeneratorData) -> None:
        self._document = source.value
        self._join = Join(source.value, data)
        self._models = {model.class_info.name: model for model in data.models}
        self._bodies = self._body_schemas()
        responses = [response for each in self._join.endpoints for response in self.responses(each)]
        answered = {response.schema for response in responses if response.schema}
        self.schemas = checked_schemas(source, answered | set(self._bodies.values()))
        self.patterns = python_patterns(self.schemas)

    def body_schema(self, class_name: str) -> str | None:
        """The JSON pointer of the schema of bodies of a class; None if no body is of that class."""
        return self._bodies.get(class_name)

    def is_checked(self, endpoint: Endpoint) -> bool:
        """Whether an operation's body is always a JSON object, of a class that checks it."""
        types = _body_properties(endpoint)
        models = [model for model in self.models(endpoint) if model.class_info.name in self._bodies]
        return 0 < len(types) == len(models) and all(body.body_type == "json" for body in endpoint.bodies)

    def models(self, endpoint: Endpoint) -> list[ModelProperty]:
        """The classes of an operation's body."""
        found = [each for each in _body_properties(endpoint) if isinstance(each, ModelProperty)]
        return [self._models[each.class_info.name] for each in found]

    def body_types(self, endpoint: Endpoint) -> list[str]:
        """The types of an operation's body, as Python; none if one of them is no class."""
        found = _body_properties(endpoint)
        types = [str(each.get_instance_type_string().as_unembedded_code()) for each in found]
        return list(dict.fromkeys(types)) if all(isinstance(each, _CLASSES) for each in found) else []

    def path_example(self, endpoint: Endpoint, name: str) -> str:
        """The first example of a variable of an operation's path, as Python; `None` if it has none."""
        operation = self.operation(endpoint)
        parameters = [part for part in operation.parameters if part.value["name"] == name] if operation else []
        values = (value for part in parameters for value in samples(self._document, part).values())
        return repr(next(values, None))

    def contact(self, endpoint: Endpoint) -> PropertyProtocol | None:
        """The parameter for the contact of an operation that sends a message as JSON; None of any other operation."""
        operation = self.operation(endpoint)
        if operation is None or not operation.sends or not self.is_checked(endpoint):
            return None
        names = {part.value["name"] for part in operation.parameters if self._identifies_contact(part)}
        return next((each for each in endpoint.path_parameters if each.name in names), None)

    def responses(self, endpoint: Endpoint) -> list[DocumentedResponse]:
        """The responses of an operation that the document lists by status."""
        operation = self.operation(endpoint)
        return [
            DocumentedResponse(key, self._json_schema(part), self._error(key, part), _description(part))
            for key, part in (operation.responses.items() if operation else ())
            if key != "default"
        ]

    @property
    def errors(self) -> list[Error]:
        """The error classes, in the order of their statuses."""
        keys: defaultdict[str, set[str]] = defaultdict(set)
        parts: dict[str, Part] = {}
        listed = [item for each in self._join.operations for item in each.responses.items()]
        for key, part in sorted(listed, key=lambda item: item[0]):
            if part.is_component and (name := self._error(key, part)):
                keys[name].add(key)
                parts[name] = part
        return [Error(name, _description(part), all(map(_is_refusal, keys[name]))) for name, part in parts.items()]

    def operation(self, endpoint: Endpoint) -> Operation | None:
        """The operation of an endpoint; None if the document has none, since an overlay added it."""
        return self._join.operation(endpoint)

    def _identifies_contact(self, parameter: Part) -> bool:
        if "schema" not in parameter.value:
            return False
        schema = resolve(self._document, parameter.at + pointer("schema")).value
        return isinstance(schema, dict) and schema.get("x-identifies") == "contact"

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

    def _body_schemas(self) -> dict[str, str]:
        found: dict[str, str] = {}
        for endpoint in self._join.endpoints:
            operation = self.operation(endpoint)
            at = operation and operation.body and self._json_schema(operation.body)
            if not at:
                continue
            for name in [model.class_info.name for model in self.models(endpoint)]:
                if found.setdefault(name, at) != at:
                    raise GenerationError(
                        f"{name} is a body by {found[name]} and by {at}; give each a class of its own"
                    )
        return found


_CLASSES = (FileProperty, ListProperty, ModelProperty)


def _body_properties(endpoint: Endpoint) -> list[PropertyProtocol]:
    return [each for body in endpoint.bodies for each in _alternatives(body.prop)]


def _alternatives(prop: PropertyProtocol) -> list[PropertyProtocol]:
    if isinstance(prop, UnionProperty):
        return [each for inner in prop.inner_properties for each in _alternatives(inner)]
    return [prop]


def _description(part: Part) -> str:
    return " ".join(part.value["description"].split())


def _is_refusal(key: str) -> bool:
    """Whether a response says that nothing was done, as `outcomes.is_refusal` decides; `4XX` does not."""
    return key.isdecimal() and key.startswith("4") and int(key) in frozenset(HTTPStatus) and key != "408"
