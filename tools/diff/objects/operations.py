"""Compares paths and their operations."""

from __future__ import annotations

from tools.diff.changes import ADDS, CHANGES, NOTES, RENAMES, Effects
from tools.diff.objects.content import PROSE, request_body, responses
from tools.diff.objects.parameters import compare_parameters
from tools.diff.objects.service import security, servers
from tools.diff.walk.comparison import Comparison, compared_elsewhere, unclassified
from tools.diff.walk.nodes import MISSING, Node, Pair, text
from tools.diff.walk.use import Use
from tools.diff.walk.words import holder, is_new_or_gone, key, quote, sentence, subject, verb
from ventia_document.operations import METHODS


def paths(comparison: Comparison, owner: Pair, keyword: str, use: Use) -> None:
    """Compare the paths."""
    for path, each in owner.part(keyword).members():
        if not path.startswith("/"):
            comparison.add_unclassified(each, use)
        elif each.is_in_both:
            comparison.walk(each, _PATH, use)
        elif each.is_removed:
            _add_removed(comparison, each, "api-path-removed", path, use)
        else:
            _add_new_path(comparison, each, path, use)


def _add_new_path(comparison: Comparison, path: Pair, name: str, use: Use) -> None:
    methods = [part for method, part in path.parts() if method in METHODS]
    for each in methods:
        comparison.add("added", ADDS, each, f"{key(each).upper()} {name} is new", use, name="endpoint-added")
    comparison.mark_compared(path)
    if not methods:
        comparison.add("added", ADDS, path, f"{name} is new, without operations", use, name="api-path-added")


def _add_removed(comparison: Comparison, each: Pair, what: str, name: str, use: Use) -> None:
    operations = [each.base, *each.base.parts.values()]
    was_deprecated = any(node.part("deprecated").value is True for node in operations)
    full = f"{what}-{'with' if was_deprecated else 'without'}-deprecation"
    comparison.add("removed", CHANGES, each, f"{name} is gone", use, name=full)


def _operation(comparison: Comparison, owner: Pair, keyword: str, use: Use) -> None:
    part = owner.part(keyword)
    if part.is_in_both:
        count = comparison.count
        comparison.walk(part, _OPERATION, use)
        compare_parameters(comparison, owner, part)
        comparison.add_rewritten(part.part("parameters"), use, count)
    elif part.is_added:
        comparison.add("added", ADDS, part, f"{subject(part.now)} is new", use, name="endpoint-added")
    else:
        _add_removed(comparison, part, "api-removed", subject(part.base), use)


def _with_operations(comparison: Comparison, owner: Pair, keyword: str, use: Use) -> None:
    """The parameters of a path item, which are compared with those of its operations."""
    if any(method in each.parts for method in METHODS for each in (owner.base, owner.now)):
        compared_elsewhere(comparison, owner, keyword, use)
    else:
        unclassified(comparison, owner, keyword, use)


def _operation_id(comparison: Comparison, owner: Pair, keyword: str, use: Use) -> None:
    """The operationId, which a module of the client is named after."""
    part = owner.part(keyword)
    comparison.mark_compared(part)
    if part.differs:
        name = f"api-operation-id-{'added' if part.is_added else 'removed'}"
        comparison.add(f"operation-id-{verb(part)}", RENAMES, part, sentence(part), use, name=name)


def _tags(comparison: Comparison, owner: Pair, keyword: str, use: Use) -> None:
    """The tags of an operation; a package of the client is named after the first."""
    part = owner.part(keyword)
    comparison.mark_compared(part)
    first = Pair(part.base.member("0"), part.now.member("0"))
    old, new = (list(map(_written, each.members.values())) for each in (part.base, part.now))
    for node in [node for node in part.base.members.values() if _written(node) not in new]:
        each = Pair(node, Node(part.now.source, node.at, MISSING))
        _add_tag(comparison, part, each, RENAMES if node == first.base else NOTES, use)
    for node in [node for node in part.now.members.values() if _written(node) not in old]:
        each = Pair(Node(part.base.source, node.at, MISSING), node)
        _add_tag(comparison, part, each, RENAMES if node == first.now else NOTES, use)
    if first.differs and _written(first.base) in new and _written(first.now) in old:
        message = f"the first tag of {holder(part.node)} was {quote(first.base.value)}, is {quote(first.now.value)}"
        comparison.add("first-tag-changed", RENAMES, first, message, use)


def _add_tag(comparison: Comparison, tags: Pair, each: Pair, effects: Effects, use: Use) -> None:
    message = f"tag {quote(each.node.value)} of {holder(tags.node)} {is_new_or_gone(each)}"
    comparison.add(f"tag-{verb(each)}", effects, each, message, use, name=f"api-tag-{verb(each)}")


def _written(node: Node) -> str:
    return text(node.value)


def _deprecated(comparison: Comparison, owner: Pair, keyword: str, use: Use) -> None:
    part = owner.part(keyword)
    comparison.mark_compared(part)
    if (part.base.value is True) != (part.now.value is True):
        what = "deprecated" if part.now.value is True else "reactivated"
        comparison.add(what, ADDS, part, sentence(part), use, name=f"endpoint-{what}")


def _sends(comparison: Comparison, owner: Pair, keyword: str, use: Use) -> None:
    """Whether the operation sends a message."""
    part = owner.part(keyword)
    comparison.mark_compared(part)
    if part.differs:
        effects = CHANGES if part.is_in_both else NOTES
        comparison.add(f"sends-{verb(part)}", effects, part, sentence(part), use)


_OPERATION = {
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


_PATH = {**PROSE, **dict.fromkeys(METHODS, _operation), "parameters": _with_operations, "servers": servers}
