"""The check that every component is used."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator

from ventia_document.source import Finding, Json, pointer
from ventia_document.structure import component, reached


def unused_components(document: Json) -> Iterator[Finding]:
    """Each component is used by a path, directly or through others."""
    used = {component(at) for at in reached(document)} | _used_as_data(document)
    for kind, named in document.get("components", {}).items():
        for name in named if not kind.startswith("x-") else ():
            at = pointer("components", kind, name)
            if at not in used:
                yield Finding(at, "nothing that a path leads to uses it; refer to it, or leave it out")


def _used_as_data(document: Json) -> set[str]:
    """The examples that something refers to where references are data, as in a schema's `examples`."""
    return set(re.findall(r'"\$ref": "#(/components/examples/[^"/]+)"', json.dumps(document)))
