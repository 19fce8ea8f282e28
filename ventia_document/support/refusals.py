"""The parts of a document that client, stand-in and suite do not follow, by the tables of this package."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress

from ventia_document.keywords import KEYWORDS, Holds, subschemas
from ventia_document.source import Finding, Json, pointer, remembered
from ventia_document.support.objects import OBJECTS
from ventia_document.support.parts.bodies import Object, one_sided_fields, unsupported_bodies
from ventia_document.support.parts.contradictions import contradictions
from ventia_document.support.parts.discriminators import unsupported_discriminators
from ventia_document.support.parts.extensions import unsupported_extensions
from ventia_document.support.parts.headers import unsupported_headers
from ventia_document.support.parts.parameters import unsupported_names, unsupported_styles
from ventia_document.support.parts.paths import unsupported_paths, unsupported_servers
from ventia_document.support.parts.references import unsupported_references
from ventia_document.support.parts.security import unsupported_security
from ventia_document.support.patterns import UnreadablePattern, translated
from ventia_document.support.standing import Entry, Standing
from ventia_document.support.values import VALUES
from ventia_document.wire.media import general_type


@remembered
def unsupported(document: Json) -> Iterator[Finding]:
    """Fields and values that are refused; the structure must be sound."""
    for each in objects(document):
        yield from _keywords(each) if each.kind == "schema" else _fields(each)
        yield from _values(each)
        yield from unsupported_bodies(document, each)
        yield from unsupported_styles(document, each)
        yield from unsupported_headers(document, each)
        yield from unsupported_security(document, each)
        yield from unsupported_discriminators(document, each)
        yield from unsupported_extensions(each)
        yield from contradictions(document, each)
    yield from unsupported_paths(document)
    yield from unsupported_references(document)
    yield from unsupported_servers(document)
    with suppress(LookupError, ValueError, RecursionError):  # a broken reference, which has a finding of its own
        yield from one_sided_fields(document)
        yield from unsupported_names(document)


@remembered
def objects(document: Json) -> Iterator[Object]:
    """Every object of a document, but for references, and for what is in refused fields."""
    yield from _objects("document", "", document)


def _objects(kind: str, at: str, value: Json) -> Iterator[Object]:
    if not isinstance(value, dict) or (kind not in ("schema", "path-item") and "$ref" in value):
        return
    yield Object(kind, at, value)
    if kind == "schema":
        for part, inner in subschemas(value):
            yield from _objects("schema", at + part, inner)
    for name, entry in OBJECTS.get(kind, {}).items():
        if entry.kind and name in value:
            for where, inner in _held(entry, at + pointer(name), value[name]):
                yield from _objects(entry.kind, where, inner)


def _held(entry: Entry, at: str, value: Json) -> Iterator[tuple[str, Json]]:
    if entry.holds is Holds.ONE:
        yield at, value
    elif entry.holds is Holds.LIST:
        yield from ((at + pointer(index), each) for index, each in enumerate(value))
    else:
        yield from ((at + pointer(name), each) for name, each in value.items() if not name.startswith("x-"))


def _keywords(schema: Object) -> Iterator[Finding]:
    for name in schema.value:
        if name in KEYWORDS and KEYWORDS[name].instead:
            yield _refusal(schema.at + pointer(name), name, KEYWORDS[name].instead)
    if "pattern" in schema.value:
        yield from _pattern(schema.at + "/pattern", schema.value["pattern"])
    for pattern in schema.value.get("patternProperties", ()):
        yield from _pattern(schema.at + pointer("patternProperties", pattern), pattern, is_key=True)


def _pattern(at: str, pattern: str, *, is_key: bool = False) -> Iterator[Finding]:
    try:
        found = translated(pattern)
    except UnreadablePattern as error:
        yield Finding(at, str(error))
        return
    if is_key and found.validator != pattern:
        yield Finding(
            at, f"{pattern!r} would be read in two ways; write it without . and \\b, and without other escapes"
        )


def _fields(each: Object) -> Iterator[Finding]:
    for name in each.value:
        entry = OBJECTS[each.kind].get(name)
        if entry and entry.standing is Standing.REFUSED:
            yield _refusal(each.at + pointer(name), name, entry.instead)


def _values(each: Object) -> Iterator[Finding]:
    place = f"{each.kind} in {each.value['in']}" if each.kind == "parameter" else each.kind
    for (kind, field), entries in VALUES.items():
        if kind in (each.kind, place) and field in each.value:
            for at, value in _written(each, field):
                entry = entries.get(_general(field, value), entries.get("*"))
                if entry and entry.standing is Standing.REFUSED:
                    yield _refusal(at, value, entry.instead)


def _written(each: Object, field: str) -> Iterator[tuple[str, str]]:
    """The values of a field: the keys of an object, or the value itself."""
    value, at = each.value[field], each.at + pointer(field)
    if isinstance(value, dict):
        yield from ((at + pointer(name), name) for name in value if not name.startswith("x-"))
    else:
        yield from ((at, one) for one in (value if isinstance(value, list) else [value]) if isinstance(one, str))


def _general(field: str, value: str) -> str:
    """The value under which a value stands in the table: a status has no row of its own."""
    if field == "responses" and value != "default":
        return "4XX" if value.endswith("XX") else "200"
    return general_type(value) if field == "content" else value


def _refusal(at: str, written: str, instead: str) -> Finding:
    return Finding(at, f"{written!r} is not followed by client, stand-in and suite; {instead}")
