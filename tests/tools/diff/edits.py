"""Edits of this document, as the tables of this folder write them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from tools.diff.changes import Effect
from tools.diff.schemas.differences import MISSING, put
from ventia_document import DOCUMENT
from ventia_document.source import Json, Source, lookup, pointer, read

BASE = read(DOCUMENT)
N, C, A, B = Effect.NONE, Effect.COSMETIC, Effect.ADDITIVE, Effect.BREAKING

POST = pointer("paths", "/contact/{idcontact}/message", "post")
SCHEMAS, RESPONSES = "/components/schemas", "/components/responses"
MESSAGE, PROBLEM, SENT = f"{SCHEMAS}/Message", f"{SCHEMAS}/Problem", f"{SCHEMAS}/MessageSent"
CONTACT = "/components/parameters/ContactId"
BODY = f"{POST}/requestBody"
JSON_BODY = f"{BODY}/content/application~1json"
FIELD = f"{MESSAGE}/properties"
NEW, ANSWER = f"{FIELD}/new", f"{PROBLEM}/properties/new"
REMOVED = MISSING

Edits = Mapping[str, Json]


def edited(base: Json, edits: Edits) -> Json:
    """A copy in which a value is set at each pointer, appended at `-`, or removed."""
    for at, value in edits.items():
        around, _, last = at.rpartition("/")
        base = put(base, around, [*lookup(base, around), value]) if last == "-" else put(base, at, value)
    return base


def of(value: Json) -> Source:
    return replace(BASE, value=value)


def table(name: str) -> dict[str, Json]:
    """The rows of a table of this folder, by name."""
    rows: dict[str, Json] = read(Path(__file__).with_name(name)).value
    return rows


def read_edits(written: Edits) -> dict[str, Json]:
    """Edits as a table writes them: pointers begin with a name of this module, or `/`."""
    return {_at(at): _value(value) for at, value in written.items()}


def _at(written: str) -> str:
    first, slash, rest = written.partition("/")
    return f"{globals()[first] if first else ''}{slash}{rest}"


def _value(written: Json) -> Json:
    if isinstance(written, dict):
        if written.keys() == {"COPY"}:
            return lookup(BASE.value, _at(written["COPY"]))
        return {key: _value(value) for key, value in written.items()}
    return REMOVED if written == "GONE" else written
