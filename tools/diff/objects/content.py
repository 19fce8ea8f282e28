"""Rules for what requests and responses hold: parameters, bodies, media types, responses and headers."""

from __future__ import annotations

from collections.abc import Mapping

from tools.diff.changes import ADDS, CHANGES, NARROWS, WIDENS
from tools.diff.objects.walk import (
    Context,
    Pair,
    Part,
    Rule,
    Walk,
    altered,
    defaulting,
    noted,
    switched,
)
from tools.diff.schemas.differences import MISSING
from tools.diff.schemas.verdicts import Site
from tools.diff.words import quote
from ventia_document.source import Json


def request_body(context: Context) -> None:
    """The request body of an operation."""
    walk, part, holder = context.walk, context.part, context.walk.subject(context.owner)
    if part.is_removed:
        walk.add("request-body-removed", CHANGES.within("request"), part, f"{holder} takes no body any more")
    elif part.is_added:
        need = _need(part.now.value)
        effects = (NARROWS if need == "required" else ADDS).within("request")
        walk.add(f"request-body-added-{need}", effects, part, f"{holder} takes a body now, {need}")
    else:
        rules = {**PROSE, "content": _content(f"the body of {holder}"), "required": _NEEDED}
        walk.each(part, rules, "request", "body")


def responses(context: Context) -> None:
    """The responses of an operation."""
    for each in context.walk.parts(context.part):
        if each.name.startswith("x-"):
            context.walk.unclassified(each, "response")
            continue
        if not (each.is_added or each.is_removed):
            _response(context.walk, each)
            continue
        # As oasdiff classes it: clients must expect undocumented statuses anyway, so one more breaks nothing;
        # one less makes code that handles it meaningless.
        what = f"response-{'success' if each.name.startswith('2') else 'non-success'}-status-{each.verb}"
        effects = (ADDS if each.is_added else CHANGES).within("response")
        context.walk.add(what, effects, each, f"response {context.walk.subject(each)} {each.is_new_or_gone}")
        if each.is_added and (before := _covering(context.walk, context.part, each.name)):
            _response(context.walk, Pair(before, each.now, each.name))


def _covering(walk: Walk, responses: Pair, status: str) -> Part | None:
    """The response of the base that a status had before: that of a range of statuses, or the default."""
    ranges = (walk.part(responses, each).base for each in (f"{status[0]}XX", "default"))
    return next((each for each in ranges if each.value is not MISSING), None)


def _response(walk: Walk, pair: Pair) -> None:
    rules = {**PROSE, "content": _content(f"an answer: {walk.subject(pair)}"), "headers": _headers, "links": _links}
    walk.each(pair, rules, "response")


def _links(context: Context) -> None:
    for each in context.walk.parts(context.part):
        inner = context._replace(part=each)
        if each.is_added:
            inner.add("link-added", ADDS)
        else:
            altered(inner)


def _headers(context: Context) -> None:
    for each in context.walk.parts(context.part):
        named = f"header {each.name} of {context.walk.subject(context.owner)}"
        if each.is_added:
            context._replace(part=each).add("header-added", ADDS, f"{named} is new")
        elif each.is_removed:
            name = f"{_need(each.base.value)}-response-header-removed"
            context.walk.add(name, CHANGES.within("response"), each, f"{named} is gone")
        else:
            context.walk.each(each, _valued(named), "response", "header")


def parameters(walk: Walk, path: Pair, operation: Pair) -> None:
    """Compare the parameters of an operation, its path's among them, by place and name."""
    old, new = (_parameters(walk, path, operation, is_base=is_base) for is_base in (True, False))
    renamed = {each.inner: key for key, each in old.items() if key not in new}
    for key, now in new.items():
        if key not in old and now.inner in renamed:
            old[key] = old.pop(renamed[now.inner])
    for place, name in dict.fromkeys((*new, *old)):
        key = (place, name)
        base, now = (side.get(key) or Part(other[key].at, MISSING) for side, other in ((old, new), (new, old)))
        each, named = Pair(base, now, name), f"{place} parameter {quote(name)} of {walk.subject(operation)}"
        if each.is_removed:
            walk.add("request-parameter-removed", CHANGES.within("request"), each, f"{named} is gone")
        elif each.is_added:
            need = _need(now.value)
            what = "new-request-path-parameter" if place == "path" else f"new-{need}-request-parameter"
            effects = (NARROWS if need == "required" else ADDS).within("request")
            walk.add(what, effects, each, f"{need} {named} is new")
        else:
            walk.each(each, {**_valued(named), "in": altered, "name": altered}, "request", "parameter")


def _parameters(walk: Walk, path: Pair, operation: Pair, *, is_base: bool) -> dict[tuple[str, str], Part]:
    """The parameters of an operation and of its path, by place and name; the operation's win."""
    found = {}
    for owner in (path, operation):
        listed = walk.part(owner, "parameters")
        items = (listed.base if is_base else listed.now).value
        for index in range(len(items) if isinstance(items, list) else 0):
            pair = walk.part(listed, str(index))
            part = pair.base if is_base else pair.now
            if isinstance(part.value, dict):
                found[str(part.value.get("in")), str(part.value.get("name"))] = part
    return found


def _need(value: Json) -> str:
    return "required" if isinstance(value, dict) and value.get("required") is True else "optional"


def _valued(of: str) -> dict[str, Rule]:
    """The rules of a parameter or a header."""
    return {
        **PROSE,
        **_EXAMPLES,
        "allowEmptyValue": defaulting(lambda _: False),
        "allowReserved": defaulting(lambda _: False),
        "content": _content(of),
        "deprecated": switched(("deprecated", ADDS), ("reactivated", ADDS)),
        "explode": defaulting(lambda parameter: _style(parameter) == "form"),
        "required": _NEEDED,
        "schema": _schema(of),
        "style": defaulting(_style),
    }


def _style(parameter: Json) -> Json:
    return parameter.get("style", "form" if parameter.get("in") in ("query", "cookie") else "simple")


def _schema(of: str) -> Rule:
    def compare(context: Context) -> None:
        part = context.part
        if not (part.is_added or part.is_removed):
            at = [owner.inner + "/schema" for owner in (context.owner.base, context.owner.now)]
            context.walk.sites.append(Site(context.direction, of, at[0], at[1]))
        else:
            inside = "media-type-" if context.scope == "body" or context.direction == "response" else ""
            body = "body-" if inside and not context.scope else ""
            context.add(f"{body}{inside}schema-{part.verb}", NARROWS if part.is_added else CHANGES)

    return compare


def _content(of: str) -> Rule:
    """The rule of media types, by their names without what says nothing; a new one may have been in a range."""

    def compare(context: Context) -> None:
        walk, owner = context.walk, context.part
        old, new = (_by_name(side) for side in (owner.base, owner.now))
        for name in dict.fromkeys((*new, *old)):
            # A parameter has a single media type.
            written = old.get(name) or (_range(name, old) if context.scope in ("", "body") else None)
            base = walk.part(owner, written or new[name]).base if written else Part("", MISSING)
            now = walk.part(owner, new.get(name, old.get(name, ""))).now
            pair = Pair(base if written else Part(now.at, MISSING), now, name)
            if name not in new or name not in old:
                known = context.scope not in ("", "body")
                effects = CHANGES if pair.is_removed or known else ADDS
                message = (
                    f"media type {name} of {walk.subject(context.owner)} {'is gone' if name not in new else 'is new'}"
                )
                context._replace(part=pair).add(f"media-type-{'added' if name in new else 'removed'}", effects, message)
            if written and name in new:
                rules = {**_EXAMPLES, "encoding": altered, "schema": _schema(f"{of} ({name})")}
                walk.each(pair, rules, context.direction, context.scope)

    return compare


def _by_name(content: Part) -> dict[str, str]:
    """The keys of media types by their names in small letters, without the charset that JSON has anyway."""
    keys = content.value if isinstance(content.value, dict) else {}
    return {key.lower().replace(" ", "").removesuffix(";charset=utf-8"): key for key in keys}


def _range(name: str, content: Mapping[str, str]) -> str | None:
    ranges = (f"{name.partition('/')[0]}/*", "*/*")
    return next((content[each] for each in ranges if each in content), None)


PROSE: Mapping[str, Rule] = dict.fromkeys(("summary", "description", "externalDocs"), noted)
_EXAMPLES: Mapping[str, Rule] = dict.fromkeys(("example", "examples"), noted)
_NEEDED = switched(("became-required", NARROWS), ("became-optional", WIDENS))
