"""Examples of calls in Python for docstrings, made from the document's examples."""

from __future__ import annotations

import json
from collections.abc import Iterator

from openapi_python_client.parser.openapi import Endpoint
from openapi_python_client.parser.properties import ModelProperty

from tools.generate.template_context import TemplateContext
from ventia_document.operations import Operation
from ventia_document.samples import samples
from ventia_document.source import Json


def session(package: str, context: TemplateContext, endpoint: Endpoint, awaited: bool = False) -> str:  # noqa: FBT001, FBT002 - a template calls it
    """A call of an operation and its result, as in an interactive session; empty if the document has no examples.

    Args:
        awaited: call `asyncio` instead of `sync`.
    """
    operation = context.operation(endpoint)
    path_values = _path_values(operation) if operation else None
    model, message = next(_messages(context, operation, endpoint), (None, None)) if operation else (None, None)
    if path_values is None or (endpoint.bodies and message is None):
        return ""
    lines = [">>> import asyncio"] if awaited else []
    lines += [f">>> from {package} import Client", f">>> from {package}.api.{endpoint.tags[0]} import {endpoint.name}"]
    if message:
        lines += [f">>> from {package}.models import {model}", f">>> message = {message}"]
    arguments = ", ".join([*path_values, "client=client", *(["body=message"] if message else [])])
    lines += _asyncio_call(endpoint, arguments) if awaited else _sync_call(endpoint, arguments)
    return "\n".join([*lines, _result(context, endpoint)])


def _sync_call(endpoint: Endpoint, arguments: str) -> list[str]:
    return [
        ">>> with Client() as client:  # the API key is in VENTIA_API_KEY",
        f"...     {endpoint.name}.sync({arguments})",
    ]


def _asyncio_call(endpoint: Endpoint, arguments: str) -> list[str]:
    return [
        ">>> async def main():",
        "...     async with Client() as client:  # the API key is in VENTIA_API_KEY",
        f"...         return await {endpoint.name}.asyncio({arguments})",
        ">>> asyncio.run(main())",
    ]


def _path_values(operation: Operation) -> list[str] | None:
    """The first example of each path variable; None if one has none, or if another parameter is required."""
    known = {part.value["name"]: samples(operation.document, part) for part in operation.parameters}
    required = {part.value["name"] for part in operation.parameters if part.value.get("required")}
    if required - set(operation.path_names) or not all(known[name] for name in operation.path_names):
        return None
    return [_python(next(iter(known[name].values()))) for name in operation.path_names]


def _messages(context: TemplateContext, operation: Operation, endpoint: Endpoint) -> Iterator[tuple[str, str]]:
    """The examples of the body, each as the name of its class and a call of it."""
    for media_type in operation.media_types:
        for value in samples(operation.document, media_type).values():
            for model in context.models(endpoint):
                names = _python_names(model)
                if isinstance(value, dict) and value.keys() <= names.keys():
                    fields = "".join(f"\n...     {names[name]}={_python(field)}," for name, field in value.items())
                    yield model.class_info.name, f"{model.class_info.name}({fields}\n... )"


def _python_names(model: ModelProperty) -> dict[str, str]:
    properties = [*(model.required_properties or []), *(model.optional_properties or [])]
    return {each.name.get_untrusted_value(): each.python_name for each in properties}


def _python(value: Json) -> str:
    return json.dumps(value) if isinstance(value, str) else repr(value)


def _result(context: TemplateContext, endpoint: Endpoint) -> str:
    schemas = [response.schema for response in context.responses(endpoint) if response.is_success]
    return f"{schemas[0].rpartition('/')[2]}(...)" if schemas and schemas[0] else "..."
