"""Compares components, apart from how they are used."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

from tools.diff.changes import CHANGES, NAMES, NOTES, RENAMES
from tools.diff.objects.content import BODY, HEADER, PROSE, RESPONSE_RULES
from tools.diff.objects.parameters import PARAMETER
from tools.diff.schemas import schema
from tools.diff.walk.comparison import Comparer, Comparison, altered
from tools.diff.walk.nodes import Node, Pair
from tools.diff.walk.use import REQUEST, UNUSED, Use
from tools.diff.walk.words import is_new_or_gone, key, sentence, subject, verb
from ventia_document.source import Json
from ventia_document.structure import references


def components(comparison: Comparison, owner: Pair, keyword: str, use: Use) -> None:
    """Compare the components, each kind by its own comparer."""
    comparison.walk(owner.part(keyword), _COMPONENTS, use)


def _each(kind: str, look: Callable[[Comparison, Pair], None], is_named: Callable[[Node], bool]) -> Comparer:
    """Compares the components of a kind, apart from how they are used.

    Args:
        is_named: whether generated code has something with the component's name.
    """

    def compare_key(comparison: Comparison, owner: Pair, keyword: str, use: Use) -> None:
        for _, each in owner.part(keyword).members():
            if each.is_in_both:
                look(comparison, each)
            else:
                named, plain = (NAMES, NOTES) if each.is_added else (RENAMES, NOTES)
                message = f"component {subject(each.node)} {is_new_or_gone(each)} ({keyword})"
                effects = named if is_named(each.node) else plain
                comparison.add(f"{kind}-{verb(each)}", effects, each, message, use)

    return compare_key


def _walked(rules: Mapping[str, Comparer], scope: str = "") -> Callable[[Comparison, Pair], None]:
    return lambda comparison, each: comparison.walk(each, rules, replace(UNUSED, scope=scope))


def _look_at_schema(comparison: Comparison, each: Pair) -> None:
    schema.compare(comparison, each, replace(UNUSED, scope="body"))


def _look_at_users(comparison: Comparison, each: Pair) -> None:
    """Compared where it is used; if nothing uses it, its changes are added as uncompared."""


def _look_at_scheme(comparison: Comparison, each: Pair) -> None:
    if comparison.is_same(each):
        return
    uses = [pair.value for pair in (each.base, each.now) if key(each) in _named_schemes(pair.source.value)]
    comparison.walk(each, _SCHEME, replace(REQUEST if uses else UNUSED, scope="security-scheme"))


def _named_schemes(document: Json) -> set[str]:
    return {each.written for each in references(document) if each.key == "security"}


def _is_class(schema: Node) -> bool:
    """Whether the generator makes a class of a schema; it makes none of plain strings and numbers."""
    kind = schema.part("type").value
    return kind not in ("string", "integer", "number", "boolean", "null", "array") or schema.part("enum").is_there


def _always(_: Node) -> bool:
    return True


def _never(_: Node) -> bool:
    return False


def _look_at_data(comparison: Comparison, each: Pair) -> None:
    comparison.mark_compared(each)
    if each.differs:
        comparison.add("example-changed", NOTES, each, sentence(each), UNUSED)


def _scheme_type(comparison: Comparison, owner: Pair, keyword: str, use: Use) -> None:
    part = owner.part(keyword)
    comparison.mark_compared(part)
    if part.differs:
        comparison.add("type-changed", CHANGES, part, sentence(part), use, name="api-security-component-type-changed")


_SCHEME = {
    **PROSE,
    **dict.fromkeys(("bearerFormat", "flows", "in", "name", "openIdConnectUrl", "scheme"), altered),
    "type": _scheme_type,
}


_COMPONENTS = {
    "examples": _each("example", _look_at_data, _never),
    "headers": _each("header", _walked(HEADER, "header"), _never),
    "pathItems": _each("path-item", _look_at_users, _never),
    "parameters": _each("parameter", _walked(PARAMETER, "parameter"), _never),
    "requestBodies": _each("request-body", _walked(BODY, "body"), _never),
    "responses": _each("response", _walked(RESPONSE_RULES, "body"), _always),
    "schemas": _each("schema", _look_at_schema, _is_class),
    "securitySchemes": _each("security-component", _look_at_scheme, _never),
}
