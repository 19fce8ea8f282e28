"""Texts of defaults and constants, which the generator escapes twice."""

from __future__ import annotations

from collections.abc import Iterator

from openapi_python_client.parser import GeneratorData
from openapi_python_client.parser.properties import ModelProperty
from openapi_python_client.parser.properties.const import ConstProperty
from openapi_python_client.parser.properties.list_property import ListProperty
from openapi_python_client.parser.properties.protocol import PropertyProtocol, Value
from openapi_python_client.parser.properties.union import UnionProperty
from openapi_python_client.strings import PythonCode, remove_string_escapes


def unescape(data: GeneratorData) -> None:
    """Give each default and constant that is a text the Python of that very text."""
    for prop in _properties(data):
        prop.default = prop.default and _unescaped(prop.default)
        if isinstance(prop, ConstProperty):
            prop.value = _unescaped(prop.value)


def _properties(data: GeneratorData) -> Iterator[PropertyProtocol]:
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
