"""Compares what requests and responses hold: bodies, media types, responses and headers."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

from tools.diff.changes import ADDS, CHANGES, NARROWS, WIDENS
from tools.diff.schemas import schema, values
from tools.diff.schemas.effects import with_losses
from tools.diff.walk.comparison import Comparer, Comparison, altered, constraining, noted
from tools.diff.walk.nodes import Node, Pair, text
from tools.diff.walk.use import REQUEST, RESPONSE, Direction, Use
from tools.diff.walk.words import holder, is_new_or_gone, kebab, sentence, subject, verb
from ventia_document.source import Json


def place(parameter: Node) -> str:
    """Where a parameter is: path, query, header or cookie."""
    return str(parameter.part("in").value)


def _needed(comparison: Comparison, owner: Pair, keyword: str, use: Use) -> None:
    values.switched(comparison, owner.part(keyword), use, ("became-required", NARROWS), ("became-optional", WIDENS))


def need(node: Node) -> str:
    """Whether a parameter, a header or a body is required or optional."""
    return "required" if node.part("required").value is True else "optional"


def _schema(comparison: Comparison, owner: Pair, keyword: str, use: Use) -> None:
    part = owner.part(keyword)
    if part.is_in_both:
        schema.compare(comparison, part, use)
        return
    name = f"{use.direction.value}-body-media-type-schema-{verb(part)}" if use.scope == "body" else ""
    effects = with_losses(constraining(part), part, use)
    comparison.add(f"schema-{verb(part)}", effects, part, sentence(part), use, name=name)


def defaulting(default: Callable[[Node], Json]) -> Comparer:
    """Compares a key that has a default: any other value is a breaking change."""

    def compare_key(comparison: Comparison, owner: Pair, keyword: str, use: Use) -> None:
        part = owner.part(keyword)
        comparison.mark_compared(part)
        old, new = (
            side.part(keyword).value if side.part(keyword).is_there else default(side)
            for side in (owner.base, owner.now)
        )
        if text(old) != text(new):
            comparison.add(f"{kebab(keyword)}-{verb(part)}", CHANGES, part, sentence(part), use)

    return compare_key


def _style_of(parameter: Node) -> Json:
    if parameter.part("style").is_there:
        return parameter.part("style").value
    return "form" if place(parameter) in ("query", "cookie") else "simple"


def request_body(comparison: Comparison, owner: Pair, keyword: str, use: Use) -> None:
    """Compare the request body of an operation."""
    part, use = owner.part(keyword), replace(REQUEST, scope="body")
    if part.is_in_both:
        comparison.walk(part, BODY, use)
    elif part.is_removed:
        comparison.add("removed", CHANGES, part, f"{holder(part.node)} takes no body any more", use)
    else:
        needed = need(part.now)
        effects = NARROWS if needed == "required" else ADDS
        comparison.add(f"added-{needed}", effects, part, f"{holder(part.node)} takes a body now, {needed}", use)


def _content(comparison: Comparison, owner: Pair, keyword: str, use: Use) -> None:
    prefix = "response" if use.direction is Direction.RESPONSE else f"{use.direction.value}-{use.scope}"
    for media_type, each in owner.part(keyword).members():
        if each.is_in_both:
            comparison.walk(each, _MEDIA_TYPE, use)
        else:
            # A parameter has a single media type; in a body, a range such as `*/*` may have covered this one.
            is_known = use.scope != "body" or _of_a_range(owner.part(keyword).base, media_type)
            what, effects = f"media-type-{verb(each)}", CHANGES if each.is_removed or is_known else ADDS
            around = subject(each.node, each.node.at.rpartition("/content/")[0])
            message = f"media type {media_type} of {around} {is_new_or_gone(each)}"
            comparison.add(what, effects, each, message, use, name=f"{prefix}-{what}")


def _of_a_range(content: Node, media_type: str) -> bool:
    return any(content.member(each).is_there for each in ("*/*", f"{media_type.partition('/')[0]}/*"))


def responses(comparison: Comparison, owner: Pair, keyword: str, use: Use) -> None:  # noqa: ARG001 - it is a comparer
    """Compare the responses of an operation."""
    for status, each in owner.part(keyword).members():
        if status.startswith("x-"):
            comparison.add_unclassified(each, RESPONSE)
        elif each.is_in_both:
            comparison.walk(each, RESPONSE_RULES, replace(RESPONSE, scope="body"))
        else:
            # As oasdiff classes it: clients must expect undocumented statuses anyway, so one more breaks nothing;
            # one less makes code that handles it meaningless.
            what = f"{'success' if status.startswith('2') else 'non-success'}-status-{verb(each)}"
            effects = ADDS if each.is_added and not _was_another(owner.part(keyword).base, status, each) else CHANGES
            comparison.add(what, effects, each, f"response {subject(each.node)} {is_new_or_gone(each)}", RESPONSE)


def _was_another(responses: Node, status: str, now: Pair) -> bool:
    """Whether a status was documented with other content, by a range of statuses or by `default`."""
    ranges = (responses.member(each) for each in (f"{status[0]}XX", "default"))
    before = next((each for each in ranges if each.is_there), None)
    return before is not None and text(before.part("content").value) != text(now.now.part("content").value)


def _links(comparison: Comparison, owner: Pair, keyword: str, use: Use) -> None:
    for name, each in owner.part(keyword).members():
        if each.is_added:
            message = f"link {name} of {holder(owner.part(keyword).node)} is new"
            comparison.add("link-added", ADDS, each, message, use, name="response-link-added")
        else:
            altered(comparison, owner.part(keyword), name, use)


def _headers(comparison: Comparison, owner: Pair, keyword: str, use: Use) -> None:
    use = replace(use, scope="header")
    for name, each in owner.part(keyword).members():
        if each.is_in_both:
            comparison.walk(each, HEADER, use)
        elif each.is_added:
            comparison.add("added", ADDS, each, f"header {name} of {_before(each, '/headers/')} is new", use)
        else:
            needed = need(each.base)
            message = f"{needed} header {name} of {_before(each, '/headers/')} is gone"
            comparison.add(
                "removed", CHANGES, each, message, use, name=f"{needed}-{use.direction.value}-header-removed"
            )


def _before(each: Pair, part: str) -> str:
    return subject(each.node, each.node.at.rpartition(part)[0])


PROSE: Mapping[str, Comparer] = dict.fromkeys(("summary", "description", "externalDocs"), noted)


_EXAMPLES: Mapping[str, Comparer] = dict.fromkeys(("example", "examples"), noted)


_STYLE: Mapping[str, Comparer] = {
    "allowEmptyValue": defaulting(lambda _: False),
    "allowReserved": defaulting(lambda _: False),
    "explode": defaulting(lambda parameter: _style_of(parameter) == "form"),
    "style": defaulting(_style_of),
}


_MEDIA_TYPE = {**_EXAMPLES, "encoding": altered, "schema": _schema}


HEADER = {
    **PROSE,
    **_EXAMPLES,
    **_STYLE,
    "content": _content,
    "deprecated": values.deprecated,
    "required": _needed,
    "schema": _schema,
}


BODY = {**PROSE, "content": _content, "required": _needed}


RESPONSE_RULES = {**PROSE, "content": _content, "headers": _headers, "links": _links}
