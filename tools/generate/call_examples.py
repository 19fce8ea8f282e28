"""Calls of the client in Python, made of the document's examples."""

from __future__ import annotations

import json
from collections.abc import Iterator

from openapi_python_client.parser.openapi import Endpoint
from openapi_python_client.parser.properties import ModelProperty

from tools.generate.template_context import Rules
from ventia_document.operations import Operation
from ventia_document.samples import samples
from ventia_document.source import Json


def session(package: str, rules: Rules, endpoint: Endpoint, awaited: bool = False) -> str:  # noqa: FBT001, FBT002 - a template calls it
    """A call of an operation, and its answer, as typed into Python; empty if the document has no examples.

    Args:
        awaited: of its `asyncio`, instead of its `sync`.
    """
    operation = rules.operation(endpoint)
    contacts = _path_values(operation) if operation else None
    model, message = next(_messages(rules, operation, endpoint), (None, None)) if operation else (None, None)
    if contacts is None or (endpoint.bodies and message is None):
        return ""
    lines = [">>> import asyncio"] if awaited else []
    lines += [f">>> from {package} import Client", f">>> from {package}.api.{endpoint.tags[0]} import {endpoint.name}"]
    if message:
        lines += [f">>> from {package}.models import {model}", f">>> message = {message}"]
    arguments = ", ".join([*contacts, "client=client", *(["body=message"] if message else [])])
    lines += _awaiting(endpoint, arguments) if awaited else _waiting(endpoint, arguments)
    return "\n".join([*lines, _answer(rules, endpoint)])


def _waiting(endpoint: Endpoint, arguments: str) -> list[str]:
    return [
        ">>> with Client() as client:  # the API key is in VENTIA_API_KEY",
        f"...     {endpoint.name}.sync({arguments})",
    ]


def _awaiting(endpoint: Endpoint, arguments: str) -> list[str]:
    return [
        ">>> async def main():",
        "...     async with Client() as client:  # the API key is in VENTIA_API_KEY",
        f"...         return await {endpoint.name}.asyncio({arguments})",
        ">>> asyncio.run(main())",
    ]


def _path_values(operation: Operation) -> list[str] | None:
    """The first example of each variable of the path; None if one has none, or something else must be given as well."""
    known = {part.value["name"]: samples(operation.document, part) for part in operation.parameters}
    required = {part.value["name"] for part in operation.parameters if part.value.get("required")}
    if required - set(operation.path_names) or not all(known[name] for name in operation.path_names):
        return None
    return [_python(next(iter(known[name].values()))) for name in operation.path_names]


def _messages(rules: Rules, operation: Operation, endpoint: Endpoint) -> Iterator[tuple[str, str]]:
    """The examples of the body, each with the name of its class and as a call of that."""
    for media_type in operation.media_types:
        for value in samples(operation.document, media_type).values():
            for model in rules.models(endpoint):
                names = _python_names(model)
                if isinstance(value, dict) and value.keys() <= names.keys():
                    fields = "".join(f"\n...     {names[name]}={_python(field)}," for name, field in value.items())
                    yield model.class_info.name, f"{model.class_info.name}({fields}\n... )"


def _python_names(model: ModelProperty) -> dict[str, str]:
    properties = [*(model.required_properties or []), *(model.optional_properties or [])]
    return {each.name.get_untrusted_value(): each.python_name for each in properties}


def _python(value: Json) -> str:
    return json.dumps(value) if isinstance(value, str) else repr(value)


def _answer(rules: Rules, endpoint: Endpoint) -> str:
    schemas = [response.schema for response in rules.responses(endpoint) if not response.error]
    return f"{schemas[0].rpartition('/')[2]}(...)" if schemas and schemas[0] else "..."
