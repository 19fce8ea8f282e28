"""The effects of a schema that is added or removed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from tools.diff.changes import CHANGES, NARROWS, NOTES, WIDENS, Effects
from tools.diff.walk.nodes import Node, Pair
from tools.diff.walk.use import Use
from ventia_document.keywords import IN_PLACE, KEYWORDS, Holds, Role, holding

_COMPOSING = IN_PLACE & holding(Holds.LIST)
_INSIDE = IN_PLACE - {"not"}
_DESCRIBING = frozenset((*_COMPOSING, "const", "description", "enum", "items", "properties", "type"))
NOTED = frozenset(name for name, keyword in KEYWORDS.items() if keyword.role is Role.PROSE) | {
    *("example", "x-identifies", "x-rule"),
}
"""Keywords that are for readers alone."""


def is_property(pair: Pair) -> bool:
    """Whether it is one of the named properties of a schema."""
    return pair.node.at.split("/")[-2:-1] == ["properties"]


def with_losses(effects: Effects, part: Pair, use: Use) -> Effects:
    """The effects of a schema's removal, if that loses properties or defaults that only this schema described."""
    if effects != WIDENS or part.is_added:
        return effects
    names, is_meant = _only_described(part.base)
    return CHANGES if is_meant or names - documented_in(use)[1] else WIDENS


def documented_in(use: Use) -> tuple[frozenset[str], frozenset[str]]:
    """The properties of the whole value, in the base and now."""
    return use.documented or (frozenset(), frozenset())


def is_anything(schema: Node) -> bool:
    """Whether a schema allows every value."""
    return schema.value is True or (schema.is_object and not schema.parts.keys() - NOTED)


def documented(node: Node) -> frozenset[str]:
    """The properties that a schema describes, also in its `allOf`, `anyOf` and `oneOf`, but not in conditions."""
    described = (each.part("properties").members for each in _parts(node, _COMPOSING))
    return frozenset(name for members in described for name, schema in members.items() if _describes(schema))


def _only_described(node: Node) -> tuple[frozenset[str], bool]:
    """The properties that a schema, or a list of them, names anywhere in it, and whether it has a default."""
    schemas = node.members.values() if isinstance(node.value, list) else [node]
    parts = [part for each in schemas for part in _parts(each, _INSIDE)]
    names = frozenset(name for each in parts for name in each.part("properties").members)
    return names, any(each.part("default").is_there for each in parts)


def _describes(schema: Node) -> bool:
    """Whether a property's schema describes the property, rather than only restricting it."""
    return schema.value is True or bool(schema.parts.keys() & _DESCRIBING)


def _parts(node: Node, keywords: Iterable[str]) -> Iterator[Node]:
    """A schema, and those in its keywords that apply to the same value."""
    seen: set[Node] = set()
    waiting = [node]
    while waiting:
        each = waiting.pop()
        if each not in seen:
            seen.add(each)
            yield each
            waiting += [part for keyword in keywords for part in _schemas_in(keyword, each.part(keyword))]


def _schemas_in(keyword: str, node: Node) -> Iterable[Node]:
    if KEYWORDS[keyword].holds is Holds.ONE:
        return [node] if node.is_there else []
    return node.members.values()


_REST = ("additionalProperties", "items")
_UNEVALUATED = ("unevaluatedItems", "unevaluatedProperties")


def beside_others(owner: Pair, part: Pair) -> Effects:
    """The effects of a schema beside one for all other items or properties: which of the two is wider is unknown."""
    return CHANGES if restricts(owner, *_REST, *_UNEVALUATED) else restricting(owner, part)


def beside_unevaluated(owner: Pair, effects: Effects) -> Effects:
    """The effects of a change beside an `unevaluated` keyword, which applies to less then: their sum is unknown."""
    return CHANGES if restricts(owner, *_UNEVALUATED) else effects


def restricts(owner: Pair, *keywords: str) -> bool:
    """Whether either schema restricts values by one of these keywords."""
    parts = (side.part(keyword) for side in (owner.base, owner.now) for keyword in keywords)
    return any(each.is_there and not is_anything(each) for each in parts)


def restricting(_: Pair, part: Pair) -> Effects:
    """The effects of an added or removed schema; none if it allows anything."""
    return NOTES if is_anything(part.node) else NARROWS if part.is_added else WIDENS


def evaluating(owner: Pair, part: Pair) -> Effects:
    """The effects of an added or removed schema whose items or properties then count as evaluated."""
    return beside_unevaluated(owner, restricting(owner, part))


def always_restricting(owner: Pair, part: Pair) -> Effects:
    """The effects of an added or removed schema under a keyword that restricts even if it allows anything."""
    return beside_unevaluated(owner, NARROWS if part.is_added else WIDENS)


def conditional(_: Pair, __: Pair) -> Effects:
    """The effects of an added or removed condition, which are unknown."""
    return CHANGES
