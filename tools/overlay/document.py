"""Reads an OpenAPI Overlay 1.0 or 1.1 document: checks its structure and hands out its actions."""

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
    """An overlay that is none, or that does not fit its document; the text names file, line, action and target."""


@dataclass(frozen=True)
class Part:
    """An object in an overlay document: the overlay itself, its info, or one of its actions."""

    overlay: Source
    name: str
    at: tuple[str | int, ...]
    fields: Json

    def error(self, rule: str, *at: str | int) -> OverlayError:
        """The error that this part, or what is in it at a key, breaks a rule; the rule starts with a verb."""
        return OverlayError(f"{self.overlay.place(pointer(*self.at, *at))}: {self.name} {rule}")

    def check(self, types: Types, since_1_1: Types) -> None:
        """Check that every required field is there, and that every field is known and of its type.

        Raises:
            OverlayError: a field is missing, unknown, newer than the overlay's version, or of another type.
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


def read_actions(overlay: Source) -> list[Part]:
    """The actions of an overlay, in order, once the whole overlay is found sound.

    Raises:
        OverlayError: the overlay breaks a rule of its version's structure, or has update and copy in one action.
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
    """A value as JSON, cut where it gets long, to show in an error what arrived."""
    text = json.dumps(value, ensure_ascii=False)
    return text if len(text) <= 100 else f"{text[:99]}…"


def _part(overlay: Source, name: str, *at: str | int) -> Part:
    fields = overlay.value
    for key in at:
        fields = fields[key]
    part = Part(overlay, name, at, fields)
    if not isinstance(fields, dict):
        raise part.error(f"is {quote(fields)}; it must be an object")
    return part


def _check_version(root: Part) -> None:
    version = root.fields.get("overlay", "1.1.0")  # a missing one is refused with the other missing fields
    if not isinstance(version, str) or not re.fullmatch(r"1\.[01]\.[0-9]+", version):
        raise root.error(f"has the version {quote(version)}; it must be 1.0.x or 1.1.x, such as 1.1.0", "overlay")


def _action(overlay: Source, index: int) -> Part:
    plain = _part(overlay, f"action {index + 1}", "actions", index)
    named = f"{plain.name} (target {quote(plain.fields['target'])})" if "target" in plain.fields else plain.name
    action = Part(overlay, named, plain.at, plain.fields)
    action.check(_ACTION, _ACTION_SINCE_1_1)
    if not action.fields["target"].startswith("$"):
        raise action.error("does not start at the root; write the target from there: $.…", "target")
    if "update" in action.fields and "copy" in action.fields:
        raise action.error("has update and copy; keep one, or make two actions of it", "copy")
    return action


def _check_unique(actions: list[Part]) -> None:
    first: dict[str, Part] = {}
    for action in actions:
        # As JSON text, for Python takes true for 1.
        same = first.setdefault(json.dumps(action.fields, sort_keys=True), action)
        if same is not action:
            raise action.error(f"repeats {same.name}; leave one out")
