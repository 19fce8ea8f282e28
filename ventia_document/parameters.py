"""Reads parameters of a request, from their bytes to the value that the schema describes.

The stand-in and the contract suite both use it, so that neither needs code of the other.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple
from urllib.parse import quote, unquote, unquote_plus

from ventia_document.operations import Part
from ventia_document.source import Json
from ventia_document.validation import Schema, SchemaViolation
from ventia_document.wire.shapes import ARRAY, OBJECT, fields, item_schemas, other_fields, shapes


class Wire(NamedTuple):
    """The parameters of a request as they stand on the wire.

    Attributes:
        path: the variables of the path, percent-encoded.
        query: names decoded, values still percent-encoded.
        header: the names in lower case.
        cookie: names and values as they stand.
    """

    path: Mapping[str, str] = {}
    query: Sequence[tuple[str, str]] = ()
    header: Sequence[tuple[str, str]] = ()
    cookie: Sequence[tuple[str, str]] = ()


def query_pairs(query: str) -> list[tuple[str, str]]:
    """The pairs of a query string: names decoded, values still percent-encoded."""
    parts = [part.partition("=") for part in query.split("&") if part]
    return [(unquote_plus(name), value) for name, _, value in parts]


def undecoded(pairs: Sequence[tuple[str, str]]) -> list[tuple[str, str]]:
    """Decoded pairs of a query as they may have stood on the wire: what divides a list is taken to do so."""
    return [(name, quote(value, safe=",")) for name, value in pairs]


class Reading(NamedTuple):
    """A parameter of a request.

    Attributes:
        value: None without one, and where none can be read.
    """

    value: Json
    violations: list[SchemaViolation]
    is_given: bool


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
        if "schema" not in part.value:
            raise ValueError("a parameter with content; only parameters with a schema are understood")
        self._required = part.value.get("required", False)
        self._style = part.value.get("style", "form" if self.place in ("query", "cookie") else "simple")
        self._exploded = part.value.get("explode", self._style == "form")
        at = part.at + "/schema"
        self._shapes = shapes(document, at)
        self._fields = {name: Schema(document, each) for name, each in fields(document, at).items()}
        self._others = [Schema(document, each) for each in other_fields(document, at)]
        self._items = [Schema(document, each) for each in item_schemas(document, at)]
        self.schema = Schema(document, at)

    def read(self, wire: Wire) -> Reading:
        """The parameter in a request, and its violations."""
        return self.read_texts(self.texts(wire))

    def read_texts(self, texts: Sequence[tuple[str, str]]) -> Reading:
        """The parameter that pairs of name and value on the wire spell, and its violations."""
        if not texts:
            missing = [SchemaViolation((), "Must be given", self.at + "/required")] if self._required else []
            return Reading(None, missing, is_given=False)
        if len(texts) > 1 and not self._may_repeat:
            return Reading(None, [SchemaViolation((), "Must be given once", self.at)], is_given=True)
        readings = list(self._readings(texts))
        if not readings:
            return Reading(None, [SchemaViolation((), f"Must be in the style {self._style}", self.at)], is_given=True)
        for value in readings:
            if self.schema.accepts(value):
                return Reading(value, [], is_given=True)
        return Reading(readings[-1], self.schema.violations(readings[-1]), is_given=True)

    def sentence(self, violation: SchemaViolation) -> str:
        """A violation in words, after the name of the parameter: `limit: Must be at least 1`."""
        return ".".join(filter(None, [self.name, violation.field])) + f": {violation.rule}"

    @property
    def _may_repeat(self) -> bool:
        return bool(self._shapes & {ARRAY, OBJECT})

    def texts(self, wire: Wire) -> list[tuple[str, str]]:
        """Its pairs of name and value on the wire."""
        if self.place == "path":
            return [(self.name, wire.path[self.name])] if self.name in wire.path else []
        pairs: Sequence[tuple[str, str]] = getattr(wire, self.place)
        if self._style == "deepObject":
            start = f"{self.name}["
            named = [(name, value) for name, value in pairs if name.startswith(start) and name.endswith("]")]
            return [(name[len(start) : -1], value) for name, value in named]
        names = {self.name}
        if self.place == "query" and OBJECT in self._shapes and self._exploded:
            names = set(self._fields)
        return [(name, value) for name, value in pairs if name in names]

    def _readings(self, texts: Sequence[tuple[str, str]]) -> Iterator[Json]:
        """The possible values, the likeliest last."""
        values = [value for _, value in texts]
        if self._shapes - {ARRAY, OBJECT} and len(values) == 1 and (text := self._undressed(values[0])) is not None:
            yield from scalars(self._decode(text))
        if OBJECT in self._shapes:
            yield from self._objects(texts)
        if ARRAY in self._shapes:
            yield from self._arrays(values)

    def _decode(self, text: str) -> str:
        if self.place == "query":
            return unquote_plus(text)
        return unquote(text) if self.place == "path" else text

    def _undressed(self, text: str) -> str | None:
        """The value of a text without what its style puts before it; None if that is missing."""
        if self._style == "label":
            return text[1:] if text.startswith(".") else None
        if self._style == "matrix":
            name, _, value = text.partition("=")
            return value if unquote(name) == f";{self.name}" else None
        return text

    def _arrays(self, values: list[str]) -> Iterator[Json]:
        for items in self._items_of(values):
            texts = list(map(self._decode, items))
            yield texts
            yield [scalars(text)[-1] for text in texts]
            yield [_fitting(text, self._items) for text in texts]

    def _items_of(self, values: list[str]) -> Iterator[list[str]]:
        if self._style in ("label", "matrix") and self._exploded:
            yield from self._exploded_items(values[0])
        elif self._style == "form" and self._exploded:
            yield values
        else:
            texts = [self._undressed(value) for value in values]
            known = [text for text in texts if text is not None]
            if len(known) == len(texts):
                # A comma that is percent-encoded is a part of an item, or else divides two after all.
                for divide in (self._divided, lambda text: [quote(each) for each in unquote_plus(text).split(",")]):
                    yield [item for text in known for item in divide(text)]

    def _exploded_items(self, text: str) -> Iterator[list[str]]:
        if self._style == "label" and text.startswith("."):
            yield text[1:].split(".")
        named = [part.partition("=") for part in text.split(";")[1:]]
        if self._style == "matrix" and text.startswith(";") and all(unquote(name) == self.name for name, _, _ in named):
            yield [value for _, _, value in named]

    def _divided(self, text: str) -> list[str]:
        if self._style == "spaceDelimited":
            return re.split(r"%20|\+| ", text)
        if self._style == "pipeDelimited":
            return re.split(r"(?i)%7C|\|", text)
        items = text.split(",")
        return [item.strip() for item in items] if self.place == "header" else items

    def _objects(self, texts: Sequence[tuple[str, str]]) -> Iterator[Json]:
        for pairs in self._pairs_of(texts):
            decoded = [(self._decode(name), self._decode(value)) for name, value in pairs]
            known = {name: [schema] for name, schema in self._fields.items()}
            yield {name: _fitting(value, known.get(name, self._others)) for name, value in decoded}

    def _pairs_of(self, texts: Sequence[tuple[str, str]]) -> Iterator[list[tuple[str, str]]]:
        if self._style == "deepObject" or (self._style == "form" and self._exploded):
            yield [(quote(name), value) for name, value in texts]
        elif self._exploded:
            text, mark = texts[0][1], {"label": ".", "matrix": ";"}.get(self._style, ",")
            if self._style == "simple" or text.startswith(mark):
                parts = (text if self._style == "simple" else text[1:]).split(mark)
                yield [(name.strip(), value) for name, _, value in (part.partition("=") for part in parts)]
        else:
            for items in self._items_of([value for _, value in texts]):
                if len(items) % 2 == 0:
                    yield list(zip(items[::2], items[1::2], strict=True))


# Python takes very long to read an exponent of more than three digits.
_JSON_SCALAR = re.compile(r"-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][-+]?\d{1,3})?|true|false", re.ASCII)


def scalars(text: str) -> list[Json]:
    """The possible values of a text: the text itself, and the number or boolean that it spells."""
    return [text, json.loads(text)] if _JSON_SCALAR.fullmatch(text) and len(text) < 400 else [text]


def _fitting(text: str, schemas: Sequence[Schema]) -> Json:
    """The value of a text that schemas accept, or else the number or boolean that it spells."""
    values = scalars(text)
    fitting = (value for value in values if any(schema.accepts(value) for schema in schemas))
    return next(fitting, values[-1])
