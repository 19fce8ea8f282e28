"""The component that a reference to nothing was meant to lead to."""

from __future__ import annotations

from ventia_document.slips.nearest import nearest
from ventia_document.source import Json, parts, pointer
from ventia_document.structure import Reference, kind


def nearest_component(document: Json, reference: Reference) -> str:
    """The reference to the component of the right kind whose name is nearest; empty if none is near."""
    places = [
        pointer("components", section, name)
        for section, named in document.get("components", {}).items()
        for name in (named if not section.startswith("x-") else ())
    ]
    of_kind = {parts(at)[-1]: at for at in places if kind(at) == kind(reference.at)}
    near = nearest(reference.written.rpartition("/")[2], of_kind)
    return f"#{of_kind[near]}" if near else ""
