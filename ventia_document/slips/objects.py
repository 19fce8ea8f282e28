"""Keys of objects that are none."""

from __future__ import annotations

from ventia_document.slips.nearest import nearest
from ventia_document.structure import kind
from ventia_document.support.objects import OBJECTS


def no_key(key: str, at: str) -> str:
    """The message about a key of an object that OpenAPI has none of.

    Args:
        at: JSON pointer of the object.
    """
    fields = OBJECTS.get(kind(at).replace(" ", "-") or "operation", {})
    near = nearest(key, fields if at else OBJECTS["document"])
    return f"{key!r} is no key of this object; {f'write {near}' if near else 'mend it'}, or leave it out"
