"""Compares the parameters of an operation."""

from __future__ import annotations

from dataclasses import replace

from tools.diff.changes import ADDS, CHANGES, NARROWS
from tools.diff.objects.content import HEADER, need, place
from tools.diff.walk.comparison import Comparison, altered
from tools.diff.walk.nodes import MISSING, Node, Pair, text
from tools.diff.walk.use import REQUEST
from tools.diff.walk.words import is_new_or_gone, quote, subject


def compare_parameters(comparison: Comparison, path: Pair, operation: Pair) -> None:
    """Compare the parameters of an operation, its path's among them, by place and name."""
    old = _parameters(path.base, operation.base)
    new = _parameters(path.now, operation.now)
    pairs = [Pair(old.pop(name), new.pop(name)) for name in list(new) if name in old]
    # One that is still at the same place in the document was renamed.
    places = {node.chain[-1].at: name for name, node in old.items()}
    for name, node in list(new.items()):
        if twin := places.get(node.chain[-1].at):
            pairs.append(Pair(old.pop(twin), new.pop(name)))
    for each in pairs:
        comparison.walk(each, PARAMETER, replace(REQUEST, scope="parameter"))
    for node in old.values():
        _parameter_came_or_went(comparison, Pair(node, Node(operation.now.source, node.at, MISSING)), operation)
    for node in new.values():
        _parameter_came_or_went(comparison, Pair(Node(operation.base.source, node.at, MISSING), node), operation)


def _parameters(path: Node, operation: Node) -> dict[str, Node]:
    """The parameters of an operation and of its path, by place and name; the operation's win."""
    nodes = [*path.part("parameters").members.values(), *operation.part("parameters").members.values()]
    return {
        text([place(node), node.part("name").value if node.part("name").is_there else None]): node for node in nodes
    }


def _parameter_came_or_went(comparison: Comparison, each: Pair, operation: Pair) -> None:
    node = each.node
    message = (
        f"{place(node)} parameter {quote(node.part('name').value)} of {subject(operation.node)} {is_new_or_gone(each)}"
    )
    if each.is_removed:
        comparison.add("removed", CHANGES, each, message, REQUEST, name="request-parameter-removed")
        return
    needed = need(node)
    name = "new-request-path-parameter" if place(node) == "path" else f"new-{needed}-request-parameter"
    comparison.add("added", NARROWS if needed == "required" else ADDS, each, f"{needed} {message}", REQUEST, name=name)


PARAMETER = {**HEADER, "in": altered, "name": altered}
