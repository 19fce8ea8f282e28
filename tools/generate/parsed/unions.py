"""The order in which the client tries the types of a union."""

from __future__ import annotations

from openapi_python_client.parser import GeneratorData
from openapi_python_client.parser.properties.date import DateProperty
from openapi_python_client.parser.properties.union import UnionProperty

from tools.generate.parsed.texts import every_property


def order(data: GeneratorData) -> None:
    """Have a date tried before a date with a time, which Python would make of it too."""
    for prop in every_property(data):
        if isinstance(prop, UnionProperty):
            prop.inner_properties.sort(key=lambda inner: not isinstance(inner, DateProperty))
