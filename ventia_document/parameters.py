"""Reads parameters of a request, from their text to the value that the schema describes.

The stand-in and the contract suite both use it, so that neither needs code of the other.
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence

from ventia_document.operations import Part, resolve
from ventia_document.source import Json
from ventia_document.validation import Schema, SchemaViolation


class Parameter:
    """One parameter of an operation.

    Attributes:
        name: its name on the wire; headers in lower case.
        place: `path`, `query`, `header` or `cookie`.
        at: its JSON pointer in the document.
        schema: the schema of its value.

    Raises:
        ValueError: it has `content` instead of a schema.
    """

    def __init__(self, document: Json, part: Part) -> None:
        self.place: str = part.value["in"]
        self.name: str = part.value["name"].lower() if self.place == "header" else part.value["name"]
        self.at = part.at
        self._required = part.value.get("required", False)
        self._exploded = part.value.get("explode", self.place in ("query", "cookie"))
        if "schema" not in part.value:
            raise ValueError("a parameter with content; only parameters with a schema are understood")
        schema = resolve(document, part.at + "/schema").value
        self._is_list = isinstance(schema, dict) and "array" in schema.get("type", ())
        self.schema = Schema(document, part.at + "/schema")

    def read(self, texts: Sequence[str]) -> tuple[Json, list[SchemaViolation]]:
        """The value of the parameter, None if it is missing, and its violations.

        Args:
            texts: all its texts in the request, percent-decoded.
        """
        if not texts:
            return None, [SchemaViolation((), "Must be given", self.at + "/required")] if self._required else []
        if len(texts) > 1 and not self._is_list:
            return None, [SchemaViolation((), "Must be given once", self.at)]
        readings = self._list_readings(texts) if self._is_list else _readings(texts[0])
        value = next(filter(self.schema.accepts, readings), readings[-1])
        return value, self.schema.violations(value)

    def sentence(self, violation: SchemaViolation) -> str:
        """A violation in words, after the name of the parameter: `limit: Must be at least 1`."""
        return ".".join(filter(None, [self.name, violation.field])) + f": {violation.rule}"

    def _list_readings(self, texts: Sequence[str]) -> list[Json]:
        items = texts if self._exploded else [item for text in texts for item in text.split(",")]
        return [list(items), [_readings(item)[-1] for item in items]]


# Python takes very long to read an exponent of more than three digits.
_JSON_SCALAR = re.compile(r"-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][-+]?\d{1,3})?|true|false", re.ASCII)


def _readings(text: str) -> list[Json]:
    """The possible values of a text: the text itself, and the number or boolean that it spells."""
    return [text, json.loads(text)] if _JSON_SCALAR.fullmatch(text) and len(text) < 400 else [text]
