"""Checks of operations: their paths, ids, tags, links and servers."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import combinations

from ventia_document.operations import METHODS, Operation, operations, resolve
from ventia_document.source import Finding, Json, lookup, pointer
from ventia_document.structure import every_node, kind, target


def operations_without_an_id(document: Json) -> Iterator[Finding]:
    """Each operation has an id, which generated code is named after."""
    for operation in operations(document):
        if "operationId" not in operation.value:
            yield Finding(operation.at, "has no operationId; give it one, a verb and a noun in camelCase")


def repeated_operation_ids(document: Json) -> Iterator[Finding]:
    """Each operationId is used once."""
    first: dict[str, Operation] = {}
    for operation in operations(document):
        if first.setdefault(operation.id, operation) is not operation:
            message = f"{operation.id!r} is the operationId of {first[operation.id]} already; give each its own"
            yield Finding(operation.at + "/operationId", message)


def operations_without_a_success(document: Json) -> Iterator[Finding]:
    """Each operation documents a successful response."""
    for operation in operations(document):
        statuses = list(operation.value.get("responses", ()))
        if not any(status.startswith("2") for status in statuses):
            listed = ", ".join(statuses) or "none"
            yield Finding(
                operation.at + "/responses", f"has no successful response, only {listed}; add one, such as 200"
            )


def path_variables_without_a_parameter(document: Json) -> Iterator[Finding]:
    """Each variable of a path is described by a parameter."""
    for operation in operations(document):
        for name in operation.path_names:
            if name not in _path_parameters(operation):
                message = f"no parameter describes {{{name}}} of {operation.path}; add one, in: path, name: {name}"
                yield Finding(operation.at, message)


def path_parameters_without_a_variable(document: Json) -> Iterator[Finding]:
    """Each path parameter is a variable of the path."""
    for operation in operations(document):
        for name in _path_parameters(operation):
            if name not in operation.path_names:
                message = f"takes {name!r} from the path, but {operation.path} has no {{{name}}}; add it, or rename"
                yield Finding(_listed(operation, name), message)


def _path_parameters(operation: Operation) -> list[str]:
    return [part.value["name"] for part in operation.parameters if part.value["in"] == "path"]


def _listed(operation: Operation, name: str) -> str:
    """JSON pointer of a path parameter in the list of the operation, or of its path item."""
    for owner in (operation.at, pointer("paths", operation.path)):
        for index in range(len(lookup(operation.document, owner).get("parameters", ()))):
            at = owner + pointer("parameters", index)
            parameter = resolve(operation.document, at).value
            if (parameter["in"], parameter["name"]) == ("path", name):
                return at
    return operation.at


def invalid_path_templates(document: Json) -> Iterator[Finding]:
    """Paths have variables in braces, and no query."""
    for path in document.get("paths", ()):
        if found := re.search(r"[{}?#]", re.sub(r"\{[^{}/]+\}", "", path)):
            message = f"{found.group()!r} must not be in a path; write variables as {{name}}, a query as parameters"
            yield Finding(pointer("paths", path), message)


def broken_links(document: Json) -> Iterator[Finding]:
    """Each link leads to an operation of the document."""
    known = {operation.id: operation.at for operation in operations(document)}
    for at, link in every_node(document):
        if kind(at) != "link":
            continue
        if "operationId" in link and link["operationId"] not in known:
            message = f"{link['operationId']!r} is the operationId of no operation; use one of {sorted(known)}"
            yield Finding(at + "/operationId", message)
        reference = str(link.get("operationRef", ""))
        if reference.startswith("#") and target(reference) not in known.values():
            yield Finding(at + "/operationRef", f"{reference!r} leads to no operation of this document")


def repeated_path_variables(document: Json) -> Iterator[Finding]:
    """Each variable occurs once in its path, since one parameter fills one place."""
    for path in document.get("paths", ()):
        names = _variables(path)
        for name in dict.fromkeys(name for name in names if names.count(name) > 1):
            yield Finding(pointer("paths", path), f"{name} stands twice in the path; give each place a name of its own")


def ambiguous_paths(document: Json) -> Iterator[Finding]:
    """No request matches two paths, unless one of them is the more specific in every segment that differs."""
    for one, other in combinations(document.get("paths", ()), 2):
        if _are_ambiguous(one.split("/"), other.split("/")):
            yield Finding(pointer("paths", other), f"a request can be for this path and for {one}; tell them apart")


def _are_ambiguous(one: list[str], other: list[str]) -> bool:
    differing = [(a, b) for a, b in zip(one, other, strict=False) if a != b]
    fit = all(_variables(a) or _variables(b) for a, b in differing)
    more = {bool(_variables(b)) for a, b in differing if not (_variables(a) and _variables(b))}
    return len(one) == len(other) and fit and len(more) != 1


def _variables(text: str) -> list[str]:
    return re.findall(r"\{[^}]*\}", text)


def paths_without_an_operation(document: Json) -> Iterator[Finding]:
    """Each path has an operation."""
    for path, item in document.get("paths", {}).items():
        if not item.keys() & {*METHODS, "$ref"}:
            yield Finding(pointer("paths", path), "has no operation; add one, or leave the path out")


def undeclared_tags(document: Json) -> Iterator[Finding]:
    """Each tag of an operation is in the document's list of tags."""
    declared = [tag["name"] for tag in document.get("tags", ())]
    for operation in operations(document):
        for index, tag in enumerate(operation.value.get("tags", ())):
            if tag not in declared:
                message = f"{tag!r} is not among the document's tags, {declared}; use one of them, or declare it there"
                yield Finding(operation.at + pointer("tags", index), message)


def unused_tags(document: Json) -> Iterator[Finding]:
    """Each tag of the document's list is used, and is there once."""
    used = {tag for operation in operations(document) for tag in operation.value.get("tags", ())}
    declared = [tag["name"] for tag in document.get("tags", ())]
    for index, tag in enumerate(declared):
        if tag not in used:
            yield Finding(pointer("tags", index), f"no operation has the tag {tag!r}; leave it out, or mend the name")
        if tag in declared[:index]:
            yield Finding(pointer("tags", index), f"the tag {tag!r} is declared twice; keep one")


def servers_that_end_in_a_slash(document: Json) -> Iterator[Finding]:
    """No server's URL ends in a slash, since paths begin with one; `service` checks the first server."""
    for index, server in enumerate(document.get("servers", ())):
        if index and server["url"].endswith("/"):
            message = f"{server['url']!r} ends in a slash, and each path begins with one; leave it out"
            yield Finding(pointer("servers", index, "url"), message)


def undescribed_server_variables(document: Json) -> Iterator[Finding]:
    """A server's URL and its `variables` name the same variables."""
    for at, server in _servers(document):
        described, written = server.get("variables", {}), [name[1:-1] for name in _variables(server["url"])]
        for name in [name for name in described if name not in written]:
            message = f"{server['url']} has no {{{name}}}; add it, or leave it out"
            yield Finding(at + pointer("variables", name), message)
        for name in [name for name in written if name not in described]:
            yield Finding(at + "/url", f"nothing describes {{{name}}}; add it to the server's variables")


def invalid_server_variable_defaults(document: Json) -> Iterator[Finding]:
    """The default of a server's variable is one of its allowed values."""
    for at, server in _servers(document):
        for name, variable in server.get("variables", {}).items():
            if variable["default"] not in variable.get("enum", [variable["default"]]):
                message = f"{variable['default']!r} is not among {variable['enum']}; mend one of the two"
                yield Finding(at + pointer("variables", name, "default"), message)


def _servers(document: Json) -> Iterator[tuple[str, dict[str, Json]]]:
    """The servers of the document, of its paths and of its operations."""
    return ((at, node) for at, node in every_node(document) if re.search(r"/servers/[0-9]+$", at))
