"""Checks of operations: that paths have some, their tags and links."""

from __future__ import annotations

from collections.abc import Iterator

from ventia_document.operations import METHODS, operations
from ventia_document.source import Finding, Json, pointer
from ventia_document.structure import every_node, kind, target


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
    """Each tag of the document's list is used."""
    used = {tag for operation in operations(document) for tag in operation.value.get("tags", ())}
    declared = [tag["name"] for tag in document.get("tags", ())]
    for index, tag in enumerate(declared):
        if tag not in used:
            yield Finding(pointer("tags", index), f"no operation has the tag {tag!r}; leave it out, or mend the name")
