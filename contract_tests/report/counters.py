"""Result counters, summable over tests, workers and runs."""

from __future__ import annotations

from collections import Counter
from functools import cache
from typing import TypeAlias

from contract_tests.oracle.requests import compiled
from contract_tests.oracle.responses import Exchange
from ventia_document.operations import Operation, resolve
from ventia_document.source import Json, pointer
from ventia_document.structure import nodes
from ventia_document.validation import WORDS

Counters: TypeAlias = Counter[tuple[str, ...]]
"""Counts by key: `("rule", "one sender", "broken", "checked")`, `("status", "400")`, and so on."""

VALID, INVALID = "valid", "invalid"


def written(counters: Counters) -> list[list[Json]]:
    """The counters as JSON."""
    return [[*key, count] for key, count in counters.items()]


def read(value: list[list[Json]]) -> Counters:
    """The counters that `written` has made JSON of."""
    return Counter({tuple(key): count for *key, count in value})


_KEYWORDS = WORDS.keys() | {"allOf", "anyOf", "oneOf", "not", "if", "dependentRequired", "dependentSchemas"}


@cache
def keywords(operation: Operation) -> tuple[str, ...]:
    """JSON pointers of every keyword that can refuse a body of the operation."""
    pointers: dict[str, None] = {}
    for part in operation.media_types:
        _gather(operation.document, part.at + "/schema", pointers, set())
    return tuple(pointers)


def _gather(document: Json, at: str, pointers: dict[str, None], seen: set[str]) -> None:
    part = resolve(document, at)
    if part.at in seen:
        return
    seen.add(part.at)
    for below, node in nodes(part.value, part.at):
        pointers.update(dict.fromkeys(below + pointer(key) for key in node if key in _KEYWORDS))
        if "$ref" in node:
            _gather(document, below, pointers, seen)


class Coverage:
    """Counts the parts of the document that requests exercise, each distinct body once."""

    def __init__(self) -> None:
        self._bodies: set[bytes] = set()

    def of(self, exchange: Exchange) -> Counters:
        """The counters of one request."""
        counters: Counters = Counter({("status", str(exchange.response.status)): 1})
        verdict, body = exchange.verdict, exchange.verdict.body
        if verdict.operation and isinstance(body, dict) and exchange.request.body not in self._bodies:
            self._bodies.add(exchange.request.body)
            broken = {violation.field.partition(".")[0] for violation in verdict.violations}
            counters.update(_of_body(verdict.operation, body, broken))
        return counters


def _of_body(operation: Operation, body: dict[str, Json], broken: set[str]) -> Counters:
    counters: Counters = Counter()
    at = operation.media_types[0].at + "/schema"
    for name, schema in properties(operation).items():
        if name in body or name in broken:
            counters["field", name, INVALID if name in broken else VALID] += 1
        if name in body and body[name] in schema.get("enum", ()):
            counters["value", f"{name}: {body[name]}", INVALID if broken else VALID] += 1
    counted = keywords(operation)
    for keyword, is_kept in compiled(operation, at).judged(body):
        if keyword in counted:
            counters["keyword", keyword, VALID if is_kept else INVALID] += 1
    return counters


@cache
def properties(operation: Operation) -> dict[str, dict[str, Json]]:
    """The schemas of the fields of an operation's body, by name."""
    if not operation.media_types:
        return {}
    part = resolve(operation.document, operation.media_types[0].at + "/schema")
    return {
        name: resolve(operation.document, f"{part.at}/properties{pointer(name)}").value
        for name in part.value.get("properties", {})
    }
