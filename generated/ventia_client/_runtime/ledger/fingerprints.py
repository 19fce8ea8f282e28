"""Fingerprints of messages: whether two are the same, without a text of theirs."""

from __future__ import annotations

import hmac
import json
import secrets
from collections.abc import Mapping
from typing import Any, cast

SALT = "salt"
"""The entry that makes fingerprints of one record differ from those of all others."""


def parts(named: Mapping[str, Any], body: Any, query: Mapping[str, Any] | None) -> dict[str, Any]:
    """The parts of a message by their names: those that have one, each field of the body, and of the query."""
    fields = cast("dict[str, Any]", body) if isinstance(body, dict) else {}
    in_body: dict[str, Any] = {f"body.{name}": value for name, value in fields.items()} if fields else {"body": body}
    return {**named, **in_body, **{f"query.{name}": value for name, value in (query or {}).items()}}


def of(named: Mapping[str, Any], salt: str | None = None) -> dict[str, str]:
    """The fingerprints of parts; with a new salt, or that of others to compare them with."""
    salt = salt or secrets.token_hex(16)
    return {SALT: salt, **{name: _of(value, salt) for name, value in named.items()}}


def differing(named: Mapping[str, Any], kept: Mapping[str, str]) -> list[str]:
    """The names of the parts that are not those of the fingerprints."""
    new = of(named, kept[SALT])
    return [name for name in dict.fromkeys([*new, *kept]) if new.get(name) != kept.get(name)]


def _of(value: Any, salt: str) -> str:
    text = json.dumps(value, sort_keys=True, separators=(",", ":"))
    return hmac.new(salt.encode(), text.encode(), "sha256").hexdigest()[:32]
