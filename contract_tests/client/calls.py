"""Finds the client's generated functions by the document's operations, and calls them."""

from __future__ import annotations

import asyncio
import importlib
import inspect
import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, partial
from types import ModuleType
from typing import Any, get_type_hints

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy
from openapi_python_client.parser.openapi import generate_operation_id
from openapi_python_client.schema.untrusted_string import UntrustedString
from openapi_python_client.strings import ClassName, PythonIdentifier

from contract_tests.cases.valid_values import valid
from contract_tests.client.python_values import typed
from contract_tests.run import overlaid
from ventia_client import Client
from ventia_client.errors import VentiaError
from ventia_client.types import UNSET
from ventia_document.operations import Operation, Part, content, resolve
from ventia_document.source import Json
from ventia_document.validation import Schema
from ventia_document.wire.media import FORM, is_binary, plain_type
from ventia_document.wire.shapes import fields, other_fields

CLIENT_DOCUMENT = overlaid("client")


def module(operation: Operation) -> ModuleType:
    """The client's module for an operation."""
    tag = PythonIdentifier(operation.value.get("tags", ["default"])[0], "tag")
    name = operation.value.get("operationId") or generate_operation_id(
        path=UntrustedString(operation.path), method=operation.method.lower(), prefix="field_"
    )
    return importlib.import_module(f"ventia_client.api.{tag}.{_python_name(name)}")


@cache
def parameters(operation: Operation) -> SearchStrategy[dict[str, Json]]:
    """Values for the parameters of an operation by JSON pointer: every required one, and any of the others."""
    parts = {part.at: part for part in operation.parameters}
    values = {
        at: valid(operation.document, at + "/schema").filter(partial(_is_sendable, operation, part))
        for at, part in parts.items()
    }
    required = {at: value for at, value in values.items() if parts[at].value.get("required")}
    optional = {at: value for at, value in values.items() if at not in required}
    return st.fixed_dictionaries(required, optional=optional)


def _is_sendable(operation: Operation, parameter: Part, value: Json) -> bool:
    """True for a value that a parameter can carry in its place and style; of lists and objects, letters and digits."""
    place = parameter.value["in"]
    if isinstance(value, dict) and not value.keys() <= fields(operation.document, parameter.at + "/schema").keys():
        return False
    parts = value.values() if isinstance(value, dict) else value if isinstance(value, list) else [value]
    if place == "query" and not isinstance(value, dict | list):
        return value is not None
    if place == "path" and not isinstance(value, dict | list):
        return value not in ("", ".", "..", None)
    return bool(parts) and all(_text(part).isascii() and _text(part).isalnum() for part in parts)


def _text(value: Json) -> str:
    return value if isinstance(value, str) else json.dumps(value).replace(".", "").replace("-", "")


@cache
def messages(operation: Operation) -> SearchStrategy[Json]:
    """Bodies of an operation, as JSON, that the client can make and the document accepts; UNSET without a body."""
    if operation.body is None:
        return st.just(UNSET)
    [media_type] = content(operation.document, operation.body)
    accepted = Schema(operation.document, media_type.at + "/schema")
    drawn = st.one_of([valid(CLIENT_DOCUMENT, at).filter(accepted.accepts) for at in _alternatives(media_type)])
    return drawn.filter(partial(_is_form, operation, media_type)) if plain_type(media_type.name) == FORM else drawn


def _is_form(operation: Operation, media_type: Part, body: Json) -> bool:
    """True for a body that a form can carry: each list has items, and each field a schema to read it by."""
    at = media_type.at + "/schema"
    is_described = other_fields(operation.document, at) or body.keys() <= fields(operation.document, at).keys()
    return bool(is_described) and [] not in body.values()


def _alternatives(media_type: Part) -> list[str]:
    """The JSON pointers, in the client's document, of the schemas that a body may have one of."""
    body = resolve(CLIENT_DOCUMENT, media_type.at + "/schema")
    count = len(body.value.get("oneOf", [])) if isinstance(body.value, dict) else 0
    return [f"{body.at}/oneOf/{index}" for index in range(count)] or [body.at]


def message(operation: Operation, body: Json) -> Any:
    """The client's value for the JSON of a body; UNSET without a body."""
    return UNSET if body is UNSET else typed(get_type_hints(module(operation).sync_detailed)["body"], body)


@dataclass(frozen=True)
class Answer:
    """A documented response.

    Attributes:
        media_type: None without content.
        name: of its schema, if it has one.
    """

    status: int
    media_type: str | None = None
    name: str | None = None
    value: Json = None


@cache
def responses(operation: Operation) -> SearchStrategy[Answer]:
    """Documented responses."""
    numbered = operation.numbered_responses
    documented = [
        st.builds(
            Answer,
            st.just(status),
            st.just(media_type.name),
            st.just(_component_name(operation.document, media_type)),
            _values(operation.document, media_type),
        )
        for status, response in numbered
        for media_type in content(operation.document, response)
    ]
    empty = [st.just(Answer(status)) for status, response in numbered if not response.value.get("content")]
    return st.one_of([*documented, *empty])


def _values(document: Json, media_type: Part) -> SearchStrategy[Json]:
    if is_binary(media_type.name):
        return st.text()
    return valid(document, media_type.at + "/schema")


def error_name(operation: Operation, status: int) -> str | None:
    """The name of the client's error class for a status; None where the document's response has no name."""
    part = operation.response(status)
    return ClassName(part.name, "") if part and part.is_component else None


def is_documented(operation: Operation, status: int, value: Json) -> bool:
    """Whether a response is documented, its patterns and formats aside."""
    response = operation.response(status)
    if response is None:
        return False
    described = [part for part in content(operation.document, response) if "schema" in part.value]
    schemas = [Schema(operation.document, part.at + "/schema") for part in described]
    violations = [violation for schema in schemas for violation in schema.violations(value)]
    return all(violation.keyword.endswith(("/pattern", "/format")) for violation in violations)


def has_content(operation: Operation, status: int) -> bool:
    """Whether the document's response for a status has content."""
    response = operation.response(status)
    return bool(response and content(operation.document, response))


class Caller:
    """Calls operations through one client, synchronously or in asyncio."""

    def __init__(self, url: str, key: str) -> None:
        self._client = Client(key, base_url=url, retries=0, rate_limit=None)
        self._loop = asyncio.Runner()

    def call(
        self, operation: Operation, parameters: Mapping[str, Json], body: Any = UNSET, *, awaited: bool = False
    ) -> Any:
        """The detailed response to a call."""
        return self._call(operation, "asyncio_detailed" if awaited else "sync_detailed", parameters, body)

    def ending(self, operation: Operation, parameters: Mapping[str, Json], body: Any, *, awaited: bool) -> Any:
        """The value that a call returns, or the VentiaError that it raises."""
        try:
            return self._call(operation, "asyncio" if awaited else "sync", parameters, body)
        except VentiaError as error:
            return error

    def _call(self, operation: Operation, name: str, parameters: Mapping[str, Json], body: Any) -> Any:
        function = getattr(module(operation), name)
        types = get_type_hints(function)
        given = [part for part in operation.parameters if part.at in parameters]
        names = {part.at: _argument(types, part.value["name"], part.value["in"]) for part in given}
        arguments = {names[at]: _value(types[names[at]], value) for at, value in parameters.items()}
        if body is not UNSET:
            arguments["body"] = body
        called = function(client=self._client, **arguments)
        return self._loop.run(called) if inspect.iscoroutine(called) else called

    def close(self) -> None:
        """Close the client, for both sync and asyncio calls."""
        self._loop.run(self._client.aclose())
        self._loop.close()


def _argument(types: Mapping[str, Any], name: str, place: str) -> str:
    """The argument of a parameter: it ends in its place if others have the name, or in an underscore."""
    python_name = _python_name(name)
    return next(each for each in (f"{python_name}_{place}", python_name, f"{python_name}_") if each in types)


def _value(hint: Any, value: Json) -> Any:
    """The value of an argument; a text that is none of its type is for the client to refuse."""
    try:
        return typed(hint, value)
    except (TypeError, ValueError):
        if isinstance(value, str):
            return value
        raise


def _component_name(document: Json, media_type: Part) -> str | None:
    """The name of the class that a body is made an object of."""
    if "schema" not in media_type.value or is_binary(media_type.name):
        return None
    part = resolve(document, media_type.at + "/schema")
    return ClassName(part.name, "") if part.is_component and "properties" in part.value else None


def _python_name(name: str) -> str:
    return PythonIdentifier(name, "field_")
