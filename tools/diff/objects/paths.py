"""Rules for the root of a document, its paths, operations and components."""

from __future__ import annotations

from collections.abc import Mapping

from tools.diff.changes import ADDS, CHANGES, NAMES, NOTES, RENAMES
from tools.diff.objects.content import PROSE, parameters, request_body, responses
from tools.diff.objects.service import info, openapi, rate_limit, scheme, security, servers, webhooks
from tools.diff.objects.walk import Context, Pair, Part, Rule, Walk, compared_elsewhere, defaulting, noted
from tools.diff.schemas.differences import MISSING
from tools.diff.words import quote
from ventia_document.operations import METHODS
from ventia_document.source import Json
from ventia_document.structure import references


def compare(walk: Walk) -> None:
    """Compare two documents from the root."""
    walk.each(Pair(Part("", walk.base.value), Part("", walk.now.value)), _ROOT)


def _paths(context: Context) -> None:
    walk = context.walk
    for path in walk.parts(context.part):
        if not path.name.startswith("/"):
            walk.unclassified(path)
        elif path.is_removed:
            _add_removed(walk, path, "api-path-removed", path.name)
        elif path.is_added:
            methods = [method for method in METHODS if method in path.now.value]
            for method in methods:
                each = walk.part(path, method)
                walk.add("endpoint-added", ADDS, each, f"{method.upper()} {path.name} is new")
            if not methods:
                walk.add("api-path-added", ADDS, path, f"{path.name} is new, without operations")
        else:
            own = dict.fromkeys(METHODS, _operation)
            has_operations = any(method in side.value for method in METHODS for side in (path.base, path.now))
            rules = {**PROSE, **own, "servers": servers}
            walk.each(path, {**rules, "parameters": compared_elsewhere} if has_operations else rules)


def _operation(context: Context) -> None:
    walk, part = context.walk, context.part
    if part.is_added:
        walk.add("endpoint-added", ADDS, part, f"{walk.subject(part)} is new")
    elif part.is_removed:
        _add_removed(walk, part, "api-removed", walk.subject(part))
    else:
        walk.each(part, _OPERATION)
        parameters(walk, context.owner, part)


def _add_removed(walk: Walk, each: Pair, what: str, name: str) -> None:
    operations = [each.base.value, *each.base.value.values()]
    was_deprecated = any(isinstance(each, dict) and each.get("deprecated") is True for each in operations)
    full = f"{what}-{'with' if was_deprecated else 'without'}-deprecation"
    walk.add(full, CHANGES, each, f"{name} is gone")


def _operation_id(context: Context) -> None:
    """The operationId, which a module of the client is named after."""
    if context.part.differs:
        context.add(f"operation-id-{'added' if context.part.is_added else 'removed'}", RENAMES)


def _tags(context: Context) -> None:
    """The tags of an operation; a package of the client is named after the first."""
    part, subject = context.part, context.walk.subject(context.owner)
    old, new = ([*side.value] if isinstance(side.value, list) else [] for side in (part.base, part.now))
    for these, those, is_base in ((old, new, True), (new, old, False)):
        for index, tag in enumerate(these):
            if tag not in those:
                here, there = Part(f"{part.at}/{index}", tag), Part(f"{part.at}/{index}", MISSING)
                each = Pair(here, there) if is_base else Pair(there, here)
                message = f"tag {quote(tag)} of {subject} {each.is_new_or_gone}"
                context._replace(part=each).add(f"tag-{each.verb}", NOTES if index else RENAMES, message)
    if old[:1] != new[:1] and old and new and old[0] in new and new[0] in old:
        message = f"the first tag of {subject} was {quote(old[0])}, is {quote(new[0])}"
        context.add("first-tag-changed", RENAMES, message)


def _deprecated(context: Context) -> None:
    old, new = (side.value is True for side in (context.part.base, context.part.now))
    if old != new:
        what = "deprecated" if new else "reactivated"
        context.walk.add(f"endpoint-{what}", ADDS, context.part, context.walk.sentence(context.part))


def _sends(context: Context) -> None:
    """Whether the operation sends a message."""
    if context.part.differs:
        is_said = context.part.is_added or context.part.is_removed
        context.add(f"sends-{context.part.verb}", NOTES if is_said else CHANGES)


def _components(context: Context) -> None:
    """The names of components, which generated code has, and what no operation holds."""
    walk = context.walk
    used = {each.written for side in (walk.base, walk.now) for each in references(side.value) if each.key == "security"}
    for group in walk.parts(context.part):
        if group.name not in _COMPONENTS:
            walk.unclassified(group)
            continue
        for each in walk.parts(group):
            if each.is_added or each.is_removed:
                is_named = any(_is_class(group.name, side.value) for side in (each.base, each.now))
                effects = (NAMES if each.is_added else RENAMES) if is_named else NOTES
                message = f"component {each.name} {each.is_new_or_gone} ({group.name})"
                walk.add(f"{_COMPONENTS[group.name]}-{each.verb}", effects, each, message)
            elif group.name == "securitySchemes" and each.name in used:
                scheme(context._replace(part=each, owner=group))


_COMPONENTS = {
    "examples": "api-example",
    "headers": "api-header",
    "parameters": "api-parameter",
    "pathItems": "api-path-item",
    "requestBodies": "api-request-body",
    "responses": "api-response",
    "schemas": "api-schema",
    "securitySchemes": "api-security-component",
}


def _is_class(kind: str, value: Json) -> bool:
    """Whether the generator makes a class of a component; it makes none of plain texts and numbers."""
    if kind == "schemas" and isinstance(value, dict):
        plain = ("string", "integer", "number", "boolean", "null", "array")
        return "enum" in value or value.get("type") not in plain
    return kind == "responses" and value is not MISSING


_OPERATION: Mapping[str, Rule] = {
    **PROSE,
    "deprecated": _deprecated,
    "operationId": _operation_id,
    "parameters": compared_elsewhere,
    "requestBody": request_body,
    "responses": responses,
    "security": security,
    "servers": servers,
    "tags": _tags,
    "x-sends": _sends,
}
_ROOT: Mapping[str, Rule] = {
    "components": _components,
    "externalDocs": noted,
    "info": info,
    "jsonSchemaDialect": defaulting(lambda _: "https://spec.openapis.org/oas/3.1/dialect/base"),
    "openapi": openapi,
    "paths": _paths,
    "security": security,
    "servers": servers,
    "tags": noted,
    "webhooks": webhooks,
    "x-rate-limit": rate_limit,
}
