"""What schemas describe, and what it does that one comes or goes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from tools.diff.changes import CHANGES, NARROWS, NOTES, WIDENS, Effects
from tools.diff.walk.comparison import Use
from tools.diff.walk.nodes import Node, Pair

_COMPOSING = ("allOf", "anyOf", "oneOf")
_INSIDE = (*_COMPOSING, "dependentSchemas", "if", "then", "else")
_DESCRIBING = frozenset((*_COMPOSING, "const", "description", "enum", "items", "properties", "type"))
NOTED = frozenset(("$comment", "description", "example", "examples", "externalDocs", "title", "x-identifies", "x-rule"))


def is_property(pair: Pair) -> bool:
    """Whether it stands among the properties of a schema, and is not what holds for others."""
    return pair.node.at.split("/")[-2:-1] == ["properties"]


def with_the_lost(effects: Effects, part: Pair, use: Use) -> Effects:
    """The effects of a schema's coming or going: where more is allowed, fields and defaults that only it told of go."""
    if effects != WIDENS or part.is_added:
        return effects
    names, is_meant = _told_of(part.base)
    return CHANGES if is_meant or names - documented_in(use)[1] else WIDENS


def documented_in(use: Use) -> tuple[frozenset[str], frozenset[str]]:
    """The properties that the whole value has, in the base and now."""
    return use.documented or (frozenset(), frozenset())


def is_anything(schema: Node) -> bool:
    """Whether a schema allows every value."""
    return schema.value is True or (schema.is_object and not schema.parts.keys() - NOTED)


def documented(node: Node) -> frozenset[str]:
    """The properties that are described for the value of a schema, be it in a part of it, but in no condition."""
    described = (each.part("properties").members for each in _parts(node, _COMPOSING))
    return frozenset(name for members in described for name, schema in members.items() if _describes(schema))


def _told_of(node: Node) -> tuple[frozenset[str], bool]:
    """The properties that a schema, or each of a list, tells of, anywhere in it, and whether it has a default."""
    schemas = node.members.values() if isinstance(node.value, list) else [node]
    parts = [part for each in schemas for part in _parts(each, _INSIDE)]
    names = frozenset(name for each in parts for name in each.part("properties").members)
    return names, any(each.part("default").is_there for each in parts)


def _describes(schema: Node) -> bool:
    """Whether a property's schema says what the property is, and not only what it must not be."""
    return schema.value is True or bool(schema.parts.keys() & _DESCRIBING)


def _parts(node: Node, keywords: Iterable[str]) -> Iterator[Node]:
    """A schema, and those inside it that hold for the same value."""
    seen: set[Node] = set()
    waiting = [node]
    while waiting:
        each = waiting.pop()
        if each not in seen:
            seen.add(each)
            yield each
            waiting += [part for keyword in keywords for part in _schemas_in(keyword, each.part(keyword))]


def _schemas_in(keyword: str, node: Node) -> Iterable[Node]:
    if keyword in ("if", "then", "else"):
        return [node] if node.is_there else []
    return node.members.values()


_REST = ("additionalProperties", "items")
_UNEVALUATED = ("unevaluatedItems", "unevaluatedProperties")


def beside_the_rest(owner: Pair, part: Pair) -> Effects:
    """What one schema leaves falls to another, that of the rest: nobody can tell which of them is wider."""
    return CHANGES if says_of(owner, *_REST, *_UNEVALUATED) else holding(owner, part)


def beside_the_unevaluated(owner: Pair, effects: Effects) -> Effects:
    """What is evaluated is not unevaluated, so as with what is beside the rest."""
    return CHANGES if says_of(owner, *_UNEVALUATED) else effects


def says_of(owner: Pair, *keywords: str) -> bool:
    """Whether either says more of what these keywords hold than that it may be anything."""
    parts = (side.part(keyword) for side in (owner.base, owner.now) for keyword in keywords)
    return any(each.is_there and not is_anything(each) for each in parts)


def holding(_: Pair, part: Pair) -> Effects:
    """What the coming or going of a schema does that holds where it is; one of anything does nothing."""
    return NOTES if is_anything(part.node) else NARROWS if part.is_added else WIDENS


def evaluating(owner: Pair, part: Pair) -> Effects:
    """As `holding`, for a schema that evaluates what it holds for."""
    return beside_the_unevaluated(owner, holding(owner, part))


def coming_or_going(owner: Pair, part: Pair) -> Effects:
    """As `evaluating`, where one of anything does something too."""
    return beside_the_unevaluated(owner, NARROWS if part.is_added else WIDENS)


def deciding(_: Pair, __: Pair) -> Effects:
    """What decides which of two other schemas holds: nobody can tell what that allows."""
    return CHANGES
