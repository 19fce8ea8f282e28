"""What changed between two documents: a rule for each key of each kind of object but schemas."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

from tools.diff.changes import ADDS, CHANGES, NAMES, NARROWS, NOTES, RENAMES, WIDENS, Change, Effects
from tools.diff.schemas import described, values
from tools.diff.schemas import keywords as schemas
from tools.diff.walk.comparison import (
    Comparison,
    Direction,
    Rule,
    Use,
    altered,
    constraining,
    elsewhere,
    matched,
    noted,
    unclassified,
)
from tools.diff.walk.nodes import MISSING, Node, Pair, text
from tools.diff.walk.words import holder, kebab, key, quote, said, subject, verb
from ventia_document.operations import METHODS
from ventia_document.source import Json, Source, lookup
from ventia_document.structure import references

_REQUEST = Use(Direction.REQUEST)
_RESPONSE = Use(Direction.RESPONSE)
_UNUSED = Use(Direction.UNUSED)


def compare(base: Source, now: Source) -> list[Change]:
    """Every change from one document to another, the worst first, then as they stand in the documents.

    Both documents should be sound ones (`ventia_document.check`); of others the changes may be told less well.
    """
    comparison = Comparison(base, now)
    comparison.walk(comparison.whole, _ROOT, Use())
    comparison.unknown_rest()
    return sorted(comparison.settled(), key=lambda change: -change.effect)


def _openapi(comparison: Comparison, owner: Pair, keyword: str, use: Use) -> None:
    """The third number of the standard's version is for its own text alone."""
    old, new = (str(each.value).rpartition(".")[0] for each in (owner.part(keyword).base, owner.part(keyword).now))
    (noted if old == new else unclassified)(comparison, owner, keyword, use)


def _info(comparison: Comparison, owner: Pair, keyword: str, use: Use) -> None:
    comparison.walk(owner.part(keyword), _INFO, replace(use, scope=keyword))


def _rate_limit(comparison: Comparison, owner: Pair, keyword: str, use: Use) -> None:
    part, use = owner.part(keyword), Use(Direction.REQUEST, "rate-limit")
    if part.is_there_twice:
        comparison.walk(part, _RATE_LIMIT, use)
    else:
        comparison.tell(verb(part), NARROWS if part.is_added else WIDENS, part, said(part), use)


def _servers(comparison: Comparison, owner: Pair, keyword: str, use: Use) -> None:
    comparison.hear(owner.part(keyword))
    part = Pair(_inherited(owner.base, keyword), _inherited(owner.now, keyword))
    for each in matched(part, _url):
        if each.is_there_twice and _url(each.base) == _url(each.now):
            comparison.walk(each, _SERVER, use)
        elif each.is_there_twice:
            comparison.tell("server-changed", CHANGES, each.part("url"), said(each.part("url")), use)
        else:
            effects = ADDS if each.is_added else CHANGES
            comparison.tell(f"server-{verb(each)}", effects, each, f"server {_url(each.node)} {_is(each)}", use)
    old, new = (_url(each.member("0")) for each in (part.base, part.now))
    if part.is_there_twice and old != new and part.base.members.keys() | part.now.members.keys() != {"0"}:
        says = f"the server that stands first, which clients take, was {quote(old)}, is {quote(new)}"
        comparison.tell("first-server-changed", CHANGES, Pair(part.base.member("0"), part.now.member("0")), says, use)


def _inherited(owner: Node, keyword: str) -> Node:
    """What an operation says at a key, or else its path, or else the document."""
    above = [owner.at, owner.at.rpartition("/")[0], ""]
    said = (Node(owner.source, at, lookup(owner.source.value, at)).part(keyword) for at in above)
    return next((each for each in said if each.is_there), owner.part(keyword))


def _url(server: Node) -> str:
    return str(server.part("url").value)


def _is(each: Pair) -> str:
    return "is new" if each.is_added else "is gone"


def _security(comparison: Comparison, owner: Pair, keyword: str, use: Use) -> None:  # noqa: ARG001 - it is a rule
    """One more way in is one more; the first one shuts out who had none."""
    what = "global-security" if not owner.now.at else "security"
    comparison.hear(owner.part(keyword))
    old, new = (_ways_in(each, keyword) for each in (owner.base, owner.now))
    for way in [way for way in old if way not in new]:
        each = Pair(old[way], Node(owner.now.source, old[way].at, MISSING))
        says = f"{_schemes(each.node)} no longer opens {holder(owner.part(keyword).node)}"
        comparison.tell(f"{what}-removed", CHANGES, each, says, _REQUEST, name=f"api-{what}-removed")
    for way in [way for way in new if way not in old]:
        each = Pair(Node(owner.base.source, new[way].at, MISSING), new[way])
        says = f"{_schemes(each.node)} opens {holder(owner.part(keyword).node)} now"
        effects = WIDENS if old else NARROWS
        comparison.tell(f"{what}-added", effects, each, says, _REQUEST, name=f"api-{what}-added")


def _ways_in(owner: Node, keyword: str) -> dict[str, Node]:
    """The lists of schemes of which each opens an operation, its own or else those of the document."""
    return {text(way.value): way for way in _inherited(owner, keyword).members.values()}


def _schemes(way: Node) -> str:
    return " with ".join(way.members) or "no key at all"


def _paths(comparison: Comparison, owner: Pair, keyword: str, use: Use) -> None:
    for path, each in owner.part(keyword).members():
        if not path.startswith("/"):
            comparison.unknown(each, use)
        elif each.is_there_twice:
            comparison.walk(each, _PATH, use)
        elif each.is_removed:
            _told_lost(comparison, each, "api-path-removed", path, use)
        else:
            _told_new_path(comparison, each, path, use)


def _told_new_path(comparison: Comparison, path: Pair, name: str, use: Use) -> None:
    methods = [part for method, part in path.parts() if method in METHODS]
    for each in methods:
        comparison.tell("added", ADDS, each, f"{key(each).upper()} {name} is new", use, name="endpoint-added")
    comparison.hear(path)
    if not methods:
        comparison.tell("added", ADDS, path, f"{name} is new, without operations", use, name="api-path-added")


def _told_lost(comparison: Comparison, each: Pair, what: str, name: str, use: Use) -> None:
    operations = [each.base, *each.base.parts.values()]
    was_deprecated = any(node.part("deprecated").value is True for node in operations)
    full = f"{what}-{'with' if was_deprecated else 'without'}-deprecation"
    comparison.tell("removed", CHANGES, each, f"{name} is gone", use, name=full)


def _operation(comparison: Comparison, owner: Pair, keyword: str, use: Use) -> None:
    part = owner.part(keyword)
    if part.is_there_twice:
        told = comparison.told
        comparison.walk(part, _OPERATION, use)
        _compare_parameters(comparison, owner, part)
        comparison.rewritten(part.part("parameters"), use, told)
    elif part.is_added:
        comparison.tell("added", ADDS, part, f"{subject(part.now)} is new", use, name="endpoint-added")
    else:
        _told_lost(comparison, part, "api-removed", subject(part.base), use)


def _with_operations(comparison: Comparison, owner: Pair, keyword: str, use: Use) -> None:
    """What the operations of a path are compared with."""
    if any(method in each.parts for method in METHODS for each in (owner.base, owner.now)):
        elsewhere(comparison, owner, keyword, use)
    else:
        unclassified(comparison, owner, keyword, use)


def _operation_id(comparison: Comparison, owner: Pair, keyword: str, use: Use) -> None:
    """A module of the client is named for it."""
    part = owner.part(keyword)
    comparison.hear(part)
    if part.differs:
        name = f"api-operation-id-{'added' if part.is_added else 'removed'}"
        comparison.tell(f"operation-id-{verb(part)}", RENAMES, part, said(part), use, name=name)


def _tags(comparison: Comparison, owner: Pair, keyword: str, use: Use) -> None:
    """A package of the client is named for the first."""
    part = owner.part(keyword)
    comparison.hear(part)
    first = Pair(part.base.member("0"), part.now.member("0"))
    old, new = (list(map(_written, each.members.values())) for each in (part.base, part.now))
    for node in [node for node in part.base.members.values() if _written(node) not in new]:
        each = Pair(node, Node(part.now.source, node.at, MISSING))
        _tell_tag(comparison, part, each, RENAMES if node == first.base else NOTES, use)
    for node in [node for node in part.now.members.values() if _written(node) not in old]:
        each = Pair(Node(part.base.source, node.at, MISSING), node)
        _tell_tag(comparison, part, each, RENAMES if node == first.now else NOTES, use)
    if first.differs and _written(first.base) in new and _written(first.now) in old:
        says = f"the first tag of {holder(part.node)} was {quote(first.base.value)}, is {quote(first.now.value)}"
        comparison.tell("first-tag-changed", RENAMES, first, says, use)


def _tell_tag(comparison: Comparison, tags: Pair, each: Pair, effects: Effects, use: Use) -> None:
    says = f"tag {quote(each.node.value)} of {holder(tags.node)} {_is(each)}"
    comparison.tell(f"tag-{verb(each)}", effects, each, says, use, name=f"api-tag-{verb(each)}")


def _written(node: Node) -> str:
    return text(node.value)


def _deprecated(comparison: Comparison, owner: Pair, keyword: str, use: Use) -> None:
    part = owner.part(keyword)
    comparison.hear(part)
    if (part.base.value is True) != (part.now.value is True):
        what = "deprecated" if part.now.value is True else "reactivated"
        comparison.tell(what, ADDS, part, said(part), use, name=f"endpoint-{what}")


def _compare_parameters(comparison: Comparison, path: Pair, operation: Pair) -> None:
    old = _parameters(path.base, operation.base)
    new = _parameters(path.now, operation.now)
    pairs = [Pair(old.pop(name), new.pop(name)) for name in list(new) if name in old]
    # What still stands in the same place has another name.
    places = {node.chain[-1].at: name for name, node in old.items()}
    for name, node in list(new.items()):
        if twin := places.get(node.chain[-1].at):
            pairs.append(Pair(old.pop(twin), new.pop(name)))
    for each in pairs:
        comparison.walk(each, _PARAMETER, replace(_REQUEST, scope="parameter"))
    for node in old.values():
        _parameter_came_or_went(comparison, Pair(node, Node(operation.now.source, node.at, MISSING)), operation)
    for node in new.values():
        _parameter_came_or_went(comparison, Pair(Node(operation.base.source, node.at, MISSING), node), operation)


def _parameters(path: Node, operation: Node) -> dict[str, Node]:
    """Those of an operation and of its path, by place and name; the operation's win."""
    nodes = [*path.part("parameters").members.values(), *operation.part("parameters").members.values()]
    return {
        text([_place(node), node.part("name").value if node.part("name").is_there else None]): node for node in nodes
    }


def _place(parameter: Node) -> str:
    return str(parameter.part("in").value)


def _parameter_came_or_went(comparison: Comparison, each: Pair, operation: Pair) -> None:
    node = each.node
    says = f"{_place(node)} parameter {quote(node.part('name').value)} of {subject(operation.node)} {_is(each)}"
    if each.is_removed:
        comparison.tell("removed", CHANGES, each, says, _REQUEST, name="request-parameter-removed")
        return
    need = _need(node)
    name = "new-request-path-parameter" if _place(node) == "path" else f"new-{need}-request-parameter"
    comparison.tell("added", NARROWS if need == "required" else ADDS, each, f"{need} {says}", _REQUEST, name=name)


def _needed(comparison: Comparison, owner: Pair, keyword: str, use: Use) -> None:
    values.switched(comparison, owner.part(keyword), use, ("became-required", NARROWS), ("became-optional", WIDENS))


def _need(node: Node) -> str:
    return "required" if node.part("required").value is True else "optional"


def _schema(comparison: Comparison, owner: Pair, keyword: str, use: Use) -> None:
    part = owner.part(keyword)
    if part.is_there_twice:
        schemas.compare(comparison, part, use)
        return
    name = f"{use.direction.value}-body-media-type-schema-{verb(part)}" if use.scope == "body" else ""
    effects = described.with_the_lost(constraining(part), part, use)
    comparison.tell(f"schema-{verb(part)}", effects, part, said(part), use, name=name)


def _defaulting(default: Callable[[Node], Json]) -> Rule:
    """What has a value where none is written; any other is another contract."""

    def rule(comparison: Comparison, owner: Pair, keyword: str, use: Use) -> None:
        part = owner.part(keyword)
        comparison.hear(part)
        old, new = (
            side.part(keyword).value if side.part(keyword).is_there else default(side)
            for side in (owner.base, owner.now)
        )
        if text(old) != text(new):
            comparison.tell(f"{kebab(keyword)}-{verb(part)}", CHANGES, part, said(part), use)

    return rule


def _style_of(parameter: Node) -> Json:
    if parameter.part("style").is_there:
        return parameter.part("style").value
    return "form" if _place(parameter) in ("query", "cookie") else "simple"


def _request_body(comparison: Comparison, owner: Pair, keyword: str, use: Use) -> None:
    part, use = owner.part(keyword), replace(_REQUEST, scope="body")
    if part.is_there_twice:
        comparison.walk(part, _BODY, use)
    elif part.is_removed:
        comparison.tell("removed", CHANGES, part, f"{holder(part.node)} takes no body any more", use)
    else:
        need = _need(part.now)
        effects = NARROWS if need == "required" else ADDS
        comparison.tell(f"added-{need}", effects, part, f"{holder(part.node)} takes a body now, {need}", use)


def _content(comparison: Comparison, owner: Pair, keyword: str, use: Use) -> None:
    prefix = "response" if use.direction is Direction.RESPONSE else f"{use.direction.value}-{use.scope}"
    for media_type, each in owner.part(keyword).members():
        if each.is_there_twice:
            comparison.walk(each, _MEDIA_TYPE, use)
        else:
            # A parameter has no other, and a range of them may have said something else of this one.
            is_known = use.scope != "body" or _of_a_range(owner.part(keyword).base, media_type)
            what, effects = f"media-type-{verb(each)}", CHANGES if each.is_removed or is_known else ADDS
            says = (
                f"media type {media_type} of {subject(each.node, each.node.at.rpartition('/content/')[0])} {_is(each)}"
            )
            comparison.tell(what, effects, each, says, use, name=f"{prefix}-{what}")


def _of_a_range(content: Node, media_type: str) -> bool:
    return any(content.member(each).is_there for each in ("*/*", f"{media_type.partition('/')[0]}/*"))


def _responses(comparison: Comparison, owner: Pair, keyword: str, use: Use) -> None:  # noqa: ARG001 - it is a rule
    for status, each in owner.part(keyword).members():
        if status.startswith("x-"):
            comparison.unknown(each, _RESPONSE)
        elif each.is_there_twice:
            comparison.walk(each, _RESPONSE_RULES, replace(_RESPONSE, scope="body"))
        else:
            # As oasdiff has it. A client must expect statuses that it does not know, successes and refusals: one more
            # that is documented takes nothing away, but one less leaves without meaning what was handled.
            what = f"{'success' if status.startswith('2') else 'non-success'}-status-{verb(each)}"
            effects = ADDS if each.is_added and not _was_another(owner.part(keyword).base, status, each) else CHANGES
            comparison.tell(what, effects, each, f"response {subject(each.node)} {_is(each)}", _RESPONSE)


def _was_another(responses: Node, status: str, now: Pair) -> bool:
    """Whether a status was one of a range, or of all others, that was answered with something else."""
    ranges = (responses.member(each) for each in (f"{status[0]}XX", "default"))
    before = next((each for each in ranges if each.is_there), None)
    return before is not None and text(before.part("content").value) != text(now.now.part("content").value)


def _links(comparison: Comparison, owner: Pair, keyword: str, use: Use) -> None:
    for name, each in owner.part(keyword).members():
        if each.is_added:
            says = f"link {name} of {holder(owner.part(keyword).node)} is new"
            comparison.tell("link-added", ADDS, each, says, use, name="response-link-added")
        else:
            altered(comparison, owner.part(keyword), name, use)


def _headers(comparison: Comparison, owner: Pair, keyword: str, use: Use) -> None:
    use = replace(use, scope="header")
    for name, each in owner.part(keyword).members():
        if each.is_there_twice:
            comparison.walk(each, _HEADER, use)
        elif each.is_added:
            comparison.tell("added", ADDS, each, f"header {name} of {_before(each, '/headers/')} is new", use)
        else:
            need = _need(each.base)
            says = f"{need} header {name} of {_before(each, '/headers/')} is gone"
            comparison.tell("removed", CHANGES, each, says, use, name=f"{need}-{use.direction.value}-header-removed")


def _before(each: Pair, part: str) -> str:
    return subject(each.node, each.node.at.rpartition(part)[0])


def _components(comparison: Comparison, owner: Pair, keyword: str, use: Use) -> None:
    comparison.walk(owner.part(keyword), _COMPONENTS, use)


def _each(kind: str, look: Callable[[Comparison, Pair], None], is_named: Callable[[Node], bool]) -> Rule:
    """The components of a kind: what becomes of each, seen from no use of it.

    Args:
        is_named: whether generated code has something of the component's name.
    """

    def rule(comparison: Comparison, owner: Pair, keyword: str, use: Use) -> None:
        for _, each in owner.part(keyword).members():
            if each.is_there_twice:
                look(comparison, each)
            else:
                named, plain = (NAMES, NOTES) if each.is_added else (RENAMES, NOTES)
                says = f"component {subject(each.node)} {_is(each)} ({keyword})"
                effects = named if is_named(each.node) else plain
                comparison.tell(f"{kind}-{verb(each)}", effects, each, says, use)

    return rule


def _walked(rules: Mapping[str, Rule], scope: str = "") -> Callable[[Comparison, Pair], None]:
    return lambda comparison, each: comparison.walk(each, rules, replace(_UNUSED, scope=scope))


def _look_at_schema(comparison: Comparison, each: Pair) -> None:
    schemas.compare(comparison, each, replace(_UNUSED, scope="body"))


def _look_at_users(comparison: Comparison, each: Pair) -> None:
    """What uses it tells all; what nobody uses is found in the end."""


def _look_at_scheme(comparison: Comparison, each: Pair) -> None:
    if comparison.is_same(each):
        return
    uses = [pair.value for pair in (each.base, each.now) if key(each) in _named_schemes(pair.source.value)]
    comparison.walk(each, _SCHEME, replace(_REQUEST if uses else _UNUSED, scope="security-scheme"))


def _named_schemes(document: Json) -> set[str]:
    return {each.written for each in references(document) if each.key == "security"}


def _is_class(schema: Node) -> bool:
    """Whether the generator makes a class of a schema: not of a mere string or number."""
    kind = schema.part("type").value
    return kind not in ("string", "integer", "number", "boolean", "null", "array") or schema.part("enum").is_there


def _always(_: Node) -> bool:
    return True


def _never(_: Node) -> bool:
    return False


def _look_at_data(comparison: Comparison, each: Pair) -> None:
    comparison.hear(each)
    if each.differs:
        comparison.tell("example-changed", NOTES, each, said(each), _UNUSED)


def _scheme_type(comparison: Comparison, owner: Pair, keyword: str, use: Use) -> None:
    part = owner.part(keyword)
    comparison.hear(part)
    if part.differs:
        comparison.tell("type-changed", CHANGES, part, said(part), use, name="api-security-component-type-changed")


def _webhooks(comparison: Comparison, owner: Pair, keyword: str, use: Use) -> None:
    for name, each in owner.part(keyword).members():
        if each.is_there_twice:
            comparison.unknown(each, use)
        else:
            effects = ADDS if each.is_added else CHANGES
            comparison.tell(verb(each), effects, each, f"webhook {name} {_is(each)}", use, name=f"webhook-{verb(each)}")


_PROSE: Mapping[str, Rule] = dict.fromkeys(("summary", "description", "externalDocs"), noted)
_EXAMPLES: Mapping[str, Rule] = dict.fromkeys(("example", "examples"), noted)
_STYLE: Mapping[str, Rule] = {
    "allowEmptyValue": _defaulting(lambda _: False),
    "allowReserved": _defaulting(lambda _: False),
    "explode": _defaulting(lambda parameter: _style_of(parameter) == "form"),
    "style": _defaulting(_style_of),
}

_INFO = {**_PROSE, **dict.fromkeys(("contact", "license", "termsOfService", "title", "version"), noted)}
_RATE_LIMIT = {
    "requests": values.bound("requests", is_lower=False),
    "seconds": values.bound("seconds", is_lower=True),
    "scope": altered,
}
_SERVER = {**_PROSE, "url": altered, "variables": altered}
_MEDIA_TYPE = {**_EXAMPLES, "encoding": altered, "schema": _schema}
_HEADER = {
    **_PROSE,
    **_EXAMPLES,
    **_STYLE,
    "content": _content,
    "deprecated": values.deprecated,
    "required": _needed,
    "schema": _schema,
}
_PARAMETER = {**_HEADER, "in": altered, "name": altered}
_BODY = {**_PROSE, "content": _content, "required": _needed}
_RESPONSE_RULES = {**_PROSE, "content": _content, "headers": _headers, "links": _links}
_OPERATION = {
    **_PROSE,
    "deprecated": _deprecated,
    "operationId": _operation_id,
    "parameters": elsewhere,
    "requestBody": _request_body,
    "responses": _responses,
    "security": _security,
    "servers": _servers,
    "tags": _tags,
}
_PATH = {**_PROSE, **dict.fromkeys(METHODS, _operation), "parameters": _with_operations, "servers": _servers}
_SCHEME = {
    **_PROSE,
    **dict.fromkeys(("bearerFormat", "flows", "in", "name", "openIdConnectUrl", "scheme"), altered),
    "type": _scheme_type,
}
_COMPONENTS = {
    "examples": _each("example", _look_at_data, _never),
    "headers": _each("header", _walked(_HEADER, "header"), _never),
    "pathItems": _each("path-item", _look_at_users, _never),
    "parameters": _each("parameter", _walked(_PARAMETER, "parameter"), _never),
    "requestBodies": _each("request-body", _walked(_BODY, "body"), _never),
    "responses": _each("response", _walked(_RESPONSE_RULES, "body"), _always),
    "schemas": _each("schema", _look_at_schema, _is_class),
    "securitySchemes": _each("security-component", _look_at_scheme, _never),
}
_ROOT: Mapping[str, Rule] = {
    "components": _components,
    "externalDocs": noted,
    "info": _info,
    "jsonSchemaDialect": _defaulting(lambda _: "https://spec.openapis.org/oas/3.1/dialect/base"),
    "openapi": _openapi,
    "paths": _paths,
    "security": _security,
    "servers": _servers,
    "tags": noted,
    "webhooks": _webhooks,
    "x-rate-limit": _rate_limit,
}
