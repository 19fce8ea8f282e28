"""The generator's endpoints, joined with the operations of a document."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from openapi_python_client.parser import GeneratorData
from openapi_python_client.parser.openapi import Endpoint
from openapi_python_client.parser.properties.protocol import PropertyProtocol

from ventia_document.operations import Operation, Part, operations
from ventia_document.source import Json


class Tagged(NamedTuple):
    """An endpoint, and the tag whose package it is generated in."""

    tag: str
    endpoint: Endpoint


class Join:
    """The operations of a document and the endpoints that the generator has made, by each other.

    Attributes:
        operations: those of the document.
        endpoints: those of the generator.
    """

    def __init__(self, document: Json, data: GeneratorData) -> None:
        collections = data.endpoint_collections_by_tag
        tagged = [Tagged(str(tag), each) for tag, collection in collections.items() for each in collection.endpoints]
        self.operations = operations(document)
        self.endpoints = [each.endpoint for each in tagged]
        self._tagged = {_key(each.endpoint.method, each.endpoint.path.get_untrusted_value()): each for each in tagged}
        self._operations = {_key(each.method, each.path): each for each in self.operations}

    def endpoint(self, operation: Operation) -> Tagged | None:
        """The endpoint of an operation; None if the generator has made none."""
        return self._tagged.get(_key(operation.method, operation.path))

    def operation(self, endpoint: Endpoint) -> Operation | None:
        """The operation of an endpoint; None if the document has none, since an overlay added it."""
        return self._operations.get(_key(endpoint.method, endpoint.path.get_untrusted_value()))

    def parameters(self, endpoint: Endpoint) -> Iterator[tuple[Part, PropertyProtocol]]:
        """The parameters of an operation, each with what the generator has made of it."""
        operation = self.operation(endpoint)
        named = {(place.value, prop.name.get_untrusted_value()): prop for place, prop in endpoint.iter_all_parameters()}
        for part in operation.parameters if operation else ():
            place = "path" if part.value["in"] == "path" else "query"  # as `simplified` gives them to the generator
            yield part, named[place, part.value["name"]]


def _key(method: str, path: str) -> tuple[str, str]:
    """Method and path; without the names of the path's variables, which the generator changes to Python names."""
    return method.lower(), re.sub(r"{[^}]*}", "{}", path)
