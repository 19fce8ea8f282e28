"""The document for the generator: without all that the client's own modules do, which the generator cannot."""

from __future__ import annotations

import copy

from ventia_document.media import BINARY, is_binary
from ventia_document.operations import operations
from ventia_document.source import Json
from ventia_document.structure import nodes

_FILE = {"schema": {"type": "string", "format": "binary"}}


def simplified(document: Json) -> Json:
    """A document whose binary bodies are files, and whose operations require no key."""
    made = copy.deepcopy(document)
    for operation in operations(made):
        operation.value.pop("security", None)
    for _, node in nodes(made):
        if isinstance(content := node.get("content"), dict):
            node["content"] = {name: _FILE if is_binary(name) else value for name, value in content.items()}
    return made


def media_type_overrides(document: Json) -> dict[str, str]:
    """The generator's name for each binary media type."""
    named = (name for _, node in nodes(document) if isinstance(node.get("content"), dict) for name in node["content"])
    return {name: BINARY for name in named if is_binary(name)}
