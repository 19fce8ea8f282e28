"""What the templates need of the document beside what the generator makes of it: error classes, checked schemas."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from functools import cached_property
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
from ventia_document.operations import SAFE_METHODS, Operation, Part, content, resolve, server_url
from ventia_document.samples import samples
from ventia_document.source import Json, Source
from ventia_document.validation import WORDS
from ventia_document.wire.keys import KeyPlace, own_place
from ventia_document.wire.media import is_binary, plain_type
from ventia_document.wire.shapes import SCALAR, shapes


@dataclass(frozen=True)
class Error:
    """An error class of the client, made from a response component.

    Attributes:
        kinds: `Refused`, `Failed` or both: the classes of errors that the response can be.
    """

    name: str
    description: str
    kinds: list[str]


@dataclass(frozen=True)
class DocumentedResponse:
    """A response of an operation.

    Attributes:
        key: a status, a range of statuses or `default`, as in the document.
        media_type: the media type of its body, without parameters; None if it has none.
        schema: JSON pointer of the schema of its body; None if there is none, or the body is binary.
        is_success: whether a call returns it.
        error: the name of its error class; None if it is a success alone.
        refused, failed: the class of the error that it is if nothing was sent, and if that is unknown; None if it
            cannot be one.
    """

    key: str
    media_type: str | None
    schema: str | None
    is_success: bool
    error: str | None
    refused: str | None
    failed: str | None
    description: str


@dataclass(frozen=True)
class TypedParameter:
    """A parameter of an operation.

    Attributes:
        python_name: its name in the client's functions.
        code: the runtime's `Parameter` of it, as Python.
    """

    python_name: str
    code: str


class TemplateContext:
    """The document for the templates, where it is called `rules`.

    Attributes:
        server_url: where the service is.
        schemas: the schemas that the client checks, by their JSON pointers.
        patterns: their patterns, each with the one that Python reads in the same way.
        words: keywords in words.

    Raises:
        GenerationError: the client cannot check a schema, or two bodies of one class have different schemas.
    """

    words = WORDS

    def __init__(self, source: Source, data: GeneratorData) -> None:
        self._document = source.value
        self.server_url = server_url(source.value)
        self._join = Join(source.value, data)
        self._models = {model.class_info.name: model for model in data.models}
        self._bodies = self._body_schemas()
        responses = [response for each in self._join.endpoints for response in self.responses(each)]
        answered = {response.schema for response in responses if response.schema}
        of_parameters = {part.at + "/schema" for each in self._join.operations for part in each.parameters}
        sent = {self._schema(each.body) for each in self._join.operations if each.body and not _is_file(each)}
        places = {resolve(self._document, at).at for at in answered | of_parameters | sent if at}
        self.schemas = checked_schemas(source, places)
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

    def sends(self, endpoint: Endpoint) -> bool:
        """Whether an operation sends a message."""
        operation = self.operation(endpoint)
        return operation is not None and operation.sends

    def is_safe(self, endpoint: Endpoint) -> bool:
        """Whether an operation's method is one that changes nothing."""
        return endpoint.method.upper() in SAFE_METHODS

    def is_success(self, endpoint: Endpoint, key: str) -> bool:
        """Whether a call may return the response of a key."""
        operation = self.operation(endpoint)
        return operation is not None and is_success_key(operation, key)

    def path(self, endpoint: Endpoint) -> str:
        """The path of an operation, with the names of the document, as Python."""
        operation = self.operation(endpoint)
        return repr(operation.path if operation else endpoint.path.get_untrusted_value())

    def parameters(self, endpoint: Endpoint) -> list[TypedParameter]:
        """The parameters of an operation."""
        return [
            TypedParameter(str(prop.python_name), _parameter_code(self._document, part))
            for part, prop in self._join.parameters(endpoint)
        ]

    def body(self, endpoint: Endpoint) -> str:
        """The body of an operation as Python."""
        operation = self.operation(endpoint)
        assert operation
        assert operation.body
        [media_type] = operation.media_types
        schema = None if is_binary(media_type.name) else self._schema(operation.body)
        types = "".join(f"{each}, " for each in self.body_types(endpoint))
        required = bool(operation.body.value.get("required", False))
        return f"Body({media_type.name!r}, {schema!r}, types=({types}), required={required})"

    def key(self, endpoint: Endpoint) -> str:
        """The place of the key in the requests of an operation, as Python; `None` if it needs none."""
        operation = self.operation(endpoint)
        return _key_code(own_place(operation)) if operation else self.api_key

    @cached_property
    def api_key(self) -> str:
        """The place of the key in the first operation with one, as Python."""
        return next(_key_code(place) for each in self._join.operations if (place := own_place(each)))

    def contact(self, endpoint: Endpoint) -> PropertyProtocol | None:
        """The parameter for the contact of an operation that sends a message as JSON; None of any other operation."""
        operation = self.operation(endpoint)
        if operation is None or not operation.sends or not self.is_checked(endpoint):
            return None
        names = {part.value["name"] for part in operation.parameters if self._identifies_contact(part)}
        return next((each for each in endpoint.path_parameters if each.name in names), None)

    def responses(self, endpoint: Endpoint) -> list[DocumentedResponse]:
        """The responses of an operation."""
        operation = self.operation(endpoint)
        return [self._response(operation, key, part) for key, part in operation.responses.items()] if operation else []

    def _response(self, operation: Operation, key: str, part: Part) -> DocumentedResponse:
        media_type = next(map(plain_type, part.value.get("content", {})), None)
        schema = None if media_type is None or is_binary(media_type) else self._schema(part)
        kinds = _kinds(operation, key)
        name = ClassName(part.name, "field_") if part.is_component else None
        refused, failed = (
            (self._error(name, kind) if name else kind) if kind in kinds else None for kind in ("Refused", "Failed")
        )
        error = None if not kinds else name or " or errors.".join(kinds)
        is_success = is_success_key(operation, key)
        return DocumentedResponse(key, media_type, schema, is_success, error, refused, failed, _description(part))

    def _error(self, name: str, kind: str) -> str:
        """The error class of a component for a kind of error: its own, or one below if it is of both kinds."""
        found = next(error for error in self.errors if error.name == name)
        return name if len(found.kinds) == 1 else name + LEAVES[kind]

    @cached_property
    def errors(self) -> list[Error]:
        """The error classes, in the order of their statuses."""
        kinds: defaultdict[str, set[str]] = defaultdict(set)
        parts: dict[str, Part] = {}
        listed = [(key, part, each) for each in self._join.operations for key, part in each.responses.items()]
        for key, part, operation in sorted(listed, key=lambda item: item[0]):
            if part.is_component and (found := _kinds(operation, key)):
                name = ClassName(part.name, "field_")
                kinds[name].update(found)
                parts[name] = part
        return [Error(name, _description(part), sorted(kinds[name], reverse=True)) for name, part in parts.items()]

    def operation(self, endpoint: Endpoint) -> Operation | None:
        """The operation of an endpoint; None if the document has none, since an overlay added it."""
        return self._join.operation(endpoint)

    def _identifies_contact(self, parameter: Part) -> bool:
        if "schema" not in parameter.value:
            return False
        schema = resolve(self._document, parameter.at + "/schema").value
        return isinstance(schema, dict) and schema.get("x-identifies") == "contact"

    def _schema(self, part: Part) -> str | None:
        """The JSON pointer of the schema of a body or a response; None if it has none."""
        for media_type in content(self._document, part):
            if "schema" in media_type.value:
                return resolve(self._document, media_type.at + "/schema").at
        return None

    def _body_schemas(self) -> dict[str, str]:
        found: dict[str, str] = {}
        for endpoint in self._join.endpoints:
            operation = self.operation(endpoint)
            at = operation and operation.body and self._schema(operation.body)
            if not at:
                continue
            for name in [model.class_info.name for model in self.models(endpoint)]:
                if found.setdefault(name, at) != at:
                    raise GenerationError(
                        f"{name} is a body by {found[name]} and by {at}; give each a class of its own"
                    )
        return found


def _parameter_code(document: Json, part: Part) -> str:
    name, place, at = part.value["name"], part.value["in"], part.at + "/schema"
    style = part.value.get("style", "form" if place in ("query", "cookie") else "simple")
    example = next(iter(samples(document, part).values()), None)
    found = tuple(sorted(shapes(document, at)))
    details = [
        f"style={style!r}, explode={part.value.get('explode', style == 'form')}",
        f"required={bool(part.value.get('required', False))}, example={example!r}",
        *([] if found == (SCALAR,) else [f"shapes={found!r}"]),
    ]
    return f"Parameter({name!r}, {place!r}, {resolve(document, at).at!r}, {', '.join(details)})"


def _key_code(place: KeyPlace | None) -> str:
    return repr(place and tuple(place))


def _is_file(operation: Operation) -> bool:
    return any(is_binary(part.name) for part in operation.media_types)


_CLASSES = (FileProperty, ListProperty, ModelProperty)


def _body_properties(endpoint: Endpoint) -> list[PropertyProtocol]:
    return [each for body in endpoint.bodies for each in _alternatives(body.prop)]


def _alternatives(prop: PropertyProtocol) -> list[PropertyProtocol]:
    if isinstance(prop, UnionProperty):
        return [each for inner in prop.inner_properties for each in _alternatives(inner)]
    return [prop]


def _description(part: Part) -> str:
    return " ".join(part.value["description"].split())


LEAVES = {"Refused": "NotSent", "Failed": "Unknown"}
"""What the names of the two classes below an error of both kinds end in."""


def _kinds(operation: Operation, key: str) -> list[str]:
    """The kinds of errors that a response can be, as `answers.success` decides; none if it is a success alone."""
    if key.startswith("2"):
        return []
    if operation.method in SAFE_METHODS:
        return ["Refused"]
    if key in ("4XX", "default"):
        return ["Refused", "Failed"]
    return ["Refused" if _is_refusal(key) else "Failed"]


def is_success_key(operation: Operation, key: str) -> bool:
    """Whether a call may return the response of a key: a 2XX, or `default` where no other success is listed."""
    return key.startswith("2") or (key == "default" and not any(other.startswith("2") for other in operation.responses))


def _is_refusal(key: str) -> bool:
    """Whether a response says that nothing was done, as `outcomes.is_refusal` decides; `4XX` does not."""
    return key.isdecimal() and key.startswith("4") and int(key) in frozenset(HTTPStatus) and key != "408"
