"""What changed between two schemas: a rule for each keyword."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

from tools.diff.changes import ADDS, CHANGES, NARROWS, NOTES, WIDENS, Effect, Effects
from tools.diff.schemas.described import (
    NOTED,
    beside_the_rest,
    beside_the_unevaluated,
    coming_or_going,
    deciding,
    documented,
    documented_in,
    evaluating,
    holding,
    is_anything,
    is_property,
    says_of,
    with_the_lost,
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
from tools.diff.walk.comparison import Comparison, Direction, Rule, Sense, Use, altered, constrained, matched, noted
from tools.diff.walk.nodes import MISSING, Node, Pair, text
from tools.diff.walk.words import holder, kebab, quote, said, subject, verb


def compare(comparison: Comparison, pair: Pair, use: Use) -> None:
    """Tell what changed between two schemas; either may be true or false, or missing, which is as good as true."""
    if comparison.is_same(pair) or (pair.base, pair.now, use) in comparison.walked:
        return
    comparison.walked.add((pair.base, pair.now, use))
    if pair.base.is_object and pair.now.is_object:
        known = use.documented or (documented(pair.base), documented(pair.now))
        comparison.walk(pair, KEYWORDS, replace(use, documented=known))
        _compare_masked(comparison, pair, use)
    else:
        comparison.hear(pair)
        if pair.differs:
            _compare_plain(comparison, pair, use)


def _compare_masked(comparison: Comparison, pair: Pair, use: Use) -> None:
    """What stands beside a reference holds as well as what that leads to, so neither may hide behind the other."""
    masked = (pair.base.masked | pair.now.masked) - NOTED
    if masked:
        at = 1 if min(len(pair.base.chain), len(pair.now.chain)) > 1 else -1
        compare(comparison, Pair(pair.base.chain[at], pair.now.chain[at]), use)


def _compare_plain(comparison: Comparison, pair: Pair, use: Use) -> None:
    """Tell of a schema that is, or was, true or false."""
    name = subject(pair.node)
    if pair.now.value is False:
        # A property that is ruled out is as lost to who reads it as one that is removed.
        effects = CHANGES if is_property(pair) and not use.is_rule else NARROWS
        comparison.tell("forbidden", effects, pair, f"{name} must not be given any more", use)
    elif pair.base.value is False:
        effects = ADDS if is_property(pair) and not use.is_rule else WIDENS
        comparison.tell("allowed", effects, pair, f"{name} may be given now", use)
    elif is_anything(pair.base) and is_anything(pair.now):
        comparison.tell("rewritten", NOTES, pair, f"{said(pair)}, which means the same", use)
    elif pair.base.value is True:
        comparison.tell("constrained", NARROWS, pair, f"{name} was any value, is {quote(pair.now.value)}", use)
    elif pair.now.value is True:
        says = f"{name} was {quote(pair.base.value)}, is any value"
        comparison.tell("unconstrained", with_the_lost(WIDENS, pair, use), pair, says, use)
    else:
        comparison.unknown(pair, use)


def _required(comparison: Comparison, owner: Pair, keyword: str, use: Use) -> None:
    part, use = owner.part(keyword), replace(use, scope="property")
    comparison.hear(part)
    old, new = items(part.base), items(part.now)
    for name in [name for name in new if name not in old]:
        item = Pair(Node(part.base.source, new[name].at, MISSING), new[name])
        if not _told_with_property(comparison, owner, name, use, was=False):
            comparison.tell("became-required", NARROWS, item, f"{_property_name(part, name)} must be given now", use)
    for name in [name for name in old if name not in new]:
        item = Pair(old[name], Node(part.now.source, old[name].at, MISSING))
        if not _told_with_property(comparison, owner, name, use, was=True):
            comparison.tell("became-optional", WIDENS, item, f"{_property_name(part, name)} may be left out now", use)


def _property_name(part: Pair, name: str) -> str:
    return f"{holder(part.node)}.{name}"


def _told_with_property(comparison: Comparison, owner: Pair, name: str, use: Use, *, was: bool) -> bool:
    """Whether that a property must be given comes or goes with the property itself."""
    part = owner.part("properties")
    each = Pair(part.base.member(name), part.now.member(name))
    if each.is_there_twice or not each.node.is_there or each.is_removed is not was or name in documented_in(use)[was]:
        return False
    _property(comparison, owner, name, each, use)
    return True


def _properties(comparison: Comparison, owner: Pair, keyword: str, use: Use) -> None:
    for name, each in owner.part(keyword).members():
        _property(comparison, owner, name, each, use)


def _property(comparison: Comparison, owner: Pair, name: str, each: Pair, use: Use) -> None:
    if each.is_there_twice:
        needed = name in items(owner.now.part("required"))
        compare(comparison, each, use.within("property", is_required=needed))
    elif name in documented_in(use)[each.is_removed] or each.node.value is False or use.sense is not Sense.SAME:
        _restricted(comparison, each, use)
    else:
        _came_or_went(comparison, owner, name, each, use)


def _restricted(comparison: Comparison, each: Pair, use: Use) -> None:
    """A rule about a property that is described elsewhere, or that only rules something out, comes or goes."""
    name, schema, use = subject(each.node), quote(each.node.value), replace(use, scope="property")
    if each.is_added:
        comparison.tell("restricted", NARROWS, each, f"{name} must also be {schema}", use)
    else:
        comparison.tell("unrestricted", WIDENS, each, f"{name} need not be {schema} any more", use)


def _came_or_went(comparison: Comparison, owner: Pair, name: str, each: Pair, use: Use) -> None:
    side = owner.now if each.is_added else owner.base
    need = "required" if name in items(side.part("required")) else "optional"
    if each.is_added:
        effects = CHANGES if says_of(owner, "additionalProperties") and not _is_closed(owner) else ADDS
        effects = NARROWS if need == "required" and effects == ADDS else effects
        says = f"{need} property {subject(each.node)} is new"
    else:
        # A request that still has it is let through, and what it asked for is not done.
        effects, says = CHANGES, f"{need} property {subject(each.node)} is gone"
    effects = _where_it_is_given(each.node, effects)
    has_default = each.is_added and need == "required" and each.now.part("default").is_there
    full = _property_change(use, verb(each), need, has_default=has_default)
    comparison.tell(f"property-{verb(each)}", effects, each, says, use, name=full)


def _is_closed(owner: Pair) -> bool:
    return owner.base.part("additionalProperties").value is False


def _where_it_is_given(property_: Node, effects: Effects) -> Effects:
    """A property of answers alone is nothing to who asks, and one of requests alone nothing to who reads."""
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
        if each.is_there_twice:
            compare(comparison, each, use)
        else:
            binding = not is_anything(each.node)
            effects = with_the_lost(evaluating(owner, each), each, use)
            what = f"{kebab(keyword)}-{verb(each)}" + ("" if binding else "-annotation-only")
            comparison.tell(what, effects, each, _came(each), use)


def _title(node: Node) -> str:
    return str(node.part("title").value) if node.part("title").is_there else ""


def _text(node: Node) -> str:
    return text(node.value)


def _bare(node: Node) -> str:
    """A schema without its prose."""
    return text({name: part.value for name, part in node.members.items() if name not in NOTED})


def _came(each: Pair) -> str:
    return f"{subject(each.node)} is {'new' if each.is_added else 'gone'}: {quote(each.node.value)}"


def _alternatives(sense: Sense) -> Rule:
    """Schemas of which one must hold: one more allows more, but the first ones allow less than none at all."""

    def rule(comparison: Comparison, owner: Pair, keyword: str, use: Use) -> None:
        part = owner.part(keyword)
        if not part.is_there_twice:
            _one_schema(comparison, part, use, kebab(keyword), use, coming_or_going(owner, part))
            return
        for each in matched(part, _text, _title, _bare):
            if each.is_there_twice:
                compare(comparison, each, use.rule(sense))
            else:
                may_overlap = keyword == "oneOf" and is_anything(each.node)
                effects = CHANGES if may_overlap else WIDENS if each.is_added else NARROWS
                effects = beside_the_unevaluated(owner, effects)
                comparison.tell(f"{kebab(keyword)}-{verb(each)}", effects, each, _came(each), use)

    return rule


def _prefix_items(comparison: Comparison, owner: Pair, keyword: str, use: Use) -> None:
    for each in matched(owner.part(keyword)):
        _one_schema(comparison, each, use.within(use.scope), kebab(keyword), use, beside_the_rest(owner, each))


def _pattern_properties(comparison: Comparison, owner: Pair, keyword: str, use: Use) -> None:
    for _, each in owner.part(keyword).members():
        effects = beside_the_rest(owner, each)
        _one_schema(comparison, each, use.within("property"), "pattern-property", use, effects)


def _schema(inner: Callable[[Use], Use], effects: Callable[[Pair, Pair], Effects] = evaluating) -> Rule:
    """One schema, used as `inner` says; without it all is allowed."""

    def rule(comparison: Comparison, owner: Pair, keyword: str, use: Use) -> None:
        part = owner.part(keyword)
        _one_schema(comparison, part, inner(use), kebab(keyword), use, effects(owner, part))

    return rule


def _one_schema(comparison: Comparison, part: Pair, inner: Use, what: str, use: Use, effects: Effects) -> None:
    if part.is_there_twice:
        compare(comparison, part, inner)
    else:
        comparison.tell(f"{what}-{verb(part)}", with_the_lost(effects, part, use), part, said(part), use)


def _contains(comparison: Comparison, owner: Pair, keyword: str, use: Use) -> None:
    """Where at most so many items may fit, that more of them fit allows less."""
    sense = Sense.EITHER if any(side.part("maxContains").is_there for side in (owner.base, owner.now)) else Sense.SAME
    part, inner = owner.part(keyword), _inside(use.rule(sense))
    _one_schema(comparison, part, inner, kebab(keyword), use.rule(sense), coming_or_going(owner, part))


def _schemas(what: str, inner: Callable[[Use], Use]) -> Rule:
    """Schemas by name, each used as `inner` says."""

    def rule(comparison: Comparison, owner: Pair, keyword: str, use: Use) -> None:
        for _, each in owner.part(keyword).members():
            _one_schema(comparison, each, inner(use), what, use, evaluating(owner, each))

    return rule


def _same(use: Use) -> Use:
    return use.rule()


def _opposite(use: Use) -> Use:
    return use.rule(Sense.OPPOSITE)


def _either(use: Use) -> Use:
    return use.rule(Sense.EITHER)


def _inside(use: Use) -> Use:
    return use.within(use.scope)


KEYWORDS: Mapping[str, Rule] = {
    "$defs": noted,  # what refers to them tells more
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
    "if": _schema(_either, deciding),
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
    "not": _schema(_opposite, coming_or_going),
    # An alternative that becomes wider may come to overlap another, and oneOf then refuses what both allow.
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
    "unevaluatedItems": _schema(_inside, holding),
    "unevaluatedProperties": _schema(_inside, holding),
    "uniqueItems": unique_items,
    "writeOnly": mutability,
    "x-rule": rule_words,
}
"""What each keyword of a schema means for a change of it."""
