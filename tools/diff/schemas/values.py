"""Comparers for the keywords of a schema that hold no schemas."""

from __future__ import annotations

from fractions import Fraction

from tools.diff.changes import ADDS, CHANGES, NARROWS, NOTES, WIDENS, Effect, Effects
from tools.diff.walk.comparison import Comparer, Comparison, constrained, constraining
from tools.diff.walk.nodes import Node, Pair, text
from tools.diff.walk.use import Direction, Use
from tools.diff.walk.words import holder, kebab, key, sentence, verb
from ventia_document.source import Json


def bound(name: str, *, is_lower: bool, default: int | None = None) -> Comparer:
    """Compares a limit that is a number.

    Args:
        default: the limit of a schema without the keyword; None if there is none.
    """

    def compare_key(comparison: Comparison, owner: Pair, keyword: str, use: Use) -> None:
        part = owner.part(keyword)
        old, new = (_number(each.value if each.is_there else default) for each in (part.base, part.now))
        if part.is_in_both and (old is None or new is None):
            comparison.add_unclassified(part, use)
        elif old != new:
            narrows = old is None or (new is not None and (new > old) == is_lower)
            ending = "" if default else {"added": "set", "removed": "unset"}.get(verb(part), "")
            change = f"{name}-{ending or _direction(old, new)}"
            comparison.add(change, NARROWS if narrows else WIDENS, part, sentence(part), use)
        comparison.mark_compared(part)

    return compare_key


def _number(value: Json) -> Fraction | None:
    return Fraction(str(value)) if isinstance(value, int | float) and not isinstance(value, bool) else None


def _direction(old: Fraction | None, new: Fraction | None) -> str:
    return "increased" if old is not None and new is not None and new > old else "decreased"


def multiple_of(comparison: Comparison, owner: Pair, keyword: str, use: Use) -> None:
    """Compare `multipleOf`: a divisor of the old number widens, a multiple narrows."""
    part = owner.part(keyword)
    comparison.mark_compared(part)
    old, new = _number(part.base.value), _number(part.now.value)
    if not part.differs:
        return
    if part.is_added or part.is_removed:
        ending, effects = ("set", NARROWS) if part.is_added else ("unset", WIDENS)
    elif old and new and not old % new:
        ending, effects = "generalized" if use.direction is not Direction.RESPONSE else "changed", WIDENS
    elif old and new and not new % old:
        ending, effects = "specialized" if use.direction is Direction.RESPONSE else "changed", NARROWS
    else:
        ending, effects = "changed", CHANGES
    name = use.named(f"{kebab(keyword)}-{ending}")
    comparison.add(kebab(keyword), effects, part, sentence(part), use, name=name)


def unique_items(comparison: Comparison, owner: Pair, keyword: str, use: Use) -> None:
    """Compare `uniqueItems`."""
    switched(
        comparison, owner.part(keyword), use, (kebab(keyword) + "-set", NARROWS), (kebab(keyword) + "-unset", WIDENS)
    )


def switched(comparison: Comparison, part: Pair, use: Use, on: tuple[str, Effects], off: tuple[str, Effects]) -> None:
    """Compare a keyword that is true or absent."""
    comparison.mark_compared(part)
    old, new = part.base.value is True, part.now.value is True
    if old != new:
        what, effects = on if new else off
        comparison.add(what, effects, part, sentence(part), use)


def mutability(comparison: Comparison, owner: Pair, keyword: str, use: Use) -> None:
    """Compare `readOnly` or `writeOnly`."""
    on, off = _OF_MUTABILITY[keyword]
    need = "required" if use.is_required else "optional"
    prefix = f"{use.direction.value}-{need}-property" if use.scope == "property" else use.named("")
    part = owner.part(keyword)
    comparison.mark_compared(part)
    old, new = part.base.value is True, part.now.value is True
    if old != new:
        what = f"became-{'' if new else 'not-'}{kebab(keyword)}"
        if use.is_required and keyword == "readOnly":
            off = Effects(Effect.BREAKING, off.responses)  # the sender must give it again
        comparison.add(what, on if new else off, part, sentence(part), use, name=f"{prefix}-{what}")


_OF_MUTABILITY = {
    "readOnly": (Effects(Effect.BREAKING, Effect.COSMETIC), Effects(Effect.ADDITIVE, Effect.COSMETIC)),
    "writeOnly": (Effects(Effect.COSMETIC, Effect.BREAKING), Effects(Effect.COSMETIC, Effect.ADDITIVE)),
}


def deprecated(comparison: Comparison, owner: Pair, keyword: str, use: Use) -> None:
    """Compare `deprecated`, which breaks nothing yet."""
    switched(comparison, owner.part(keyword), use, ("deprecated", ADDS), ("reactivated", ADDS))


def default_value(comparison: Comparison, owner: Pair, keyword: str, use: Use) -> None:
    """Compare `default`: senders that leave the value out rely on the old one."""
    part = owner.part(keyword)
    comparison.mark_compared(part)
    if part.differs:
        effects = ADDS if part.is_added else CHANGES
        comparison.add(f"default-value-{verb(part)}", effects, part, sentence(part), use)


def type_(comparison: Comparison, owner: Pair, keyword: str, use: Use) -> None:
    """Compare the types."""
    part = owner.part(keyword)
    comparison.mark_compared(part)
    old, new = _types(owner.base), _types(owner.now)
    if old != new:
        effects = NARROWS if new < old else WIDENS if old < new else CHANGES
        listed = isinstance(part.base.value, list) or isinstance(part.now.value, list)
        name = use.named(_type_change(old, new, effects, use, listed=listed))
        comparison.add("type", effects, part, sentence(part), use, name=name)


def _type_change(old: frozenset[str], new: frozenset[str], effects: Effects, use: Use, *, listed: bool) -> str:
    if old ^ new == {"null"}:
        return "became-nullable" if "null" in new else "became-not-nullable"
    if listed and effects != CHANGES:
        return "list-of-types-narrowed" if effects == NARROWS else "list-of-types-widened"
    return _type_or_format(effects, use)


def _type_or_format(effects: Effects, use: Use) -> str:
    if effects == WIDENS:
        return "type-generalized"
    return "type-specialized" if effects == NARROWS and use.direction is Direction.RESPONSE else "type-changed"


_ALL_TYPES = frozenset(("array", "boolean", "integer", "null", "number", "object", "string"))


def _types(schema: Node) -> frozenset[str]:
    """The types that a schema allows, by `type` or else by its `const` or `enum`."""
    written = schema.part("type").value
    names = {written} if isinstance(written, str) else set(map(text, written)) if isinstance(written, list) else None
    if names is None:
        values = _values(schema)
        names = set(_ALL_TYPES) if values is None else {_type_of(value) for value in values.values()}
    names = {name.strip('"') for name in names}
    return frozenset(names | {"integer"} if "number" in names else names)


def _type_of(value: Json) -> str:
    if isinstance(value, bool) or value is None:
        return "null" if value is None else "boolean"
    kinds = {str: "string", int: "integer", float: "number", list: "array"}
    return kinds.get(type(value), "object")


def _values(schema: Node) -> dict[str, Json] | None:
    """The values of `const` or `enum`, by their text."""
    const, enum = schema.part("const"), schema.part("enum")
    if const.is_there:
        return {text(const.value): const.value}
    return {text(value): value for value in enum.value} if isinstance(enum.value, list) else None


def listed(comparison: Comparison, owner: Pair, keyword: str, use: Use) -> None:
    """Compare `const` and `enum` as one keyword: `const: x` equals `enum: [x]`."""
    comparison.mark_compared(owner.part(keyword))
    part = Pair(_list(owner.base), _list(owner.now))
    are_constants = all(side.part("const").is_there for side in (owner.base, owner.now))
    if keyword == "enum" and are_constants:
        constrained(comparison, owner, keyword, use)
    if not part.differs:
        return
    if part.is_in_both and not are_constants:
        _add_values(comparison, owner, part, use)
    elif part.is_in_both or key(part) == "const":
        constrained(comparison, owner, key(part), use)
    else:
        what, effects = ("became-enum", NARROWS) if part.is_added else ("enum-removed", WIDENS)
        comparison.add(what, effects, part, sentence(part), use)


def _list(schema: Node) -> Node:
    const = schema.part("const")
    return const if const.is_there else schema.part("enum")


def _add_values(comparison: Comparison, owner: Pair, part: Pair, use: Use) -> None:
    old, new = _values(owner.base) or {}, _values(owner.now) or {}
    for value in sorted(old.keys() - new):
        message = f"{holder(part.node)} can no longer be {value}"
        comparison.add(f"enum-value-removed {value}", NARROWS, part, message, use, name=use.named("enum-value-removed"))
    for value in sorted(new.keys() - old):
        message = f"{holder(part.node)} can also be {value}"
        comparison.add(f"enum-value-added {value}", WIDENS, part, message, use, name=use.named("enum-value-added"))


def items(node: Node) -> dict[str, Node]:
    """The items of a list, by their text."""
    return {str(item.value): item for item in node.members.values()}


def dependent_required(comparison: Comparison, owner: Pair, keyword: str, use: Use) -> None:
    """Compare `dependentRequired`."""
    part = owner.part(keyword)
    comparison.mark_compared(part)
    for name, each in part.members():
        old, new = items(each.base).keys(), items(each.now).keys()
        if old != new:
            effects = NARROWS if old < new else WIDENS if new < old else CHANGES
            needed = ", ".join(new) or "nothing"
            message = f"{holder(part.node)}.{name} must come with {needed}, not with {', '.join(old) or 'nothing'}"
            comparison.add(f"{kebab(keyword)}-{verb(each)}", effects, each, message, use)


def format_(comparison: Comparison, owner: Pair, keyword: str, use: Use) -> None:
    """Compare `format`, which oasdiff counts as a part of the type."""
    part = owner.part(keyword)
    comparison.mark_compared(part)
    if part.differs:
        effects = constraining(part)
        name = use.named(_type_or_format(effects, use))
        comparison.add("format", effects, part, sentence(part), use, name=name)


def rule_words(comparison: Comparison, owner: Pair, keyword: str, use: Use) -> None:
    """Compare a rule's words, which change no values, but are shown to people."""
    part = owner.part(keyword)
    comparison.mark_compared(part)
    if part.differs:
        message = f"{sentence(part)}; it is shown in the client's errors and in the details of responses"
        comparison.add(f"rule-{verb(part)}", NOTES, part, message, use)
