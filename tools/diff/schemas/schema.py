"""Compares two schemas: a comparer for each keyword."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

from tools.diff.changes import ADDS, CHANGES, NARROWS, NOTES, WIDENS, Effect, Effects
from tools.diff.schemas.effects import (
    NOTED,
    always_restricting,
    beside_others,
    beside_unevaluated,
    conditional,
    documented,
    documented_in,
    evaluating,
    is_anything,
    is_property,
    restricting,
    restricts,
    with_losses,
)
from tools.diff.schemas.values import (
    bound,
    default_value,
    dependent_required,
    deprecated,
    format_,
    items,
    listed,
    multiple_of,
    mutability,
    rule_words,
    type_,
    unique_items,
)
from tools.diff.walk.comparison import Comparer, Comparison, altered, constrained, matched, noted
from tools.diff.walk.nodes import MISSING, Node, Pair, text
from tools.diff.walk.use import Direction, Sense, Use
from tools.diff.walk.words import holder, kebab, quote, sentence, subject, verb


def compare(comparison: Comparison, pair: Pair, use: Use) -> None:
    """Compare two schemas; either may be true or false, or missing, which is the same as true."""
    if comparison.is_same(pair) or (pair.base, pair.now, use) in comparison.walked:
        return
    comparison.walked.add((pair.base, pair.now, use))
    if pair.base.is_object and pair.now.is_object:
        known = use.documented or (documented(pair.base), documented(pair.now))
        comparison.walk(pair, COMPARERS, replace(use, documented=known))
        _compare_masked(comparison, pair, use)
    else:
        comparison.mark_compared(pair)
        if pair.differs:
            _compare_plain(comparison, pair, use)


def _compare_masked(comparison: Comparison, pair: Pair, use: Use) -> None:
    """Compare keywords that are beside a reference and also in what that leads to: both apply."""
    masked = (pair.base.masked | pair.now.masked) - NOTED
    if masked:
        at = 1 if min(len(pair.base.chain), len(pair.now.chain)) > 1 else -1
        compare(comparison, Pair(pair.base.chain[at], pair.now.chain[at]), use)


def _compare_plain(comparison: Comparison, pair: Pair, use: Use) -> None:
    """Compare two schemas of which one is true or false."""
    name = subject(pair.node)
    if pair.now.value is False:
        # To readers of responses, a forbidden property is lost like a removed one.
        effects = CHANGES if is_property(pair) and not use.is_restriction else NARROWS
        comparison.add("forbidden", effects, pair, f"{name} must not be given any more", use)
    elif pair.base.value is False:
        effects = ADDS if is_property(pair) and not use.is_restriction else WIDENS
        comparison.add("allowed", effects, pair, f"{name} may be given now", use)
    elif is_anything(pair.base) and is_anything(pair.now):
        comparison.add("rewritten", NOTES, pair, f"{sentence(pair)}, which means the same", use)
    elif pair.base.value is True:
        comparison.add("constrained", NARROWS, pair, f"{name} was any value, is {quote(pair.now.value)}", use)
    elif pair.now.value is True:
        message = f"{name} was {quote(pair.base.value)}, is any value"
        comparison.add("unconstrained", with_losses(WIDENS, pair, use), pair, message, use)
    else:
        comparison.add_unclassified(pair, use)


def _required(comparison: Comparison, owner: Pair, keyword: str, use: Use) -> None:
    part, use = owner.part(keyword), replace(use, scope="property")
    comparison.mark_compared(part)
    old, new = items(part.base), items(part.now)
    for name in [name for name in new if name not in old]:
        item = Pair(Node(part.base.source, new[name].at, MISSING), new[name])
        if not _is_with_property(comparison, owner, name, use, was=False):
            comparison.add("became-required", NARROWS, item, f"{_property_name(part, name)} must be given now", use)
    for name in [name for name in old if name not in new]:
        item = Pair(old[name], Node(part.now.source, old[name].at, MISSING))
        if not _is_with_property(comparison, owner, name, use, was=True):
            comparison.add("became-optional", WIDENS, item, f"{_property_name(part, name)} may be left out now", use)


def _property_name(part: Pair, name: str) -> str:
    return f"{holder(part.node)}.{name}"


def _is_with_property(comparison: Comparison, owner: Pair, name: str, use: Use, *, was: bool) -> bool:
    """Whether a property is added or removed together with its being required; if so, it is compared."""
    part = owner.part("properties")
    each = Pair(part.base.member(name), part.now.member(name))
    if each.is_in_both or not each.node.is_there or each.is_removed is not was or name in documented_in(use)[was]:
        return False
    _property(comparison, owner, name, each, use)
    return True


def _properties(comparison: Comparison, owner: Pair, keyword: str, use: Use) -> None:
    for name, each in owner.part(keyword).members():
        _property(comparison, owner, name, each, use)


def _property(comparison: Comparison, owner: Pair, name: str, each: Pair, use: Use) -> None:
    if each.is_in_both:
        needed = name in items(owner.now.part("required"))
        compare(comparison, each, use.within("property", is_required=needed))
    elif name in documented_in(use)[each.is_removed] or each.node.value is False or use.sense is not Sense.SAME:
        _restricted(comparison, each, use)
    else:
        _came_or_went(comparison, owner, name, each, use)


def _restricted(comparison: Comparison, each: Pair, use: Use) -> None:
    """Add a restriction, added or removed, of a property that another schema describes."""
    name, schema, use = subject(each.node), quote(each.node.value), replace(use, scope="property")
    if each.is_added:
        comparison.add("restricted", NARROWS, each, f"{name} must also be {schema}", use)
    else:
        comparison.add("unrestricted", WIDENS, each, f"{name} need not be {schema} any more", use)


def _came_or_went(comparison: Comparison, owner: Pair, name: str, each: Pair, use: Use) -> None:
    side = owner.now if each.is_added else owner.base
    need = "required" if name in items(side.part("required")) else "optional"
    if each.is_added:
        effects = CHANGES if restricts(owner, "additionalProperties") and not _is_closed(owner) else ADDS
        effects = NARROWS if need == "required" and effects == ADDS else effects
        message = f"{need} property {subject(each.node)} is new"
    else:
        # A request that still has it is accepted, but the field has no effect any more.
        effects, message = CHANGES, f"{need} property {subject(each.node)} is gone"
    effects = _where_it_is_given(each.node, effects)
    has_default = each.is_added and need == "required" and each.now.part("default").is_there
    full = _property_change(use, verb(each), need, has_default=has_default)
    comparison.add(f"property-{verb(each)}", effects, each, message, use, name=full)


def _is_closed(owner: Pair) -> bool:
    return owner.base.part("additionalProperties").value is False


def _where_it_is_given(property_: Node, effects: Effects) -> Effects:
    """The effects on the side that has the property: readOnly is in responses alone, writeOnly in requests."""
    requests, responses, names = effects
    if property_.part("readOnly").value is True:
        requests = min(requests, Effect.COSMETIC)
    if property_.part("writeOnly").value is True:
        responses = min(responses, Effect.COSMETIC)
    return Effects(requests, responses, names)


def _property_change(use: Use, what: str, need: str, *, has_default: bool) -> str:
    if use.direction is Direction.RESPONSE:
        return f"response-{need}-property-{what}"
    if use.direction is Direction.REQUEST and what == "added":
        return f"new-{need}-request-property" + ("-with-default" if has_default else "")
    return f"{use.direction.value}-property-{what}"


def _all_of(comparison: Comparison, owner: Pair, keyword: str, use: Use) -> None:
    for each in matched(owner.part(keyword), _title, _text):
        if each.is_in_both:
            compare(comparison, each, use)
        else:
            binding = not is_anything(each.node)
            effects = with_losses(evaluating(owner, each), each, use)
            what = f"{kebab(keyword)}-{verb(each)}" + ("" if binding else "-annotation-only")
            comparison.add(what, effects, each, _came(each), use)


def _title(node: Node) -> str:
    return str(node.part("title").value) if node.part("title").is_there else ""


def _text(node: Node) -> str:
    return text(node.value)


def _bare(node: Node) -> str:
    """A schema without its prose, as text."""
    return text({name: part.value for name, part in node.members.items() if name not in NOTED})


def _came(each: Pair) -> str:
    return f"{subject(each.node)} is {'new' if each.is_added else 'gone'}: {quote(each.node.value)}"


def _alternatives(sense: Sense) -> Comparer:
    """Compares `anyOf` or `oneOf`: one more alternative widens, but the first ones narrow."""

    def compare_key(comparison: Comparison, owner: Pair, keyword: str, use: Use) -> None:
        part = owner.part(keyword)
        if not part.is_in_both:
            _one_schema(comparison, part, use, kebab(keyword), use, always_restricting(owner, part))
            return
        for each in matched(part, _text, _title, _bare):
            if each.is_in_both:
                compare(comparison, each, use.restricting(sense))
            else:
                may_overlap = keyword == "oneOf" and is_anything(each.node)
                effects = CHANGES if may_overlap else WIDENS if each.is_added else NARROWS
                effects = beside_unevaluated(owner, effects)
                comparison.add(f"{kebab(keyword)}-{verb(each)}", effects, each, _came(each), use)

    return compare_key


def _prefix_items(comparison: Comparison, owner: Pair, keyword: str, use: Use) -> None:
    for each in matched(owner.part(keyword)):
        _one_schema(comparison, each, use.within(use.scope), kebab(keyword), use, beside_others(owner, each))


def _pattern_properties(comparison: Comparison, owner: Pair, keyword: str, use: Use) -> None:
    for _, each in owner.part(keyword).members():
        effects = beside_others(owner, each)
        _one_schema(comparison, each, use.within("property"), "pattern-property", use, effects)


def _schema(inner: Callable[[Use], Use], effects: Callable[[Pair, Pair], Effects] = evaluating) -> Comparer:
    """Compares a keyword with one schema.

    Args:
        inner: makes the use of that schema.
        effects: makes the effects of its addition or removal.
    """

    def compare_key(comparison: Comparison, owner: Pair, keyword: str, use: Use) -> None:
        part = owner.part(keyword)
        _one_schema(comparison, part, inner(use), kebab(keyword), use, effects(owner, part))

    return compare_key


def _one_schema(comparison: Comparison, part: Pair, inner: Use, what: str, use: Use, effects: Effects) -> None:
    if part.is_in_both:
        compare(comparison, part, inner)
    else:
        comparison.add(f"{what}-{verb(part)}", with_losses(effects, part, use), part, sentence(part), use)


def _contains(comparison: Comparison, owner: Pair, keyword: str, use: Use) -> None:
    """Compare `contains`: if there is a maximum of matching items, a wider schema may narrow."""
    sense = Sense.EITHER if any(side.part("maxContains").is_there for side in (owner.base, owner.now)) else Sense.SAME
    part, inner = owner.part(keyword), _inside(use.restricting(sense))
    _one_schema(comparison, part, inner, kebab(keyword), use.restricting(sense), always_restricting(owner, part))


def _schemas(what: str, inner: Callable[[Use], Use]) -> Comparer:
    """Compares a keyword with schemas by name.

    Args:
        inner: makes the use of each.
    """

    def compare_key(comparison: Comparison, owner: Pair, keyword: str, use: Use) -> None:
        for _, each in owner.part(keyword).members():
            _one_schema(comparison, each, inner(use), what, use, evaluating(owner, each))

    return compare_key


def _same(use: Use) -> Use:
    return use.restricting()


def _opposite(use: Use) -> Use:
    return use.restricting(Sense.OPPOSITE)


def _either(use: Use) -> Use:
    return use.restricting(Sense.EITHER)


def _inside(use: Use) -> Use:
    return use.within(use.scope)


COMPARERS: Mapping[str, Comparer] = {
    "$defs": noted,  # compared where something refers to them
    **dict.fromkeys(NOTED, noted),
    "additionalProperties": _schema(_inside),
    "allOf": _all_of,
    "anyOf": _alternatives(Sense.SAME),
    "const": listed,
    "contains": _contains,
    "contentEncoding": constrained,
    "contentMediaType": constrained,
    "contentSchema": _schema(_inside),
    "default": default_value,
    "dependentRequired": dependent_required,
    "dependentSchemas": _schemas("dependent-schema", _same),
    "deprecated": deprecated,
    "discriminator": altered,
    "else": _schema(_same),
    "enum": listed,
    "exclusiveMaximum": bound("exclusive-max", is_lower=False),
    "exclusiveMinimum": bound("exclusive-min", is_lower=True),
    "format": format_,
    "if": _schema(_either, conditional),
    "items": _schema(_inside),
    "maxContains": bound("max-contains", is_lower=False),
    "maxItems": bound("max-items", is_lower=False),
    "maxLength": bound("max-length", is_lower=False),
    "maxProperties": bound("max-properties", is_lower=False),
    "maximum": bound("max", is_lower=False),
    "minContains": bound("min-contains", is_lower=True, default=1),
    "minItems": bound("min-items", is_lower=True, default=0),
    "minLength": bound("min-length", is_lower=True, default=0),
    "minProperties": bound("min-properties", is_lower=True, default=0),
    "minimum": bound("min", is_lower=True),
    "multipleOf": multiple_of,
    "not": _schema(_opposite, always_restricting),
    # A wider alternative may overlap another one, and oneOf then refuses values that match both.
    "oneOf": _alternatives(Sense.EITHER),
    "pattern": constrained,
    "patternProperties": _pattern_properties,
    "prefixItems": _prefix_items,
    "properties": _properties,
    "propertyNames": _schema(_inside),
    "readOnly": mutability,
    "required": _required,
    "then": _schema(_same),
    "type": type_,
    "unevaluatedItems": _schema(_inside, restricting),
    "unevaluatedProperties": _schema(_inside, restricting),
    "uniqueItems": unique_items,
    "writeOnly": mutability,
    "x-rule": rule_words,
}
"""The comparer of each keyword."""
