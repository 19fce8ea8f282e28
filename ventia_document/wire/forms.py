"""Forms in the bodies of requests, read as the values that their schemas describe."""

from __future__ import annotations

from urllib.parse import parse_qsl

from ventia_document.parameters import scalars
from ventia_document.source import Json
from ventia_document.validation import Schema
from ventia_document.wire.shapes import ARRAY, fields, other_fields, shapes


class Form:
    """The forms of one schema: a field that is a list stands once for each item."""

    def __init__(self, document: Json, at: str) -> None:
        named: list[tuple[str | None, str]] = [*fields(document, at).items()]
        named += [(None, place) for place in other_fields(document, at)]
        self._lists = {name for name, place in named if ARRAY in shapes(document, place)}
        self._schemas = {name: Schema(document, place) for name, place in named}

    def read(self, body: bytes) -> Json:
        """The value of a body.

        Raises:
            ValueError: it is not encoded as UTF-8.
        """
        texts: dict[str, list[str]] = {}
        for name, text in parse_qsl(body.decode("utf-8"), keep_blank_values=True, errors="strict"):
            texts.setdefault(name, []).append(text)
        return {name: self._value(name, each) for name, each in texts.items()}

    def _value(self, name: str, texts: list[str]) -> Json:
        known = name if name in self._schemas else None  # which stands for all other fields
        each = [scalars(text) for text in texts]
        spelled, plain = [values[-1] for values in each], [values[0] for values in each]
        readings: list[Json] = [plain, spelled] if known in self._lists or len(texts) > 1 else []
        readings = readings or [plain[0], spelled[0]]
        schema = self._schemas.get(known)
        return next((value for value in readings if schema is None or schema.accepts(value)), readings[-1])
