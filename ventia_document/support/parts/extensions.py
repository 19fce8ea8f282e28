"""The document's own extension keys, where they would have no effect."""

from __future__ import annotations

from collections.abc import Iterator
from difflib import get_close_matches

from ventia_document.slips.nearest import nearest
from ventia_document.source import Finding, Json, pointer
from ventia_document.support.parts.bodies import Object

_KEYS: dict[str, tuple[str, type, str]] = {
    "x-identifies": ("schema", str, "the kind of a thing"),
    "x-rate-limit": ("document", dict, "requests and seconds"),
    "x-rule": ("schema", str, "a rule in words"),
    "x-sends": ("operation", bool, "true or false"),
}
"""Of each key the kind of objects that it belongs to, the type of its value, and that value in words."""

_KEYS_INSIDE = {"x-rate-limit": ("requests", "seconds", "scope")}
"""The keys of the values that are objects."""


def unsupported_extensions(each: Object) -> Iterator[Finding]:
    """Keys that are misspelt, at another kind of object, or of another type."""
    for name in (name for name in each.value if name.lower().startswith("x-")):
        at = each.at + pointer(name)
        if name not in _KEYS:
            yield from (
                Finding(at, f"{name!r} has no effect; write {meant}")
                for meant in get_close_matches(name.lower().replace("_", "-"), _KEYS, 1, 0.8)
            )
            continue
        kind, wanted, words = _KEYS[name]
        if each.kind != kind:
            yield Finding(at, f"{name!r} has no effect here; it is for the kind of object that OpenAPI calls {kind!r}")
        elif not isinstance(each.value[name], wanted):
            yield Finding(at, f"{name!r} must be {words}, and is {each.value[name]!r}")
        else:
            yield from (
                Finding(at + pointer(key), f"{key!r} is no key of {name}; {mend}, or leave it out")
                for key, meant in misspelt_keys(name, each.value[name]).items()
                for mend in [f"write {meant}" if meant else f"use one of {', '.join(_KEYS_INSIDE[name])}"]
            )


def misspelt_keys(name: str, value: Json) -> dict[str, str]:
    """The keys inside the value of an extension key that are none, each with the nearest one that is; '' if none is."""
    known = _KEYS_INSIDE.get(name, ())
    keys = value if known and isinstance(value, dict) else ()
    return {key: nearest(key, known) for key in keys if key not in known and not key.startswith("x-")}
