"""Edits of this document, as `expected_changes.py` and `stories.py` write them."""

from __future__ import annotations

from dataclasses import replace

from tools.diff.changes import Effect
from ventia_document import DOCUMENT
from ventia_document.source import Json, Source, parts, pointer, read

BASE = read(DOCUMENT)
N, C, A, B = Effect.NONE, Effect.COSMETIC, Effect.ADDITIVE, Effect.BREAKING

POST = pointer("paths", "/contact/{idcontact}/message", "post")
SCHEMAS, RESPONSES = "/components/schemas", "/components/responses"
MESSAGE, PROBLEM, SENT = f"{SCHEMAS}/Message", f"{SCHEMAS}/Problem", f"{SCHEMAS}/MessageSent"
CONTACT = "/components/parameters/ContactId"
BODY = f"{POST}/requestBody"
JSON_BODY = f"{BODY}/content/application~1json"
FIELD = f"{MESSAGE}/properties"
REF = "#/components/schemas"
REMOVED = object()

Edit = tuple[str, Json]


def edited(base: Json, *edits: Edit) -> Json:
    """A copy in which a value is set at each pointer, appended at `-`, or removed."""
    for at, value in edits:
        base = put(base, parts(at), value)
    return base


def put(holder: Json, keys: list[str], value: Json) -> Json:
    changed, key = holder.copy(), int(keys[0]) if isinstance(holder, list) and keys[0] != "-" else keys[0]
    if key == "-":
        changed.append(value)
    elif value is REMOVED and not keys[1:]:
        del changed[key]
    else:
        changed[key] = put(holder[key], keys[1:], value) if keys[1:] else value
    return changed


def of(value: Json) -> Source:
    return replace(BASE, value=value)
