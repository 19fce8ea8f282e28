"""Requests that break one rule of a schema: values of the schema without that rule which are none with it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, cached_property

from hypothesis import strategies as st
from hypothesis.errors import Unsatisfiable
from hypothesis.strategies import SearchStrategy

from contract_tests.cases import examples
from contract_tests.cases.styles import written
from contract_tests.cases.valid_values import valid
from contract_tests.oracle.requests import compiled
from contract_tests.wire.request import Request
from ventia_document.keywords import KEYWORDS, Role, type_of
from ventia_document.operations import Operation, Part, schemas_from
from ventia_document.samples import samples
from ventia_document.source import Json, parts, pointer
from ventia_document.wire.media import FORM, plain_type

_HOLD_RULES = frozenset(("$ref", "allOf", "properties", "items", "prefixItems", "patternProperties", "then", "else"))
"""Keywords that hold rules, and are none themselves."""

_TRIES = 5


@dataclass(frozen=True)
class Rule:
    """A rule of a parameter or a body.

    Attributes:
        part: the parameter, or the media type of the body.
        at: JSON pointer of the keyword.
    """

    operation: Operation
    part: Part
    at: str

    @cached_property
    def requests(self) -> SearchStrategy[Request | None]:
        """Requests that break the rule; None where none is found, or can be sent."""
        known = _samples(self.operation, [part for part in self.operation.parameters if part.value.get("required")])
        at, document = self.part.at + "/schema", self.operation.document
        if known is None:
            return st.none()
        is_kept = compiled(self.operation, at).accepts
        values = st.lists(valid(_without(document, self.at), at), min_size=_TRIES, max_size=_TRIES)
        broken = _if_any(values).map(lambda drawn: [each for each in drawn if not is_kept(each)])
        return broken.map(lambda found: _request(self.operation, known | {self.part.at: found[0]}) if found else None)


@st.composite
def _if_any(draw: st.DrawFn, values: SearchStrategy[list[Json]]) -> list[Json]:
    """Values, or none where a schema without its rule has none, such as `not: {}`."""
    try:
        return draw(values)
    except Unsatisfiable:
        return []


@cache
def rules(operation: Operation) -> list[Rule]:
    """The rules of an operation's parameters and body."""
    # Messages of a second sender would take too long to draw; schemathesis draws those.
    bodies = () if operation.sends else operation.media_types
    described = [part for part in (*operation.parameters, *bodies) if "schema" in part.value]
    return [
        Rule(operation, part, at) for part in described for at in _keywords(operation.document, part.at + "/schema")
    ]


def _keywords(document: Json, at: str) -> Iterator[str]:
    """The JSON pointers of the rules of a schema, and of all that it refers to."""
    for part in schemas_from(document, [at]):
        for name in part.value:
            is_rule = name not in _HOLD_RULES or part.value[name] is False
            if name in KEYWORDS and KEYWORDS[name].role is Role.RULE and is_rule:
                yield part.at + pointer(name)


def _without(value: Json, at: str) -> Json:
    """A document without a keyword, but with the type that it restricts, so that most values break it.

    A constant leaves its type, an integer is a number, and a field that asks for others is there.
    """
    first, *rest = parts(at)
    if isinstance(value, list):
        return [_without(each, pointer(*rest)) if str(index) == first else each for index, each in enumerate(value)]
    if rest:
        return {**value, first: _without(value[first], pointer(*rest))}
    left = {key: each for key, each in value.items() if key != first}
    stated = [value["const"]] if first == "const" else value.get("enum", []) if first == "enum" else []
    if first == "type" and value["type"] == "integer":
        return {**left, "type": "number"}
    if first == "dependentRequired":
        left["required"] = [*left.get("required", ()), *list(value[first])[:1]]
    types = list(dict.fromkeys(map(type_of, stated))) or KEYWORDS[first].of
    return {"type": types} | left if types else left


def sample_request(operation: Operation) -> Request | None:
    """A request with samples of all parameters and of the body; None if one has no sample, or cannot be sent."""
    named = {response.name for response in examples.responses(operation) if response.name}
    # An example with the name of a response asks the stand-in for that one.
    asked = [part for part in operation.parameters if named & samples(operation.document, part).keys()]
    values = _samples(operation, [part for part in operation.parameters if part not in asked])
    if values is None or any(part.value.get("required") for part in asked):
        return None
    return _request(operation, values)


def _samples(operation: Operation, parameters: list[Part]) -> dict[str, Json] | None:
    """Samples of parameters and of the body, by JSON pointer; None if one has none."""
    described = [*parameters, *operation.media_types]
    made = {part.at: list(samples(operation.document, part).values()) for part in described}
    return {at: values[0] for at, values in made.items()} if all(made.values()) else None


def _request(operation: Operation, values: dict[str, Json]) -> Request | None:
    parameters = {part.value["name"]: values[part.at] for part in operation.parameters if part.at in values}
    bodies = [(part.name, values[part.at]) for part in operation.media_types]
    if any(plain_type(name) == FORM and not isinstance(value, dict) for name, value in bodies):
        return None
    deep = [part.value["name"] for part in operation.parameters if part.value.get("style") == "deepObject"]
    if any(not isinstance(parameters.get(name, {}), dict) for name in deep):
        return None
    made = written(operation, parameters, *next(iter(bodies), ()))
    texts = [text for _, text in made.headers if isinstance(text, str)]
    return made if all(text.isascii() and text.isprintable() and text == text.strip() for text in texts) else None
