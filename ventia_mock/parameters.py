"""Reads a parameter's text as the value that its schema means, and says which rules it breaks."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence

from ventia_document.operations import Part, resolve
from ventia_document.schemas import Broken, Schema
from ventia_document.source import Json
from ventia_mock.explain import Explained
from ventia_mock.unserved import Unserved


class Parameter:
    """One parameter of an operation.

    Attributes:
        name: as it is sent; headers in lower case.
        place: `path`, `query`, `header` or `cookie`.
        at: its JSON pointer in the document.

    Raises:
        Unserved: its value is not described by a schema.
    """

    def __init__(self, document: Json, part: Part) -> None:
        self.place: str = part.value["in"]
        self.name: str = part.value["name"].lower() if self.place == "header" else part.value["name"]
        self.at = part.at
        self._required = part.value.get("required", False)
        self._exploded = part.value.get("explode", self.place in ("query", "cookie"))
        if "schema" not in part.value:
            raise Unserved(part.at, "a parameter with content; only parameters with a schema are understood")
        schema = resolve(document, part.at + "/schema").value
        self._is_list = isinstance(schema, dict) and "array" in schema.get("type", ())
        self._schema = Schema(document, part.at + "/schema")
        self._explained = Explained(document, part, self._schema)

    def check(self, given: Sequence[str]) -> tuple[Json, list[str]]:
        """Its value, None where it is not given, and a sentence for each rule that it breaks."""
        if not given:
            return None, [f"{self.name}: Must be given"] if self._required else []
        if len(given) > 1 and not self._is_list:
            return None, [f"{self.name}: Must be given once"]
        readings = self._list_readings(given) if self._is_list else _readings(given[0])
        value = next(filter(self._schema.accepts, readings), readings[-1])
        broken = self._schema.broken(value)
        return value, [self._told(fault, mend) for fault, mend in self._explained.mends(broken, value)]

    def _told(self, fault: Broken, mend: str) -> str:
        return ".".join(filter(None, [self.name, fault.field])) + f": {fault.rule} ({mend})"

    def _list_readings(self, given: Sequence[str]) -> list[Json]:
        items = given if self._exploded else [item for text in given for item in text.split(",")]
        return [list(items), [_readings(item)[-1] for item in items]]


_JSON_SCALAR = re.compile(r"-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][-+]?\d{1,3})?|true|false", re.ASCII)


def _readings(text: str) -> list[Json]:
    """What a text can mean: itself, and the number or boolean that it writes. The schema decides."""
    return [text, json.loads(text)] if _JSON_SCALAR.fullmatch(text) and len(text) < 400 else [text]
