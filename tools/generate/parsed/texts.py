"""Texts that the generator makes otherwise: defaults and constants, which it escapes twice, and descriptions."""

from __future__ import annotations

from collections.abc import Iterator

from openapi_python_client.parser import GeneratorData
from openapi_python_client.parser.properties import ModelProperty
from openapi_python_client.parser.properties.const import ConstProperty
from openapi_python_client.parser.properties.list_property import ListProperty
from openapi_python_client.parser.properties.protocol import PropertyProtocol, Value
from openapi_python_client.parser.properties.union import UnionProperty
from openapi_python_client.schema.untrusted_string import UntrustedString
from openapi_python_client.strings import PythonCode, remove_string_escapes

from tools.generate.parsed.endpoints import Join
from tools.generate.parsed.prepared import docstring
from ventia_document.operations import resolve
from ventia_document.samples import samples
from ventia_document.source import Json


def unescape(data: GeneratorData) -> None:
    """Give each default and constant that is a text the Python of that very text."""
    for prop in every_property(data):
        prop.default = prop.default and _unescaped(prop.default)
        if isinstance(prop, ConstProperty):
            prop.value = _unescaped(prop.value)


def describe(document: Json, data: GeneratorData) -> None:
    """Give each parameter its own description, instead of that of its schema."""
    join = Join(document, data)
    for part, prop in [each for endpoint in join.endpoints for each in join.parameters(endpoint)]:
        if text := part.value.get("description"):
            schema = resolve(document, part.at + "/schema").value
            prop.description = UntrustedString(docstring(text, schema, list(samples(document, part).values())))


def every_property(data: GeneratorData) -> Iterator[PropertyProtocol]:
    """Every property of a document, also those inside others."""
    endpoints = [each for collection in data.endpoint_collections_by_tag.values() for each in collection.endpoints]
    waiting: list[PropertyProtocol] = [prop for endpoint in endpoints for _, prop in endpoint.iter_all_parameters()]
    waiting += [body.prop for endpoint in endpoints for body in endpoint.bodies]
    waiting += [response.prop for endpoint in endpoints for response in endpoint.responses]
    waiting += [inner for model in data.models for inner in _fields(model)]
    while waiting:
        prop = waiting.pop()
        yield prop
        if isinstance(prop, ListProperty):
            waiting.append(prop.inner_property)
        elif isinstance(prop, UnionProperty):
            waiting += prop.inner_properties


def _fields(model: ModelProperty) -> list[PropertyProtocol]:
    others = (model.additional_properties,) if model.additional_properties else ()
    return [*(model.required_properties or ()), *(model.optional_properties or ()), *others]


def _unescaped(value: Value) -> Value:
    text = value.raw_value
    is_escaped = isinstance(text, str) and value.python_code == PythonCode(repr(remove_string_escapes(text)))
    return Value(PythonCode(repr(text)), text) if is_escaped else value
