"""Compares what went into the client, or came out of it, with JSON on the wire."""

from __future__ import annotations

import contextlib
from datetime import datetime
from typing import Any
from urllib.parse import quote

from contract_tests.client.recorder import RecordedRequest
from ventia_document.operations import Operation, resolve
from ventia_document.parameters import Parameter, Wire, query_pairs
from ventia_document.source import Json


def same(expected: Json, actual: Json) -> bool:
    """Whether two JSON values are equal, with times compared as times."""
    if isinstance(expected, dict) and isinstance(actual, dict):
        return expected.keys() == actual.keys() and all(same(expected[name], actual[name]) for name in expected)
    if isinstance(expected, list) and isinstance(actual, list):
        return len(expected) == len(actual) and all(map(same, expected, actual))
    if isinstance(expected, str) and isinstance(actual, str) and expected != actual:
        with contextlib.suppress(ValueError):
            return datetime.fromisoformat(expected) == datetime.fromisoformat(actual)
    return bool(expected == actual)


def plain(parsed: Any) -> Json:
    """A value that the client returned, as JSON."""
    if isinstance(parsed, list):
        return [plain(item) for item in parsed]
    if hasattr(parsed, "payload"):  # a file
        return parsed.payload.read().decode()
    return parsed.to_dict() if hasattr(parsed, "to_dict") else parsed


def path_of(operation: Operation, parameters: dict[str, Json]) -> str:
    """The path of an operation with these parameters, percent-encoded."""
    return operation.path.format_map({name: quote(str(value), safe="") for name, value in parameters.items()})


def sent_parameters(operation: Operation, parameters: dict[str, Json]) -> dict[str, Json]:
    """The parameters that the client must send for these arguments: also scalar defaults, and no empty list."""
    schemas = {
        part.value["name"]: resolve(operation.document, part.at + "/schema").value for part in operation.parameters
    }
    stated = {name: schema.get("default") for name, schema in schemas.items() if isinstance(schema, dict)}
    defaults = {name: value for name, value in stated.items() if isinstance(value, str | int | float)}
    return defaults | {name: value for name, value in parameters.items() if value != []}


def read_back(operation: Operation, request: RecordedRequest) -> dict[str, Json]:
    """The parameters outside the path, read from the wire as the document's types."""
    cookies = [pair.strip().partition("=") for pair in request.headers.get("cookie", "").split(";") if pair]
    wire = Wire(
        {}, query_pairs(request.raw_query), request.headers.items(), [(name, text) for name, _, text in cookies]
    )
    values = {}
    for part in operation.parameters:
        reading = Parameter(operation.document, part).read(wire) if part.value["in"] != "path" else None
        if reading and reading.is_given:
            values[part.value["name"]] = reading.value
            assert reading.violations == []
    return values


def wire_names(operation: Operation, place: str) -> set[str]:
    """The names on the wire of the parameters in one place."""
    parameters = [Parameter(operation.document, part) for part in operation.parameters]
    return {parameter.name for parameter in parameters if parameter.place == place}
