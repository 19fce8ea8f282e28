"""What changed between two schemas: a rule for each keyword."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from fractions import Fraction

from tools.diff.changes import ADDS, CHANGES, NARROWS, NOTES, WIDENS, Effect, Effects
from tools.diff.comparison import Comparison, Direction, Rule, Sense, Use, altered, constrained, matched, noted
from tools.diff.nodes import MISSING, Node, Pair, text
from tools.diff.words import holder, kebab, key, quote, said, subject, verb
from ventia_document.source import Json

_COMPOSING = ("allOf", "anyOf", "oneOf")
_INSIDE = (*_COMPOSING, "dependentSchemas", "if", "then", "else")
_DESCRIBING = frozenset((*_COMPOSING, "const", "description", "enum", "items", "properties", "type"))


def compare(comparison: Comparison, pair: Pair, use: Use) -> None:
    """Tell what changed between two schemas; either may be true or false, or missing, which is as good as true."""
    if comparison.is_same(pair) or (pair.base, pair.now, use) in comparison.walked:
        return
    comparison.walked.add((pair.base, pair.now, use))
    if pair.base.is_object and pair.now.is_object:
        known = use.documented or (_documented(pair.base), _documented(pair.now))
        comparison.walk(pair, KEYWORDS, replace(use, documented=known))
        _compare_masked(comparison, pair, use)
    else:
        comparison.hear(pair)
        if pair.differs:
            _compare_plain(comparison, pair, use)


def _compare_masked(comparison: Comparison, pair: Pair, use: Use) -> None:
    """What stands beside a reference holds as well as what that leads to, so neither may hide behind the other."""
    masked = (pair.base.masked | pair.now.masked) - _NOTED
    if masked:
        at = 1 if min(len(pair.base.chain), len(pair.now.chain)) > 1 else -1
        compare(comparison, Pair(pair.base.chain[at], pair.now.chain[at]), use)


def _compare_plain(comparison: Comparison, pair: Pair, use: Use) -> None:
    """Tell of a schema that is, or was, true or false."""
    name = subject(pair.node)
    if pair.now.value is False:
        # A property that is ruled out is as lost to who reads it as one that is removed.
        effects = CHANGES if _is_property(pair) and not use.is_rule else NARROWS
        comparison.tell("forbidden", effects, pair, f"{name} must not be given any more", use)
    elif pair.base.value is False:
        effects = ADDS if _is_property(pair) and not use.is_rule else WIDENS
        comparison.tell("allowed", effects, pair, f"{name} may be given now", use)
    elif is_anything(pair.base) and is_anything(pair.now):
        comparison.tell("rewritten", NOTES, pair, f"{said(pair)}, which means the same", use)
    elif pair.base.value is True:
        comparison.tell("constrained", NARROWS, pair, f"{name} was any value, is {quote(pair.now.value)}", use)
    elif pair.now.value is True:
        says = f"{name} was {quote(pair.base.value)}, is any value"
        comparison.tell("unconstrained", widening(pair, use), pair, says, use)
    else:
        comparison.unknown(pair, use)


def _is_property(pair: Pair) -> bool:
    return pair.node.at.split("/")[-2:-1] == ["properties"]


def widening(part: Pair, use: Use) -> Effects:
    """What it does that a schema goes: more is allowed, but fields and defaults that only it tells of are lost."""
    names, is_meant = _told_of(part.base)
    return CHANGES if is_meant or names - _documented_in(use)[1] else WIDENS


def _documented_in(use: Use) -> tuple[frozenset[str], frozenset[str]]:
    return use.documented or (frozenset(), frozenset())


def is_anything(schema: Node) -> bool:
    """Whether a schema allows every value."""
    return schema.value is True or (schema.is_object and not schema.parts.keys() - _NOTED)


def _documented(node: Node) -> frozenset[str]:
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


def bound(name: str, *, is_lower: bool, default: int | None = None) -> Rule:
    """A limit that is a number.

    Args:
        default: the limit where none is written; None if there is none.
    """

    def rule(comparison: Comparison, owner: Pair, keyword: str, use: Use) -> None:
        part = owner.part(keyword)
        old, new = (_number(each.value if each.is_there else default) for each in (part.base, part.now))
        if part.is_there_twice and (old is None or new is None):
            comparison.unknown(part, use)
        elif old != new:
            narrows = old is None or (new is not None and (new > old) == is_lower)
            ending = "" if default else {"added": "set", "removed": "unset"}.get(verb(part), "")
            change = f"{name}-{ending or _direction(old, new)}"
            comparison.tell(change, NARROWS if narrows else WIDENS, part, said(part), use)
        comparison.hear(part)

    return rule


def _number(value: Json) -> Fraction | None:
    return Fraction(str(value)) if isinstance(value, int | float) and not isinstance(value, bool) else None


def _direction(old: Fraction | None, new: Fraction | None) -> str:
    return "increased" if old is not None and new is not None and new > old else "decreased"


def _multiple_of(comparison: Comparison, owner: Pair, keyword: str, use: Use) -> None:
    part = owner.part(keyword)
    comparison.hear(part)
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
    comparison.tell(kebab(keyword), effects, part, said(part), use, name=name)


def _unique_items(comparison: Comparison, owner: Pair, keyword: str, use: Use) -> None:
    _switched(
        comparison, owner.part(keyword), use, (kebab(keyword) + "-set", NARROWS), (kebab(keyword) + "-unset", WIDENS)
    )


def _switched(comparison: Comparison, part: Pair, use: Use, on: tuple[str, Effects], off: tuple[str, Effects]) -> None:
    """What is true or not there."""
    comparison.hear(part)
    old, new = part.base.value is True, part.now.value is True
    if old != new:
        what, effects = on if new else off
        comparison.tell(what, effects, part, said(part), use)


def _mutability(comparison: Comparison, owner: Pair, keyword: str, use: Use) -> None:
    """Who may not send it any more, and who may not expect it."""
    on, off = _OF_MUTABILITY[keyword]
    need = "required" if use.is_required else "optional"
    prefix = f"{use.direction.value}-{need}-property" if use.scope == "property" else use.named("")
    part = owner.part(keyword)
    comparison.hear(part)
    old, new = part.base.value is True, part.now.value is True
    if old != new:
        what = f"became-{'' if new else 'not-'}{kebab(keyword)}"
        if use.is_required and keyword == "readOnly":
            off = Effects(Effect.BREAKING, off.responses)  # what must be given binds the sender again
        comparison.tell(what, on if new else off, part, said(part), use, name=f"{prefix}-{what}")


_OF_MUTABILITY = {
    "readOnly": (Effects(Effect.BREAKING, Effect.COSMETIC), Effects(Effect.ADDITIVE, Effect.COSMETIC)),
    "writeOnly": (Effects(Effect.COSMETIC, Effect.BREAKING), Effects(Effect.COSMETIC, Effect.ADDITIVE)),
}


def deprecated(comparison: Comparison, owner: Pair, keyword: str, use: Use) -> None:
    """It still works, but will not for ever."""
    _switched(comparison, owner.part(keyword), use, ("deprecated", ADDS), ("reactivated", ADDS))


def _default(comparison: Comparison, owner: Pair, keyword: str, use: Use) -> None:
    """Who leaves the value out has meant the old one."""
    part = owner.part(keyword)
    comparison.hear(part)
    if part.differs:
        effects = ADDS if part.is_added else CHANGES
        comparison.tell(f"default-value-{verb(part)}", effects, part, said(part), use)


def _type(comparison: Comparison, owner: Pair, keyword: str, use: Use) -> None:
    part = owner.part(keyword)
    comparison.hear(part)
    old, new = _types(owner.base), _types(owner.now)
    if old != new:
        effects = NARROWS if new < old else WIDENS if old < new else CHANGES
        listed = isinstance(part.base.value, list) or isinstance(part.now.value, list)
        name = use.named(_type_change(old, new, effects, use, listed=listed))
        comparison.tell("type", effects, part, said(part), use, name=name)


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
    """The types that a schema allows, by its type or, without one, its values."""
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
    """The values that a schema allows, if it lists them, by their text."""
    const, enum = schema.part("const"), schema.part("enum")
    if const.is_there:
        return {text(const.value): const.value}
    return {text(value): value for value in enum.value} if isinstance(enum.value, list) else None


def _listed(comparison: Comparison, owner: Pair, keyword: str, use: Use) -> None:
    """One value is a list of one: that it becomes a longer list is no other contract."""
    comparison.hear(owner.part(keyword))
    part = Pair(_list(owner.base), _list(owner.now))
    if keyword == "enum" and {key(Pair(each, each)) for each in (part.base, part.now)} == {"const"}:
        constrained(comparison, owner, keyword, use)
    if not part.differs:
        return
    if part.is_there_twice and {key(Pair(each, each)) for each in (part.base, part.now)} != {"const"}:
        _tell_values(comparison, owner, part, use)
    elif part.is_there_twice or key(part) == "const":
        constrained(comparison, owner, key(part), use)
    else:
        what, effects = ("became-enum", NARROWS) if part.is_added else ("enum-removed", WIDENS)
        comparison.tell(what, effects, part, said(part), use)


def _list(schema: Node) -> Node:
    const = schema.part("const")
    return const if const.is_there else schema.part("enum")


def _tell_values(comparison: Comparison, owner: Pair, part: Pair, use: Use) -> None:
    old, new = _values(owner.base) or {}, _values(owner.now) or {}
    for value in sorted(old.keys() - new):
        says = f"{holder(part.node)} can no longer be {value}"
        comparison.tell(f"enum-value-removed {value}", NARROWS, part, says, use, name=use.named("enum-value-removed"))
    for value in sorted(new.keys() - old):
        says = f"{holder(part.node)} can also be {value}"
        comparison.tell(f"enum-value-added {value}", WIDENS, part, says, use, name=use.named("enum-value-added"))


def _required(comparison: Comparison, owner: Pair, keyword: str, use: Use) -> None:
    part, use = owner.part(keyword), replace(use, scope="property")
    comparison.hear(part)
    old, new = _items(part.base), _items(part.now)
    for name in [name for name in new if name not in old]:
        item = Pair(Node(part.base.source, new[name].at, MISSING), new[name])
        if not _told_with_property(comparison, owner, name, use, was=False):
            comparison.tell("became-required", NARROWS, item, f"{_property_name(part, name)} must be given now", use)
    for name in [name for name in old if name not in new]:
        item = Pair(old[name], Node(part.now.source, old[name].at, MISSING))
        if not _told_with_property(comparison, owner, name, use, was=True):
            comparison.tell("became-optional", WIDENS, item, f"{_property_name(part, name)} may be left out now", use)


def _items(node: Node) -> dict[str, Node]:
    return {str(item.value): item for item in node.members.values()}


def _property_name(part: Pair, name: str) -> str:
    return f"{holder(part.node)}.{name}"


def _told_with_property(comparison: Comparison, owner: Pair, name: str, use: Use, *, was: bool) -> bool:
    """Whether that a property must be given comes or goes with the property itself."""
    part = owner.part("properties")
    each = Pair(part.base.member(name), part.now.member(name))
    documented = _documented_in(use)
    if each.is_there_twice or not each.node.is_there or each.is_removed is not was or name in documented[was]:
        return False
    _property(comparison, owner, name, each, use)
    return True


def _properties(comparison: Comparison, owner: Pair, keyword: str, use: Use) -> None:
    for name, each in owner.part(keyword).members():
        _property(comparison, owner, name, each, use)


def _property(comparison: Comparison, owner: Pair, name: str, each: Pair, use: Use) -> None:
    if each.is_there_twice:
        needed = name in _items(owner.now.part("required"))
        compare(comparison, each, use.within("property", is_required=needed))
    elif name in _documented_in(use)[each.is_removed] or each.node.value is False or use.sense is not Sense.SAME:
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
    need = "required" if name in _items(side.part("required")) else "optional"
    if each.is_added:
        effects = CHANGES if _says(owner, "additionalProperties") and not _is_closed(owner) else ADDS
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
            effects = _evaluating(owner, each)
            effects = widening(each, use) if effects == WIDENS else effects
            what = f"{kebab(keyword)}-{verb(each)}" + ("" if binding else "-annotation-only")
            comparison.tell(what, effects, each, _came(each), use)


def _title(node: Node) -> str:
    return str(node.part("title").value) if node.part("title").is_there else ""


def _text(node: Node) -> str:
    return text(node.value)


def _bare(node: Node) -> str:
    """A schema without its prose."""
    return text({name: part.value for name, part in node.members.items() if name not in _NOTED})


def _came(each: Pair) -> str:
    return f"{subject(each.node)} is {'new' if each.is_added else 'gone'}: {quote(each.node.value)}"


def _alternatives(sense: Sense) -> Rule:
    """Schemas of which one must hold: one more allows more, but the first ones allow less than none at all."""

    def rule(comparison: Comparison, owner: Pair, keyword: str, use: Use) -> None:
        part = owner.part(keyword)
        if not part.is_there_twice:
            _one_schema(comparison, part, use, kebab(keyword), use, _coming_or_going(owner, part))
            return
        for each in matched(part, _text, _title, _bare):
            if each.is_there_twice:
                compare(comparison, each, use.rule(sense))
            else:
                may_overlap = keyword == "oneOf" and is_anything(each.node)
                effects = CHANGES if may_overlap else WIDENS if each.is_added else NARROWS
                effects = _beside_the_unevaluated(owner, effects)
                comparison.tell(f"{kebab(keyword)}-{verb(each)}", effects, each, _came(each), use)

    return rule


def _prefix_items(comparison: Comparison, owner: Pair, keyword: str, use: Use) -> None:
    for each in matched(owner.part(keyword)):
        _one_schema(comparison, each, use.within(use.scope), kebab(keyword), use, _came_beside_the_rest(owner, each))


def _pattern_properties(comparison: Comparison, owner: Pair, keyword: str, use: Use) -> None:
    for _, each in owner.part(keyword).members():
        effects = _came_beside_the_rest(owner, each)
        _one_schema(comparison, each, use.within("property"), "pattern-property", use, effects)


_REST = ("additionalProperties", "items")
_UNEVALUATED = ("unevaluatedItems", "unevaluatedProperties")


def _came_beside_the_rest(owner: Pair, part: Pair) -> Effects:
    """What one schema leaves falls to another, that of the rest: nobody can tell which of them is wider."""
    return CHANGES if _says(owner, *_REST, *_UNEVALUATED) else _holding(owner, part)


def _beside_the_unevaluated(owner: Pair, effects: Effects) -> Effects:
    """What is evaluated is not unevaluated, so as with what is beside the rest."""
    return CHANGES if _says(owner, *_UNEVALUATED) else effects


def _says(owner: Pair, *keywords: str) -> bool:
    parts = (side.part(keyword) for side in (owner.base, owner.now) for keyword in keywords)
    return any(each.is_there and not is_anything(each) for each in parts)


def _holding(_: Pair, part: Pair) -> Effects:
    """What the coming or going of a schema does that holds where it is; one of anything does nothing."""
    return NOTES if is_anything(part.node) else NARROWS if part.is_added else WIDENS


def _evaluating(owner: Pair, part: Pair) -> Effects:
    """As `_holding`, for a schema that evaluates what it holds for."""
    return _beside_the_unevaluated(owner, _holding(owner, part))


def _coming_or_going(owner: Pair, part: Pair) -> Effects:
    """As `_evaluating`, where one of anything does something too."""
    return _beside_the_unevaluated(owner, NARROWS if part.is_added else WIDENS)


def _deciding(_: Pair, __: Pair) -> Effects:
    return CHANGES


def _schema(inner: Callable[[Use], Use], effects: Callable[[Pair, Pair], Effects] = _evaluating) -> Rule:
    """One schema, used as `inner` says; without it all is allowed."""

    def rule(comparison: Comparison, owner: Pair, keyword: str, use: Use) -> None:
        part = owner.part(keyword)
        _one_schema(comparison, part, inner(use), kebab(keyword), use, effects(owner, part))

    return rule


def _one_schema(comparison: Comparison, part: Pair, inner: Use, what: str, use: Use, effects: Effects) -> None:
    if part.is_there_twice:
        compare(comparison, part, inner)
    else:
        effects = widening(part, use) if effects == WIDENS else effects
        comparison.tell(f"{what}-{verb(part)}", effects, part, said(part), use)


def _contains(comparison: Comparison, owner: Pair, keyword: str, use: Use) -> None:
    """Where at most so many items may fit, that more of them fit allows less."""
    sense = Sense.EITHER if any(side.part("maxContains").is_there for side in (owner.base, owner.now)) else Sense.SAME
    part, inner = owner.part(keyword), _inside(use.rule(sense))
    _one_schema(comparison, part, inner, kebab(keyword), use.rule(sense), _coming_or_going(owner, part))


def _schemas(what: str, inner: Callable[[Use], Use]) -> Rule:
    """Schemas by name, each used as `inner` says."""

    def rule(comparison: Comparison, owner: Pair, keyword: str, use: Use) -> None:
        for _, each in owner.part(keyword).members():
            _one_schema(comparison, each, inner(use), what, use, _evaluating(owner, each))

    return rule


def _dependent_required(comparison: Comparison, owner: Pair, keyword: str, use: Use) -> None:
    part = owner.part(keyword)
    comparison.hear(part)
    for name, each in part.members():
        old, new = _items(each.base).keys(), _items(each.now).keys()
        if old != new:
            effects = NARROWS if old < new else WIDENS if new < old else CHANGES
            needed = ", ".join(new) or "nothing"
            says = f"{holder(part.node)}.{name} must come with {needed}, not with {', '.join(old) or 'nothing'}"
            comparison.tell(f"{kebab(keyword)}-{verb(each)}", effects, each, says, use)


def _format(comparison: Comparison, owner: Pair, keyword: str, use: Use) -> None:
    """As oasdiff has it, a part of the type."""
    part = owner.part(keyword)
    comparison.hear(part)
    if part.differs:
        effects = NARROWS if part.is_added else WIDENS if part.is_removed else CHANGES
        name = use.named(_type_or_format(effects, use))
        comparison.tell("format", effects, part, said(part), use, name=name)


def _rule_words(comparison: Comparison, owner: Pair, keyword: str, use: Use) -> None:
    """What is allowed stays as it is, but people read these words."""
    part = owner.part(keyword)
    comparison.hear(part)
    if part.differs:
        says = f"{said(part)}; the client's errors and the details of a refusal say so"
        comparison.tell(f"rule-{verb(part)}", NOTES, part, says, use)


def _same(use: Use) -> Use:
    return use.rule()


def _opposite(use: Use) -> Use:
    return use.rule(Sense.OPPOSITE)


def _either(use: Use) -> Use:
    return use.rule(Sense.EITHER)


def _inside(use: Use) -> Use:
    return use.within(use.scope)


_NOTED = frozenset(
    ("$comment", "description", "example", "examples", "externalDocs", "title", "x-identifies", "x-rule")
)

KEYWORDS: Mapping[str, Rule] = {
    "$defs": noted,  # what refers to them tells more
    **dict.fromkeys(_NOTED, noted),
    "additionalProperties": _schema(_inside),
    "allOf": _all_of,
    "anyOf": _alternatives(Sense.SAME),
    "const": _listed,
    "contains": _contains,
    "contentEncoding": constrained,
    "contentMediaType": constrained,
    "contentSchema": _schema(_inside),
    "default": _default,
    "dependentRequired": _dependent_required,
    "dependentSchemas": _schemas("dependent-schema", _same),
    "deprecated": deprecated,
    "discriminator": altered,
    "else": _schema(_same),
    "enum": _listed,
    "exclusiveMaximum": bound("exclusive-max", is_lower=False),
    "exclusiveMinimum": bound("exclusive-min", is_lower=True),
    "format": _format,
    "if": _schema(_either, _deciding),
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
    "multipleOf": _multiple_of,
    "not": _schema(_opposite, _coming_or_going),
    # An alternative that becomes wider may come to overlap another, and oneOf then refuses what both allow.
    "oneOf": _alternatives(Sense.EITHER),
    "pattern": constrained,
    "patternProperties": _pattern_properties,
    "prefixItems": _prefix_items,
    "properties": _properties,
    "propertyNames": _schema(_inside),
    "readOnly": _mutability,
    "required": _required,
    "then": _schema(_same),
    "type": _type,
    "unevaluatedItems": _schema(_inside, _holding),
    "unevaluatedProperties": _schema(_inside, _holding),
    "uniqueItems": _unique_items,
    "writeOnly": _mutability,
    "x-rule": _rule_words,
}
"""What each keyword of a schema means for a change of it."""
