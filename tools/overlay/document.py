"""Reads an OpenAPI Overlay 1.0 or 1.1 document: checks its structure, and makes a list of its actions."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import TypeAlias

from ventia_document.source import DocumentError, Json, Source, pointer

Types: TypeAlias = dict[str, type]

_ROOT: Types = {"overlay": str, "info": dict, "extends": str, "actions": list}
_INFO: Types = {"title": str, "version": str}
_INFO_SINCE_1_1: Types = {"description": str}
_ACTION: Types = {"target": str, "description": str, "update": object, "remove": bool}
_ACTION_SINCE_1_1: Types = {"copy": str}
_REQUIRED = {"overlay", "info", "actions", "title", "version", "target"}
_TYPE_NAMES = {str: "a string", dict: "an object", list: "an array", bool: "true or false"}


class OverlayError(DocumentError):
    """An overlay is invalid, or does not fit the document; the text names file, line, action and target."""


@dataclass(frozen=True)
class OverlayPart:
    """An object in an overlay document: the overlay itself, its info, or one of its actions."""

    overlay: Source
    name: str
    at: tuple[str | int, ...]
    fields: Json

    def error(self, rule: str, *at: str | int) -> OverlayError:
        """An error of this part, or of the part at a key in it; `rule` starts with a verb."""
        return OverlayError(f"{self.overlay.place(pointer(*self.at, *at))}: {self.name} {rule}")

    def check(self, types: Types, since_1_1: Types) -> None:
        """Require every required field, and no unknown field, newer field, or field of another type.

        Raises:
            OverlayError: this part breaks one of these rules.
        """
        known = types if self.overlay.value.get("overlay", "").startswith("1.0.") else types | since_1_1
        for key in known:
            if key in _REQUIRED and key not in self.fields:
                raise self.error(f"has no {quote(key)}; add it: {_TYPE_NAMES[known[key]]}")
        for key, value in self.fields.items():
            if key in since_1_1 and key not in known:
                raise self.error(f"has {quote(key)}, which came with Overlay 1.1; write `overlay: 1.1.0`", key)
            self._check_field(key, value, known)

    def _check_field(self, key: str, value: Json, known: Types) -> None:
        if key not in known and not key.startswith("x-"):
            raise self.error(f"has the unknown key {quote(key)}; it may have {', '.join(known)} and x-* keys", key)
        if key in known and not isinstance(value, known[key]):
            raise self.error(f"has {key}: {quote(value)}; it must be {_TYPE_NAMES[known[key]]}", key)


def read_actions(overlay: Source) -> list[OverlayPart]:
    """The actions of an overlay, in their order.

    Raises:
        OverlayError: the overlay violates its version of the standard, or has update and copy in one action.
    """
    root = _part(overlay, "the overlay")
    _check_version(root)
    root.check(_ROOT, since_1_1={})
    _part(overlay, "info", "info").check(_INFO, _INFO_SINCE_1_1)
    if not root.fields["actions"]:
        raise root.error("has no action; give one or more", "actions")
    actions = [_action(overlay, index) for index in range(len(root.fields["actions"]))]
    _check_unique(actions)
    return actions


def quote(value: Json) -> str:
    """A value as JSON, cut if it is long, for an error."""
    text = json.dumps(value, ensure_ascii=False)
    return text if len(text) <= 100 else f"{text[:99]}…"


def _part(overlay: Source, name: str, *at: str | int) -> OverlayPart:
    fields = overlay.value
    for key in at:
        fields = fields[key]
    part = OverlayPart(overlay, name, at, fields)
    if not isinstance(fields, dict):
        raise part.error(f"is {quote(fields)}; it must be an object")
    return part


def _check_version(root: OverlayPart) -> None:
    version = root.fields.get("overlay", "1.1.0")  # a missing version is reported with the other missing fields
    if not isinstance(version, str) or not re.fullmatch(r"1\.[01]\.[0-9]+", version):
        raise root.error(f"has the version {quote(version)}; it must be 1.0.x or 1.1.x, such as 1.1.0", "overlay")


def _action(overlay: Source, index: int) -> OverlayPart:
    plain = _part(overlay, f"action {index + 1}", "actions", index)
    named = f"{plain.name} (target {quote(plain.fields['target'])})" if "target" in plain.fields else plain.name
    action = OverlayPart(overlay, named, plain.at, plain.fields)
    action.check(_ACTION, _ACTION_SINCE_1_1)
    if not action.fields["target"].startswith("$"):
        raise action.error("does not start at the root; write the target from there: $.…", "target")
    if "update" in action.fields and "copy" in action.fields:
        raise action.error("has update and copy; keep one, or make two actions of it", "copy")
    return action


def _check_unique(actions: list[OverlayPart]) -> None:
    first: dict[str, OverlayPart] = {}
    for action in actions:
        # As JSON text, since true equals 1 in Python.
        same = first.setdefault(json.dumps(action.fields, sort_keys=True), action)
        if same is not action:
            raise action.error(f"repeats {same.name}; leave one out")
