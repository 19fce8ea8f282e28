"""What has been shown so far, as counts that can be added up: of one test, of one worker, of a run."""

from __future__ import annotations

from collections import Counter
from functools import cache
from typing import TypeAlias

from contract_tests.oracle.judge import compiled
from contract_tests.oracle.responses import Exchange
from ventia_document.operations import Operation, nodes, resolve
from ventia_document.schemas import WORDS
from ventia_document.source import Json, pointer

Shown: TypeAlias = Counter[tuple[str, ...]]
"""How often something was shown: `("rule", "one sender", "broken", "asked")`, `("status", "400")`, and so on."""

VALID, INVALID = "valid", "invalid"


def written(shown: Shown) -> list[list[Json]]:
    """The counts as JSON."""
    return [[*key, count] for key, count in shown.items()]


def read(value: list[list[Json]]) -> Shown:
    """What `written` has made."""
    return Counter({tuple(key): count for *key, count in value})


_KEYWORDS = WORDS.keys() | {"allOf", "anyOf", "oneOf", "not", "if", "dependentRequired", "dependentSchemas"}


@cache
def keywords(operation: Operation) -> tuple[str, ...]:
    """JSON pointers of every keyword that can refuse a body of the operation."""
    found: dict[str, None] = {}
    for part in operation.media_types:
        _gather(operation.document, part.at + "/schema", found, set())
    return tuple(found)


def _gather(document: Json, at: str, found: dict[str, None], seen: set[str]) -> None:
    part = resolve(document, at)
    if part.at in seen:
        return
    seen.add(part.at)
    for below, node in nodes(part.value, part.at):
        found.update(dict.fromkeys(below + pointer(key) for key in node if key in _KEYWORDS))
        if "$ref" in node:
            _gather(document, below, found, seen)


class Coverage:
    """Counts which parts of the document the requests to it exercise, each distinct body once."""

    def __init__(self) -> None:
        self._bodies: set[bytes] = set()

    def of(self, exchange: Exchange) -> Shown:
        """The parts that one request exercised."""
        shown: Shown = Counter({("status", str(exchange.answer.status)): 1})
        verdict, body = exchange.verdict, exchange.verdict.body
        if verdict.operation and isinstance(body, dict) and exchange.asked.body not in self._bodies:
            self._bodies.add(exchange.asked.body)
            shown.update(_of_body(verdict.operation, body, {fault.field.partition(".")[0] for fault in verdict.faults}))
        return shown


def _of_body(operation: Operation, body: dict[str, Json], broken: set[str]) -> Shown:
    shown: Shown = Counter()
    at = operation.media_types[0].at + "/schema"
    for name, schema in properties(operation).items():
        if name in body or name in broken:
            shown["field", name, INVALID if name in broken else VALID] += 1
        if name in body and body[name] in schema.get("enum", ()):
            shown["value", f"{name}: {body[name]}", INVALID if broken else VALID] += 1
    known = keywords(operation)
    for keyword, is_kept in compiled(operation, at).judged(body):
        if keyword in known:
            shown["keyword", keyword, VALID if is_kept else INVALID] += 1
    return shown


@cache
def properties(operation: Operation) -> dict[str, dict[str, Json]]:
    """The schemas of the fields of an operation's body."""
    if not operation.media_types:
        return {}
    part = resolve(operation.document, operation.media_types[0].at + "/schema")
    return {
        name: resolve(operation.document, f"{part.at}/properties{pointer(name)}").value
        for name in part.value.get("properties", {})
    }
