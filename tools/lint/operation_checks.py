"""Rules for operations, their paths and what they name."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import combinations

from ventia_document.check import Fault
from ventia_document.kinds import kind
from ventia_document.operations import METHODS, Operation, nodes, operations, resolve, target
from ventia_document.source import Json, lookup, pointer


def operations_without_an_id(document: Json) -> Iterator[Fault]:
    """What is generated from an operation is named by its id."""
    for operation in operations(document):
        if "operationId" not in operation.value:
            yield Fault(operation.at, "has no operationId; give it one, a verb and a noun in camelCase")


def ids_of_two_operations(document: Json) -> Iterator[Fault]:
    """An operationId stands for one operation."""
    first: dict[str, Operation] = {}
    for operation in operations(document):
        if first.setdefault(operation.id, operation) is not operation:
            rule = f"{operation.id!r} is the operationId of {first[operation.id]} already; give each its own"
            yield Fault(operation.at + "/operationId", rule)


def operations_without_a_success(document: Json) -> Iterator[Fault]:
    """An operation says what it answers when all is well."""
    for operation in operations(document):
        statuses = list(operation.value.get("responses", ()))
        if not any(status.startswith("2") for status in statuses):
            listed = ", ".join(statuses) or "none"
            yield Fault(operation.at + "/responses", f"no success is among the answers, {listed}; add one, such as 200")


def path_variables_without_a_parameter(document: Json) -> Iterator[Fault]:
    """What stands in braces in a path is described by a parameter."""
    for operation in operations(document):
        for name in operation.path_names:
            if name not in _path_parameters(operation):
                rule = f"no parameter describes {{{name}}} of {operation.path}; add one with in: path and name: {name}"
                yield Fault(operation.at, rule)


def path_parameters_without_a_variable(document: Json) -> Iterator[Fault]:
    """A parameter of the path has its place in it."""
    for operation in operations(document):
        for name in _path_parameters(operation):
            if name not in operation.path_names:
                rule = f"takes {name!r} from the path, and {operation.path} has no {{{name}}}; add it, or mend the name"
                yield Fault(_listed(operation, name), rule)


def _path_parameters(operation: Operation) -> list[str]:
    return [part.value["name"] for part in operation.parameters if part.value["in"] == "path"]


def _listed(operation: Operation, name: str) -> str:
    """Where an operation, or its path, lists a parameter of the path."""
    for owner in (operation.at, pointer("paths", operation.path)):
        for index in range(len(lookup(operation.document, owner).get("parameters", ()))):
            at = owner + pointer("parameters", index)
            parameter = resolve(operation.document, at).value
            if (parameter["in"], parameter["name"]) == ("path", name):
                return at
    return operation.at


def paths_that_are_no_templates(document: Json) -> Iterator[Fault]:
    """A path has its variables in braces, and no query."""
    for path in document.get("paths", ()):
        if found := re.search(r"[{}?#]", re.sub(r"\{[^{}/]+\}", "", path)):
            rule = f"{found.group()!r} does not belong into a path; write variables as {{name}}, a query as parameters"
            yield Fault(pointer("paths", path), rule)


def links_without_an_operation(document: Json) -> Iterator[Fault]:
    """A link leads to an operation of the document."""
    known = {operation.id: operation.at for operation in operations(document)}
    for at, link in nodes(document):
        if kind(at) != "link":
            continue
        if "operationId" in link and link["operationId"] not in known:
            rule = f"{link['operationId']!r} is the operationId of no operation; use one of {sorted(known)}"
            yield Fault(at + "/operationId", rule)
        reference = str(link.get("operationRef", ""))
        if reference.startswith("#") and target(reference) not in known.values():
            yield Fault(at + "/operationRef", f"{reference!r} leads to no operation of this document")


def path_variables_that_stand_twice(document: Json) -> Iterator[Fault]:
    """One parameter cannot fill two places."""
    for path in document.get("paths", ()):
        names = _variables(path)
        for name in dict.fromkeys(name for name in names if names.count(name) > 1):
            yield Fault(pointer("paths", path), f"{name} stands twice in the path; give each place a name of its own")


def paths_that_a_request_cannot_tell_apart(document: Json) -> Iterator[Fault]:
    """Of two paths that fit the same request, one says more at each place where they differ."""
    for one, other in combinations(document.get("paths", ()), 2):
        if _are_ambiguous(one.split("/"), other.split("/")):
            yield Fault(pointer("paths", other), f"a request can be for this path and for {one}; tell them apart")


def _are_ambiguous(one: list[str], other: list[str]) -> bool:
    differing = [(a, b) for a, b in zip(one, other, strict=False) if a != b]
    fit = all(_variables(a) or _variables(b) for a, b in differing)
    more = {bool(_variables(b)) for a, b in differing if not (_variables(a) and _variables(b))}
    return len(one) == len(other) and fit and len(more) != 1


def _variables(text: str) -> list[str]:
    return re.findall(r"\{[^}]*\}", text)


def paths_without_an_operation(document: Json) -> Iterator[Fault]:
    """A path is there for its operations."""
    for path, item in document.get("paths", {}).items():
        if not item.keys() & {*METHODS, "$ref"}:
            yield Fault(pointer("paths", path), "has no operation; add one, or leave the path out")


def tags_that_are_not_declared(document: Json) -> Iterator[Fault]:
    """A tag is told of where the document lists its tags."""
    declared = [tag["name"] for tag in document.get("tags", ())]
    for operation in operations(document):
        for index, tag in enumerate(operation.value.get("tags", ())):
            if tag not in declared:
                rule = f"{tag!r} is not among the document's tags, {declared}; use one of them, or declare it there"
                yield Fault(operation.at + pointer("tags", index), rule)


def tags_that_no_operation_has(document: Json) -> Iterator[Fault]:
    """A tag that is declared is used, and declared once."""
    used = {tag for operation in operations(document) for tag in operation.value.get("tags", ())}
    declared = [tag["name"] for tag in document.get("tags", ())]
    for index, tag in enumerate(declared):
        if tag not in used:
            yield Fault(pointer("tags", index), f"no operation has the tag {tag!r}; leave it out, or mend the name")
        if tag in declared[:index]:
            yield Fault(pointer("tags", index), f"the tag {tag!r} is declared twice; keep one")


def servers_that_end_in_a_slash(document: Json) -> Iterator[Fault]:
    """Paths begin with a slash, and stand behind the server's address as they are; the first is held to more."""
    for index, server in enumerate(document.get("servers", ())):
        if index and server["url"].endswith("/"):
            rule = f"{server['url']!r} ends in a slash, and each path begins with one; leave it out"
            yield Fault(pointer("servers", index, "url"), rule)


def servers_with_other_variables(document: Json) -> Iterator[Fault]:
    """A server's URL has the variables that are described, and no others."""
    for at, server in _servers(document):
        described, written = server.get("variables", {}), [name[1:-1] for name in _variables(server["url"])]
        for name in [name for name in described if name not in written]:
            rule = f"{server['url']} has no {{{name}}}; add it, or leave it out"
            yield Fault(at + pointer("variables", name), rule)
        for name in [name for name in written if name not in described]:
            yield Fault(at + "/url", f"nothing describes {{{name}}}; add it to the server's variables")


def variables_with_another_default(document: Json) -> Iterator[Fault]:
    """What a server's variable is without being given is one of those that it may be."""
    for at, server in _servers(document):
        for name, variable in server.get("variables", {}).items():
            if variable["default"] not in variable.get("enum", [variable["default"]]):
                rule = f"{variable['default']!r} is not among {variable['enum']}; mend one of the two"
                yield Fault(at + pointer("variables", name, "default"), rule)


def _servers(document: Json) -> Iterator[tuple[str, dict[str, Json]]]:
    """Those of the document, its paths and its operations."""
    return ((at, node) for at, node in nodes(document) if re.search(r"/servers/[0-9]+$", at))
