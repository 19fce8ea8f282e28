"""Compares what went into the client, or came out of it, with JSON on the wire."""

from __future__ import annotations

import contextlib
import json
import re
from datetime import date, datetime
from typing import Any
from uuid import UUID

from contract_tests.client.recorder import RecordedRequest
from ventia_document.operations import Operation, resolve
from ventia_document.parameters import Parameter, Wire, query_pairs
from ventia_document.source import Json
from ventia_document.wire.forms import Form
from ventia_document.wire.media import FORM, plain_type
from ventia_document.wire.shapes import fields


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
    if isinstance(parsed, date | UUID):
        return parsed.isoformat() if isinstance(parsed, date) else str(parsed)
    return parsed.to_dict() if hasattr(parsed, "to_dict") else parsed


def sent_parameters(operation: Operation, parameters: dict[str, Json]) -> dict[str, Json]:
    """The parameters that the client must send for these, by JSON pointer: also scalar defaults, and nothing empty."""
    schemas = {part.at: resolve(operation.document, part.at + "/schema").value for part in operation.parameters}
    stated = {at: schema.get("default") for at, schema in schemas.items() if isinstance(schema, dict)}
    defaults = {at: value for at, value in stated.items() if isinstance(value, str | int | float)}
    return defaults | {at: value for at, value in parameters.items() if value not in ([], {})}


def read_parameters(operation: Operation, request: RecordedRequest, base_path: str) -> dict[str, Json]:
    """The parameters of a request by JSON pointer, read from the wire as the document's types."""
    names = [re.escape(part) for part in re.split(r"\{[^}]*\}", base_path + operation.path)]
    found = re.fullmatch("([^/]+)".join(names), request.path)
    assert found, f"{request.path} is no path of {operation}"
    cookies = [pair.strip().partition("=") for pair in request.headers.get("cookie", "").split(";") if pair]
    wire = Wire(
        dict(zip(operation.path_names, found.groups(), strict=True)),
        query_pairs(request.raw_query),
        request.headers.items(),
        [(name, text) for name, _, text in cookies],
    )
    readings = [(part.at, Parameter(operation.document, part).read(wire)) for part in operation.parameters]
    assert [] == [violation for _, reading in readings for violation in reading.violations]
    return {at: reading.value for at, reading in readings if reading.is_given}


def read_body(operation: Operation, request: RecordedRequest) -> Json:
    """The body of a request, read by its documented media type."""
    for media_type in operation.media_types:
        if plain_type(media_type.name) == FORM:
            return Form(operation.document, media_type.at + "/schema").read(request.body)
    return json.loads(request.body)


def undescribed(operation: Operation, query: list[tuple[str, str]]) -> set[str]:
    """The names in a query that belong to no parameter."""
    names: set[str] = set()
    for part in (part for part in operation.parameters if part.value["in"] == "query"):
        name, inner = part.value["name"], fields(operation.document, part.at + "/schema")
        names |= {name, *inner, *(f"{name}[{each}]" for each in inner)}
    return {name for name, _ in query} - names
