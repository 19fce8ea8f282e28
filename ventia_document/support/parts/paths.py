"""Servers and paths that no request reaches, or that their parameters do not describe."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ventia_document.operations import Operation, operations, resolve
from ventia_document.source import Finding, Json, pointer

_VARIABLE = re.compile(r"\{[^{}/]+\}")


def unsupported_paths(document: Json) -> Iterator[Finding]:
    """Paths of other characters, repeated variables and paths, and variables without a parameter."""
    first: dict[str, str] = {}
    for path in document.get("paths", ()):
        at = pointer("paths", path)
        yield from (Finding(at, message) for message in _unwritable(path))
        if (other := first.setdefault(_VARIABLE.sub("{}", path), path)) != path:
            yield Finding(at, f"{path!r} matches the same requests as {other!r}; put the operations into one of them")
    for operation in operations(document):
        yield from _undescribed_variables(operation)


def _unwritable(path: str) -> Iterator[str]:
    literal = _VARIABLE.sub("", path)
    if found := re.search(r"[{}?#]", literal):
        yield f"{found.group()!r} must not be in a path; write variables as {{name}}, a query as parameters"
    elif found := re.search(r"[^\w./~!$&'()*+,;=:@-]", literal, re.ASCII):
        yield f"{found.group()!r} must not be in a path; write it with letters and digits of ASCII, and hyphens"
    if re.search(r"/\.{0,2}/|/\.{1,2}$", path):
        yield f"{path!r} has a segment that is empty, . or .., which clients and proxies take out; name it"
    names = _VARIABLE.findall(path)
    for name in dict.fromkeys(name for name in names if names.count(name) > 1):
        yield f"{name} stands twice in the path; give each place a name of its own"


def _undescribed_variables(operation: Operation) -> Iterator[Finding]:
    try:
        parts = [(at, resolve(operation.document, at).value) for at in operation.parameter_places]
        described = {value["name"]: at for at, value in parts if value["in"] == "path"}
    except (LookupError, ValueError):  # a broken reference, which has a finding of its own
        return
    plain = {value["name"] for _, value in parts if value["in"] == "path" and value.get("style", "simple") == "simple"}
    for segment in operation.path.split("/"):
        names = [name for name in _VARIABLE.findall(segment) if name.strip("{}") in plain]
        if len(names) > 1:
            message = f"{' and '.join(names)} stand in one segment, where a value may run on into the next"
            yield Finding(operation.at, f"{message}; give each a segment of its own")
    lacking = [name for name in dict.fromkeys(operation.path_names) if name not in described]
    left = {name: at for name, at in described.items() if name not in operation.path_names}
    if len(lacking) == len(left) == 1:
        [(name, at)] = left.items()
        message = f"{name!r} is not in the path {operation.path}, and no parameter describes {{{lacking[0]}}}"
        yield Finding(at, f"{message}; give both one name")
        return
    for name in lacking:
        yield Finding(operation.at, f"no parameter describes {{{name}}} of the path; add one with in: path")
    for name, at in left.items():
        yield Finding(at, f"{operation.path} has no variable {name!r}; write {{{name}}} there, or leave this out")


def unsupported_servers(document: Json) -> Iterator[Finding]:
    """Variables of a server whose default is none of their values, and servers with a password."""
    for index, server in enumerate(document.get("servers", ())):
        for name, variable in server.get("variables", {}).items():
            if variable["default"] not in variable.get("enum", [variable["default"]]):
                at = pointer("servers", index, "variables", name, "default")
                yield Finding(at, f"{variable['default']!r} is none of {variable['enum']}; use one of them")
        if re.match(r"[^/]*//[^/]*@", server["url"]):
            yield Finding(pointer("servers", index, "url"), "a URL is no place for a password; leave all before @ out")
