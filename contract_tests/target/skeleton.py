"""A target file to fill in: every key of the format, explained."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path

from ventia_document.source import Json, read

_FORMAT = Path(__file__).with_name("target.schema.yaml")


def skeleton() -> str:
    """The text of a target file in which all but the required keys are comments."""
    schema = read(_FORMAT).value["Target"]
    lines = ["# The server under test. What is left out is not tested, and the report says so.", "", *_keys(schema, "")]
    return "\n".join(lines) + "\n"


def _keys(schema: Mapping[str, Json], mark: str) -> Iterator[str]:
    tables = {}
    for name, part in schema["properties"].items():
        if part.get("type") == "object" or ("items" in part and "properties" in part["items"]):
            tables[name] = part
            continue
        is_needed = name in schema.get("required", ()) and not mark
        yield f"{'' if is_needed else '# '}{name} = {_toml(name, part['example'])}  # {part['description']}"
    for name, part in tables.items():
        yield ""
        yield f"# {part['description']}"
        yield f"# [[{name}]]" if "items" in part else f"# [{name}]"
        if "example" in part:
            yield from (f"# {key} = {_toml(key, value)}" for key, value in part["example"].items())
        else:
            yield from _keys(part.get("items", part), "# ")


def _toml(name: str, value: Json) -> str:
    return str(value) if name == "until" else json.dumps(value, ensure_ascii=False, default=str)
