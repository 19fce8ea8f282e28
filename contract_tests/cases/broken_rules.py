"""Requests that break one rule of a schema: with values that the schema accepts without that rule, and not with it."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator
from functools import cache

from contract_tests.cases import examples
from contract_tests.cases.styles import written
from contract_tests.oracle.requests import compiled
from contract_tests.wire.request import Request
from ventia_document.distinguishing.judging import Unjudgeable, accepting
from ventia_document.distinguishing.values import drawn
from ventia_document.keywords import KEYWORDS, Role
from ventia_document.operations import Operation, Part, schemas_from
from ventia_document.samples import samples
from ventia_document.source import Json, parts, pointer
from ventia_document.wire.media import FORM, plain_type

_HOLD_RULES = frozenset(("$ref", "allOf", "properties", "items", "prefixItems", "patternProperties", "then", "else"))
"""Keywords that hold rules, and are none themselves."""

_MOST = 10
"""Requests for each rule."""


def broken(operation: Operation) -> Iterator[tuple[str, Request]]:
    """Requests that break one rule of a parameter or a body, each with the JSON pointer of the rule.

    Of a rule that no value breaks alone, such as the type of an enum's values, there is none.
    """
    body = [operation.body] if operation.body else []
    for part in (*operation.parameters, *body):
        if part.value.get("required") and part.value.get("in") != "path":
            yield from ((f"{part.at}/required", request) for request in _with(operation, part, [{}]))
    for part in (*operation.parameters, *operation.media_types):
        for at in _keywords(operation.document, f"{part.at}/schema") if "schema" in part.value else ():
            values = _values(operation, part, at)
            given = _with(operation, part, ({part.at: value} for value in values))
            yield from ((at, request) for request in dict.fromkeys(given))


def _with(operation: Operation, part: Part, given: Iterable[dict[str, Json]]) -> Iterator[Request]:
    """Requests with samples of all that is required but a part, each with a value of it, or without one.

    Args:
        given: the value by the JSON pointer of the part, or nothing.
    """
    is_body = part == operation.body or part in operation.media_types
    known = _samples(operation, [*_required(operation, part), *([] if is_body else operation.media_types[:1])])
    made = (_request(operation, known | values) for values in given) if known is not None else ()
    yield from filter(None, made)


def _required(operation: Operation, but: Part | None) -> list[Part]:
    return [part for part in operation.parameters if part.value.get("required") and part != but]


def _values(operation: Operation, part: Part, at: str) -> Iterator[Json]:
    """Values of different kinds that break the rule at a JSON pointer alone; the least of each."""
    try:
        accepts = accepting([_without(operation.document, at)], part.at + "/schema")
    except Unjudgeable:  # what is left is no schema: a keyword needs this one
        return
    values = list(filter(accepts, _refused(operation, part.at + "/schema")))
    coarse = {_kind(value, deep=False): value for value in reversed(values)}
    fine = {_kind(value): value for value in reversed(values)}
    yield from [*reversed(coarse.values()), *reversed(fine.values())][:_MOST]


@cache
def _refused(operation: Operation, at: str) -> list[Json]:
    """Values that a schema refuses, the smallest first."""
    return list(itertools.filterfalse(compiled(operation, at).accepts, _drawn(operation, at)))


@cache
def _drawn(operation: Operation, at: str) -> list[Json]:
    return drawn((operation.document,) * 2, (at, at), frozenset())


def _kind(value: Json, *, deep: bool = True) -> str:
    """The type of a value, with the names of its fields, and of all in it; a fraction has a type of its own."""
    if isinstance(value, dict):
        return str({name: deep and _kind(each) for name, each in sorted(value.items())})
    if isinstance(value, list):
        return str([deep and _kind(each) for each in value])
    is_whole = isinstance(value, float) and value.is_integer()
    return "int" if is_whole else type(value).__name__


def _keywords(document: Json, at: str) -> Iterator[str]:
    """The JSON pointers of the rules of a schema, and of all that it refers to."""
    for part in schemas_from(document, [at]):
        for name in part.value:
            is_rule = name not in _HOLD_RULES or part.value[name] is False
            if name in KEYWORDS and KEYWORDS[name].role is Role.RULE and is_rule:
                yield part.at + pointer(name)


def _without(value: Json, at: str) -> Json:
    """A document without a keyword."""
    first, *rest = parts(at)
    if isinstance(value, list):
        return [_without(each, pointer(*rest)) if str(index) == first else each for index, each in enumerate(value)]
    if rest:
        return {**value, first: _without(value[first], pointer(*rest))}
    return {key: each for key, each in value.items() if key != first}


def sample_requests(operation: Operation) -> list[Request]:
    """Requests with samples of all parameters, one with each media type of the body; none without a sample."""
    named = {response.name for response in examples.responses(operation) if response.name}
    # An example with the name of a response asks the stand-in for that one.
    asked = [part for part in operation.parameters if named & samples(operation.document, part).keys()]
    if any(part.value.get("required") for part in asked):
        return []
    parameters = [part for part in operation.parameters if part not in asked]
    bodies: list[list[Part]] = [[part] for part in operation.media_types] or [[]]
    values = [_samples(operation, [*parameters, *body]) for body in bodies]
    return [made for each in values if each is not None and (made := _request(operation, each))]


def unsampled(operation: Operation) -> list[str]:
    """The required parameters without a sample, and the media types of a body of which none has one."""
    required = _required(operation, operation.body)
    missing = [part.value["name"] for part in required if not _of(operation, part)]
    bodies = [part.name for part in operation.media_types]
    has_body = any(_of(operation, part) for part in operation.media_types)
    return missing + ([] if has_body or not bodies else [f"a body of {' or '.join(bodies)}"])


def _samples(operation: Operation, described: list[Part]) -> dict[str, Json] | None:
    """Samples of parameters and of media types of the body, by JSON pointer; None if one has none."""
    made = {part.at: _of(operation, part) for part in described}
    return {at: values[0] for at, values in made.items()} if all(made.values()) else None


def _of(operation: Operation, part: Part) -> list[Json]:
    """Samples of a parameter or media type; of those that are drawn, the least."""
    found = list(samples(operation.document, part).values())
    if found or "schema" not in part.value:
        return found
    at = part.at + "/schema"
    return list(itertools.islice(filter(compiled(operation, at).accepts, _drawn(operation, at)), 1))


def _request(operation: Operation, values: dict[str, Json]) -> Request | None:
    bodies = [(part.name, values[part.at]) for part in operation.media_types if part.at in values]
    if any(plain_type(name) == FORM and not isinstance(value, dict) for name, value in bodies):
        return None
    deep = [part.at for part in operation.parameters if part.value.get("style") == "deepObject"]
    if any(not isinstance(values.get(at, {}), dict) for at in deep):
        return None
    made = written(operation, values, *next(iter(bodies), ()))
    texts = [text for _, text in made.headers if isinstance(text, str)]
    return made if all(text.isascii() and text.isprintable() and text == text.strip() for text in texts) else None
