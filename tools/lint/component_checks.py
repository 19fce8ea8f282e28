"""The check that every component is used."""

from __future__ import annotations

from collections.abc import Iterator

from ventia_document.source import Finding, Json, pointer
from ventia_document.structure import component, reached


def unused_components(document: Json) -> Iterator[Finding]:
    """Each component is used by a path, directly or through others."""
    used = {component(at) for at in reached(document)}
    for kind, named in document.get("components", {}).items():
        for name in named if not kind.startswith("x-") else ():
            at = pointer("components", kind, name)
            if at not in used:
                yield Finding(at, "nothing that a path leads to uses it; refer to it, or leave it out")
