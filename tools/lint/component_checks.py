"""The check that every component is used."""

from __future__ import annotations

from collections.abc import Iterator

from ventia_document.source import Finding, Json, pointer
from ventia_document.structure import is_within, reached


def unused_components(document: Json) -> Iterator[Finding]:
    """Each component is used by a path, directly or through others."""
    used = reached(document)
    for kind, named in document.get("components", {}).items():
        for name in named if not kind.startswith("x-") else ():
            at = pointer("components", kind, name)
            if not any(is_within(each, at) for each in used):
                yield Finding(at, "nothing that a path leads to uses it; refer to it, or leave it out")
